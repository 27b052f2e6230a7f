"""The workbook of a report, made by a child of a moment (workbook.py)."""

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError
from kiosk.report import words
from kiosk.report.model import Report
from kiosk.report.sheets import Cell, sheets
from kiosk.translations import _

# By its path and alone (-I): what it needs of us it is told.
CHILD = ("-I", str(Path(__file__).with_name("workbook.py")))
CHILD_SECONDS = 60.0
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_xlsx(report: Report, lang: str) -> bytes:
    """The file. KioskError when it cannot be made."""
    told = json.dumps(
        {
            "title": words.title(report.period, lang),
            "heading": report.site or report.site_code,
            "sheets": [
                {"name": one.name, "columns": one.columns, "rows": [[_plain(cell) for cell in row] for row in one.rows]}
                for one in sheets(report, lang)
            ],
        }
    )
    return _child(told)


def _child(told: str) -> bytes:
    sentence = _("The workbook could not be made.")
    try:
        done = subprocess.run(
            [sys.executable, *CHILD], input=told.encode(), capture_output=True, timeout=CHILD_SECONDS,
            env={**os.environ, "PYTHONUTF8": "1"}, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise KioskError(sentence, _("Take the table (CSV) instead, or try again.")) from error
    if done.returncode:
        raise KioskError(sentence, _("Take the table (CSV) instead, or try again."))
    return done.stdout


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Decimal):
        return {"decimal": str(cell)}
    return {"day": cell.isoformat()} if isinstance(cell, date) else cell
