"""The register of sites as files, from a terminal: a list is taken, the register is given back."""

import os
from pathlib import Path

import click

from kiosk.cli import province_sites_words as words
from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME
from kiosk.cli.province_sites import opened, today
from kiosk.errors import RefusedError, UsageError
from kiosk.translations import _, terminal_language

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--reason", default="", help="Why; kept with what is done.")
@click.option("--alike", is_flag=True, help="Codes that look like another's are meant so.")
@HOME
@JSON
def taken(file: Path, dry_run: bool, reason: str, alike: bool, home: Path | None, as_json: bool) -> None:
    """Take a list of sites, or of units, from a workbook (.xlsx) or CSV file; every mistake is named.

    Nothing is written when there is a mistake. The same file again changes nothing.

    \b
    Example:
      kiosk province sites import sites.xlsx --dry-run
    """
    from kiosk.province.home import home_dir
    from kiosk.province.orders import carry_out
    from kiosk.province.register.files import sheets_in
    from kiosk.province.register.importing import look

    sheets = [(one.name, one.rows) for one in sheets_in(file)]
    with opened(home) as ledger, ledger.reading() as db:
        plan = look(db, sheets, today(), alike)
    written = bool(plan.changes) and not plan.mistakes and not dry_run
    if written:
        carry_out(home_dir(home), "sites import", sheets=sheets, subject=file.name, why=reason, alike=alike)
    show(words.plan_data(plan, written), as_json, words.plan_lines(plan, written))
    if plan.mistakes:
        raise RefusedError(
            _("Nothing was written: {n} mistakes.", n=len(plan.mistakes)), _("Mend the file, then try again.")
        )


@click.command("export")
@click.argument("file", type=FILE)
@click.option("--template", is_flag=True, help="The empty table, with how it is filled.")
@click.option("--units", "of_units", is_flag=True, help="In a .csv file the units; a workbook holds both.")
@click.option("--lists", "of_lists", is_flag=True, help="In a .csv file the frozen lists; a workbook holds them too.")
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@HOME
@JSON
def exported(file: Path, template: bool, of_units: bool, of_lists: bool, replace: bool, home: Path | None,
             as_json: bool) -> None:  # fmt: skip
    """Write the register as a workbook (.xlsx) or CSV file; importing it again changes nothing.

    \b
    Example:
      kiosk province sites export --template sites.xlsx
    """
    from kiosk.province.register.files import LISTS, write
    from kiosk.province.register.register import read

    if of_units and of_lists:
        raise UsageError(_("A .csv file holds one table."), _("Say --units or --lists, or name a file .xlsx."))
    if os.path.lexists(file) and not replace:
        raise RefusedError(
            _("{path} is there already, and perhaps somebody has worked in it.", path=file),
            _("Name another file, or add --replace."),
        )
    register = None
    if not template:
        with opened(home) as ledger, ledger.reading() as db:
            register = read(db)
    count = write(
        file.absolute(), register, terminal_language(), "units" if of_units else LISTS if of_lists else "sites"
    )
    lines = [_("Written: {path} ({n} lines).", path=file, n=count)]
    show({"file": str(file.absolute()), "lines": count}, as_json, lines)
