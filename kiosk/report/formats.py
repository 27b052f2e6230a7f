"""A report as a file: JSON and CSV by codes, plain text for a terminal. CSV for people: table.py."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kiosk.clock import LOCAL
from kiosk.report import words
from kiosk.report.model import Line, Part, Report, Said
from kiosk.rules.indicators import INDICATORS, label
from kiosk.rules.periods import Period

SPEC = "kiosk-report/1"
# Spreadsheets take a file for UTF-8 only with this mark before it.
BOM = "\ufeff"
COLUMNS = ("section", "code", "name", "unit", "value", "low", "high", "out_of", "since", "through", "previous",
           "last_year", "trend", "percent", "why", "version")  # fmt: skip


def as_data(report: Report) -> dict[str, Any]:
    """Everything, for machines: figures by code; decimals as text, so that no digit changes on the way."""
    data: dict[str, Any] = _plain({"spec": SPEC, **asdict(report)})
    for key in ("period", "previous", "last_year", "compared"):
        data[key] = _span(getattr(report, key))
    data["locks"] = [{"month": one.month, "at": one.at.isoformat()} for one in report.locks]
    if report.period.kind == "month" and report.locks:
        data["locks"][0]["told"] = dict(report.locks[0].told)
    data["months"] = [{"month": month.text, "active": effect} for month, effect in report.months]
    data["lines"] = {line["code"]: {k: v for k, v in line.items() if k != "code"} for line in data["lines"]}
    data["definitions"] = {
        code: {"label": one.label, "unit": one.unit, "source": one.source, "version": one.version}
        for code, one in ((code, INDICATORS[code]) for code in report.used())
    }
    return data


def as_json(report: Report) -> str:
    """The data as JSON."""
    return json.dumps(as_data(report), ensure_ascii=False, indent=2) + "\n"


def as_csv(report: Report, lang: str) -> str:
    """One row a figure. The first rows say what this is; a cell without a number is empty, never zero, with `why`."""
    file = io.StringIO()
    # Names are ours; what somebody typed (the site's name, a reason) must not start a formula in a spreadsheet.
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(COLUMNS)
    about = {"site": report.site, "site_code": report.site_code, "station": report.station,
             "period": report.period.text, "first_day": report.period.first, "last_day": report.period.last,
             "made": report.made.isoformat(timespec="seconds"), "missing_days": report.missing_days}  # fmt: skip
    for code, value in about.items():
        table.writerow(_row({"section": "about", "code": code, "value": harmless(str(value))}))
    for row in _rows(report, lang):
        table.writerow(_row(row))
    return BOM + file.getvalue()


def as_text(report: Report, lang: str) -> list[str]:
    """Lines for a terminal."""
    head = [report.site, words.title(report.period, lang), ""]
    previous = words.title(report.previous, lang)
    rows = [("", words.title(report.period, lang), previous, words.say(lang, label("Same period last year")))]
    rows += [_text_row(line, lang) for line in report.lines]
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    table = [
        "  ".join([f"{row[0]:<{widths[0]}}", *(f"{row[place]:>{widths[place]}}" for place in (1, 2, 3))]).rstrip()
        for row in rows
    ]
    return [*head, *table, *_text_lists(report, lang)]


def _text_row(line: Line, lang: str) -> tuple[str, str, str, str]:
    now = words.said(line.now, lang)
    if line.now.value is not None and words.spread(line.now, lang):
        now += f" ({words.spread(line.now, lang)})"
    if line.out_of is not None:
        now += f" / {line.out_of}"
    sign = words.TRENDS[line.change.trend][0] if line.change else ""
    percent = f" {words.number(line.change.percent, lang, True)} %" if line.change and line.change.percent else ""
    year = "" if line.last_year is None else f"{words.said(line.last_year, lang)} {sign}{percent}".rstrip()
    return words.name(line.code, lang), now, "" if line.previous is None else words.said(line.previous, lang), year


def _text_lists(report: Report, lang: str) -> Iterator[str]:
    if report.effective:
        yield f"{words.name('EFFECTIVE', lang)}: {words.say(lang, words.EFFECTIVE[report.effective])}"
    lists = {code: (words.name(code, lang), parts) for code, parts in (("ENDS", report.ends), ("OPENS", report.themes))}
    lists |= {code: (words.name(code, lang), parts) for code, parts in report.answers.items()}
    for heading, parts in lists.values():
        if parts:
            yield ""
            yield heading
            for part in parts:
                told = words.said(Said(part.value, part.why), lang)
                yield f"  {words.say(lang, part.label)}: {told}{_since(part, lang)}"
    if report.journal:
        yield from ("", words.say(lang, label("Journal")))
        yield from (f"  {words.say(lang, one.label)}: {words.number(one.value or 0, lang)}" for one in report.journal)
    for lock in report.locks if len(report.locks) == 1 else ():
        yield from (
            "",
            words.say(lang, label("Figures locked on {day}"), day=words.day(lock.at.astimezone(LOCAL).date())),
        )
    for one in report.revisions:
        changed = f"{words.figure(one.code, lang)}: {one.before or '–'} > {one.after}"
        yield f"  {one.month} {changed}. {words.reason(one, lang)}"
    if report.missing_days:
        yield ""
        yield words.say(lang, label("Days without figures: {n}. They are not counted as zero."), n=report.missing_days)


def _since(part: Part, lang: str) -> str:
    return "" if part.since is None else f" ({words.since(part.since, lang)})"


def _rows(report: Report, lang: str) -> Iterator[dict[str, Any]]:
    for line in report.lines:
        yield {
            **_definition(line.code, lang),
            "section": "figures",
            "value": line.now.value,
            **{name: getattr(line.now, name) for name in ("low", "high", "through", "why")},
            "out_of": line.out_of,
            "previous": line.previous and line.previous.value,
            "last_year": line.last_year and line.last_year.value,
            "trend": line.change and line.change.trend,
            "percent": line.change and line.change.percent,
        }
    for section, parts in {"ENDS": report.ends, "OPENS": report.themes, **report.answers}.items():
        for part in parts:
            yield {**_definition(section, lang), "section": section, **_part(part, lang)}
    for part in report.journal:
        yield {**_definition(part.code, lang), "section": "journal", "value": part.value}
    for lock in report.locks:
        yield {"section": "lock", "code": lock.month, "since": lock.at.astimezone(LOCAL).date()}
    for one in report.revisions:
        yield {"section": "revision", "code": one.code, "name": f"{one.month} {words.figure(one.code, lang)}",
               "value": one.after, "previous": one.before, "since": words.local_day(one.at),
               "why": harmless(words.reason(one, lang))}  # fmt: skip
    for bar in report.bars:
        code = bar.first.isoformat() if bar.first == bar.last else f"{bar.first}..{bar.last}"
        yield {**_definition("VISITS", lang), "section": "days", "code": code, "value": bar.visits,
               "last_year": bar.last_year,
               "why": None if bar.visits is not None else bar.state}  # fmt: skip


def _part(part: Part, lang: str) -> dict[str, Any]:
    return {"code": part.code, "name": words.say(lang, part.label), "value": part.value, "since": part.since,
            "why": part.why}  # fmt: skip


def _definition(code: str, lang: str) -> dict[str, Any]:
    one = INDICATORS[code]
    return {"code": code, "name": words.say(lang, one.label), "unit": words.say(lang, one.unit) if one.unit else "",
            "version": one.version}  # fmt: skip


def _row(values: dict[str, Any]) -> list[str]:
    return ["" if values.get(column) is None else str(values[column]) for column in COLUMNS]


def harmless(text: str) -> str:
    """Text that somebody typed, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _span(period: Period | None) -> dict[str, str] | None:
    if period is None:
        return None
    return {"kind": period.kind, "text": period.text, "first": str(period.first), "last": str(period.last)}


def _plain(value: Any) -> Any:
    """Dates and decimals as text, tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return (
        value.isoformat() if isinstance(value, date | datetime) else str(value) if isinstance(value, Decimal) else value
    )
