"""The people who may sign in to the panel."""

import sys
from typing import Any

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.translations import _


@click.group()
def manager() -> None:
    """Who may sign in to the panel.

    \b
    Example:
      kiosk manager list
    """


def _ask_pin() -> str:
    if sys.stdin.isatty():
        return str(click.prompt(_("PIN"), hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().strip()


def _managers(action: str, name: str = "", pin: str = "") -> Any:
    from kiosk.cli.offline import ask_or_open

    return ask_or_open(paths(), "manager", action=action, name=name, pin=pin)


@manager.command("add")
@click.argument("name")
def manager_add(name: str) -> None:
    """Add a manager; the PIN is asked for, or read from standard input.

    \b
    Example:
      kiosk manager add "Chị Hoa"
    """
    _managers("add", name, _ask_pin())
    click.echo(_("{name} may now sign in to the panel.", name=name))


@manager.command("passwd")
@click.argument("name")
def manager_passwd(name: str) -> None:
    """Give a manager a new PIN.

    \b
    Example:
      kiosk manager passwd "Chị Hoa"
    """
    _managers("passwd", name, _ask_pin())
    click.echo(_("{name} has a new PIN.", name=name))


@manager.command("list")
@JSON
def manager_list(as_json: bool) -> None:
    """List the managers.

    \b
    Example:
      kiosk manager list
    """
    names = _managers("list")
    show(names, as_json, names or [_("No manager yet. Add one with kiosk manager add NAME.")])
