"""A fault of this computer has one truth: its line in the journal stands as long as its screen sends people away.

So what the journal is told of such a fault leads to the questions of the page of equipment, which do both.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app, g, redirect, url_for

from kiosk.rules.journal_entry import Entry
from kiosk.store.journal import Line


def instead_of_writing(entry: Entry, today: date) -> Any:
    """Where a new line leads; None where the journal writes it itself."""
    if not _is_open(entry.kind, entry.until, entry.words):
        return None
    return _to_report(entry, None if entry.day == today else entry.day.isoformat())


def instead_of_repairing(line: Line) -> Any:
    """Where "Repaired" leads; None where the journal ends the line itself."""
    return _to("equipment_repaired") if _is_line_open(line) else None


def after_a_change(before: Line, now: Line) -> Any:
    """Where a line leads that was mended, struck or brought back: where the screen says another thing than it."""
    away = g.state.get("state") == "out_of_order"
    if _is_line_open(before) and not _is_line_open(now) and away:
        return _to("equipment_repaired")
    if _is_line_open(now) and not _is_line_open(before) and not away:
        return _to_report(now)
    return None


def _is_line_open(line: Line) -> bool:
    return not line.struck and _is_open(line.kind, line.until, line.words)


def _is_open(kind: str, until: date | None, words: Mapping[str, str]) -> bool:
    return kind == "fault" and words.get("what") == "pc" and until is None


def _to_report(said: Entry | Line, day: str | None = None) -> Any:
    return _to("equipment_fault", words=said.words.get("words", ""), day=day)


def _to(endpoint: str, words: str | None = None, day: str | None = None) -> Any:
    if endpoint not in current_app.view_functions:
        return None
    return redirect(url_for(endpoint, what="pc", words=words, day=day), 303)
