"""The report of a period, to read or to work on."""

import os
from pathlib import Path

import click

from kiosk.cli.common import paths
from kiosk.errors import KioskError, UsageError
from kiosk.translations import _, reason


@click.command()
@click.option("--period", default="", help="2026-11-21, 2026-W47, 2026-11, 2026-Q4, 2026-01..2026-09, 2026, or two "
              "days with .. between; this month when left out.")  # fmt: skip
@click.option("--format", "as_format", type=click.Choice(["text", "csv", "json", "xlsx"]), default="text",
              show_default=True, help="For a person, a spreadsheet, a machine, or Excel and LibreOffice.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
def report(period: str, as_format: str, out: Path | None) -> None:
    """Show what a day, week, month, quarter, nine months, a year or any range was like.

    \b
    Example:
      kiosk report --period 2026-11 --format xlsx --out report.xlsx
    """
    from kiosk.cli.offline import ask_or_open
    from kiosk.rules.period_texts import parse_period
    from kiosk.service.parts import unpack
    from kiosk.translations import terminal_language

    if period:
        parse_period(period)  # here already, so that it is refused in this terminal's language
    if as_format == "xlsx" and out is None:
        raise UsageError(_("A workbook cannot be shown in a terminal."), _("Name a file with --out FILE."))
    # Opened now: reading the store without a service gives up the rights that may be needed to write there.
    file = None if out is None else _opened(out)
    packed = ask_or_open(paths(), "report", period=period, format=as_format, lang=terminal_language())
    content = unpack(packed)
    if file is None:
        text = content.decode()
        click.echo(text, nl=not text.endswith("\n"))
        return
    with os.fdopen(file, "wb") as written:
        written.write(content)
        written.truncate()


def _opened(out: Path) -> int:
    """The file, with what it holds until something better has come."""
    try:
        return os.open(out, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise KioskError(
            _("{path} cannot be used: {reason}.", path=out, reason=reason(error)), _("Choose another file with --out.")
        ) from error
