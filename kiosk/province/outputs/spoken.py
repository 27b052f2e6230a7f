"""The figures for a terminal and for programs: plain lines, and JSON by code with reasons and versions. Pure."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from kiosk.province.indicators.ask import By
from kiosk.province.indicators.definitions import DEFINITIONS, GROUPS
from kiosk.province.indicators.value import REASONS, Value
from kiosk.province.outputs import words
from kiosk.province.outputs.lists import notes
from kiosk.province.outputs.material import Gathered
from kiosk.province.outputs.paper_tables import basis
from kiosk.rules.reading_words import day, say, title

SPEC = "kiosk-province-report/1"
# What a line on a terminal has room for, of each place.
IN_A_LINE = ("EFFECTIVE", "EFFECTIVE_SITES", "VISITS", "USERS", "PC_HOURS", "COMPLETENESS")


def as_json(found: Gathered, lang: str) -> str:
    """Every figure by its code, of the whole and of each place; decimals as text, so that no digit changes."""
    ask, elapsed = found.ask, found.ask.elapsed
    data: dict[str, Any] = {
        "spec": SPEC,
        "province": found.province,
        "of": {"kind": found.scope.by, "code": found.scope.key, "name": words.place_name(found.scope, lang)},
        "period": {"kind": ask.period.kind, "text": ask.period.text, "first": str(ask.period.first),
                   "last": str(ask.period.last), "over": ask.is_over, "until": str(elapsed.last) if elapsed else None},
        "list_version": found.whole.list_version,
        "edition": found.edition,
        "built": found.built,
        "days_that_cannot_be_read": dict(found.whole.incomplete),
        "sites_not_in_the_register": list(found.strangers),
        "indicators": _told(found.whole.of(), lang),
        "places": {
            by: {one.key: {"name": words.place_name(one, lang), "above": one.above,
                           "indicators": _told(found.tables[by].of(one.key), lang)}
                 for one in found.listed(by)}
            for by in found.tables
        },
        "definitions": {one.code: {"label": words.name(one.code, lang), "unit": one.unit, "version": one.version,
                                   "formula": words.formula(one.code, lang), "source": one.source}
                        for one in found.definitions()},
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _told(values: Mapping[str, Value], lang: str) -> dict[str, Any]:
    return {code: _value(code, values[code], lang) for code in DEFINITIONS if code in values}


def _value(code: str, value: Value, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {"value": _plain(value.number), "version": DEFINITIONS[code].version}
    for name in ("low", "high", "part", "whole", "sites", "verdict", "trend"):
        if (one := getattr(value, name)) not in (None, ""):
            told[name] = _plain(one)
    if value.number is None:
        told |= {"reason": value.reason or "nothing_told", "why": say(lang, REASONS[value.reason or "nothing_told"])}
    return told | ({"before_kiosk": True} if value.own else {})


def _plain(number: object) -> object:
    return str(number) if isinstance(number, Decimal) else number


def as_text(found: Gathered, lang: str) -> list[str]:
    """Lines for a terminal: the goals, all other figures by group, then places."""
    elapsed = found.ask.elapsed
    days = f" ({day(elapsed.first)} – {day(elapsed.last)})" if elapsed else ""
    lines = [f"{words.place_name(found.scope, lang)}: {title(found.ask.period, lang)}{days}"]
    for group, heading in GROUPS.items():
        told = [one.code for one in found.definitions() if one.group == group]
        if told:
            lines += ["", say(lang, heading), *(_line(found, code, lang) for code in told)]
    for by in found.tables:
        lines += ["", *_places(found, by, lang)]
    return [*lines, "", *notes(found, lang)]


def _line(found: Gathered, code: str, lang: str) -> str:
    value = found.value(code)
    told = words.figure(code, value, lang) or words.reason(value, lang)
    unit = words.unit(code, lang) if value.known and code != "EFFECTIVE" and DEFINITIONS[code].unit != "%" else ""
    spread = f"({words.spread(code, value, lang)})" if words.spread(code, value, lang) else ""
    goal = DEFINITIONS[code].group == "goals"
    more = [words.verdict(value, lang) + ";", basis(code, value, lang)] if goal and value.known else []
    return "  " + " ".join(part for part in (f"{words.name(code, lang)}:", told, unit, spread, *more) if part)


def _places(found: Gathered, by: By, lang: str) -> Iterator[str]:
    """A table: a place a line, figures in columns; a dash where there is no number."""
    codes = [code for code in IN_A_LINE if any(code in one for one in found.tables[by].places.values())]
    if by == "site":
        codes = [code for code in codes if code != "EFFECTIVE_SITES"]
    rows = [(say(lang, words.KINDS[by]), *(words.name(code, lang) for code in codes))]
    for one in found.listed(by):
        name = " ".join(words.place_name(one, lang).split())
        head = name if by == "line" or name == one.key else f"{one.key} {name}"
        told = (words.figure(code, found.value(code, by, one.key), lang) or "–" for code in codes)
        rows.append((printable(head), *told))
    widths = [max(len(row[place]) for row in rows) for place in range(len(codes) + 1)]
    for row in rows:
        yield "  ".join([f"{row[0]:<{widths[0]}}", *(f"{one:>{widths[n]}}" for n, one in enumerate(row[1:], 1))])


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey."""
    return "".join(one if one.isprintable() else "?" for one in text)
