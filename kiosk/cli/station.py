"""The station itself: run it, stop it, look at it, examine it."""

import os
import sys
from typing import NoReturn

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.errors import KioskError
from kiosk.settings import Paths
from kiosk.translations import _


def supervise(home: Paths) -> NoReturn:
    """Check the settings, say where things are, and become the supervisor.

    It is a process of its own kind: no click, no pydantic in the only privileged one.
    """
    from kiosk.service.checked_settings import load_checked
    from kiosk.supervisor.users import resolve

    site, _policy = load_checked(home)
    identities = resolve(site.users)
    if not identities.isolated:
        click.echo(_("Nothing is isolated: citizens' programs run as your own user. For a public PC, start as root."))
    click.echo(
        _("Panel: http://{panel}   Menu: http://{menu}   Stop: Ctrl+C", panel=site.panel_listen, menu=site.menu_listen)
    )
    sys.stdout.flush()
    os.environ["KIOSK_HOME"] = str(home.home)
    os.execv(sys.executable, [sys.executable, "-P", "-m", "kiosk.supervisor"])


@click.command()
@click.option("--kind", type=click.Choice(["library", "post_office"]), default="library", show_default=True,
              help="Which policy the first run writes.")  # fmt: skip
def run(kind: str) -> NoReturn:
    """Run this station: supervisor, service and lock screen, until stopped.

    \b
    Example:
      kiosk run --kind post_office
    """
    from kiosk.service import given_policy
    from kiosk.service.first_run import write_settings

    home = paths()
    for written in write_settings(home, kind):
        click.echo(_("Written: {path}", path=written))
    try:
        if given_policy.apply(home):
            click.echo(_("The province's new policy is in force; the one before lies in policy.before.toml."))
    except KioskError as error:
        click.echo(str(error), err=True)  # the policy of yesterday serves on
    supervise(home)


@click.command()
def stop() -> None:
    """Stop the running station; an open session is closed and counted.

    \b
    Example:
      kiosk stop
    """
    from kiosk.service import client

    client.ask(paths(), "stop")
    click.echo(_("kiosk is stopping."))


@click.command()
@JSON
def status(as_json: bool) -> None:
    """Show the state of this station.

    \b
    Example:
      kiosk status --json
    """
    from kiosk.service import client
    from kiosk.service.words import status_lines

    state = client.ask(paths(), "status")
    show(state, as_json, status_lines(state))


@click.command()
@click.option("--privacy", is_flag=True, help="Show instead what is kept, for how long, and what has left this PC.")
@JSON
def check(privacy: bool, as_json: bool) -> None:
    """Look for what is missing or wrong: settings, display, fonts, disk, programs, ports, isolation.

    \b
    Example:
      kiosk check
      kiosk check --privacy
    """
    if privacy:
        sys.exit(_check_privacy(as_json))
    from kiosk.service.doctor.doctor import examine

    marks = {"good": "✓", "warn": "!", "bad": "✗"}
    found = examine(paths())
    lines = [f"{marks[one.state]} {one.message} {one.hint}".rstrip() for one in found]
    show([vars(one) for one in found], as_json, lines)
    sys.exit(
        3 if any(f.state == "bad" and f.name == "settings" for f in found) else any(f.state == "bad" for f in found)
    )


def _check_privacy(as_json: bool) -> bool:
    """Print it; whether something of it is not as promised."""
    from kiosk.cli.offline import ask_or_open
    from kiosk.service.privacy import lines

    found = ask_or_open(paths(), "privacy")
    show(found, as_json, lines(found))
    return not all(claim["holds"] for claim in found["proof"])
