"""The lines of a file by their codes, and what they make of units. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kiosk.province.register.rows import Line, Mistake, missing
from kiosk.province.register.steps import ALWAYS, ONE, put, within
from kiosk.province.register.units import Unit
from kiosk.translations import _


def by_code(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines of each code, the earliest first."""
    found = defaultdict(list)
    for line in lines:
        found[line.code].append(line)
    return {code: sorted(some, key=lambda one: one.day("from") or ALWAYS) for code, some in found.items()}


def overlaps(lines: Sequence[Line]) -> list[Mistake]:
    """Lines of one code that speak of the same days, or of days after its end."""
    found = []
    for before, line in zip(lines, lines[1:], strict=False):
        begin, end = line.day("from") or ALWAYS, before.day("until")
        if into := before.values.get("into"):
            words = _(
                "It goes into {into} there, and row {n} of the same code comes after that.", into=into, n=line.row
            )
            found.append(before.mistake("into", words))
        if begin == (before.day("from") or ALWAYS):
            words = _("Row {n} has the same code and begins on the same day.", n=before.row)
            found.append(line.mistake("code", words))
        elif end is not None and end >= begin:
            words = _("Row {n} of the same code lasts until {day}, after this one begins.", n=before.row, day=end)
            found.append(line.mistake("from", words))
    return found


def unit_after(old: Unit | None, lines: Sequence[Line], mistakes: list[Mistake]) -> Unit | None:
    """A unit as its lines want it; None where that cannot be."""
    head = lines[0]
    if any(line.wrong & {"level", "from", "until"} for line in lines):
        return None
    if old is None:
        needed = ("level", "name") if head.values.get("level") == "province" else ("level", "name", "parent")
        wrong = missing(head, needed)
        mistakes += wrong
        if wrong:
            return None
        old = Unit(head.code, head.values["level"], (), (), head.day("from") or ALWAYS)
    first = min(old.first, head.day("from") or old.first)
    names, parents, last, into = old.names, old.parents, old.last, old.into
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        begin = max(line.day("from") or ALWAYS, first)
        begin = ALWAYS if begin == first else begin
        if line.values.get("level", old.level) != old.level:
            mistakes.append(line.mistake("level", _("The level of a unit never changes.")))
        if "name" in line.values:
            names = put(names, begin, None, line.values["name"])
        if "parent" in line.values:
            parents = put(parents, begin, None, line.values["parent"])
        if following is not None:
            end, begins = line.day("until"), following.day("from")
            if end is not None and begins is not None and end + ONE != begins:
                mistakes.append(following.mistake("from", _("A unit has one life without a gap; it ended on {day}.",
                                                            day=end)))  # fmt: skip
            continue
        if "until" in line.values:
            last = line.day("until")
            into = into if last else ""
        into = line.values.get("into", into)
    return Unit(
        old.code, old.level, within(names, first, last), within(parents, first, last), first, last, into
    )  # fmt: skip
