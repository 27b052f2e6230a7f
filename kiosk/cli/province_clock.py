"""The clock of the province's machine."""

from pathlib import Path

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME
from kiosk.cli.province_key import carry_out
from kiosk.errors import UsageError
from kiosk.translations import _


@click.command("clock")
@click.option("--right", is_flag=True, help="The date is right, although it lies before receipts that were given.")
@click.option("--reason", default="", help="Why, for the book of deeds.")
@HOME
@JSON
def clock(right: bool, reason: str, home: Path | None, as_json: bool) -> None:
    """Say whether the date of this machine can be right; while it cannot, nothing is received.

    \b
    Example:
      kiosk province clock --right --reason "It stood a year ahead; set by the network on 3 March."
    """
    if right and not reason.strip():
        raise UsageError(_("The reason is missing."), _("Write why: --reason “…”; it is kept with what is done."))
    found = carry_out(home, "clock confirm", reason=reason) if right else carry_out(home, "clock")
    show(found, as_json, _lines(found))


def _lines(found: dict[str, str]) -> list[str]:
    from datetime import datetime

    from kiosk.clock import LOCAL

    def local(at: str) -> str:
        return f"{datetime.fromisoformat(at).astimezone(LOCAL):%d/%m/%Y %H:%M}"

    lines = [_("This machine says {now}.", now=local(found["now"]))]
    if found["last_receipt"]:
        lines.append(_("The last receipt is of {last}.", last=local(found["last_receipt"])))
    if found["wrong"]:
        lines.append(_("That cannot be: nothing is received until the clock is set. Where it is right now: --right"))
    return lines
