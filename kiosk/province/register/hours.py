"""What a clerk writes of opening hours and of days that are other than the week, and what is kept of it. Pure."""

import re
from datetime import date

from kiosk.province.register.planned_days import CLOSED, MOST_EXCEPTION_DAYS
from kiosk.province.register.words import Cell, day, folded, tidy
from kiosk.rules.intervals import joined, overlap, parse_interval
from kiosk.translations import _

CLOSED_WORDS = {"dong", "dong cua", "nghi", "closed", "none"}


def hours(value: Cell) -> str:
    """The hours of one day of the week, `07:30-11:30, 13:30-17:00`, or "-" for closed."""
    text = tidy(value)
    if folded(text) in CLOSED_WORDS or text in ("-", "–", "—"):
        return CLOSED
    parts = [part for part in re.split(r"[,;&]|\bvà\b|\band\b|(?<=\d)\s+(?=\d)", _colons(text)) if part.strip()]
    try:
        found = [parse_interval("-".join(_clock(one) for one in part.split("-"))) for part in parts]
        if not found or overlap(found):
            raise ValueError
    except ValueError:
        raise ValueError(
            _("“{written}” are no hours. Write 07:30-11:30, 13:30-17:00, or - for a day on which it is closed.",
              written=text[:60])
        ) from None  # fmt: skip
    return ", ".join(str(one).replace("–", "-") for one in joined(found))


def _colons(text: str) -> str:
    return re.sub(r"\s*-\s*", "-", re.sub(r"[–—~]", "-", re.sub(r"(?<=\d)\s*[hHgG]\s*(?=\d|\b)", ":", text)))


def _clock(text: str) -> str:
    found = re.fullmatch(r"\s*(\d{1,2})(?::(\d{2})?)?\s*", text, re.ASCII)
    if not found:
        raise ValueError
    return f"{int(found[1]):02}:{found[2] or '00'}"


def exceptions(value: Cell) -> str:
    """The days that are other than the week: `02/09/2026: -; 15/02/2027..21/02/2027: -; 02/05/2026: 08:00-11:00`."""
    text, found = tidy(value), dict[date, tuple[date, str]]()
    for part in (one.strip() for one in text.split(";")):
        if not part:
            continue
        days, colon, told = part.partition(":")
        if not colon:
            raise ValueError(_("“{written}” is no exception. Write 02/09/2026: - or 02/05/2026: 08:00-11:00, with ; "
                               "between them.", written=part[:60]))  # fmt: skip
        first, dots, last = days.partition("..")
        begin = day(first)
        end = day(last) if dots else begin
        if end < begin or (end - begin).days >= MOST_EXCEPTION_DAYS:
            raise ValueError(_("“{written}” ends before it begins, or lasts longer than {n} days.", written=days[:60],
                               n=MOST_EXCEPTION_DAYS))  # fmt: skip
        if any(begin <= other_end and one <= end for one, (other_end, _hours) in found.items()):
            raise ValueError(_("A day stands there twice: {written}.", written=days[:60]))
        found[begin] = (end, hours(told))
    if sum((end - begin).days + 1 for begin, (end, _hours) in found.items()) > MOST_EXCEPTION_DAYS:
        raise ValueError(_("These are more than {n} days.", n=MOST_EXCEPTION_DAYS))
    return "; ".join(
        f"{begin}{'' if end == begin else f'..{end}'}: {told}" for begin, (end, told) in sorted(found.items())
    )
