"""What staff may do from a terminal."""

import click

from kiosk.cli.common import paths
from kiosk.translations import _, terminal_language


@click.group()
def session() -> None:
    """What staff may do to the running session."""


def _session(action: str, minutes: float | None = None) -> None:
    from kiosk.service import client

    fields = {} if minutes is None else {"minutes": minutes}
    client.ask(paths(), "session", action=action, who="cli", lang=terminal_language(), **fields)
    click.echo(_("Done."))


@session.command("start")
@click.option("--minutes", type=float, help="Minutes to give; the policy's when left out.")
def session_start(minutes: float | None) -> None:
    """Start a session for somebody.

    \b
    Example:
      kiosk session start --minutes 30
    """
    _session("start", minutes)


@session.command("extend")
@click.option("--minutes", type=float, help="Minutes to add; the policy's when left out.")
def session_extend(minutes: float | None) -> None:
    """Add minutes to the session.

    \b
    Example:
      kiosk session extend --minutes 15
    """
    _session("extend", minutes)


@session.command("finish")
def session_finish() -> None:
    """End the session now.

    \b
    Example:
      kiosk session finish
    """
    _session("finish")
