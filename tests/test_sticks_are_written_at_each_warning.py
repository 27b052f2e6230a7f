"""At each warning what waits in memory is written to the stick: many pull theirs out when they are told to go."""

from pathlib import Path
from typing import Any

import pytest

from kiosk.messages import ORDERS, check
from kiosk.rules.policy import parse_policy
from tests import dated_station, stick_stage
from tests.dated_station import DatedStation, World
from tests.test_sticks_of_citizens import CANARY, Desk, home

__all__ = ["home"]


class Peers:
    """Keeps what the supervisor would hear."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    def send(self, role: str, verb: str, **fields: Any) -> bool:
        if role == "supervisor":
            self.heard.append(check({"verb": verb, **fields}, ORDERS))
        return True

    def show(self, _state: dict[str, Any]) -> None:
        """Nobody looks."""


def test_the_supervisor_is_told_once_at_each_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dated_station, "POLICY", parse_policy({"session": {"minutes": 12, "warnings": [10, 5, 1]}}))
    station, peers = DatedStation(tmp_path, World()), Peers()
    station.service.peers = peers  # type: ignore[assignment]

    def told() -> list[str]:
        return [one["session"] for one in peers.heard if one["verb"] == "write_out"]

    for session, before in (("s1", 0), ("s2", 3)):
        station.open()
        for seconds, times in ((60, 0), (120, 1), (230, 1), (60, 2), (120, 2), (90, 3)):
            station.run(seconds)
            assert len(told()) == before + times, seconds
        assert told()[before:] == [session] * 3
        station.finish()


@pytest.mark.slow
@pytest.mark.root
def test_then_it_lies_on_the_stick(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.supervisor.sticks.sticks.SYNC_EVERY", 1e9)
    desk = Desk(home)
    stick = desk.image()
    with stick_stage.plugged(stick, desk.slots / "a"):
        desk.begin()
        desk.until(lambda: desk.state() == "ready")
        script = f"printf '{CANARY.decode()}' > '/media/USB HOA SEN/mine'"
        assert desk.in_the_room(script).returncode == 0
        assert CANARY not in stick.read_bytes(), "the control: by itself it waits in memory"
        desk.sticks.write_out()
        desk.until(lambda: CANARY in stick.read_bytes())
        desk.end()
