"""The guides that come with the program, once more."""

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.content import library_here
from kiosk.translations import _


@click.command("starter")
@JSON
def starter(as_json: bool) -> None:
    """Bring in again the guides that come with kiosk: after staff took them out, or where a file was damaged.

    \b
    Example:
      kiosk content starter
    """
    from kiosk.clock import Clock
    from kiosk.content import shipped
    from kiosk.content.updates.take_shipped import bring

    shelves, folder = library_here(change=True), shipped.starter()
    changed = bring(shelves, folder, Clock().read().local.date().isoformat(), again=True)
    line = _("The guides that come with kiosk are in the library.")
    if not changed:
        line = _("They are there already, and whole.")
    show({"changed": changed}, as_json, [line])
