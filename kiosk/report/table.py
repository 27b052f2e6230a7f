"""The report as a CSV file for people: the tables of the workbook, one below another, as a spreadsheet here opens them.

A spreadsheet takes the list separator and the decimal sign of its country: in Vietnam `;` and a comma. For machines
there is `as_csv` in formats.py, whose columns and commas stay as they are.
"""

import csv
import io
from decimal import Decimal

from kiosk.report.formats import BOM, harmless
from kiosk.report.model import Report
from kiosk.report.sheets import Cell, sheets

# Language -> what stands between two cells, and before the decimals.
SIGNS = {"vi": (";", ","), "en": (",", ".")}


def as_table(report: Report, lang: str) -> str:
    """Each table with its name over it and an empty line below it; words and numbers in the reader's language."""
    separator, point = SIGNS[lang]
    file = io.StringIO()
    table = csv.writer(file, delimiter=separator, lineterminator="\r\n")
    for number, sheet in enumerate(sheets(report, lang)):
        if number:
            table.writerow([])
        table.writerow([sheet.name])
        table.writerow([heading for heading, _width in sheet.columns])
        table.writerows([_text(cell, point) for cell in row] for row in sheet.rows)
    return BOM + file.getvalue()


def _text(cell: Cell, point: str) -> str:
    """A cell as it is typed. Only text can be a formula: a number below nought stays one."""
    if isinstance(cell, str):
        return harmless(cell)
    return "" if cell is None else str(cell).replace(".", point) if isinstance(cell, Decimal) else str(cell)
