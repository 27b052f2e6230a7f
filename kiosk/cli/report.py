"""The report of a period, to read or to work on."""

import click

from kiosk.cli.common import paths


@click.command()
@click.option("--period", default="", help="2026-11-21, 2026-W47, 2026-11, 2026-Q4, 2026-01..2026-09, 2026, or two "
              "days with .. between; this month when left out.")  # fmt: skip
@click.option("--format", "as_format", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True,
              help="For a person, a spreadsheet or a machine.")  # fmt: skip
def report(period: str, as_format: str) -> None:
    """Show what a day, week, month, quarter, nine months, a year or any range was like.

    \b
    Example:
      kiosk report --period 2026-11 --format csv > report.csv
    """
    from kiosk.cli.offline import ask_or_open
    from kiosk.rules.period_texts import parse_period
    from kiosk.translations import terminal_language

    if period:
        parse_period(period)  # here already, so that it is refused in this terminal's language
    text = ask_or_open(paths(), "report", period=period, format=as_format, lang=terminal_language())
    click.echo(text, nl=not text.endswith("\n"))
