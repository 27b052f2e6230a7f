"""Figures of the years before kiosk, from a terminal: written, corrected, taken out, loaded from a file."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME, the_home
from kiosk.errors import RefusedError
from kiosk.translations import _, terminal_language, translate

if TYPE_CHECKING:
    from kiosk.province.indicators.baseline import Change, Entry

CODES = ("VISITS", "USERS", "PC_HOURS", "NET_HOURS")  # province/indicators/baseline.py
CODE = click.argument("code", type=click.Choice(CODES, case_sensitive=False))
YEAR = click.argument("year", type=int)
SITE = click.option("--site", default="", help="Of this site, for example TH-012; of the whole province if not said.")
WHY = click.option("--reason", default="", help="Why; kept with the figure. A correction needs one.")


@click.group("baseline")
def baseline() -> None:
    """Figures of the years before kiosk; they are shown beside its own, marked, and never mixed with them.

    \b
    Example:
      kiosk province baseline list
    """


@baseline.command("set")
@YEAR
@CODE
@click.argument("value")
@SITE
@WHY
@HOME
@JSON
def set_(year: int, code: str, value: str, site: str, reason: str, home: Path | None, as_json: bool) -> None:
    """Write one figure of a year, or correct it.

    \b
    Example:
      kiosk province baseline set 2019 VISITS 182000 --reason "Báo cáo năm 2019"
    """
    told = _ordered(home, "baseline set", year=year, code=code, value=value, site=site, why=reason)
    show(told, as_json, [_("It is written.") if told["changed"] else _("It was so already.")])


@baseline.command("remove")
@YEAR
@CODE
@SITE
@WHY
@HOME
@JSON
def remove(year: int, code: str, site: str, reason: str, home: Path | None, as_json: bool) -> None:
    """Take one figure out again; that it was there stays written.

    \b
    Example:
      kiosk province baseline remove 2019 VISITS --reason "Nhập nhầm năm"
    """
    told = _ordered(home, "baseline remove", year=year, code=code, site=site, why=reason)
    show(told, as_json, [_("It is taken out: {value}.", value=told["value"])])


@baseline.command("load")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@WHY
@HOME
@JSON
def load(file: Path, reason: str, home: Path | None, as_json: bool) -> None:
    """Take many figures from a workbook (.xlsx) or CSV file: all of them, or with a mistake none.

    Its headings: Year, Site code (empty: the whole province), Visits, Users, Computer hours used, Internet-connected
    hours.

    \b
    Example:
      kiosk province baseline load 2017-2020.xlsx --reason "Báo cáo tổng kết"
    """
    from kiosk.province.baseline_files import rows_in

    rows, mistakes = rows_in(file)
    if mistakes:
        show({"mistakes": mistakes}, as_json, mistakes)
        raise RefusedError(
            _("Nothing was written: {n} mistakes.", n=len(mistakes)), _("Mend the file, then try again.")
        )
    told = _ordered(home, "baseline load", rows=rows, subject=file.name, why=reason)
    show(
        told | {"rows": len(rows)},
        as_json,
        [
            _(
                "{n} figures are in the file: {new} are new, {changed} were corrected.",
                n=len(rows),
                new=told["new"],
                changed=told["changed"] - told["new"],
            )
        ],
    )


@baseline.command("list")
@click.option("--year", type=int, default=None, help="Only of this year.")
@click.option("--site", default=None, help="Only of this site.")
@click.option(
    "--history", "of_history", is_flag=True, help="What was written, corrected and taken out, by whom and why."
)
@HOME
@JSON
def listed(year: int | None, site: str | None, of_history: bool, home: Path | None, as_json: bool) -> None:
    """Show the figures of the years before kiosk.

    \b
    Example:
      kiosk province baseline list --history
    """
    from kiosk.cli.province_sites import opened
    from kiosk.province.indicators.baseline import history
    from kiosk.province.indicators.baseline import listed as read

    with opened(home) as ledger, ledger.reading() as db:
        found: list[Any] = list(history(db, year)) if of_history else list(read(db, year, site))
    lines = [_change(one) if of_history else _line(one) for one in found]
    nothing = [_("No figure of the years before kiosk is written yet.")]
    show([asdict(one) | {"at": one.at.isoformat()} for one in found], as_json, lines or nothing)


def _ordered(home: Path | None, name: str, **fields: Any) -> dict[str, Any]:
    from kiosk.province.orders import carry_out

    told: dict[str, Any] = carry_out(the_home(home).path, name, **fields)
    return told


def _line(one: "Entry") -> str:
    return f"{one.year}  {one.site or _('province')}  {_named(one.code)}: {one.value}"


def _change(one: "Change") -> str:
    what = f"{one.year}  {one.site or _('province')}  {_named(one.code)}: {one.before or '–'} → {one.after or '–'}"
    return f"{one.at:%Y-%m-%d}  {one.who}  {what}" + (f"  ({one.why})" if one.why else "")


def _named(code: str) -> str:
    from kiosk.rules.indicators import INDICATORS

    return translate(terminal_language(), "web", INDICATORS[code].label)
