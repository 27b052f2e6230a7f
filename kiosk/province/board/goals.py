"""The first page: the plan's goals at a glance, every site a stroke, and what needs an officer today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from flask import g, render_template

from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.first_steps import steps_left
from kiosk.province.board.pages import Page
from kiosk.province.board.words import number, told, why
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.value import Value
from kiosk.province.tasks import WAITING, tasks
from kiosk.web.pages import say
from kiosk.web.roles import LINK
from kiosk.web.words import says

# What the goals are called here, short: how they are reckoned stands on the page of definitions.
NAMES = {
    "EFFECTIVE_SITES": says("Share of sites that keep operating effectively"),
    "USERS_GROWTH": says("Users, on the same period last year"),
    "VISITS_GROWTH": says("Visits, on the same period last year"),
    "TARGET_USERS_GROWTH": says("Users of the target group"),
    "TARGET_VISITS_GROWTH": says("Visits by the target group"),
}
GROWTHS = (("USERS_GROWTH", "TARGET_USERS_GROWTH"), ("VISITS_GROWTH", "TARGET_VISITS_GROWTH"))
SITES = ("SITES_EFFECTIVE", "SITES_NOT_EFFECTIVE", "SITES_NO_REPORT")
CODES = ("EFFECTIVE_SITES", *(code for row in GROWTHS for code in row), *SITES, "PROJECT_SITES")
SIZE = {"EFFECTIVE_SITES": 100}  # the whole length of a goal's bar, in percent; of growth six
GOALS_AT = {"EFFECTIVE_SITES": (80,), "USERS_GROWTH": (3,), "TARGET_USERS_GROWTH": (3,)}
GROWTH_SIZE, GROWTH_AT = 6, (3, 5)


@dataclass(frozen=True)
class Goal:
    """One goal as it is drawn. `bar`, `marks`: in thousandths of the bar's length; `lines`: what stands under it."""

    code: str
    name: str
    text: str
    verdict: str
    bar: int
    marks: tuple[tuple[int, str], ...]
    lines: tuple[str, ...]
    version: str


def goals(desk: Desk) -> Any:
    """The page."""
    today = desk.today()
    found = desk.figures(asked.ask(today), CODES)
    values = found.of()
    shown = {code: _goal(code, values.get(code, Value(reason="nothing_told"))) for code in CODES[:5]}
    return render_template(
        "board/goals.html",
        effective=shown["EFFECTIVE_SITES"],
        growths=[[shown[code] for code in row] for row in GROWTHS],
        strokes=_strokes(values),
        found=found,
        built=desk.world().built,
        first_steps=steps_left(desk) if g.get("role") != LINK else (),
        **_today(desk, today),
    )


def _goal(code: str, value: Value) -> Goal:
    growth, definition = code != "EFFECTIVE_SITES", DEFINITIONS[code]
    size = SIZE.get(code, GROWTH_SIZE)
    marks = GOALS_AT.get(code, GROWTH_AT)
    share = 0 if value.number is None else max(0, min(1000, round(value.number * 1000 / size)))
    lines = _growth_lines(code, value, marks) if growth else _effective_lines(value)
    nothing = "" if growth else "unknown"
    ticks = tuple((mark * 1000 // size, f"{'+' if growth else ''}{mark}%") for mark in marks)
    return Goal(code, say(NAMES[code]), told(value, "%", sign=growth), value.verdict if value.known else nothing, share,
                ticks, lines, definition.version)  # fmt: skip


def _effective_lines(value: Value) -> tuple[str, ...]:
    lines = [say("Goal: from 80 %.")]
    if value.part is not None and value.whole:
        lines.append(say("{part} of {whole} sites.", part=number(value.part), whole=number(value.whole)))
    if value.known and value.high is not None and value.high != value.number:
        lines.append(say("Without the sites that have not reported: {high} %.", high=number(value.high)))
    return (*lines, why(value)) if not value.known else tuple(lines)


def _growth_lines(code: str, value: Value, marks: tuple[int, ...]) -> tuple[str, ...]:
    goal = say("Goal: from +3 %.") if len(marks) == 1 else say("Goal: from +3 % to +5 %.")
    if value.number is None:
        return goal, why(value)
    lines = [goal]
    if value.part is not None and value.whole is not None:
        lines.append(say("{n} sites matched: {now}, against {before} in the same days of the year before.",
                         n=number(value.sites or 0), now=number(value.part), before=number(value.whole)))  # fmt: skip
        short = ceil(value.whole * (100 + marks[0]) / 100) - value.part
        if value.verdict == "not_met" and short > 0:
            people = code.endswith("USERS_GROWTH")
            lines.append(say("About {n} people are missing.", n=number(short)) if people
                         else say("About {n} visits are missing.", n=number(short)))  # fmt: skip
    return tuple(lines)


def _strokes(values: Mapping[str, Value]) -> tuple[int, int, int] | None:
    """How many sites are effective, are not, have no report; None where no list tells."""
    found = [values.get(code, Value()).number for code in SITES]
    counts = [int(number) for number in found if number is not None]
    return (counts[0], counts[1], counts[2]) if len(counts) == len(SITES) else None


def _today(desk: Desk, today: date) -> dict[str, Any]:
    """What needs somebody today, by ledger and register alone."""
    line = asked.line()
    now = desk.sites()
    silent = now.silent(line)
    with desk.reading() as db:
        due = [
            one
            for one in tasks(db)
            if one.state in WAITING and one.due <= today and (not line or one.line in ("", line))
        ]
    aside = sum(sum(one.aside.values()) for one in now.of(line))
    alarms = sum(len(one.alarms) for one in now.of(line))
    return {
        "now": now, "silent": silent, "long": [one for one in silent if one.is_long],
        "unsent": [one for one in silent if one.kind == "never_sent"],
        "never": [one for one in silent if one.state == "never_enrolled"], "aside": aside, "alarms": alarms, "due": due,
        "unknown": now.unknown if g.get("role") != LINK or not line else (),
    }  # fmt: skip


PAGES = (Page("goals", "/", goals, tab=says("Goals"), sign="home", by_period=True),)
