"""The province's register of sites, from a terminal: looked at."""

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli import province_sites_words as words
from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME, the_home
from kiosk.errors import UsageError
from kiosk.translations import _, terminal_language

if TYPE_CHECKING:
    from kiosk.province.memory.ledger import Ledger
    from kiosk.province.register.state import Register

ON = click.option("--on", "on", default="", help="As of this day, for example 2025-06-30; today when left out.")


@click.group("sites")
def sites() -> None:
    """The register of sites: what the province knows of each, from which day on.

    \b
    Example:
      kiosk province sites list
    """


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
    from kiosk.province.register.register import read, unknown_sites

    day = _day(on)
    with opened(home) as ledger, ledger.reading() as db:
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
    from kiosk.province.register.site_history import row_on

    # A frozen list is told whole, also what of it is closed by now.
    wanted = [one for one in register.sites.values() if (one.lives(day) if members is None else one.code in members)]
    rows = [row_on(one, register.units, day) for one in wanted]
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
    from kiosk.province.register.register import read
    from kiosk.province.register.site_history import row_on

    day = _day(on)
    with opened(home) as ledger, ledger.reading() as db:
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
@click.argument("code", default="")
@HOME
@JSON
def history(code: str, home: Path | None, as_json: bool) -> None:
    """Show what was changed of a site or a unit, by whom, when and why; without CODE everything that was done.

    \b
    Example:
      kiosk province sites history TH-012
    """
    from kiosk.province.register.history import deeds
    from kiosk.province.register.history import history as read_history

    with opened(home) as ledger, ledger.reading() as db:
        found, done = (read_history(db, code), []) if code else ([], deeds(db))
    if not code:
        lines = [words.deed_line(one) for one in done] or [_("Nothing has been done to the register yet.")]
        return show([words.noted_data(one) for one in done], as_json, lines)
    lines = words.history_lines(found, terminal_language())
    return show([words.noted_data(one) for one in found], as_json,
                lines or [_("Nothing is written about {code}.", code=code)])  # fmt: skip


def today() -> date:
    from datetime import datetime, timezone

    from kiosk.clock import LOCAL

    return datetime.now(timezone.utc).astimezone(LOCAL).date()


def _day(text: str) -> date:
    """The day that was typed, today where none was."""
    from kiosk.province.register.words import day
    from kiosk.translations import said_by

    try:
        return day(text) if text else today()
    except ValueError as error:
        raise UsageError(said_by(error), _("Name a day.")) from None


def opened(home: Path | None) -> "closing[Ledger]":
    """The ledger of the home, for reading, closed at the end."""
    from kiosk.province.memory.ledger import Ledger

    return closing(Ledger.read_only(the_home(home)))
