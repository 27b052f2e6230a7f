"""The bounds of the pages' voice in the service: one thing at a time, so long, so often, for the session that lives."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.errors import RefusedError
from kiosk.messages import MAX_LINE, ORDERS, check, encode
from kiosk.rules.station import State
from kiosk.service.page_voice import A_SECOND, LONGEST, MOST_AT_ONCE, MOST_PARTS, PageVoice
from kiosk.supervisor.session.speaking import Speaking

HELLO = [{"lang": "vi", "text": "Xin chào"}]


class FakeStation:
    """What it needs of the reconciler; `sent` is what the supervisor was told."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.now = 100.0
        self.peers, self.clock, self.snapshot = self, SimpleNamespace(read=lambda: None), {"home": {"files": 2}}
        self.pushed = 0
        self.open("a1")

    def open(self, session: str | None) -> None:
        state = State.OPEN if session else State.FREE
        self.station = SimpleNamespace(state=state, session=SimpleNamespace(id=session) if session else None)

    def push(self, _now: object) -> None:
        self.pushed += 1

    def send(self, role: str, verb: str, **fields: Any) -> bool:
        self.sent.append(check({"verb": verb, **fields}, ORDERS))
        return role == "supervisor"


def voice() -> tuple[FakeStation, PageVoice]:
    station = FakeStation()
    return station, PageVoice(cast(Any, station), lambda: station.now)


def said(number: int, session: str = "a1", whole: bool = True) -> dict[str, Any]:
    return {"verb": "said", "session": session, "number": number, "whole": whole}


def test_words_go_to_the_session_and_their_end_comes_back() -> None:
    station, spoken = voice()
    number = spoken.say(HELLO)
    assert station.sent == [{"verb": "say", "session": "a1", "number": number, "parts": HELLO}]
    assert station.pushed == 1, "the bar falls silent"
    assert spoken.shown() == {"number": number, "speaking": True, "whole": False, "files": 2, "direct": False}
    spoken.said(said(number))
    assert spoken.shown()["speaking"] is False and spoken.shown()["whole"] is True


def test_of_other_words_and_other_sessions_nothing_is_believed() -> None:
    station, spoken = voice()
    first, second = spoken.say(HELLO), spoken.say(HELLO)
    spoken.said(said(first))
    spoken.said(said(second, session="b2"))
    assert spoken.shown()["speaking"] is True
    spoken.hush(first)
    assert station.sent[-1]["verb"] == "say", "a page that is left silences no other"
    spoken.hush(second)
    assert station.sent[-1] == {"verb": "hush", "session": "a1"}


def test_nobody_is_there_nothing_is_said_and_nothing_of_the_last_session_stays() -> None:
    station, spoken = voice()
    number = spoken.say(HELLO)
    spoken.forget()
    station.open(None)
    with pytest.raises(RefusedError):
        spoken.say(HELLO)
    spoken.hush()
    assert len(station.sent) == 1
    station.open("b2")
    assert spoken.shown()["speaking"] is False
    assert spoken.say(HELLO) > number, "no page takes another session's answer for its own"
    assert "Xin chào" not in json.dumps([value for value in vars(spoken).values() if isinstance(value, str | list)])


def test_it_is_asked_so_often_and_no_more() -> None:
    station, spoken = voice()
    for _again in range(MOST_AT_ONCE):
        spoken.say(HELLO)
    with pytest.raises(RefusedError):
        spoken.say(HELLO)
    station.now += 1.0
    for _again in range(int(A_SECOND)):
        spoken.say(HELLO)
    with pytest.raises(RefusedError):
        spoken.say(HELLO)
    assert len(station.sent) == MOST_AT_ONCE + int(A_SECOND)


def test_it_is_so_long_and_fits_a_line_to_the_supervisor() -> None:
    _station, spoken = voice()
    with pytest.raises(RefusedError):
        spoken.say([{"lang": "vi", "text": "a" * (LONGEST + 1)}])
    with pytest.raises(RefusedError):
        spoken.say(HELLO * (MOST_PARTS + 1))
    parts = [{"lang": "vi", "text": "ộ" * (LONGEST // MOST_PARTS), "name": "x" * 100}] * MOST_PARTS
    spoken.say(parts)
    assert len(encode("say", session="a" * 16, number=1, parts=parts)) < MAX_LINE


@pytest.mark.parametrize(
    "line",
    [b"", b"null", b"[]", b'"x"', b"{}", b'{"said": true, "whole": true}', b'{"said": 6, "whole": true}', b"{" * 5000,
     b'{"said": "7", "whole": true}', b"\xff\xfe", b'Traceback (most recent call last):'],
)  # fmt: skip
def test_what_runs_as_the_citizen_may_answer_anything(line: bytes) -> None:
    told: list[Any] = []
    speaking = Speaking(cast(Any, None), lambda *verb, **fields: told.append((verb, fields)) or True)  # type: ignore[func-returns-value]
    speaking._session, speaking._number = "a1", 7
    speaking._understand(line)
    assert told == []
    speaking._understand(b'{"said": 7, "whole": 5}')
    assert told == [(("said",), {"session": "a1", "number": 7, "whole": False})]
