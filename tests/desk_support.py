"""A desk for tests of pages: it does what it is told to the station whose state is a dict, and remembers it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from web_faces import NOON, Station, free, in_use

from kiosk.errors import RefusedError
from kiosk.rules.journal_entry import check
from kiosk.rules.policy import parse_policy
from kiosk.rules.questions import check_answers, questions
from kiosk.service.refusals import Gone
from kiosk.store.journal import Line

TITLE = "Nộp hồ sơ trực tuyến"
KEY = "2026-11-20T08:00:00+07:00"


def teaching(ended: str = "", **changes: Any) -> dict[str, Any]:
    """The state message during a class, or after one that is not written down yet."""
    known = {"title": TITLE, "day": "2026-11-20", "began": "08:00", "ended": ended, "key": KEY}
    if ended:
        return free(**{"class": known, **changes})
    running = {"state": "class", "session": "c1a55", "cover": False, "seconds_left": 9000, "granted": 14_400}
    return free(**{**running, "class": known, **changes})


@dataclass
class FakeDesk:
    """service/desk.py's Desk over a fake station."""

    station: Station
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    refuse: str = ""
    written: dict[str, Line] = field(default_factory=dict)

    def status(self) -> dict[str, Any]:
        return self.station.state

    def start(self, who: str, answers: Mapping[str, list[str]], minutes: float | None) -> None:
        given = check_answers(questions(parse_policy({})), answers)
        self._ask("start", who, given.codes(), minutes)
        self.station.state = in_use(minutes or 60)

    def tell(self, who: str, session: str, text: str) -> None:
        self._ask("tell", who, session, text)
        told = {"text": text, "sent": "09:42", "seen": ""} if text else None
        self.station.state = {**self.station.state, "told": told}

    def take_back(self, who: str, session: str) -> None:
        self._ask("take_back", who, session)
        self.station.state = {**self.station.state, "undo": None}

    def begin_class(self, who: str, title: str) -> None:
        self._ask("class", who, title)
        self.station.state = teaching()

    def end_class(self, who: str, session: str) -> None:
        self._ask("end_class", who, session)
        self.station.state = teaching("09:40")

    def write_class(self, who: str, key: str, fields: Mapping[str, object]) -> None:
        self._still(key)
        check("class", {**fields, "day": "20/11/2026"}, NOON.date())
        self._ask("write_class", who, dict(fields), key)
        self.station.state = free()

    def forget_class(self, who: str, key: str) -> None:
        self._still(key)
        self._ask("forget_class", who, key)
        self.station.state = free()

    def written_class(self, key: str) -> Line | None:
        return self.written.get(key)

    def _still(self, key: str) -> None:
        if (self.station.state.get("class") or {}).get("key") != key:
            raise Gone("Things changed meanwhile.")

    def power(self, who: str, act: str, session: str) -> None:
        self._ask("power", who, act, session)

    def _ask(self, *what: Any) -> None:
        if self.refuse:
            raise RefusedError(self.refuse)
        self.asked.append(what)
