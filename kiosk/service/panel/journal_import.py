"""Earlier months from a file: sent, looked at with every mistake named, and then taken, all or only the good rows.

What was read waits here in memory between the two touches; the file itself is kept nowhere.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import KioskError
from kiosk.rules.journal import KINDS
from kiosk.rules.journal_columns import Found
from kiosk.rules.journal_entry import LONGEST_WORDS, WrongEntry
from kiosk.service.journal import Journal
from kiosk.service.panel import journal_words as words
from kiosk.web.limits import MAX_UPLOAD
from kiosk.web.pages import language
from kiosk.web.words import known

# Of so many files what was read is kept, and of so many rows it is shown.
WAITING = 2
# Of so many files it is remembered what was taken.
ENDED = 20
SHOWN = 200


@dataclass(frozen=True)
class Waiting:
    """A file that was read: by whom, its name, what was found."""

    who: str
    name: str
    found: Found


def add_views(app: Flask, journal: Journal) -> None:
    """`/journal/import`, and `/journal/template.csv` and `.xlsx`: an empty table with the headings."""
    waiting, lock = OrderedDict[str, Waiting](), threading.Lock()
    ended = OrderedDict[str, tuple[str, int, int]]()  # files that were taken: by whom, lines written, lines there

    def result_of(token: str) -> Any:
        """What was taken of a file: for its second touch, and for who goes back. None where nothing was."""
        with lock:
            who, taken, there = ended.get(token, ("", 0, 0))
        return redirect(url_for("journal_import", taken=taken, there=there), 303) if who and who == g.who else None

    def one_of_mine() -> tuple[str, Waiting | None]:
        token = request.values.get("file", "")
        with lock:
            found = waiting.get(token)
        return token, found if found is not None and found.who == g.who else None

    def page(problem: str = "", wrong: str = "") -> Any:
        token, mine = one_of_mine()
        lost = "file" in request.args and mine is None
        found = mine.found if mine else None
        shown = render_template(
            "panel/journal_import.html",
            token=token,
            name=mine.name if mine else "",
            found=found,
            rows=[(row, entry) for row, entry in islice(found.entries, SHOWN)] if found else [],
            mistakes=found.mistakes[:SHOWN] if found else (),
            problem=problem,
            wrong={"reason": wrong} if wrong else {},
            lost=lost,
            taken=request.args.get("taken", type=int),
            there=request.args.get("there", 0, type=int),
            locked=found is not None and journal.is_locked(*(entry.day for _row, entry in found.entries)),
            kinds=KINDS,
            signs=words.SIGNS,
            line=words.line,
            longest=LONGEST_WORDS,
        )
        return make_response(shown, 409 if problem or wrong else 200)

    @app.route("/journal/import", methods=["GET", "POST"], endpoint="journal_import")
    def take_in() -> Any:
        if request.method == "GET":
            return result_of(request.args.get("file", "")) or page()
        request.max_content_length = MAX_UPLOAD
        return take() if "take" in request.form else look()

    def look() -> Any:
        from kiosk.service.journal_file import read

        sent = request.files.get("table")
        try:
            found = journal.found_in(read(sent.read() if sent is not None else b""))
        except KioskError as error:
            return page(_words(error))
        token = secrets.token_hex(12)
        with lock:
            waiting[token] = Waiting(g.who, (sent.filename or "")[-80:] if sent else "", found)
            while len(waiting) > WAITING:
                waiting.popitem(last=False)
        return redirect(url_for("journal_import", file=token), 303)

    def take() -> Any:
        token, mine = one_of_mine()
        if mine is None:
            return result_of(token) or redirect(url_for("journal_import", file=token), 303)
        if mine.found.mistakes and request.form["take"] != "good":
            return redirect(url_for("journal_import", file=token), 303)
        try:
            count = journal.take([entry for _row, entry in mine.found.entries], request.form, g.who)
        except WrongEntry as error:
            return page(wrong=error.problems["reason"])
        except KioskError as error:
            return page(_words(error))
        with lock:
            waiting.pop(token, None)
            ended.setdefault(token, (g.who, count, len(mine.found.entries) - count))
            while len(ended) > ENDED:
                ended.popitem(last=False)
        return result_of(token)

    @app.get("/journal/template.<kind>", endpoint="journal_template")
    def template(kind: str) -> Any:
        from kiosk.service.journal_file import KINDS_OF_FILE, empty_file

        if kind not in KINDS_OF_FILE:
            return redirect(url_for("journal_import"), 303)
        try:
            made = empty_file(kind, language())
        except KioskError as error:
            return page(_words(error))
        return Response(
            made,
            mimetype=KINDS_OF_FILE[kind],
            headers={"Content-Disposition": f'attachment; filename="kiosk-journal.{kind}"'},
        )


def _words(error: KioskError) -> str:
    return f"{known(language(), error.message)} {known(language(), error.hint)}".strip()
