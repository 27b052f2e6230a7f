"""What staff may do from a terminal."""

import click

from kiosk.cli.common import JSON, Minutes, paths, show
from kiosk.translations import _, terminal_language


@click.group()
def session() -> None:
    """What staff may do to the running session.

    \b
    Example:
      kiosk session extend --minutes 15
    """


def _session(action: str, minutes: float | None = None) -> None:
    from kiosk.service import client

    fields = {} if minutes is None else {"minutes": minutes}
    client.ask(paths(), "session", action=action, who="cli", lang=terminal_language(), **fields)
    click.echo(_("Done."))


@session.command("start")
@click.option("--minutes", type=Minutes(), help="Minutes to give; the policy's when left out.")
def session_start(minutes: float | None) -> None:
    """Start a session for somebody.

    \b
    Example:
      kiosk session start --minutes 30
    """
    _session("start", minutes)


@session.command("extend")
@click.option("--minutes", type=Minutes(), help="Minutes to add; the policy's when left out.")
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


@session.command("accessible")
@click.option("--off", is_flag=True, help="Switch it off again.")
def session_accessible(off: bool) -> None:
    """Give twice as long for everything, in this session or the next; no reason is kept.

    \b
    Example:
      kiosk session accessible
    """
    _session("not_accessible" if off else "accessible")


@session.command("print")
@click.option("--cancel", is_flag=True, help="Throw them away instead.")
def session_print(cancel: bool) -> None:
    """Let all that waits be printed, up to the pages of the policy.

    \b
    Example:
      kiosk session print
    """
    _session("print_cancel" if cancel else "print_release")


@session.command("ticket")
@click.option("--minutes", type=Minutes(), help="Minutes it is worth; the policy's when left out.")
@click.option("--days", type=int, default=1, help="Days it is good for, today being the first.")
@JSON
def session_ticket(minutes: float | None, days: int, as_json: bool) -> None:
    """Make a ticket: a number of eight digits that opens one session, once.

    \b
    Example:
      kiosk session ticket --minutes 60
    """
    from kiosk.rules.tickets import shown
    from kiosk.service import client

    fields = {} if minutes is None else {"minutes": minutes}
    answer = client.ask(paths(), "make_ticket", days=days, who="cli", lang=terminal_language(), **fields)
    show(answer, as_json, [shown(answer["code"])])
