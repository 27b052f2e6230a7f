"""An officer of the small province: puts the sites into the register, then reads the board in Chromium."""

import csv
import io
import json
import re
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from tests.board_shots import reckoned
from tests.board_stage import PASSWORD
from tests.dhis2_documented import DataValueSet, Registrations
from tests.register_world import HOURS, SITES, UNITS
from tests.small_province import end, kiosk, start
from tests.small_province_calendar import Site
from tests.small_province_truth import Truth
from tests.spreadsheet import opened
from tests.web_faces import browser, look

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LIST = "2026.1"
UNIT = [["38", "Tỉnh", "Tỉnh thử", "", "", "", ""], ["20001", "Xã", "Xã Một", "38", "", "", ""]]


def register(truth: Truth, home: Path, folder: Path) -> None:
    """The workbook of a clerk, taken by the command line; then the list of the year is frozen."""
    book = folder / "danh-sach.xlsx"
    with xlsxwriter.Workbook(book) as written:
        for name, head, rows in (("Đơn vị", UNITS, UNIT), ("Điểm", SITES, [_row(one) for one in truth.sites.values()])):
            sheet = written.add_worksheet(name)
            for number, row in enumerate([head, *rows]):
                sheet.write_row(number, 0, row)
    kiosk("province", "sites", "import", book, "--home", home)
    kiosk("province", "sites", "freeze", "--version", LIST, "--from", truth.days[0], "--count", len(truth.sites),
          "--reason", "Đề án", "--home", home)  # fmt: skip


def _row(site: Site) -> list[str]:
    week = ["-" if day in site.rests else HOURS for day in range(7)]
    closed = "; ".join(f"{day:%d/%m/%Y}: -" for day in sorted(site.closed))
    kind, owner = ("Thư viện xã", "Thư viện") if site.line == "library" else ("Bưu điện – Văn hóa xã", "Bưu điện")
    return ["", site.code, site.name, kind, owner, "Sở", "20001", "Dự án", "", "2", *week, closed,
            f"{site.opened:%d/%m/%Y}", ""]  # fmt: skip


@contextmanager
def board(home: Path) -> Iterator[tuple[str, str]]:
    """`kiosk province board` for the network, by TLS: its address, and the code for the first officer."""
    process = start("-m", "kiosk", "province", "board", "--home", str(home), "--listen", "0.0.0.0:0", "--json")
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["url"].startswith("https://")
        yield ready["url"].rstrip("/"), ready["code"]
    finally:
        assert end(process, signal.SIGTERM) == 0


class Officer:
    """Somebody with a name and a password before a screen."""

    def __init__(self, tab: "Page", url: str) -> None:
        self.tab, self.url = tab, url
        self.wrong = look(tab, url)

    def begin(self, code: str) -> None:
        """The very first time: by the code of the terminal."""
        self.tab.goto(self.url)
        for name, text in (("code", code), ("name", "Lan"), ("password", PASSWORD), ("again", PASSWORD)):
            self.tab.locator(f"#{name}").fill(text)
        self.tab.locator("main button.main").click()
        self.tab.wait_for_url(f"{self.url}/")

    def read(self, address: str) -> "Locator":
        """A page, once its figures are there."""
        reckoned(self.tab, self.url + address)
        return self.tab.locator("main")

    def facts(self, address: str) -> dict[str, str]:
        """Name -> figure of every fact on a page; what is spoken of a dash stands in its place."""
        told = {}
        for one in self.read(address).locator("dl.facts > div").all():
            told[one.locator("dt").inner_text()] = plain(one.locator("dd").inner_text())
        return told

    def month(self, address: str, month: str) -> tuple[str, bool]:
        """What the table of months says of one (T10), and whether it says that the month is not over."""
        row = self.read(address).locator(f"table.months tr[data-month=T{int(month[5:])}]")
        return plain(row.locator("td b").first.inner_text()), row.get_attribute("data-partial") is not None

    def file(self, kind: str, period: str) -> bytes:
        """One of the files of the report, downloaded as by a touch."""
        page = self.read(f"/report?period={period}")
        with self.tab.expect_download() as coming:
            page.locator(f"a[href^='/report/{kind}?']").click()
        return Path(coming.value.path()).read_bytes()

    def workbook(self, period: str, folder: Path) -> dict[str, list[list[str]]]:
        """The sheets of the workbook, as LibreOffice reads them."""
        (folder / "book.xlsx").write_bytes(self.file("xlsx", period))
        return opened(folder / "book.xlsx", folder / "read")

    def dhis2(self, period: str) -> tuple[DataValueSet, Registrations]:
        """Both files for DHIS2; only what is documented is taken."""
        with zipfile.ZipFile(io.BytesIO(self.file("dhis2", period))) as files:
            sent = DataValueSet.model_validate_json(files.read("dataValueSets.json"))
            return sent, Registrations.model_validate_json(files.read("completeDataSetRegistrations.json"))

    def tables(self, period: str) -> dict[tuple[str, str, str], dict[str, str]]:
        """(place, code, period) -> the row of figures.csv."""
        with zipfile.ZipFile(io.BytesIO(self.file("csv", period))) as files:
            rows = csv.DictReader(io.StringIO(files.read("figures.csv").decode(), newline=""))
            return {
                (row["place"], row["code"], row["period"]): row for row in rows if row["kind"] in ("province", "site")
            }


@contextmanager
def officer(home: Path) -> Iterator[Officer]:
    """The board runs, and its first officer has signed in."""
    with board(home) as (url, code), browser(locale="vi-VN", ignore_https_errors=True) as tab:
        found = Officer(tab, url)
        found.begin(code)
        yield found


def plain(text: str) -> str:
    """Without the spaces that hold a number and its unit together."""
    return re.sub(r"\s+", " ", text).strip()


def vi(number: int | Fraction) -> str:
    """1.234 and 83,5 as Vietnamese write them."""
    text = f"{number:,}" if isinstance(number, int) else f"{Decimal(int(number * 10)) / 10:,.1f}"
    return text.translate({ord(","): ".", ord("."): ","})
