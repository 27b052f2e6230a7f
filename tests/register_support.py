"""A province's home with a register in it, for the tests of the register."""

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from register_world import SITES, UNITS

from kiosk.cli import main
from kiosk.province.home import Home, init
from kiosk.province.memory.ledger import Ledger
from kiosk.province.register.importing import look, take
from kiosk.province.register.keeping import Deed
from kiosk.province.register.plan import Plan
from kiosk.province.register.register import read
from kiosk.province.register.state import Register

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
        done = self._run(words, lang)
        assert done.exit_code == code, done.output
        return done.output

    def json(self, *words: str, code: int = 0) -> Any:
        """The same for a machine."""
        done = self._run([*words, "--json"], "C.UTF-8")
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    def _run(self, words: Sequence[str], lang: str) -> Result:
        unset = {"LANGUAGE": None, "LC_ALL": None, "LC_MESSAGES": None}
        runner = CliRunner(env={**unset, "LANG": lang, "KIOSK_PROVINCE": str(self.home.path)})
        done = runner.invoke(main, ["province", *words], prog_name="kiosk")
        assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
        return done


__all__ = ["MAP", "NOW", "SITE", "SITES", "TODAY", "Book", "sheet", "site", "units"]
