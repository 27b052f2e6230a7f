"""What staff may do from a terminal."""

from pathlib import Path
from typing import Any

import click

from kiosk.cli.common import JSON, Minutes, paths, show
from kiosk.errors import KioskError
from kiosk.translations import _, reason, terminal_language


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
@click.option("--days", type=int, help="Days it is good for, today being the first; the policy's when left out.")
@click.option("--count", type=int, default=1, help="How many, up to 24.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Write them to this file, an HTML page for A4.")
@JSON
def session_ticket(minutes: float | None, days: int | None, count: int, sheet: Path | None, as_json: bool) -> None:
    """Make a ticket: a number of eight digits that opens one session, once.

    \b
    Example:
      kiosk session ticket --minutes 60
      kiosk session ticket --count 24 --sheet tickets.html
    """
    from kiosk.rules.tickets import shown
    from kiosk.service import client

    fields = {name: value for name, value in (("minutes", minutes), ("days", days)) if value is not None}
    answer = client.ask(paths(), "make_ticket", count=count, who="cli", lang=terminal_language(), **fields)
    if sheet is not None:
        _write_sheet(sheet, answer)
    show(answer, as_json, [shown(code) for code in answer["codes"]])


def _write_sheet(path: Path, made: dict[str, Any]) -> None:
    from kiosk.service.ticket_paper import last_day, page

    about = {"site": made["site"], "station": made["station"], "minutes": f"{made['minutes']:g}"}
    html = page(made["codes"], terminal_language(), until=last_day(made["expires"]), **about)
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise KioskError(
            _("{path} cannot be used: {reason}.", path=path, reason=reason(error)),
            _("The tickets were made all the same. Their numbers: {codes}", codes=", ".join(made["codes"])),
        ) from error
