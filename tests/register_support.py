"""A province's home with a register in it, for the tests of the register."""

import json
import os
import subprocess
import sys
from contextlib import closing
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from register_world import SITES, UNITS

from kiosk.province.home import Home, init
from kiosk.province.ledger import Ledger
from kiosk.province.register import read
from kiosk.province.register_import import look, take
from kiosk.province.register_keeping import Deed
from kiosk.province.register_plan import Plan
from kiosk.province.register_state import Register

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=timezone.utc)
TODAY = date(2026, 11, 23)
ROOT = Path(__file__).resolve().parent.parent
# A small map: a province, two communes until July 2025, then one.
MAP = [
    ["38", "Tỉnh", "Tỉnh Ví Dụ", "", "", "", ""],
    ["3801", "Huyện", "Huyện Một", "38", "", "30/06/2025", "38"],
    ["14001", "Xã", "Xã Hà Lĩnh", "3801", "", "30/06/2025", "20001"],
    ["14002", "Xã", "Xã Hà Trung", "3801", "", "30/06/2025", "20001"],
    ["20001", "Xã", "Xã Hà Long", "38", "01/07/2025", "", ""],
]
SITE = {"Mã điểm": "TH-001", "Tên điểm": "Thư viện xã Hà Lĩnh", "Loại điểm": "Thư viện xã", "Mã xã": "14001",
        "Diện": "Dự án", "Số máy": 5, "Ngày mở": "01/02/2019"}  # fmt: skip


def site(**more: Any) -> dict[str, Any]:
    """A site's line, some cells another way; a cell of None is left out."""
    return {name: value for name, value in {**SITE, **more}.items() if value is not None}


def sheet(*lines: dict[str, Any]) -> tuple[str, list[list[Any]]]:
    """The lines as a sheet, with the columns that they have."""
    head = list(dict.fromkeys(name for line in lines for name in line))
    return "Điểm", [head, *([line.get(name, "") for name in head] for line in lines)]


def units(*rows: list[Any]) -> tuple[str, list[list[Any]]]:
    """Units as a sheet."""
    return "Đơn vị", [list(UNITS), *(list(row) for row in rows)]


class Book:
    """The register of a home."""

    def __init__(self, path: Path) -> None:
        self.home: Home = init(path, "Ví Dụ", ["https://counts.example.vn"], NOW)

    def look(self, *sheets: Any, alike: bool = False) -> Plan:
        """What a file would do."""
        with closing(Ledger.read_only(self.home)) as ledger, ledger.reading() as db:
            return look(db, sheets, TODAY, alike)

    def take(self, *sheets: Any, why: str = "", alike: bool = False) -> Plan:
        """A file taken."""
        with closing(Ledger(self.home)) as ledger, ledger.writing() as db:
            return take(db, sheets, TODAY, Deed(NOW, "Na", "sites import", "tệp", why), alike)

    def read(self) -> Register:
        """All of it."""
        with closing(Ledger.read_only(self.home)) as ledger, ledger.reading() as db:
            return read(db)

    def asked(self, job: Any, *args: Any) -> Any:
        """What a function of register.py answers."""
        with closing(Ledger.read_only(self.home)) as ledger, ledger.reading() as db:
            return job(db, *args)

    def cli(self, *words: str, lang: str = "C.UTF-8", code: int = 0) -> str:
        """What `kiosk province …` says to a terminal of a language."""
        done = command(self.home.path, *words, lang=lang)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def json(self, *words: str, code: int = 0) -> Any:
        """The same for a machine."""
        done = command(self.home.path, *words, "--json")
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)


def command(home: Path, *words: str, lang: str = "C.UTF-8") -> "subprocess.CompletedProcess[str]":
    """A run of the real command line."""
    env = {name: value for name, value in os.environ.items() if name not in ("LANGUAGE", "LC_ALL", "LC_MESSAGES")}
    env |= {"LANG": lang, "KIOSK_PROVINCE": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "kiosk", "province", *words], env=env, cwd=ROOT, text=True,
                          capture_output=True, timeout=120, check=False)  # fmt: skip


__all__ = ["MAP", "NOW", "SITE", "SITES", "TODAY", "Book", "command", "sheet", "site", "units"]
