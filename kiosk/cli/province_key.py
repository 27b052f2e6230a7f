"""The key by which a province signs its receipts; and how a command orders something of a province."""

from pathlib import Path
from typing import Any

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME
from kiosk.translations import _


def carry_out(home: Path | None, name: str, **fields: Any) -> Any:
    """The result of an order: by the server that runs, or here."""
    from kiosk.province.home import home_dir
    from kiosk.province.orders import carry_out

    return carry_out(home_dir(home), name, **fields)


@click.group("key")
def key() -> None:
    """The province: the key that signs its receipts.

    \b
    Example:
      kiosk province key rotate
    """


@key.command("rotate")
@click.option("--switch", is_flag=True, help="Go over to the next key, which was announced before.")
@click.option("--now", "hurry", is_flag=True, help="With --switch: do not wait 35 days for stations that are away.")
@click.option("--reason", default="", help="Why, for the book of deeds.")
@HOME
@JSON
def rotate(switch: bool, hurry: bool, reason: str, home: Path | None, as_json: bool) -> None:
    """Announce a new key to the stations; some weeks later, with --switch, go over to it.

    \b
    Example:
      kiosk province key rotate
    """
    found = carry_out(home, "key rotate", switch=switch, hurry=hurry, reason=reason)
    if switch:
        lines = [_("The province signs by key {key} now.", key=found["key"])]
    else:
        lines = [
            _("The next key, {key}, is announced: stations hear of it when they send.", key=found["next_key"]),
            _("In 35 days or later: kiosk province key rotate --switch"),
        ]
    show(found, as_json, lines)
