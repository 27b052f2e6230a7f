"""Bundles onto a stick, as the service sees it: whatever stick, supervisor or citizen do, it comes to an end.

The station is real, with its rules and its store; what the supervisor would answer is said by the test.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dated_station import DatedStation, World

from kiosk.errors import KioskError, RefusedError
from kiosk.export.files import trouble
from kiosk.rules import events as ev
from kiosk.service.carrying import PATIENCE, Carrying
from kiosk.store import audit

TOLD = {"written": ["a", "a.sig"], "confirmed": 3, "refused": 1, "waiting": 4, "unproved": 0}


class Supervisor:
    """The other end of the line; `heard` are the orders of sticks."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def send(self, _role: str, verb: str, **fields: Any) -> bool:
        if verb == "carry":
            self.heard.append(fields["action"])
        return True

    def __getattr__(self, _name: str) -> Any:
        return lambda *_words, **_named: None


class Desk:
    """A station with its stick."""

    def __init__(self, folder: Path) -> None:
        self.station = DatedStation(folder, World())
        self.supervisor, self.timers = Supervisor(), list[tuple[float, Callable[[], None]]]()
        service = self.station.service
        service.peers = self.supervisor  # type: ignore[assignment]
        service.happen(ev.SupervisorHere(True))
        service.loop.after = lambda seconds, action: self.timers.append((seconds, action))  # type: ignore[assignment, method-assign]
        self.place, self.may_end = folder / "stick", threading.Event()
        self.place.mkdir()
        self.may_end.set()
        self.wrong: Exception | None = None
        self.carrying = Carrying(service, self._write)

    def _write(self, place: Path) -> dict[str, Any]:
        assert place == self.place and self.may_end.wait(10)
        if self.wrong is not None:
            raise self.wrong
        return TOLD

    def says(self, state: str, detail: str = "") -> None:
        """What the supervisor reports."""
        self.carrying.told({"state": state, "detail": detail, "place": str(self.place), "free_mb": 9})

    def until(self, phase: str) -> None:
        end = time.monotonic() + 10
        while self.carrying.shown.phase != phase:
            assert time.monotonic() < end, self.carrying.shown
            time.sleep(0.005)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("os.path.ismount", lambda _place: True)
    made = Desk(tmp_path)
    yield made
    made.may_end.set()
    made.station.store.close()


def test_opened_written_closed_and_only_then_it_may_be_pulled_out(desk: Desk) -> None:
    desk.carrying.begin("Lan")
    assert desk.carrying.shown.phase == "opening" and desk.supervisor.heard == ["open"]
    desk.says("open")
    desk.until("closing")
    assert desk.supervisor.heard == ["open", "close"]
    desk.says("closed")
    found = desk.carrying.shown
    assert (found.phase, found.written, found.confirmed, found.refused, found.waiting) == ("done", 2, 3, 1, 4)
    deed = desk.station.store.run(audit.latest)[0]
    assert (deed.who, deed.action) == ("Lan", "carry")


@pytest.mark.parametrize("word", ["none", "several", "left", "unknown", "read_only", "not_root", "busy"])
def test_a_stick_that_is_not_opened_is_the_end_of_it(desk: Desk, word: str) -> None:
    desk.carrying.begin("Lan")
    desk.says("trouble", word)
    assert (desk.carrying.shown.phase, desk.carrying.shown.word) == ("trouble", word)
    desk.carrying.begin("Lan")
    assert desk.carrying.shown.phase == "opening", "and it can be tried again at once"


def test_nobody_writes_while_somebody_is_at_the_computer(desk: Desk) -> None:
    desk.station.open()
    with pytest.raises(RefusedError, match="Somebody is using this computer"):
        desk.carrying.begin("Lan")
    desk.station.finish()
    desk.carrying.begin("Lan")
    assert desk.supervisor.heard == ["open"]


@pytest.mark.parametrize(("said", "word"), [("pulled", "pulled"), ("taken", "taken"), ("late", "late")])
def test_what_the_supervisor_breaks_off_is_over_whatever_the_writing_says_later(
    desk: Desk, said: str, word: str
) -> None:
    desk.may_end.clear()
    desk.carrying.begin("Lan")
    desk.says("open")
    assert desk.carrying.shown.phase == "writing"
    desk.says("trouble", said)
    assert (desk.carrying.shown.phase, desk.carrying.shown.word) == ("trouble", word)
    desk.may_end.set()
    for thread in threading.enumerate():
        if thread.name == "carrying":
            thread.join(10)
    assert (desk.carrying.shown.phase, desk.carrying.shown.word) == ("trouble", word)
    assert desk.supervisor.heard == ["open"], "the supervisor has closed it by itself"


def test_a_full_stick_and_any_other_trouble_are_told_and_closed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    full = trouble(desk.place, OSError(28, "No space left on device"))
    other = KioskError("The key of this station is missing or damaged.")
    for wrong, gone, word, said in ((full, False, "full", ""), (other, False, "", other.message),
                                    (other, True, "pulled", ""), (ValueError("x"), False, "failed", "")):  # fmt: skip
        monkeypatch.setattr("os.path.ismount", lambda _place, gone=gone: not gone)
        desk.wrong = wrong
        desk.carrying.begin("Lan")
        desk.says("open")
        desk.until("closing")
        desk.says("closed")
        found = desk.carrying.shown
        assert (found.phase, found.word, found.said) == ("trouble", word, said), wrong


def test_one_that_takes_no_writing_is_read_all_the_same(desk: Desk) -> None:
    desk.carrying.begin("Lan")
    desk.says("open", "read_only")
    desk.until("closing")
    desk.says("closed")
    assert (desk.carrying.shown.phase, desk.carrying.shown.word, desk.carrying.shown.confirmed) == (
        "trouble",
        "read_only",
        3,
    )


def test_a_silent_supervisor_holds_nobody_and_a_late_answer_is_closed_again(desk: Desk) -> None:
    desk.carrying.begin("Lan")
    seconds, give_up = desk.timers[-1]
    assert seconds == PATIENCE
    give_up()
    assert (desk.carrying.shown.phase, desk.carrying.shown.word) == ("trouble", "silent")
    desk.says("open")
    assert desk.supervisor.heard == ["open", "close"] and desk.carrying.shown.phase == "trouble"
    desk.carrying.begin("Lan")
    give_up()
    assert desk.carrying.shown.phase == "opening", "the patience of the first has nothing to say to the second"


def test_a_stick_that_could_not_be_closed_is_not_called_done(desk: Desk) -> None:
    desk.carrying.begin("Lan")
    desk.says("open")
    desk.until("closing")
    desk.says("trouble", "failed")
    assert (desk.carrying.shown.phase, desk.carrying.shown.word) == ("trouble", "failed")


def test_pressed_twice_one_stick_is_opened(desk: Desk) -> None:
    desk.carrying.begin("Lan")
    desk.carrying.begin("Lan")
    assert desk.supervisor.heard == ["open"]
