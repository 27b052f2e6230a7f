"""The province's report on paper: in the official form, whole, printed by a browser to A4, with names that bite."""

import re
import subprocess
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kiosk.province.indicators.ask import WHOLE
from kiosk.province.indicators.definitions import DEFINITIONS, GROUPS
from kiosk.province.indicators.figures import Figures
from kiosk.province.indicators.value import REASONS, Value
from kiosk.province.outputs import words
from kiosk.province.outputs.lists import notes
from kiosk.province.outputs.material import Gathered, Place
from kiosk.province.outputs.paper import report_html
from kiosk.rules.reading_words import say
from tests.province_gathered import HOSTILE, LIBRARY, POST, YEAR, gathered, values
from tests.web_faces import browser

RIGHT_EDGE = 595.92 - 36  # points: nothing stands in the right margin of 15 mm


class Text(HTMLParser):
    """What a reader sees of a page: its text, and the rows of its tables."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self._hidden = self._in_cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._hidden = tag in ("style", "title") or self._hidden
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag not in ("style", "title")
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)
            if self._in_cell:
                self.rows[-1][-1] += data

    def cells(self) -> list[list[str]]:
        """The rows, each cell on one line."""
        return [[" ".join(cell.split()) for cell in row] for row in self.rows]

    def text(self) -> str:
        """All of it on one line."""
        return " ".join("".join(self.words).split())


def named(code: str) -> str:
    """What a figure is called, with plain spaces."""
    return " ".join(words.name(code, "vi").split())


def row_of(page: Text, name: str) -> list[str]:
    """The row that tells of something."""
    return next(
        [" ".join(cell.split()) for cell in row] for row in page.rows if name in " ".join(" ".join(row).split())
    )


def test_it_has_the_form_of_an_official_document_and_leaves_open_what_is_not_ours_to_say() -> None:
    told = Text(report_html(gathered())).text()
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc", "Số: ………/BC", "BÁO CÁO", "Năm 2026",
        f"Kính gửi: {LIBRARY}; {POST}", "Nơi nhận:", "Người lập biểu", "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ",
        "ngày …… tháng …… năm ………", "Phụ lục I", "Phụ lục II", "Phụ lục III", "2026-1",
    ):  # fmt: skip
        assert part in told, part
    nobody = Text(report_html(replace(gathered(), departments=()))).text()
    assert "Kính gửi: ……" in nobody and LIBRARY not in nobody, "no department is invented"


def test_a_goal_is_told_with_its_verdict_its_base_its_matched_sites_and_its_version() -> None:
    page = Text(report_html(gathered()))
    goals = page.cells()[1:6]
    assert [row[2:] for row in goals] == [
        ["83,0%", "Đạt", "93 trên 112 điểm; không kể các điểm chưa báo cáo: 89,4%", "", "1.0"],
        ["+2,96%", "Chưa đạt", "34.776, cùng kỳ năm trước 33.776", "101", "1.0"],
        ["−1,2%", "Chưa đạt", "98.800, cùng kỳ năm trước 100.000", "101", "1.0"],
        ["–a", "Chưa so sánh được", "40, cùng kỳ năm trước 29", "88", "1.0"],
        ["–b", "Chưa so sánh được", "", "", "1.0"],
    ]
    told = page.text()
    assert f"a {say('vi', REASONS['small_base'])}" in told and f"b {say('vi', REASONS['first_year'])}" in told


def test_every_figure_stands_on_it_once_with_its_definition_and_what_must_be_known() -> None:
    found = gathered()
    page = Text(report_html(found))
    for one in found.definitions():
        assert named(one.code) in page.text(), one.code
        assert " ".join(words.formula(one.code, "vi").split()) in page.text(), one.code
        if one.group != "goals" and found.value(one.code).known:
            told = words.figure(one.code, found.value(one.code), "vi")
            assert told in [row[1].partition(" ")[0] for row in page.cells() if row and row[0] == named(one.code)]
    for note in notes(found, "vi"):
        assert note in page.text()
    assert "TH-999" in page.text() and "2026-03-02 (2)" in page.text()
    for heading in GROUPS.values():
        assert say("vi", heading) in page.text()


def test_what_is_held_is_counted_and_said_and_no_missing_number_reads_as_nought() -> None:
    found = gathered()
    page = Text(report_html(found))
    held = named("HELD_PICTURES")
    assert row_of(page, held)[1] == words.figure("HELD_PICTURES", found.value("HELD_PICTURES"), "vi")
    unknown = [
        code for code in found.whole.of() if not found.value(code).known and DEFINITIONS[code].group == "answers"
    ]
    assert unknown
    for code in unknown:
        assert re.fullmatch("–[a-z]", row_of(page, named(code))[1])
    assert say("vi", REASONS["not_released"]) in page.text()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_names_that_bite_are_only_words_on_it(lang: str) -> None:
    page = Text(report_html(gathered(), lang))
    assert "script" not in page.tags and page.text().count("<script>alert(1)</script>") >= 2
    for name in HOSTILE:
        assert " ".join(name.split()) in page.text(), name
    assert "49" not in row_of(page, "{{ 7*7 }}")
    assert not re.search(r"\b(None|null|nan|Decimal)\b", page.text())


@pytest.mark.parametrize(("scope", "kinds"), [
    (Place("library", "line", "library"), ("commune", "site")),
    (Place("16015", "commune", "Xã Hai", "Tỉnh thử"), ("line", "site")),
    (Place("TH-001", "site", "Điểm Một", "Xã Hai"), ()),
])  # fmt: skip
def test_one_line_one_unit_or_one_site_has_a_report_of_its_own(scope: Place, kinds: tuple[str, ...]) -> None:
    whole = gathered()
    part = replace(whole, scope=scope, tables={by: one for by, one in whole.tables.items() if by in kinds})
    page = report_html(part)
    assert f"Phạm vi: {words.place_name(scope, 'vi')}." in Text(page).text()
    for kind, heading in (("line", "<h3>Theo ngành"), ("commune", "<h3>Theo xã"), ("site", "SỐ LIỆU TỪNG ĐIỂM")):
        assert (heading in page) is (kind in kinds), kind


def test_a_province_of_which_nothing_is_known_has_a_page_of_reasons_and_no_number() -> None:
    nothing = {code: Value(reason="no_sites") for code in DEFINITIONS if code != "EFFECTIVE"}
    empty = Gathered("Tỉnh thử", YEAR, Place("", "province", "Tỉnh thử"), Figures(YEAR, {WHOLE: nothing}))
    page = Text(report_html(empty))
    assert say("vi", REASONS["no_sites"]) in page.text()
    numbers = [row[1] for row in page.cells() if len(row) == 3 and row[1] != "Số lượng"]
    assert len(numbers) > 60 and set(numbers) == {"–a"}


def test_the_board_gives_it_a_style_sheet_of_its_own_and_a_file_needs_none() -> None:
    assert "<style>" in report_html(gathered()) and "stylesheet" not in report_html(gathered())
    linked = report_html(gathered(), style_at="/static/province_report.css")
    assert "<style>" not in linked and 'href="/static/province_report.css"' in linked
    assert "style=" not in linked, "nothing that a strict content policy would refuse"
    assert "<nav" not in linked and "<script" not in linked
    board = report_html(gathered(), script_at="/static/report.js", back="/report?period=2026")
    assert '<script src="/static/report.js" defer>' in board and 'href="/report?period=2026"' in board


@pytest.mark.slow
@pytest.mark.parametrize("sites", [40, 400])
def test_a_browser_prints_it_on_a4_with_repeated_heads_numbered_pages_and_nothing_in_the_margin(
    tmp_path: Path, sites: int
) -> None:
    found = gathered(sites)
    page, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(report_html(found), encoding="utf-8")
    with browser() as chromium:
        chromium.goto(page.as_uri())
        assert chromium.evaluate("document.documentElement.scrollWidth <= innerWidth")
        chromium.pdf(path=paper, prefer_css_page_size=True)
    assert "(A4)" in said("pdfinfo", str(paper))
    pages = [" ".join(unicodedata.normalize("NFC", one).split())
             for one in said("pdftotext", "-layout", str(paper), "-").split("\f")[:-1]]  # fmt: skip
    assert not pages[0].startswith("1 ") and all(one.startswith(f"{n} ") for n, one in enumerate(pages[1:], 2))
    annex = [n for n, one in enumerate(pages) if "SỐ LIỆU TỪNG ĐIỂM" in one][0]
    following = pages[annex : next(n for n, one in enumerate(pages) if "SỐ LIỆU TỪNG THÁNG" in one)]
    assert len(following) > 1 and all(" TT " in f" {one} " for one in following), "the heads stand on every page"
    signed = [one for one in pages if "Người lập biểu" in one]
    assert len(signed) == 1 and "Nơi nhận" in signed[0] and "NGƯỜI KÝ" in signed[0], "a signature is never torn apart"
    assert " ".join(pages).count(f"TH-{sites - 1:03}") == 1
    edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', said("pdftotext", "-bbox", str(paper), "-"))]
    assert edges and max(edges) <= RIGHT_EDGE


def said(*command: str) -> str:
    """What a program says."""
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_the_same_figures_make_the_same_page() -> None:
    assert report_html(gathered()) == report_html(gathered()) != report_html(gathered(41))
    assert values(1) != values(2)
