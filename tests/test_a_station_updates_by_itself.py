"""A whole station fetches the province's content by itself, as its own user, and its menu has it at once."""

import json
import os
import signal
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from tree_stage import Province

from kiosk.content.updates import progress
from kiosk.content.updates.trust import fingerprint_of
from kiosk.rules.fetch_times import SETTLED
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]


def test_what_the_province_published_is_on_the_menu(home: Path, xvfb: Callable[..., str]) -> None:
    province = Province(home.parent / "province")
    province.pack("farm", {"lua": "Trồng lúa nước\nGieo mạ đúng vụ."})
    province.publish()
    os.chmod(province.keys.folder, 0o755)  # as a stick with root.json would be
    with RunningStation(home, xvfb(), LONG) as station:
        root = str(province.keys.folder / "root.json")
        trusted = station.kiosk("content", "trust", root, "--fingerprint", fingerprint_of(province.root))
        assert trusted.returncode == 0, trusted.stderr
        site = station.paths.site_toml
        site.write_text(f'{site.read_text(encoding="utf-8")}\n[content]\nfrom = "{province.out}"\n', encoding="utf-8")
        for pid in station.living("service"):
            os.kill(pid, signal.SIGTERM)  # it comes back with the new settings
        waiting = max(0.0, SETTLED - float(Path("/proc/uptime").read_text().split()[0]))
        station.wait(lambda: "good" in progress.read(station.paths.content), "the update", 120 + waiting)
        assert (station.paths.content / "update.json").stat().st_uid != 0 or os.geteuid() != 0
        address = f"http://127.0.0.1:{station.menu}/search.json?q=gieo%20ma"
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert [hit["id"] for hit in json.loads(answer.read())["hits"]][0] == "farm/lua"
        told = station.kiosk("check").stdout
        assert "edition 1 of" in told or "ấn bản 1 ngày" in told
