"""The people who may sign in to the panel."""

import sys
from typing import Any

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.rules.roles import MANAGER, ROLES
from kiosk.translations import _

# What `list` says of each; `kiosk manager add --help` says what they may do.
ROLE_WORDS = {"manager": lambda: _("manager"), "clerk": lambda: _("clerk"), "technician": lambda: _("technician")}


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


def _managers(action: str, **fields: str) -> Any:
    from kiosk.cli.offline import ask_or_open

    return ask_or_open(paths(), "manager", action=action, **fields)


@manager.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=MANAGER, show_default=True, help="What this person may do.")
def manager_add(name: str, role: str) -> None:
    """Add a manager; the PIN is asked for, or read from standard input.

    A clerk serves citizens and reads reports; a manager also changes settings and people; a technician repairs: faults,
    date, content, equipment, but no sessions.

    \b
    Example:
      kiosk manager add "Anh Minh" --role clerk
    """
    _managers("add", name=name, pin=_ask_pin(), role=role)
    click.echo(_("{name} may now sign in to the panel.", name=name))


@manager.command("passwd")
@click.argument("name")
def manager_passwd(name: str) -> None:
    """Give a manager a new PIN.

    \b
    Example:
      kiosk manager passwd "Chị Hoa"
    """
    _managers("passwd", name=name, pin=_ask_pin())
    click.echo(_("{name} has a new PIN.", name=name))


@manager.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def manager_role(name: str, role: str) -> None:
    """Change what a manager may do; whoever is signed in under the name signs in again.

    \b
    Example:
      kiosk manager role "Anh Minh" technician
    """
    _managers("role", name=name, role=role)
    click.echo(_("{name} is now {role}.", name=name, role=ROLE_WORDS[role]()))


@manager.command("remove")
@click.argument("name")
def manager_remove(name: str) -> None:
    """Take away a manager's right to sign in.

    \b
    Example:
      kiosk manager remove "Anh Minh"
    """
    _managers("remove", name=name)
    click.echo(_("{name} may no longer sign in to the panel.", name=name))


@manager.command("code")
def manager_code() -> None:
    """Show the code with which the first manager is made on the panel; only while there is none, and kiosk runs.

    \b
    Example:
      kiosk manager code
    """
    click.echo(_managers("code"))


@manager.command("list")
@JSON
def manager_list(as_json: bool) -> None:
    """List the managers.

    \b
    Example:
      kiosk manager list
    """
    people = _managers("list")
    lines = [f"{one['name']} ({ROLE_WORDS[one['role']]()})" for one in people]
    show(people, as_json, lines or [_("No manager yet. Add one with kiosk manager add NAME.")])
