"""`kiosk demo --province` fills a home that belongs to that province: its bundles are taken there, every one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def kiosk(folder: Path, *words: str) -> Any:
    """The command line; what it prints."""
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "KIOSK_HOME": str(folder / "demo"), "LANGUAGE": "en"}
    done = subprocess.run([sys.executable, "-m", "kiosk", *words], env=env, cwd=folder, capture_output=True, text=True,
                          timeout=100, stdin=subprocess.DEVNULL)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if "--json" in words else done.stdout


@pytest.mark.slow
def test_a_demo_joins_once_and_all_its_days_arrive(home: Path) -> None:
    folder, province = home.parent, str(home.parent / "province")
    kiosk(folder, "province", "init", province, "--name", "Tỉnh thử", "--url", "https://127.0.0.1:8443")
    demo = ("demo", "--days", "12", "--no-serve", "--home", str(folder / "demo"), "--province", province)
    said = kiosk(folder, *demo)
    assert f"kiosk province ingest STICK --home {province}" in said
    kiosk(folder, *demo)  # once more: it belongs there already
    assert len(kiosk(folder, "province", "station", "list", "--home", province, "--json")) == 1
    stick = folder / "stick"
    stick.mkdir(mode=0o777)
    stick.chmod(0o777)
    assert len(kiosk(folder, "export", "write", "--to", str(stick), "--json")["written"]) == 12
    took = kiosk(folder, "province", "ingest", str(stick), "--home", province, "--json")
    assert (took["stored"], took["quarantined"]) == (12, 0)
    told = kiosk(folder, "export", "write", "--to", str(stick), "--json")
    assert (told["confirmed"], told["waiting"]) == (12, 0)
