"""The journal on the panel: one line at the top, the month by day below; a line is mended, struck and brought back.

A form carries a key of its own, so that a second touch writes no second line; and of a line that is mended its
version, so that the second of two people is told, with what they typed kept.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Flask, abort, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.rules.journal import KINDS
from kiosk.rules.journal_entry import LONGEST_WORDS, WrongEntry
from kiosk.rules.period_texts import parse_period
from kiosk.rules.periods import Period, month_of, months_period, shifted
from kiosk.service.journal import Journal
from kiosk.service.panel import journal_import, journal_pc
from kiosk.service.panel import journal_words as words
from kiosk.store.journal import Line, Overtaken
from kiosk.web.pages import language
from kiosk.web.words import known

FIRST_KIND = "class"
KEY_LETTERS = 24


def add_views(app: Flask, journal: Journal) -> None:
    """`/journal`, where a line is written too, and `/journal/lines/<number>`, where it is mended."""

    journal_import.add_views(app, journal)

    def month() -> Period:
        """The month asked for, else that of today."""
        starts_on = journal.starts_on
        try:
            asked = parse_period(request.args.get("month") or "-", starts_on)
        except UsageError:
            asked = None
        if asked is None or asked.kind != "month":
            here = month_of(journal.today(), starts_on)
            return months_period(here, here, starts_on)
        return asked

    def page(kind: str, given: Mapping[str, str], wrong: Mapping[str, str], problem: str = "") -> Any:
        asked = month()
        only = kind if request.args.get("only") == "1" else ""
        day = _day(given.get("day", ""))
        shown = render_template(
            "panel/journal.html",
            kind=KINDS[kind],
            kinds=KINDS.values(),
            kinds_by_code=KINDS,
            signs=words.SIGNS,
            only=only,
            month=asked,
            title=words.month_title(asked),
            before=_month_text(asked, -1, journal.starts_on),
            after=_month_text(asked, 1, journal.starts_on) if asked.last < journal.today() else "",
            given={"day": _first_day(asked, journal.today()).isoformat(), **given},
            wrong=wrong,
            problem=problem,
            key=_key(given),
            locked=journal.is_locked(asked.last) or (day is not None and journal.is_locked(day)),
            longest=LONGEST_WORDS,
            days=words.by_day(journal.lines(asked.first, asked.last, only)),
            sums=words.sums(journal.sums(asked.first, asked.last)),
            standing=journal.standing(),
            today=journal.today(),
            line=words.line,
            days_of_fault=words.days_of_fault,
            done=_done(journal),
        )
        return make_response(shown, 409 if wrong or problem else 200)

    def shut(error: KioskError, kind: str = "", given: Mapping[str, str] | None = None) -> Any:
        """Nothing is written before there is a date; what was typed stays."""
        names = words.fields(KINDS[kind]) if kind else {}
        typed = {
            names[name]: words.as_read(name, text) for name, text in (given or {}).items() if name in names and text
        }
        page = render_template(
            "panel/journal_shut.html", problem=_words(error), kind=kind, given=given or {}, typed=typed
        )
        return make_response(page, 409)

    def known_kind() -> str:
        kind = request.args.get("kind", FIRST_KIND)
        return kind if kind in KINDS else FIRST_KIND

    @app.get("/journal", endpoint="journal")
    def shown() -> Any:
        try:
            return page(known_kind(), {name: request.args[name] for name in ("day",) if name in request.args}, {})
        except RefusedError as error:
            return shut(error)

    @app.post("/journal", endpoint="journal_add")
    def add() -> Any:
        kind, given = known_kind(), _form()
        try:
            if elsewhere := journal_pc.instead_of_writing(journal.checked(kind, given), journal.today()):
                return elsewhere
            number = journal.add(kind, given, g.who, _key(given))
        except WrongEntry as error:
            return page(kind, given, error.problems)
        except KioskError as error:
            return page(kind, given, {}, _words(error)) if journal.is_dated() else shut(error, kind, given)
        return redirect(_to(journal, number, kind=kind, only=request.args.get("only")), 303)

    @app.route("/journal/lines/<int:number>", methods=["GET", "POST"], endpoint="journal_line")
    def one(number: int) -> Any:
        try:
            line = journal.line(number)
        except RefusedError:
            abort(404)
        given = _form() if request.method == "POST" else words.typed(line)
        wrong, problem = dict[str, str](), ""
        if request.method == "POST":
            try:
                if given.get("act") == "repaired" and (elsewhere := journal_pc.instead_of_repairing(line)):
                    return elsewhere
                _act(given.get("act", ""), journal)(number, _version(given), given, g.who)
                elsewhere = journal_pc.after_a_change(line, journal.line(number))
                return elsewhere or redirect(_to(journal, number, kind=line.kind), 303)
            except WrongEntry as error:
                wrong = error.problems
            except Overtaken:
                line, problem = journal.line(number), "overtaken"
            except KioskError as error:
                problem = _words(error)
        if given.get("act", "save") != "save":
            given = words.typed(line) | {name: given[name] for name in ("reason",) if name in given}
        return make_response(_line_page(journal, number, given, wrong, problem), 409 if wrong or problem else 200)


def _line_page(journal: Journal, number: int, given: Mapping[str, str], wrong: Mapping[str, str], problem: str) -> str:
    line, day = journal.line(number), _day(given.get("day", ""))
    return render_template(
        "panel/journal_line.html",
        one=line,
        month=_month_of(journal, line.day),
        line=words.line,
        kind=KINDS[line.kind],
        signs=words.SIGNS,
        given=given,
        wrong=wrong,
        problem=problem,
        locked=journal.is_locked(*(one for one in (line.day, day) if one is not None)),
        longest=LONGEST_WORDS,
        trace=words.trace(journal.trace(number)),
        today=journal.today(),
    )


def _act(name: str, journal: Journal) -> Callable[[int, int, Mapping[str, str], str], None]:
    acts: dict[str, Callable[[int, int, Mapping[str, str], str], None]] = {
        "save": journal.edit,
        "strike": journal.strike,
        "restore": journal.restore,
        "repaired": journal.repaired,
    }
    if name not in acts:
        abort(400)
    return acts[name]


def _to(journal: Journal, number: int, kind: str, only: str | None = None) -> str:
    """The month of a line, and the form ready for the next one of the same day."""
    line = journal.line(number)
    text = _month_of(journal, line.day)
    day = None if line.day == journal.today() or KINDS[line.kind].spans else line.day.isoformat()
    return url_for("journal", month=text, done=number, day=day, kind=kind, only=only)


def _month_of(journal: Journal, day: date) -> str:
    here = month_of(day, journal.starts_on)
    return months_period(here, here, journal.starts_on).text


def _done(journal: Journal) -> Line | None:
    """The line that was just written or changed: it is said again, so that nobody wonders."""
    number = request.args.get("done", type=int)
    try:
        return None if number is None else journal.line(number)
    except RefusedError:
        return None


def _form() -> dict[str, str]:
    """What was typed, each field cut to what the page could have sent."""
    return {name: text[: 4 * LONGEST_WORDS] for name, text in request.form.items()}


def _key(given: Mapping[str, str]) -> str:
    key = given.get("key", "")
    return key if key.isalnum() and len(key) == KEY_LETTERS else secrets.token_hex(KEY_LETTERS // 2)


def _version(given: Mapping[str, str]) -> int:
    text = given.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _first_day(asked: Period, today: date) -> date:
    """The day that the form shows at first: today, or the last day of an earlier month."""
    return today if today in asked else min(asked.last, today)


def _month_text(asked: Period, step: int, starts_on: int) -> str:
    return shifted(asked, step, starts_on).text


def _words(error: KioskError) -> str:
    return f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
