"""What a manager sets on the panel of a whole running station counts at once, outlives a kill, and goes back."""

import http.client
import os
import re
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from test_settings_on_the_panel import fields_of

from kiosk.clock import LOCAL
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

PIN = "274916"


class Manager:
    """Hands at the panel, without a browser."""

    def __init__(self, station: RunningStation) -> None:
        self.station, self.cookie = station, ""
        said = self.send("POST", "/sign-in", {"name": "Lan", "pin": PIN})
        self.cookie = str(said.getheader("Set-Cookie")).partition(";")[0]

    def send(self, method: str, path: str, fields: dict[str, str] | None = None) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.station.panel, timeout=30)
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, urlencode(fields or {}), headers)
        answer = line.getresponse()
        self.text = answer.read().decode()
        line.close()
        return answer

    def change(self, path: str, **fields: str) -> None:
        """Fill in a form of the settings and say yes."""
        address = f"/s/03/settings/{path}"
        assert self.send("GET", address).status == 200
        shown = fields_of(self.text)
        assert self.send("POST", address, {**shown, **fields, "sure": "1"}).status == 303, self.text


def test_a_change_counts_at_once_outlives_a_kill_and_goes_back(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        assert station.kiosk("manager", "add", "Lan", stdin=f"{PIN}\n").returncode == 0
        manager = Manager(station)
        policy = station.paths.policy_toml.read_bytes()
        manager.change("minutes", minutes="45")
        station.wait(lambda: station.status()["minutes"] == 45, "START promises 45 minutes")

        offset = str(station.status()["clock"]["offset"])
        assert manager.send("POST", "/s/03/date", {"offset": offset}).status == 303
        station.wait(lambda: station.status()["clock_trusted"], "the date is trusted")
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        stretches = {f"{day}_{number}_{side}": "" for day in days for number in (0, 1) for side in ("from", "to")}
        far = days[(datetime.now(LOCAL).weekday() + 3) % 7]  # open for one minute of the week, which is not now
        minute = {f"{far}_0_from": "03:00", f"{far}_0_to": "03:01"}
        manager.change("week", **{**stretches, **minute})
        station.wait_state("closed")

        [service] = station.living("service")
        os.kill(service, signal.SIGKILL)
        station.wait(lambda: station.living("service") not in ([], [service]), "the service comes back")
        station.wait(lambda: station.status()["minutes"] == 45, "it knows what was set")
        station.wait_state("closed")

        manager = Manager(station)  # a restart signs everybody out
        assert manager.send("GET", "/s/03/settings/back").status == 200
        version = re.search(r'name="version" value="(\w+)"', manager.text)
        assert version and manager.send("POST", "/s/03/settings/back", {"version": version[1]}).status == 303
        station.wait_state("free")
        assert station.status()["minutes"] == 45, "only the last change went back"
        assert station.paths.policy_toml.read_bytes() == policy
        assert station.paths.chosen.stat().st_mode & 0o007 == 0


def test_what_is_set_reaches_the_screens_at_once_and_sticks_and_paper_the_next_session(
    home: Path, xvfb: Callable[..., str]
) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        assert station.kiosk("manager", "add", "Lan", stdin=f"{PIN}\n").returncode == 0
        manager = Manager(station)
        offset = str(station.status()["clock"]["offset"])
        assert manager.send("POST", "/s/03/date", {"offset": offset}).status == 303
        today = datetime.now(LOCAL).date().isoformat()
        manager.change("notice", vi="Chiều nay điểm nghỉ.", begins=today, ends=today)
        station.wait(lambda: station.status()["notice"], "the notice")
        manager.change("name", site_name="Nhà văn hóa Bình Hòa")
        station.wait(lambda: station.status()["site"] == "Nhà văn hóa Bình Hòa", "the name")
        manager.change("questions", place_1="groups", place_2="first", place_3="")
        station.wait(lambda: [one["id"] for one in station.status()["questions"]] == ["groups", "first"], "the order")

        station.sign_in()
        offered = station.status()["sticks_offered"]
        manager.change("sticks", sticks="none")
        manager.change("print", mode="staff", pages_max="7")
        assert station.status()["print"] is None and station.status()["sticks_offered"] == offered, (
            "who is there keeps it"
        )
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        station.sign_in()
        found = station.status()
        assert not found["sticks_offered"] and (found["print"]["mode"], found["print"]["pages_max"]) == ("staff", 7)
        [kept] = re.findall(r'"wishes": (\{[^}]*\})', (station.paths.processes).read_text(encoding="utf-8"))
        assert '"sticks": "none"' in kept and '"paper": "staff"' in kept and '"pages": 7' in kept, (
            "an adopting one knows"
        )

        assert manager.send("GET", "/deeds").status == 200
        for words in ("Đổi cài đặt: Thông báo", "Đổi cài đặt: Tên điểm", "Đổi cài đặt: USB", "Đổi cài đặt: In ấn"):
            assert words in manager.text, words
