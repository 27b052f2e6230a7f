"""The province's register of sites, from a terminal: looked at, imported, given back."""

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli import province_sites_words as words
from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME, the_home
from kiosk.errors import RefusedError, UsageError
from kiosk.translations import _, terminal_language

if TYPE_CHECKING:
    from kiosk.province.ledger import Ledger
    from kiosk.province.register_state import Register

FILE = click.Path(path_type=Path, dir_okay=False)
ON = click.option("--on", "on", default="", help="As of this day, for example 2025-06-30; today when left out.")


@click.group("sites")
def sites() -> None:
    """The register of sites: what the province knows of each, from which day on.

    \b
    Example:
      kiosk province sites list
    """


@sites.command("import")
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
    from kiosk.province.register_files import sheets_in
    from kiosk.province.register_import import look

    sheets = [(one.name, one.rows) for one in sheets_in(file)]
    with _open(home) as ledger, ledger.reading() as db:
        plan = look(db, sheets, _today(), alike)
    written = bool(plan.changes) and not plan.mistakes and not dry_run
    if written:
        carry_out(home_dir(home), "sites import", sheets=sheets, subject=file.name, why=reason, alike=alike)
    show(words.plan_data(plan, written), as_json, words.plan_lines(plan, written))
    if plan.mistakes:
        raise RefusedError(
            _("Nothing was written: {n} mistakes.", n=len(plan.mistakes)), _("Mend the file, then try again.")
        )


@sites.command("list")
@ON
@click.option("--units", "of_units", is_flag=True, help="The units of the administration instead.")
@click.option("--list", "version", default="", help="Only the sites of this frozen list; all lists: --list all.")
@HOME
@JSON
def listed(on: str, of_units: bool, version: str, home: Path | None, as_json: bool) -> None:
    """Show the sites as they are on a day, and those that send and are not in the register.

    \b
    Example:
      kiosk province sites list --on 2025-06-30
    """
    from kiosk.province.register import read, unknown_sites

    day = _day(on)
    with _open(home) as ledger, ledger.reading() as db:
        register, unknown = read(db), unknown_sites(db)
    if version == "all":
        found = [words.list_data(one) for one in register.lists]
        show(found, as_json, [words.list_line(one) for one in found] or [_("No list is frozen yet.")])
    elif of_units:
        rows = [words.unit_data(one, register.units, day) for one in register.units if one.lives(day)]
        show(rows, as_json, [words.unit_line(one) for one in rows] or [_("There are no units in the register yet.")])
    else:
        _show_sites(register, _members(register, version), unknown, day, as_json)


def _show_sites(register: "Register", members: frozenset[str] | None, unknown: list[str], day: date,
                as_json: bool) -> None:  # fmt: skip
    from kiosk.province.site_history import row_on

    living = [one for one in register.sites.values() if one.lives(day)]
    rows = [row_on(one, register.units, day) for one in living if members is None or one.code in members]
    lines = [words.site_line(one, terminal_language()) for one in rows]
    lines = lines or [_("There are no sites in the register yet.")]
    project = sum(one.status == "project" for one in rows)
    lines.append(_("{n} sites on {day}: {project} of the project, {potential} potential.", n=len(rows), day=day,
                   project=project, potential=len(rows) - project))  # fmt: skip
    if unknown:
        lines.append(_("Not in the register, and yet heard from: {codes}.", codes=", ".join(unknown)))
    show({"day": day.isoformat(), "sites": [words.site_data(one) for one in rows], "unknown": unknown}, as_json, lines)


def _members(register: "Register", version: str) -> frozenset[str] | None:
    if not version:
        return None
    found = next((one for one in register.lists if one.version == version), None)
    if found is None:
        known = ", ".join(one.version for one in register.lists) or "-"
        raise UsageError(
            _("There is no frozen list {version}.", version=version), _("There are: {names}.", names=known)
        )
    return found.codes


@sites.command("show")
@click.argument("code")
@ON
@HOME
@JSON
def shown(code: str, on: str, home: Path | None, as_json: bool) -> None:
    """Show one site as it is on a day.

    \b
    Example:
      kiosk province sites show TH-012 --on 2025-06-30
    """
    from kiosk.province.register import read
    from kiosk.province.site_history import row_on

    day = _day(on)
    with _open(home) as ledger, ledger.reading() as db:
        register = read(db)
    site = register.sites.get(code)
    if site is None:
        raise UsageError(
            _("{code} is not in the register.", code=code), _("All sites: kiosk province sites list")
        )  # fmt: skip
    row = row_on(site, register.units, day)
    inside = [one.version for one in register.lists if code in one.codes]
    told = words.site_data(row) | {"day": day.isoformat(), "lives": site.lives(day), "lists": inside}
    told |= {"hours": words.hours(site, day)}
    show(told, as_json, words.site_lines(site, row, inside, day, terminal_language()))


@sites.command("history")
@click.argument("code")
@HOME
@JSON
def history(code: str, home: Path | None, as_json: bool) -> None:
    """Show what was changed of a site or a unit, by whom, when and why.

    \b
    Example:
      kiosk province sites history TH-012
    """
    from kiosk.province.register_history import history as read_history

    with _open(home) as ledger, ledger.reading() as db:
        found = read_history(db, code)
    lines = words.history_lines(found, terminal_language())
    show([words.noted_data(one) for one in found], as_json, lines or [_("Nothing is written about {code}.", code=code)])


@sites.command("export")
@click.argument("file", type=FILE)
@click.option("--template", is_flag=True, help="The empty table, with how it is filled.")
@click.option("--units", "of_units", is_flag=True, help="In a .csv file the units; a workbook holds both.")
@HOME
@JSON
def exported(file: Path, template: bool, of_units: bool, home: Path | None, as_json: bool) -> None:
    """Write the register as a workbook (.xlsx) or CSV file; importing it again changes nothing.

    \b
    Example:
      kiosk province sites export --template sites.xlsx
    """
    from kiosk.province.register import read
    from kiosk.province.register_files import write

    register = None
    if not template:
        with _open(home) as ledger, ledger.reading() as db:
            register = read(db)
    count = write(file.absolute(), register, terminal_language(), "units" if of_units else "sites")
    lines = [_("Written: {path} ({n} lines).", path=file, n=count)]
    show({"file": str(file.absolute()), "lines": count}, as_json, lines)


def _today() -> date:
    from datetime import datetime, timezone

    from kiosk.clock import LOCAL

    return datetime.now(timezone.utc).astimezone(LOCAL).date()


def _day(text: str) -> date:
    """The day that was typed, today where none was."""
    from kiosk.province.register_words import day
    from kiosk.translations import said_by

    try:
        return day(text) if text else _today()
    except ValueError as error:
        raise UsageError(said_by(error), _("Name a day.")) from None


def _open(home: Path | None) -> "closing[Ledger]":
    """The ledger of the home, for reading, closed at the end."""
    from kiosk.province.ledger import Ledger

    return closing(Ledger.read_only(the_home(home)))
