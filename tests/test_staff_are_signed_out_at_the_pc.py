"""Whoever leaves the panel at the PC is signed out and the screen covered; a token is good once, for a moment."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from station_play import Play

from kiosk.lockscreen.staff.entry import CLOSE_AFTER, StaffEntry
from kiosk.rules import events as ev
from kiosk.rules.effects import OpenStaff
from kiosk.service import at_the_pc
from kiosk.service.at_the_pc import AtThePC
from kiosk.web.sign_in import TOKEN_SECONDS, WebSessions

IDLE = 600.0


class Station:
    """The station of `Play` with a loop of which the test turns the hands, as the service's reconciler has one."""

    def __init__(self) -> None:
        self.play = Play()
        self.due: list[Callable[[], None]] = []
        self.ordered: list[dict[str, Any]] = []
        self.noted: list[object] = []
        self.open_staff: Callable[[str], None] = lambda _session: None
        self.loop = SimpleNamespace(after=lambda _s, work: self.due.append(work), call_soon=lambda work: work())
        self.clock = SimpleNamespace(read=lambda: self.play.reading)
        self.recorder = SimpleNamespace(keep=self.noted.append)

    @property
    def station(self) -> Any:
        return self.play.station

    def happen(self, event: ev.Event) -> str | None:
        effects = self.play.do(event)
        for effect in effects:
            if isinstance(effect, OpenStaff):
                self.open_staff(effect.session)
        return next((effect.code for effect in effects if hasattr(effect, "code")), None)

    def new_session_id(self) -> str:
        return "0123456789abcdef"

    def order(self, verb: str, **fields: Any) -> None:
        self.ordered.append({"verb": verb, **fields})

    def seconds(self, count: int, each: float = 1.0) -> None:
        """So many seconds, each of which the loop sees."""
        for _second in range(count):
            self.play.sleep(each)
            due, self.due = self.due, []
            for work in due:
                work()


class Door:
    address = ("127.0.0.1", 4711)

    def start(self) -> None: ...
    def stop(self) -> None: ...


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture
def web(station: Station) -> WebSessions:
    return WebSessions(clock=lambda: station.play.boot, idle=IDLE)


@pytest.fixture
def staff(station: Station, web: WebSessions, monkeypatch: pytest.MonkeyPatch) -> AtThePC:
    monkeypatch.setattr("kiosk.web.server.serve", lambda *_words, **_more: Door())
    staff = AtThePC(station, SimpleNamespace(names=list), web)  # type: ignore[arg-type]
    staff.app = object()  # type: ignore[assignment]
    web.here_left = staff.sign_out
    return staff


def come_in(staff: AtThePC, station: Station, web: WebSessions) -> str:
    """In, as after a right PIN; the browser's cookie."""
    assert staff._begin("Lan", "clerk", ev.Prefs()) is None
    (order,) = station.ordered
    assert order["verb"] == "open_staff" and order["port"] == 4711
    station.happen(ev.Opened(station.new_session_id()))
    cookie = web.take(order["token"])
    assert cookie is not None and web.take(order["token"]) is None
    return cookie


def stage(station: Station) -> str | None:
    turn = station.station.staff
    return turn.stage if turn else None


def test_nobody_at_the_keyboard_is_signed_out_as_on_the_web(staff: AtThePC, station: Station, web: WebSessions) -> None:
    cookie = come_in(staff, station, web)
    station.seconds(int(IDLE) - 5)
    assert stage(station) == "open"
    assert web.who(cookie) is not None, "a touch: so long again"
    station.seconds(int(IDLE) - 5)
    assert stage(station) == "open"
    station.seconds(6)
    assert stage(station) == "ending" and web.who(cookie) is None


@pytest.mark.parametrize("how", ["sign_out", "another_pin", "browser_gone"])
def test_the_other_ways_out(staff: AtThePC, station: Station, web: WebSessions, how: str) -> None:
    cookie = come_in(staff, station, web)
    {
        "sign_out": lambda: web.close(cookie),
        "another_pin": lambda: web.forget("Lan"),
        "browser_gone": lambda: staff.left(station.new_session_id()),
    }[how]()
    station.seconds(2)
    assert stage(station) == "ending" and not web.here()
    station.happen(ev.Ended(station.new_session_id(), clean=True))
    station.seconds(2)
    assert stage(station) is None and station.due == [], "nothing runs on"
    assert len(station.noted) == 2, "in and out"
    station.ordered.clear()
    come_in(staff, station, web)


def test_whoever_signs_in_anew_at_the_pc_stays_there(staff: AtThePC, station: Station, web: WebSessions) -> None:
    cookie = come_in(staff, station, web)
    web.forget("Lan")  # another PIN, by themselves
    cookie = web.again(cookie, "Lan", "clerk", here=True)
    station.seconds(3)
    assert stage(station) == "open"
    web.close(web.again(None, "Minh", "clerk", here=False))
    station.seconds(1)
    assert stage(station) == "open", "somebody who signs out elsewhere"
    web.close(cookie)
    assert stage(station) == "ending"


def test_on_the_first_day_the_panel_opens_for_a_stranger(staff: AtThePC, station: Station, web: WebSessions) -> None:
    answers: list[bytes] = []
    peer: Any = SimpleNamespace(send=answers.append)
    staff.asked(peer, {"verb": "staff"}, False)
    assert b"not_fresh" in answers.pop() and station.ordered == []
    staff.asked(peer, {"verb": "staff", "prefs": {"lang": "en"}}, True)
    (order,) = station.ordered
    assert b'"ok"' in answers.pop() and order["lang"] == "en"
    cookie = web.take(order["token"])
    person = web.who(cookie)
    assert person is not None and (person.name, person.role, person.here) == ("", "stranger", True)


def test_a_pc_that_slept_is_covered_when_it_wakes(staff: AtThePC, station: Station, web: WebSessions) -> None:
    come_in(staff, station, web)
    station.seconds(1, each=at_the_pc.ASLEEP + 5)
    assert stage(station) == "ending"


def test_a_token_is_good_for_a_moment_only_and_an_end_takes_it_back(station: Station, web: WebSessions) -> None:
    token = web.invite("Lan", "clerk")
    assert web.here()
    station.play.sleep(TOKEN_SECONDS + 1)
    assert not web.here() and web.take(token) is None
    first, second = web.invite("Lan", "clerk"), web.invite("Minh", "manager")
    assert web.take(first) is None, "the later one counts"
    web.end_here()
    assert web.take(second) is None


def test_the_page_of_staff_closes_by_itself_and_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    lock: Any = SimpleNamespace(
        redraw_soon=lambda: None,
        prefs=SimpleNamespace(message=dict),
        connection=SimpleNamespace(send=lambda verb, **_more: said.append(verb) or True),
    )
    now = 1000.0
    monkeypatch.setattr("kiosk.lockscreen.staff.entry.time.monotonic", lambda: now)
    entry = StaffEntry(lock)
    entry.begin()
    entry.hear({"names": ["Lan"], "why": ""})
    for digit in range(6):
        entry.digit(digit)
    assert (entry.stage, entry.typed) == ("pin", "012345")
    now += CLOSE_AFTER - 1
    entry.check()
    assert entry.stage == "pin"
    now += 2
    entry.check()
    assert (entry.stage, entry.typed, entry.names) == ("", "", ()) and said == ["staff"]
    entry.begin()
    now += 9
    entry.check()
    assert (entry.stage, entry.why) == ("told", "trouble"), "a service that does not answer is not waited for"
