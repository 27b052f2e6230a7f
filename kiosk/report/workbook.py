"""A process of a moment that writes a workbook: only it loads XlsxWriter, which the service has no room for.

It reads the tables as JSON on its standard input and writes the file to its standard output. Every text is written as
text: what a person typed never becomes a formula, a link or a number. It imports nothing of ours.
"""

import io
import json
import sys
from datetime import date
from typing import Any

import xlsxwriter

PATINA, WHITE, LINE = "#0B4A43", "#FFFFFF", "#B9C7C2"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
A4, MOST_NAME, LINE_POINTS = 9, 31, 15.5


def written(told: dict[str, Any]) -> bytes:
    """The file of `told`: title, heading (of printed pages) and sheets with name, columns and rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    book.set_properties({"title": told["title"], "author": told["heading"]})
    edge = {"border": 1, "border_color": LINE, "valign": "top", "font_name": "Noto Sans", "font_size": 10}
    formats = {
        "head": book.add_format({**edge, "bold": True, "text_wrap": True, "font_color": WHITE, "bg_color": PATINA}),
        "text": book.add_format({**edge, "text_wrap": True, "indent": 1}),
        "whole": book.add_format({**edge, "num_format": "#,##0"}),
        "decimal": book.add_format({**edge, "num_format": "#,##0.0"}),
        "day": book.add_format({**edge, "num_format": "dd/mm/yyyy", "align": "left", "indent": 1}),
    }
    for one in told["sheets"]:
        _sheet(book, one, told, formats)
    book.close()
    return file.getvalue()


def _sheet(book: Any, one: dict[str, Any], told: dict[str, Any], formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(one["name"][:MOST_NAME])
    sheet.set_paper(A4)
    if sum(width for _heading, width in one["columns"]) > 100:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.6, 0.6, 0.8, 0.7)
    sheet.set_header(f"&L{_plain(told['heading'])}&R{_plain(told['title'])}")
    sheet.set_footer("&L&A&R&P/&N")
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 1)
    for column, (_heading, width) in enumerate(one["columns"]):
        sheet.set_column(column, column, width)
    widths = [width for _heading, width in one["columns"]]
    headings = [heading for heading, _width in one["columns"]]
    sheet.set_row(0, LINE_POINTS * _lines(headings, widths))
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, formats["head"])
    for number, row in enumerate(one["rows"], 1):
        sheet.set_row(number, LINE_POINTS * _lines(row, widths))
        for column, value in enumerate(row):
            _cell(sheet, number, column, value, formats)


def _cell(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats["text"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats["whole"])
    elif isinstance(value, str):
        sheet.write_string(row, column, value, formats["text"])
    elif "day" in value:
        sheet.write_datetime(row, column, date.fromisoformat(value["day"]), formats["day"])
    else:
        sheet.write_number(row, column, float(value["decimal"]), formats["decimal"])


def _lines(row: list[Any], widths: list[int]) -> int:
    """How many lines the longest wrapped text takes: not every program finds a row's height by itself."""
    return max(-(-len(text) // width) for text, width in zip(map(_text, row), widths, strict=True)) or 1


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """Text of a page's head: an ampersand begins a code there, and 255 characters are the most."""
    return text[:110].replace("&", "&&")


if __name__ == "__main__":
    sys.stdout.buffer.write(written(json.load(sys.stdin)))
