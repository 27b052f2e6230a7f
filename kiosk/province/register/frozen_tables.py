"""The frozen lists as a table, for whoever counts by them elsewhere. Pure. It only goes out: no list is imported."""

from collections.abc import Iterator, Sequence

from kiosk.clock import LOCAL
from kiosk.province.register.site_history import unit_of
from kiosk.province.register.state import Register
from kiosk.province.register.tables import Row
from kiosk.province.register.words import Cell, folded

SHEET = ("Danh sách đã chốt", "Frozen lists")
MARK = ("Danh sách chốt", "Frozen list")
# Name and commune are those of the day from which the list counts.
HEADINGS = (
    MARK, ("Tính từ ngày", "Counts from"), ("Mã điểm", "Site code"), ("Tên điểm", "Name"),
    ("Xã/phường", "Commune name"), ("Ngày chốt", "Frozen on"), ("Người chốt", "Frozen by"), ("Lý do", "Reason"),
)  # fmt: skip
WIDTHS = (16, 16, 16, 34, 24, 16, 16, 48)


def sheet_name(lang: str) -> str:
    """What the sheet is called."""
    return _said(SHEET, lang)


def headings(lang: str) -> Row:
    """The row of headings."""
    return [_said(one, lang) for one in HEADINGS]


def rows(register: Register) -> Iterator[Row]:
    """A line for each site of each list, in the order in which they were frozen."""
    for one in register.lists:
        for code in sorted(one.codes):
            site, units = register.sites[code], register.units
            commune = units.name(unit_of(site, units, one.first), one.first)
            frozen = one.frozen.astimezone(LOCAL).date()
            yield [one.version, one.first, code, site.value("name", one.first), commune, frozen, one.who, one.reason]


def is_frozen(row: Sequence[Cell]) -> bool:
    """Whether these are the headings of that table."""
    return next((folded(one) for one in row if folded(one)), "") in {folded(one) for one in MARK}


def _said(words: tuple[str, str], lang: str) -> str:
    return words[0 if lang == "vi" else 1]
