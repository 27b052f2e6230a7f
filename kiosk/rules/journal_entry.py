"""A line of the journal as it is typed or imported: read the way people write, and every wrong field told. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kiosk.errors import UsageError
from kiosk.rules.journal import KINDS, Kind
from kiosk.translations import _

LONGEST_WORDS = 200
# The programme began in that year: nothing older is asked for by anybody.
FIRST_DAY = date(2011, 1, 1)
# A service that is announced for later, or a day until which it will be offered.
FURTHEST = timedelta(days=3_660)


class WrongEntry(UsageError):
    """A line that cannot be: `problems` has a sentence for each wrong field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Entry:
    """A line that was found right. `words`: everything that is no number, by field."""

    kind: str
    day: date
    until: date | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def check(kind: str, given: Mapping[str, object], today: date) -> Entry:
    """The line in what was typed, by field: `day`, `until`, numbers, `words`, `what`, `begin`, `end`.

    WrongEntry tells of all wrong fields at once, what each may be in it.
    """
    form = KINDS.get(kind)
    if form is None:
        raise UsageError(_("There is no such kind of line."), _("Choose one of: {kinds}.", kinds=", ".join(KINDS)))
    problems = dict[str, str]()
    day = _day_of(form, given, today, problems)
    until = _until_of(form, given, day, today, problems)
    numbers = _numbers_of(form, given, problems)
    words = _words_of(form, given, problems)
    if problems:
        raise WrongEntry(problems)
    assert day is not None, "else it would be a problem"
    return Entry(kind, day, until, numbers, words)


def is_empty(value: object) -> bool:
    """Whether nothing was typed."""
    return value is None or (isinstance(value, str) and not value.strip())


def whole_number(value: object) -> int:
    """A whole number as people and spreadsheets write it: 12, "12", "1.234", "1 234", 12.0. ValueError for others."""
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError(value)  # 1.234 of a spreadsheet is no 1234
        return int(value)
    text = re.sub(r"[\s\u00a0\u202f]+", " ", str(value)).strip()
    if re.fullmatch(r"\d{1,3}(?:([., ])\d{3}(?:\1\d{3})*)", text, re.ASCII) or re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return int(re.sub(r"\D", "", text))
    if found := re.fullmatch(r"(\d{1,9})[.,]0{1,2}", text, re.ASCII):
        return int(found[1])
    raise ValueError(value)


def day_in(value: object) -> date:
    """A day as people write it: 20/11/2026, 20-11-2026, 20.11.2026, or 2026-11-20. ValueError for others."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", text, re.ASCII):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})", text, re.ASCII):
        return date(int(found[4]), int(found[3]), int(found[1]))
    raise ValueError(value)


def tidy(value: object) -> str:
    """Typed words in one form: one line, composed accents, no control characters."""
    text = unicodedata.normalize("NFC", str(value))
    return " ".join("".join(" " if unicodedata.category(one)[0] == "C" else one for one in text).split())


def _day_of(form: Kind, given: Mapping[str, object], today: date, problems: dict[str, str]) -> date | None:
    last = today + FURTHEST if form.code == "offered_service" else today
    return _date(given.get("day"), FIRST_DAY, last, "day", problems)


def _until_of(
    form: Kind, given: Mapping[str, object], day: date | None, today: date, problems: dict[str, str]
) -> date | None:
    if not form.spans or is_empty(given.get("until")):
        return None
    last = today if form.code == "fault" else today + FURTHEST
    return _date(given["until"], day or FIRST_DAY, max(last, day or last), "until", problems)


def _date(value: object, first: date, last: date, name: str, problems: dict[str, str]) -> date | None:
    try:
        day = day_in(value)
    except ValueError:
        problems[name] = _("This is not a day. Write it like 20/11/2026.")
        return None
    if not first <= day <= last:
        problems[name] = _("The day must lie between {first} and {last}.", first=_said(first), last=_said(last))
        return None
    return day


def _said(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _numbers_of(form: Kind, given: Mapping[str, object], problems: dict[str, str]) -> dict[str, int]:
    found = dict[str, int]()
    for one in form.numbers:
        value = given.get(one.name)
        if is_empty(value):
            if one.needed:
                problems[one.name] = _("A number is needed here, from 0 to {most}.", most=one.most)
            elif one.default is not None:
                found[one.name] = one.default
            continue
        try:
            number = whole_number(value)
        except ValueError:
            number = -1
        if not 0 <= number <= one.most:
            problems[one.name] = _("This must be a whole number from 0 to {most}.", most=one.most)
        elif number:
            found[one.name] = number
    if form.numbers and not problems and not any(found.values()):
        problems[form.numbers[0].name] = _("Nothing was counted in this line. Write at least one number.")
    return found


def _words_of(form: Kind, given: Mapping[str, object], problems: dict[str, str]) -> dict[str, str]:
    found = dict[str, str]()
    words = tidy(given.get("words") or "")
    if len(words) > LONGEST_WORDS:
        problems["words"] = _("These are {n} letters. At most {most} can be kept.", n=len(words), most=LONGEST_WORDS)
    elif words:
        found["words"] = words
    elif form.needs_words:
        problems["words"] = _("A few words are needed here.")
    if form.choices:
        what = str(given.get("what") or "")
        if what not in form.choices:
            problems["what"] = _("Choose one of the list.")
        found["what"] = what
    if form.hours:
        found |= _hours_of(given, problems)
    return found


def _hours_of(given: Mapping[str, object], problems: dict[str, str]) -> dict[str, str]:
    found = dict[str, str]()
    for name in ("begin", "end"):
        if is_empty(given.get(name)):
            continue
        time = re.fullmatch(r"([01]?\d|2[0-3])[:hH]([0-5]\d)(?::[0-5]\d)?", str(given[name]).strip(), re.ASCII)
        if time is None:
            problems[name] = _("This is not a time. Write it like 08:30.")
        else:
            found[name] = f"{int(time[1]):02}:{time[2]}"
    if {"begin", "end"} <= found.keys() and found["end"] < found["begin"]:
        problems["end"] = _("The end lies before the beginning.")
    return found
