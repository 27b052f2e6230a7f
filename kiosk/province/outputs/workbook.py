"""The workbook for people: real numbers in their forms, headings that stay, and where there is no number the reason.

Every text is written as text: what a person typed never becomes a formula or a link. The same figures are the same
bytes.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kiosk.province.outputs.cells import Cell, Number, Sheet, Why
from kiosk.province.outputs.material import Gathered
from kiosk.province.outputs.sheets import sheets
from kiosk.rules.reading_words import title

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
PATINA, WHITE, LINE, SOFT = "#0B4A43", "#FFFFFF", "#B9C7C2", "#3A4F4A"
A4, MOST_NAME, MOST_TEXT, LINE_POINTS, MOST_WIDTH, WIDE_SCALE = 9, 31, 32_767, 15.0, 280, 60
UNTOLD = datetime(2000, 1, 1)


def workbook(found: Gathered, lang: str) -> bytes:
    """The file."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    book = Workbook(file, OPTIONS)
    name = title(found.ask.period, lang)
    book.set_properties({"title": name, "author": found.province, "created": _built(found)})
    forms = Forms(book)
    for one in sheets(found, lang):
        _sheet(book, one, forms, f"{found.province}: {name}")
    book.close()
    return file.getvalue()


class Forms:
    """How cells look; each form is made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[str, Format] = {}
        self._edge = {"border": 1, "border_color": LINE, "valign": "top", "font_name": "Noto Sans", "font_size": 10}

    def head(self) -> "Format":
        """Of a heading."""
        return self._form("head", bold=True, text_wrap=True, font_color=WHITE, bg_color=PATINA)

    def text(self) -> "Format":
        """Of words, on several lines."""
        return self._form("text", text_wrap=True, indent=1)

    def why(self) -> "Format":
        """Of the reason why a number is missing: small, and on one line, so that the rows of a table stay as high."""
        return self._form("why", font_color=SOFT, font_size=9, indent=1)

    def number(self, cell: Number | int) -> "Format":
        """Of a number, with its digits and its sign."""
        if isinstance(cell, int):
            return self._form("#,##0", num_format="#,##0")
        plain = "#,##0" + ("." + "0" * cell.digits if cell.digits else "") + ('"%"' if cell.percent else "")
        form = f"+{plain};-{plain};{plain}" if cell.sign else plain
        return self._form(form, num_format=form)

    def _form(self, key: str, **more: Any) -> "Format":
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._edge, **more})
        return self._made[key]


def _sheet(book: "Workbook", one: Sheet, forms: Forms, heading: str) -> None:
    sheet = book.add_worksheet(one.name[:MOST_NAME])
    sheet.set_paper(A4)
    sheet.set_landscape()
    if sum(width for _heading, width in one.columns) <= MOST_WIDTH:
        sheet.fit_to_pages(1, 0)
    else:  # on so many pages beside each other, each with the names
        sheet.repeat_columns(0, one.still - 1)
        sheet.set_print_scale(WIDE_SCALE)
    sheet.set_header(f"&L{_plain(heading)}&R&A")
    sheet.set_footer("&R&P/&N")
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, one.still)
    for column, (_heading, width) in enumerate(one.columns):
        sheet.set_column(column, column, width)
    sheet.autofilter(0, 0, max(len(one.rows), 1), len(one.columns) - 1)
    widths = [width for _heading, width in one.columns]
    # Beside the words of a heading stands the arrow of the filter.
    sheet.set_row(0, LINE_POINTS * _lines([(heading, width - 3) for heading, width in one.columns]))
    for column, (text, _width) in enumerate(one.columns):
        sheet.write_string(0, column, _breakable(text), forms.head())
    for number, row in enumerate(one.rows, 1):
        sheet.set_row(number, LINE_POINTS * _lines(zip(row, widths, strict=True)))
        for column, cell in enumerate(row):
            _cell(sheet, (number, column), cell, forms)


def _cell(sheet: "Worksheet", at: tuple[int, int], cell: Cell, forms: Forms) -> None:
    if cell is None or cell == "":
        sheet.write_blank(*at, None, forms.text())
    elif isinstance(cell, str):
        sheet.write_string(*at, _breakable(cell)[:MOST_TEXT], forms.text())
    elif isinstance(cell, Why):
        sheet.write_string(*at, _breakable(cell.text), forms.why())
    else:
        told = cell.value if isinstance(cell, Number) else cell
        # A spreadsheet keeps doubles: a decimal of few digits comes back from one as it was.
        sheet.write_number(*at, float(told) if isinstance(told, Decimal) else told, forms.number(cell))


def _lines(cells: Iterable[tuple[Cell, int]]) -> int:
    """How many lines the longest wrapped text takes: not every program finds a row's height by itself."""
    told = [-(-len(cell) // width) for cell, width in cells if isinstance(cell, str) and cell]
    return max(told, default=1)


def _breakable(text: str) -> str:
    """Spaces that hold words together on a page would be searched for in vain in a spreadsheet."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _plain(text: str) -> str:
    """Text of a page's head: an ampersand begins a code there, and 255 characters are the most."""
    return text[:110].replace("&", "&&")


def _built(found: Gathered) -> datetime:
    try:
        return datetime.fromisoformat(found.built).replace(tzinfo=None)
    except ValueError:
        return UNTOLD
