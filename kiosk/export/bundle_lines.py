"""What the lines of a bundle may say, and what is wrong with others. The table of all kinds stands in formats.py."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from kiosk.errors import DamagedError
from kiosk.export.details import detail_said
from kiosk.rules.health_days import CODES as HEALTH
from kiosk.translations import _

MAX_COUNT = 1_000_000

Line = dict[str, Any]
Code = Literal["TRUNCATED", "TOO_BIG", "SCHEMA", "ROWCOUNT", "RANGE"]

# kind -> (fields that name the line, fields that count). A bundle has one line for each name.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "day": (
        (),
        ("visits", "too_short", "extensions", "assisted", "seconds", "minutes")
        + ("planned_minutes", "open_minutes", "internet_minutes", "boots", "unclean"),
    ),
    "end": (("code",), ("count",)),
    "month": (("month", "table", "side"), ("count",)),
    "release": (("id", "table"), ("yes", "no")),
    "reason": (("code",), ("count",)),
    "open": (("item",), ("count",)),
    "missed": (("words",), ("count",)),
    "print": ((), ("pages",)),
    "health": ((), HEALTH),
    "lock": (("month",), ()),
    "revision": (("month", "code", "at"), ()),
    "journal": (("code",), ("count",)),
    "journal_before": (("month", "code"), ("count",)),
}
# Fields that only describe a line, by kind.
TEXTS = {
    "release": ("first_day", "last_day", "versions"),
    "lock": ("first_day", "last_day", "at"),
    "revision": ("cause", "reason"),
}

# One PC in one day; sessions count for the day of their start, so they may run over midnight.
LIMITS = {"seconds": 172_800, "minutes": 5_760, "planned_minutes": 1_440, "open_minutes": 1_440}
LIMITS |= {"internet_minutes": 1_440}


class BundleError(DamagedError):
    """A bundle that cannot be taken; `code` and `detail` are for the province's quarantine."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(
            _("The bundle is not valid: {detail}.", detail=detail_said(detail)),
            _("Have the station write the day again."),
        )
        self.code: Code = code
        self.detail = detail


def rows_of(lines: Iterable[Line]) -> dict[str, int]:
    """Lines by kind, for the manifest."""
    return dict(sorted(Counter(line["kind"] for line in lines).items()))


def find_fault(rows: Mapping[str, int], body: tuple[Line, ...]) -> None:
    """All that lines must be, in the order of the codes."""
    if rows_of(body) != dict(rows):
        raise BundleError("ROWCOUNT", "other lines than the manifest says")
    for line in body:
        check_line(line)
    _check_whole(body)


# kind -> (fields that name the line, fields that describe it, fields that count, each with its limit)
_RULES = {
    kind: (names, TEXTS.get(kind, ()), tuple((name, LIMITS.get(name, MAX_COUNT)) for name in counts))
    for kind, (names, counts) in KINDS.items()
}


_FIGURES = ("lock", "revision")


def good(rows: Mapping[str, int], body: tuple[Line, ...]) -> bool:
    """True only where `find_fault` would find none: the same in one go, for the many that are as they should be."""
    seen: dict[str, int] = {}
    keys: set[tuple[str, ...]] = set()
    named = sessions = ended = 0
    for line in body:
        kind = line["kind"]
        seen[kind] = seen.get(kind, 0) + 1
        if (rule := _RULES.get(kind)) is None:
            continue
        key = (kind, *[line.get(name) for name in rule[0]])
        for text in key:
            if type(text) is not str:
                return False
        for name in rule[1]:
            if type(line.get(name)) is not str:
                return False
        for name, limit in rule[2]:
            if type(count := line.get(name)) is not int or not 0 <= count <= limit:
                return False
        keys.add(key)
        named += 1
        if kind == "end":
            ended += line["count"]
        elif kind == "day":
            sessions = line["visits"] + line["too_short"]
        elif kind in _FIGURES and not _figures_are_texts(line):
            return False
    return seen == rows and named == len(keys) and seen.get("day") == 1 and ended == sessions


def check_line(line: Line) -> None:
    known = KINDS.get(line["kind"])
    if known is None:
        return
    names, counts = known
    texts = (*names, *TEXTS.get(line["kind"], ()))
    if not all(isinstance(line.get(name), str) for name in texts) or not all(name in line for name in counts):
        raise BundleError("SCHEMA", f"a field is missing or wrong in a line of kind {line['kind']}")
    if line["kind"] in _FIGURES and not _figures_are_texts(line):
        raise BundleError("SCHEMA", f"a figure is no text in a line of kind {line['kind']}")
    for name in counts:
        if not is_count(line[name]) or line[name] > LIMITS.get(name, MAX_COUNT):
            raise BundleError("RANGE", f"{name} cannot be that")


def _figures_are_texts(line: Line) -> bool:
    """Told figures are texts, or null where there was no number."""
    if line["kind"] == "revision":
        told = [line.get("before"), line.get("after")]
    elif not isinstance(line.get("figures"), dict) or not isinstance(line.get("versions"), dict):
        return False
    else:
        told = [*line["figures"].values(), *line["versions"].values()]
    return all(one is None or isinstance(one, str) for one in told)


def _check_whole(body: tuple[Line, ...]) -> None:
    """One line for each name, and every session has ended once."""
    keys = Counter(
        (line["kind"], *(line[name] for name in KINDS[line["kind"]][0])) for line in body if line["kind"] in KINDS
    )
    if keys[("day",)] != 1 or any(count > 1 for count in keys.values()):
        raise BundleError("SCHEMA", "a line is missing or stands there twice")
    day = next(line for line in body if line["kind"] == "day")
    if sum(line["count"] for line in body if line["kind"] == "end") != day["visits"] + day["too_short"]:
        raise BundleError("RANGE", "visits and ends do not agree")


def is_count(value: object) -> bool:
    """A whole number, not below nought."""
    return type(value) is int and 0 <= value
