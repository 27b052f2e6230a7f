"""The card of what waits to be printed: from the `state` message to words and buttons. Numbers, no titles. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.service.printing import TROUBLES
from kiosk.web.words import Sentence, says


@dataclass(frozen=True)
class Waiting:
    """One job, numbered as it came in this session."""

    number: int
    pages: Sentence
    since: Sentence
    over: Sentence | None


@dataclass(frozen=True)
class PrintCard:
    """What the template draws. `session`: whose jobs these are, so that no order meets another's."""

    station: str
    session: str
    tone: str
    sign: str
    words: Sentence
    trouble: Sentence | None
    jobs: tuple[Waiting, ...]
    more: Sentence | None
    printed: Sentence | None


def print_card(state: Mapping[str, Any]) -> PrintCard | None:
    """None where citizens do not print."""
    told = state.get("print")
    if not told:
        return None
    trouble = TROUBLES.get(str(told.get("trouble")))
    jobs = tuple(_waiting(job, int(told.get("pages_max") or 0)) for job in told.get("jobs") or ())
    count, pages = int(told.get("waiting") or 0), int(told.get("pages") or 0)
    tone, sign, words = _look(bool(trouble), count)
    return PrintCard(
        station=str(state.get("station", "")),
        session=str(state.get("session") or ""),
        tone=tone,
        sign=sign,
        words=words,
        trouble=trouble,
        jobs=jobs,
        more=says("And {n} more.", n=count - len(jobs)) if count > len(jobs) else None,
        printed=says("Printed in this turn so far: {n} pages.", n=pages) if pages else None,
    )


def _look(trouble: bool, count: int) -> tuple[str, str, Sentence]:
    if trouble:
        return "fault", "st_fault", says("The printer needs you")
    if count:
        return "soon", "st_soon", says("Waiting for you: {n}", n=count)
    return "free", "st_free", says("Nothing waits")


def _waiting(job: Mapping[str, Any], most: int) -> Waiting:
    pages, minutes = int(job["pages"]), int(job["minutes"])
    return Waiting(
        number=int(job["id"]),
        pages=says("1 page") if pages == 1 else says("{n} pages", n=pages),
        since=says("has waited {n} min", n=minutes) if minutes else says("came just now"),
        over=says("With it, this turn would pass {n} pages. It prints only if you release it.", n=most)
        if job["over"]
        else None,
    )
