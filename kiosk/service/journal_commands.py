"""What a terminal may ask of the journal: to list lines, and to take in the lines of a file."""

from pathlib import Path
from typing import Any

from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.rules.period_texts import parse_period
from kiosk.service.journal import Journal
from kiosk.translations import _, reason

# An answer is one line of at most messages.MAX_LINE bytes.
MOST_SHOWN = 100


def journal_action(journal: Journal, action: str, period: str = "", **fields: Any) -> Any:
    """`list`: the newest lines of a period; `import`: the lines of the file at `path`."""
    if action == "list":
        asked = parse_period(period or f"{journal.today():%Y-%m}", journal.starts_on)
        return [
            {"id": one.id, "kind": one.kind, "day": str(one.day), "until": str(one.until or ""),
             "struck": one.struck, **one.numbers, **one.words}
            for one in journal.lines(asked.first, asked.last)[:MOST_SHOWN]
        ]  # fmt: skip
    if action == "import":
        return _take(journal, **fields)
    raise UsageError("no such action")


def _take(journal: Journal, path: str, good: bool = False, why: str = "") -> dict[str, Any]:
    from kiosk.service.journal_file import MAX_BYTES, read

    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise KioskError(
            _("{path} cannot be used: {reason}.", path=path, reason=reason(error)),
            _("Check the path and the disk, then try again."),
        ) from error
    found = journal.found_in(read(content))
    told = [{"row": one.row, "column": one.column, "words": one.words} for one in found.mistakes]
    answer = {"mistakes": told[:MOST_SHOWN], "wrong": len(told), "new": 0, "there": 0, "written": False}
    if told and not good:
        return answer
    if not found.entries:
        raise RefusedError(_("There is nothing in the file."), _("Mend the file, then try again."))
    new = journal.take([entry for _row, entry in found.entries], {"reason": why}, "cli")
    return answer | {"new": new, "there": len(found.entries) - new, "written": True}
