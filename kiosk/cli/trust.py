"""Whom a station believes."""

import sys
from pathlib import Path

import click

from kiosk.cli.content import library_here
from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.translations import _, reason


@click.command("trust")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--fingerprint", default="", help="What the province told; asked for on the terminal if not said.")
@click.option("--replace", is_flag=True, help="Believe this province from now on, and no more the one before.")
def trust(file: Path, fingerprint: str, replace: bool) -> None:
    """Believe the province whose keys root.json names; nobody is believed before.

    \b
    Example:
      kiosk content trust /media/usb/root.json --fingerprint "3f2a 91bc …"
    """
    from kiosk.content.updates.trust import Trust, fingerprint_of

    try:
        data = file.read_bytes()
        found = fingerprint_of(data)
    except OSError as error:
        raise KioskError(
            _("{path} cannot be read: {reason}.", path=file, reason=reason(error)), _("Correct the path.")
        ) from None
    except ValueError:
        found = ""
    shelves = library_here(change=True)
    if found and not fingerprint:
        click.echo(_("The fingerprint of these keys: {fingerprint}", fingerprint=found))
        if not sys.stdin.isatty():
            raise UsageError(
                _("Whether that is what the province told can only be said by a person."), _("Say it by --fingerprint.")
            )
        if not click.confirm(_("Is it what the province told by another way?")):
            raise RefusedError(_("Nobody new is trusted."), _("Ask the province for its root.json and fingerprint."))
    elif found and "".join(fingerprint.split()).lower() != found.replace(" ", ""):
        raise RefusedError(
            _("These are other keys: {fingerprint}.", fingerprint=found), _("Ask the province; do not go on.")
        )
    Trust(shelves.root / "trust").accept(data, replace)
    click.echo(_("Content signed by {fingerprint} is taken from now on.", fingerprint=found))
