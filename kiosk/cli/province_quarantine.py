"""What could not be taken, and the officer who decides about it."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME, the_home
from kiosk.errors import KioskError
from kiosk.translations import _, reason

if TYPE_CHECKING:
    from kiosk.province.intake.quarantine_look import Shown

NUMBER = click.argument("number", type=int)


@click.group("quarantine")
def quarantine() -> None:
    """Bundles that could not be taken as they came.

    \b
    Example:
      kiosk province quarantine list
    """


@quarantine.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was decided before.")
@HOME
@JSON
def list_all(everything: bool, home: Path | None, as_json: bool) -> None:
    """List what was put aside, and why.

    \b
    Example:
      kiosk province quarantine list
    """
    from kiosk.province.intake.quarantine import count_held, held
    from kiosk.province.intake.quarantine_words import MOST, lines_of_all
    from kiosk.province.memory.ledger import Ledger

    ledger = Ledger.read_only(the_home(home))
    try:
        found = held(ledger, everything, -1 if as_json else MOST)
        lines = lines_of_all(found, count_held(ledger, everything))
    finally:
        ledger.close()
    show([asdict(one) for one in found] if as_json else None, as_json, lines)


@quarantine.command("show")
@NUMBER
@click.option(
    "--save", type=click.Path(path_type=Path, dir_okay=False), help="Write its bytes to this file, as they came."
)
@HOME
@JSON
def show_one(number: int, save: Path | None, home: Path | None, as_json: bool) -> None:
    """Say of one what it is, from whom, why it was put aside, how it begins, and what to do.

    \b
    Example:
      kiosk province quarantine show 17
    """
    from kiosk.province.intake.quarantine_words import lines_of

    found, content = _looked_at(home, number)
    lines = lines_of(found)
    if save is not None:
        try:
            save.write_bytes(content)
        except OSError as error:
            raise KioskError(
                _("{path} cannot be written: {reason}.", path=save, reason=reason(error)), _("Try another folder.")
            ) from None
        lines.append(_("Its bytes lie in {path}.", path=save))
    show(asdict(found), as_json, lines)


@quarantine.command("release")
@NUMBER
@click.option("--reason", required=True, help="Why it may be counted; kept with your name.")
@click.option("--who", default="", help="Your name; else that of the user who is signed in.")
@HOME
@JSON
def release(number: int, reason: str, who: str, home: Path | None, as_json: bool) -> None:
    """Count a bundle that was put aside after all.

    \b
    Example:
      kiosk province quarantine release 17 --reason "The clock of this PC was a year ahead; checked with the site."
    """
    from kiosk.province.orders import carry_out

    told = carry_out(the_home(home).path, "quarantine release", number=number, who=who, reason=reason)
    if told["superseded"]:
        said = _("Number {n} is kept; a later revision of that day counts, as before.", n=number)
    else:
        said = _("Number {n} counts now. The station hears of it when it asks again.", n=number)
    show(told, as_json, [said])


def _looked_at(home: Path | None, number: int) -> tuple["Shown", bytes]:
    from kiosk.province.intake.quarantine_look import look_at
    from kiosk.province.memory.archive import Archive
    from kiosk.province.memory.ledger import Ledger

    here = the_home(home)
    ledger, archive = Ledger.read_only(here), Archive(here)
    try:
        return look_at(ledger, archive, number)
    finally:
        archive.close()
        ledger.close()
