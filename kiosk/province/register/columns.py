"""The columns of the register's two tables: sites, and units of the administration. Pure.

A line is what is true of a site (a unit) from a day on; several lines of one code are its history.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kiosk.province.register import hours, words
from kiosk.province.register.site_history import WEEK
from kiosk.province.register.words import Cell, folded


@dataclass(frozen=True)
class Column:
    """A column: its headings, how a cell is read, how what is kept is shown in a language, an example."""

    vi: str
    en: str
    more: tuple[str, ...] = ()
    read: Callable[[Cell], str] = words.words(200)
    shown: Mapping[str, tuple[str, ...]] | None = None
    example: str = ""

    def heading(self, lang: str) -> str:
        """What stands over it."""
        return self.vi if lang == "vi" else self.en

    def text(self, value: str, lang: str) -> str:
        """What is kept as a clerk reads it."""
        return self.shown[value][0 if lang == "vi" else 1] if self.shown and value in self.shown else value


def _iso(value: Cell) -> str:
    return words.day(value).isoformat()


def _chosen(vi: str, en: str, more: tuple[str, ...], known: Mapping[str, tuple[str, ...]], example: str) -> Column:
    return Column(vi, en, more, words.one_of(known), known, example)


_DAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_SHORT = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_HOURS = "07:30-11:30, 13:30-17:00"

SITES: Mapping[str, Column] = {
    "code": Column("Mã điểm", "Site code", ("mã", "code", "site", "mã điểm truy nhập"), words.code, example="TH-012"),
    "from": Column("Từ ngày", "From", ("hiệu lực từ", "áp dụng từ ngày", "valid from"), _iso,
                   example="01/07/2025"),
    "until": Column("Đến ngày", "Until", ("hiệu lực đến", "đến hết ngày", "valid until", "to"), _iso,
                    example="31/12/2026"),
    "name": Column("Tên điểm", "Name", ("tên", "tên điểm truy nhập", "site name"), words.name(120),
                   example="Điểm Bưu điện – Văn hóa xã Ví Dụ"),
    "type": _chosen("Loại điểm", "Type", ("loại", "loại hình", "kind"), words.TYPE_WORDS,
                    "Điểm Bưu điện – Văn hóa xã"),
    "owner": _chosen("Ngành", "Owner", ("ngành chủ quản", "owner line", "line"), words.OWNER_WORDS, "Bưu điện"),
    "department": Column("Cơ quan chủ quản", "Reports to", ("cơ quan quản lý", "đơn vị chủ quản", "department"),
                         words.words(160), example="Bưu điện tỉnh"),
    "unit": Column("Mã xã", "Commune code", ("mã xã phường", "mã đơn vị hành chính", "commune", "unit"), words.code,
                   example="16012"),
    "unit_name": Column("Xã/phường", "Commune name", ("xã", "tên xã", "tên xã phường", "phường", "thị trấn"),
                        words.name(120), example="Xã Ví Dụ"),
    "district": Column("Quận/huyện", "District", ("huyện", "tên huyện", "huyện thị xã thành phố"), words.name(120)),
    "status": _chosen("Diện", "Status", ("dự án hay tiềm năng", "thuộc diện", "project or potential"),
                      words.STATUS_WORDS, "Dự án"),
    "difficult": _chosen("Vùng khó khăn", "Difficult area", ("địa bàn khó khăn", "vùng đặc biệt khó khăn"),
                         words.YES_WORDS, "Có"),
    "pcs": Column("Số máy", "PCs", ("số máy tính", "số máy trạm", "computers"), words.pcs, example="5"),
    **{
        name: Column(vi, name.capitalize(), (short, f"giờ {vi}", name[:3]), hours.hours,
                     example="-" if name == "sunday" else _HOURS)
        for name, vi, short in zip(WEEK, _DAYS, _SHORT, strict=True)
    },
    "exceptions": Column("Ngày khác thường", "Exceptions", ("ngày nghỉ", "ngoại lệ", "other days"), hours.exceptions,
                         example="02/09/2026: -"),
    "opened": Column("Ngày mở", "Opened", ("ngày mở cửa", "ngày khai trương", "ngày hoạt động"), _iso,
                     example="01/02/2019"),
    "last": Column("Ngày cuối", "Last day", ("ngày đóng cửa", "ngày hoạt động cuối", "ngày dừng", "closed"), _iso),
    "policy": Column("Chính sách", "Policy", ("tệp chính sách",), words.policy, example="post_office"),
    "note": Column("Ghi chú", "Note", ("notes", "lưu ý"), words.words(500)),
}  # fmt: skip

UNITS: Mapping[str, Column] = {
    "code": Column("Mã đơn vị", "Unit code", ("mã", "mã xã", "mã đơn vị hành chính", "code"), words.code,
                   example="16012"),
    "level": _chosen("Cấp", "Level", ("cấp đơn vị", "cấp hành chính"), words.LEVEL_WORDS, "Xã"),
    "name": Column("Tên đơn vị", "Name", ("tên", "unit name"), words.name(120), example="Xã Ví Dụ"),
    "parent": Column("Thuộc", "Parent", ("mã cấp trên", "thuộc đơn vị", "trực thuộc", "parent unit"), words.code,
                     example="38"),
    "from": SITES["from"],
    "until": SITES["until"],
    "into": Column("Nhập vào", "Merged into", ("sáp nhập vào", "nhập vào đơn vị", "into"), words.code, example="16015"),
}  # fmt: skip
# What only one of them has: with a code and one of these a table is known; “Mã điểm” is a code of sites alone.
MARKS = {"sites": set(SITES) - set(UNITS) - {"note"}, "units": {"level", "parent", "into"}}
TABLES: Mapping[str, Mapping[str, Column]] = {"sites": SITES, "units": UNITS}
SHEETS = {"sites": ("Điểm", "Sites"), "units": ("Đơn vị hành chính", "Units")}
# Passed over in any table: a running number.
PASSED = ("stt", "tt", "so tt", "no", "")
HEADING_WITHIN = 20

_NAMES = {
    table: {folded(word): name for name, one in columns.items() for word in (name, *one.more, one.vi, one.en)}
    for table, columns in TABLES.items()
}


def fields_of(table: str, row: Sequence[Cell]) -> list[str]:
    """The columns of a row of headings by their names; "" what is not known."""
    return [_NAMES[table].get(folded(one), "") for one in row]


def table_of(row: Sequence[Cell]) -> str:
    """Which table has such headings, the one that knows more of them; "" none."""
    known = {table: set(fields_of(table, row)) - {""} for table in TABLES}
    coded = [table for table, fields in known.items() if "code" in fields and len(fields) > 1]
    fit = [table for table in coded if known[table] & MARKS[table]] or (coded if len(coded) == 1 else [])
    return max(fit, key=lambda table: len(known[table]), default="")
