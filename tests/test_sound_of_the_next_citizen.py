"""What a citizen did to the sound is undone when their session ends: who comes next may have START read aloud."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.service import client
from tests.running import LONG, RunningStation
from tests.test_volume import FAKE
from tests.typist import staff_opens

pytestmark = [pytest.mark.root, pytest.mark.slow]

POLICY = LONG + "[sound]\nvolume = 60\n"


@pytest.fixture
def card(home: Path) -> Path:
    """An amixer with a card in files, which lies over the machine's own for the processes of the station."""
    folder = home.parent / "card"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "amixer").write_text(FAKE.replace('$(dirname "$0")', str(folder)), encoding="utf-8")
    (folder / "amixer").chmod(0o755)
    for name, value in (("control", "Master"), ("percent", "0"), ("switch", "off"), ("calls", "")):
        (folder / name).write_text(value, encoding="utf-8")
        (folder / name).chmod(0o666)
    return folder


def test_a_mute_ends_with_the_session(home: Path, xvfb: Callable[..., str], card: Path) -> None:
    def sounds() -> tuple[str, str]:
        return (card / "percent").read_text().strip(), (card / "switch").read_text().strip()

    station = RunningStation(home, xvfb(), POLICY)
    over = f'mount --bind {card}/amixer /usr/bin/amixer && exec "$@"'
    station.within = ["unshare", "-m", "sh", "-c", over, "sh"]
    with station:
        station.wait(lambda: sounds() == ("60", "on"), "as the policy says, also before the first session")
        station.wait(lambda: not station.pids("volume"), "it has ended")
        (card / "calls").write_text("")
        staff_opens(station)
        station.wait(lambda: "unmute" in (card / "calls").read_text() and not station.pids("volume"), "the session's")
        subprocess.run([card / "amixer", "sset", "Master", "0%", "mute"], check=True, stdout=subprocess.DEVNULL)
        assert sounds() == ("0", "off"), "the control: any program of theirs can, and it stays"
        client.ask(station.paths, "session", action="finish", timeout=5.0)
        station.wait(lambda: sounds() == ("60", "on"), "put right, with nobody there")
        assert station.status()["state"] != "open"
