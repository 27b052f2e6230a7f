"""The journal from a terminal: what stands in it, and earlier months from a file."""

from pathlib import Path
from typing import Any

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.errors import RefusedError
from kiosk.translations import _, terminal_language, translate


@click.group()
def journal() -> None:
    """The journal: lines of a month, and earlier months from a file.

    \b
    Example:
      kiosk journal import 2025.xlsx
    """


@journal.command("list")
@click.option("--period", default="", help="2026-11-21, 2026-W47, 2026-11, 2026-Q4, 2026-01..2026-09, 2026, or two "
              "days with .. between; this month when left out.")  # fmt: skip
@JSON
def listed(period: str, as_json: bool) -> None:
    """Show the lines of a day, month or year of the journal.

    \b
    Example:
      kiosk journal list --period 2026-11
    """
    from kiosk.cli.offline import ask_or_open

    found = ask_or_open(paths(), "journal", action="list", period=period)
    show(found, as_json, [_line(one) for one in found] or [_("Nothing is written in the journal for these days.")])


@journal.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--good", is_flag=True, help="Take the rows that are right, although others are not.")
@click.option("--why", default="", help="Why, where a month has been reported already.")
@JSON
def taken(file: Path, good: bool, why: str, as_json: bool) -> None:
    """Take the lines of a workbook (.xlsx) or CSV file into the journal; every mistake is named.

    \b
    Example:
      kiosk journal import 2025.xlsx
    """
    from kiosk.cli.offline import ask_or_open

    done = ask_or_open(paths(), "journal", action="import", path=str(file.absolute()), good=good, why=why)
    told = [_("Row {row}, {column}: {words}", **one) for one in done["mistakes"]]
    if done["written"]:
        told.append(_("{n} lines were written; {there} stood there already.", n=done["new"], there=done["there"]))
    show(done, as_json, told)
    if not done["written"]:
        raise RefusedError(
            _("Nothing was written: {n} mistakes.", n=done["wrong"]),
            _("Mend the file, or add --good to take only the rows that are right."),
        )


def _line(one: dict[str, Any]) -> str:
    from kiosk.rules.journal import KINDS

    lang, form = terminal_language(), KINDS[one["kind"]]
    parts = [f"{one[field.name]} {translate(lang, 'web', field.label).lower()}"
             for field in form.numbers if field.name in one]  # fmt: skip
    struck = "× " if one["struck"] else ""
    name = translate(lang, "web", form.label)
    return f"{struck}{one['day']} {name}: {', '.join([*parts, *([one['words']] if 'words' in one else [])])}"
