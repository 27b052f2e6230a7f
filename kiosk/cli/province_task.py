"""What each unit of the province has to do, from a terminal: tasks with a day, a state and a history."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from kiosk.cli import province_task_words as words
from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME
from kiosk.translations import _

NUMBER = click.argument("number", type=int)
LINE = click.option("--line", type=click.Choice(["library", "post"]), default=None, help="Only one of the two lines.")
WHY = click.option("--reason", default="", help="Why; kept with the task.")


@click.group("task")
def task() -> None:
    """What each site or unit has to do, and by when.

    \b
    Example:
      kiosk province task list --late
    """


@task.command("add")
@click.argument("title")
@click.option("--site", default="", help="The site that has to do it, for example TH-012.")
@click.option("--unit", default="", help="Or the unit, for example 16012.")
@click.option("--due", required=True, help="The day by which it shall be done, for example 2026-12-15.")
@LINE
@WHY
@HOME
@JSON
def add(
    title: str, site: str, unit: str, due: str, line: str | None, reason: str, home: Path | None, as_json: bool
) -> None:
    """Give a site or a unit something to do.

    \b
    Example:
      kiosk province task add "Repair two computers" --site TH-012 --due 2026-12-15
    """
    fields = {"title": title, "site": site, "unit": unit, "due": due, "line": line or "", "why": reason}
    found = _carry_out(home, "task add", **fields)
    day = date.fromisoformat(found["due"])
    said = _("Task {n} is given, to be done by {day}.", n=found["number"], day=words.day_said(day))
    show(found, as_json, [said])


@task.command("list")
@click.option("--site", default="", help="Only those of this site.")
@click.option("--unit", default="", help="Only those of this unit.")
@LINE
@click.option("--late", is_flag=True, help="Only those whose day is past.")
@click.option("--all", "everything", is_flag=True, help="Also those that are done or dropped.")
@HOME
@JSON
def listed(
    site: str, unit: str, line: str | None, late: bool, everything: bool, home: Path | None, as_json: bool
) -> None:
    """List what is to be done, the most urgent first.

    \b
    Example:
      kiosk province task list --site TH-012
    """
    from kiosk.cli.province_sites import opened, today
    from kiosk.province.tasks import WAITING, Wanted, tasks

    wanted, day = Wanted(() if everything else WAITING, site, (unit,) if unit else (), line or ""), today()
    with opened(home) as ledger, ledger.reading() as db:
        found = [one for one in tasks(db, wanted) if one.late(day) or not late]
    lines = [words.line(one, day) for one in found] or [_("There is nothing to do.")]
    show([words.data(one, day) for one in found], as_json, lines)


@task.command("show")
@NUMBER
@HOME
@JSON
def shown(number: int, home: Path | None, as_json: bool) -> None:
    """Show one task, and who did what to it, when and why.

    \b
    Example:
      kiosk province task show 7
    """
    from kiosk.cli.province_sites import opened, today
    from kiosk.errors import RefusedError
    from kiosk.province.tasks import steps_of
    from kiosk.province.tasks import task as one_task

    with opened(home) as ledger, ledger.reading() as db:
        found, steps = one_task(db, number), steps_of(db, number)
    if found is None:
        raise RefusedError(_("There is no task {n}.", n=number), _("Look at the list: kiosk province task list."))
    lines = [words.line(found, today()), *(words.step_line(one) for one in steps)]
    show(words.data(found, today()) | {"steps": [words.step_data(one) for one in steps]}, as_json, lines)


@task.command("begin")
@NUMBER
@WHY
@HOME
@JSON
def begin(number: int, reason: str, home: Path | None, as_json: bool) -> None:
    """Say that somebody has begun to do it.

    \b
    Example:
      kiosk province task begin 7
    """
    _move(home, number, "doing", reason, as_json)


@task.command("done")
@NUMBER
@WHY
@HOME
@JSON
def done(number: int, reason: str, home: Path | None, as_json: bool) -> None:
    """Say that it is done.

    \b
    Example:
      kiosk province task done 7 --reason "Both computers work again"
    """
    _move(home, number, "done", reason, as_json)


@task.command("drop")
@NUMBER
@click.option("--reason", required=True, help="Why; kept with the task.")
@HOME
@JSON
def drop(number: int, reason: str, home: Path | None, as_json: bool) -> None:
    """Say that it will not be done, and why.

    \b
    Example:
      kiosk province task drop 7 --reason "The site was closed"
    """
    _move(home, number, "dropped", reason, as_json)


@task.command("reopen")
@NUMBER
@WHY
@HOME
@JSON
def reopen(number: int, reason: str, home: Path | None, as_json: bool) -> None:
    """Take up again what was done or dropped.

    \b
    Example:
      kiosk province task reopen 7 --reason "One of the computers failed again"
    """
    _move(home, number, "open", reason, as_json)


def _carry_out(home: Path | None, name: str, **fields: Any) -> Any:
    from kiosk.province.home import home_dir
    from kiosk.province.orders import carry_out

    return carry_out(home_dir(home), name, **fields)


def _move(home: Path | None, number: int, state: str, reason: str, as_json: bool) -> None:
    found = _carry_out(home, "task move", number=number, state=state, why=reason)
    said = _("Task {n}: {state}.", n=number, state=words.states()[state])
    show(found, as_json, [said])
