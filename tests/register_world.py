"""A made-up province in the manner of Thanh Hóa: its units before and after 1 July 2025, 112 project sites and more.

No name is meant to be a real place's. Beside the tables stands what must come of them, kept without the product's code.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import xlsxwriter

MERGED = date(2025, 7, 1)
BEGUN = date(2017, 1, 1)
HEAD = ("Hà", "Yên", "Thọ", "Xuân", "Quảng", "Hoằng", "Nga", "Vĩnh", "Cẩm", "Ngọc", "Như", "Thạch", "Triệu", "Đông",
        "Mường", "Bá", "Lang", "Tam", "Quan", "Thường", "Nông", "Tĩnh", "Hậu", "Thiệu")  # fmt: skip
TAIL = ("Lĩnh", "Trung", "Phú", "Lộc", "Sơn", "Giang", "Thành", "Tân", "Long", "Bình", "Hòa", "Thịnh", "Minh", "Đức",
        "Ngọc", "Thủy", "Vân", "Châu", "Khê", "Hưng", "Điền", "Xá", "Cát", "Chánh")  # fmt: skip
UNITS = ["Mã đơn vị", "Cấp", "Tên đơn vị", "Thuộc", "Từ ngày", "Đến ngày", "Nhập vào"]
SITES = ["STT", "Mã điểm", "Tên điểm", "Loại điểm", "Ngành", "Cơ quan chủ quản", "Mã xã", "Diện", "Vùng khó khăn",
         "Số máy", "T2", "T3", "T4", "T5", "T6", "T7", "CN", "Ngày nghỉ", "Ngày mở", "Chính sách"]  # fmt: skip
KINDS = (
    ("Thư viện tỉnh", "Thư viện", "Sở Văn hóa", 1, 30),
    ("Thư viện huyện", "Thư viện", "UBND huyện", 26, 10),
    ("Thư viện xã", "Thư viện", "UBND xã", 25, 5),
    ("Điểm BĐ-VHX", "Bưu điện", "Bưu điện tỉnh", 60, 5),
)
HOURS = "07:30-11:30, 13:30-17:00"


@dataclass
class Told:
    """A site as the generator knows it."""

    code: str
    old: str
    district: str
    new: str
    project: bool
    opened: date
    pcs: int
    saturday: bool


@dataclass
class World:
    """Tables as a clerk writes them, and what is true."""

    units: list[list[object]] = field(default_factory=list)
    sites: list[list[object]] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """The workbook: a title above, real days, both tables."""
        with xlsxwriter.Workbook(path) as book:
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            for name, title, head, rows in (("Đơn vị", "", UNITS, self.units),
                                            ("Điểm", "DANH SÁCH ĐIỂM TRUY NHẬP", SITES, self.sites)):  # fmt: skip
                sheet, top = book.add_worksheet(name), 0
                if title:
                    sheet.merge_range(0, 0, 0, 5, title)
                    top = 2
                for number, row in enumerate([head, *rows], top):
                    for place, value in enumerate(row):
                        if isinstance(value, date):
                            sheet.write_datetime(number, place, value, day)
                        else:
                            sheet.write(number, place, value)
        return path


def world(seed: int = 38, communes: int = 480, merged: int = 166, potential: int = 31) -> World:
    """27 districts and many communes until 30 June 2025, `merged` communes since; every new one of two to five old."""
    rng, made = random.Random(seed), World()
    names = [f"{head} {tail}" for head, tail in product(HEAD, TAIL)]
    rng.shuffle(names)
    made.units.append(["38", "Tỉnh", "Tỉnh Ví Dụ", "", "", "", ""])
    districts = [f"38{n:02}" for n in range(1, 28)]
    made.units += [[code, "Huyện", f"Huyện {names.pop()}", "38", "", MERGED - timedelta(1), "38"] for code in districts]
    old = [f"{14000 + 3 * n}" for n in range(communes)]
    # As in 2025: some of the new ones keep the code of one of the old, under another name; the others are new.
    heirs = [f"{20000 + n}" for n in range(merged)]
    groups: dict[str, list[str]] = {heir: [old[n]] for n, heir in enumerate(heirs)}
    for code in old[merged:]:
        groups[rng.choice(heirs)].append(code)
    into: dict[str, str] = {}
    for heir, some in groups.items():
        keeps = rng.random() < 0.5
        name = names.pop()
        code_of_new = some[0] if keeps else heir
        made.names[code_of_new] = f"Xã {name}"
        for code in some:
            district = districts[int(code) % 27]
            into[code] = code_of_new
            if code == code_of_new:
                made.units.append([code, "Xã", f"Xã cũ {code}", district, "", MERGED - timedelta(1), ""])
                made.units.append([code, "", f"Xã {name}", "38", MERGED, "", ""])
            else:
                made.units.append([code, "Xã", f"Xã cũ {code}", district, "", MERGED - timedelta(1), code_of_new])
        if not keeps:
            made.units.append([heir, "Xã", f"Xã {name}", "38", MERGED, "", ""])
    _sites(made, rng, old, districts, into, potential)
    return made


def _sites(made: World, rng: random.Random, old: list[str], districts: list[str], into: dict[str, str],
           potential: int) -> None:  # fmt: skip
    kinds = [(kind, True) for kind in KINDS for _n in range(kind[3])] + [(KINDS[3], False)] * potential
    for number, ((kind, owner, reports, _many, pcs), project) in enumerate(kinds, 1):
        place = rng.choice(old)
        one = Told(f"TH-{number:03}", place, districts[int(place) % 27], into[place], project,
                   BEGUN + timedelta(rng.randrange(2_000)), pcs, rng.random() < 0.5)  # fmt: skip
        made.told[one.code] = one
        week = [HOURS] * 5 + [HOURS if one.saturday else "nghỉ", "-"]
        made.sites.append([
            number, one.code, f"{kind} số {number}", kind, owner, reports, one.old, "Dự án" if project else "Tiềm năng",
            rng.choice(["Có", "Không", ""]), pcs, *week, "02/09/2026: nghỉ; 15/02/2026..21/02/2026: -", one.opened,
            "post_office" if owner == "Bưu điện" else "library",
        ])  # fmt: skip
