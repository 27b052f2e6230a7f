"""Tasks for each unit: what waits and what is overdue, a new one, one with its history, and what might be next."""

from datetime import date, timedelta
from typing import Any

from flask import abort, g, make_response, redirect, render_template, request, url_for

from kiosk.errors import RefusedError, UsageError
from kiosk.province.board import asked
from kiosk.province.board.desk import Desk
from kiosk.province.board.pages import Page
from kiosk.province.board.places import MOST_OFFERED, offered
from kiosk.province.board.task_rows import SHOWN, STATE_WORDS, TaskRow, suggestions, task_rows, uncared
from kiosk.province.register.state import Register
from kiosk.province.tasks import STATES, Task, steps_of, task, tasks
from kiosk.rules.indicator import label
from kiosk.web.pages import language, say
from kiosk.web.roles import LINK, OFFICERS
from kiosk.web.words import known, says

FIELDS = ("title", "site", "unit", "line", "due")
WEEKS = 2  # until a task is due where nobody says another day
STEP_WORDS = {
    "task add": label("Given"), "task edit": label("Changed"), "task begin": label("Begun"),
    "task done": label("Done"), "task drop": label("Dropped"), "task open": label("Taken up again"),
}  # fmt: skip


def page(desk: Desk) -> Any:
    """`/tasks?show=late&q=ha`: what waits, what is overdue, or what is over."""
    show = request.args.get("show", "")
    show = show if show in SHOWN else "waiting"
    wanted, today = request.args.get("q", "")[:80], desk.today()
    with desk.reading() as db:
        every = tasks(db)
    rows = _of_line(task_rows(every, _register(desk), today), asked.line())
    counts = {one: sum(test(row, today) for row in rows) for one, test in SHOWN.items()}
    found = [one for one in rows if SHOWN[show](one, today) and one.has(wanted)]
    left = uncared(desk.sites(), every, asked.line()) if g.get("role") != LINK else []
    return render_template(
        "board/tasks.html", rows=found, show=show, counts=counts, wanted=wanted, states=STATE_WORDS,
        hints=suggestions(left), uncared=len(left), soon=today + timedelta(weeks=WEEKS),
    )  # fmt: skip


def new(desk: Desk) -> Any:
    """An empty form, or one filled by the address: `?site=TH-012&title=…`."""
    due = desk.today() + timedelta(weeks=WEEKS)
    given = {name: request.args.get(name, "")[:200] for name in FIELDS} | {"due": due.isoformat()}
    return _form(desk, given)


def add(desk: Desk) -> Any:
    """A task is given; what cannot be comes back with what is wrong."""
    given = _given()
    if wrong := _wrong(desk, given):
        return make_response(_form(desk, given, wrong), 400)
    try:
        told = desk.order("task add", **given, who=g.who)
    except UsageError as error:
        return make_response(_form(desk, given, {"": known(language(), error.message)}), 400)
    return redirect(url_for("task", number=told["number"]), 303)


def one(desk: Desk, number: int) -> Any:
    """One task with its history."""
    return _page(desk, _found(desk, number))


def edit(desk: Desk, number: int) -> Any:
    """Other words or another day."""
    found, given = _found(desk, number), _given()
    if wrong := _wrong(desk, given, found.due):
        return make_response(_page(desk, found, wrong, given), 400)
    try:
        desk.order("task edit", number=number, **given, who=g.who)
    except UsageError as error:
        return make_response(_page(desk, found, {"": known(language(), error.message)}, given), 400)
    return redirect(url_for("task", number=number), 303)


def move(desk: Desk, number: int) -> Any:
    """Begun, done, dropped, taken up again."""
    found, state, why = _found(desk, number), request.form.get("state", ""), request.form.get("why", "")[:500]
    if state not in STATES:
        abort(400)
    if state == "dropped" and not any(letter.isalpha() for letter in why):
        wrong = {"why": say("Please write why this will not be done; it is kept with the task.")}
        return make_response(_page(desk, found, wrong), 400)
    try:
        desk.order("task move", number=number, state=state, why=why, who=g.who)
    except RefusedError as error:
        return make_response(_page(desk, found, {"": known(language(), error.message)}), 409)
    return redirect(url_for("task", number=number), 303)


def _given() -> dict[str, str]:
    return {name: " ".join(request.form.get(name, "").split())[:200] for name in FIELDS}


def _wrong(desk: Desk, given: dict[str, str], before: date | None = None) -> dict[str, str]:
    """What is wrong with what was typed, by field, all at once."""
    wrong = dict[str, str]()
    register = _register(desk)
    if not any(letter.isalpha() for letter in given["title"]):
        wrong["title"] = say("Please write in a few words what shall be done.")
    if bool(given["site"]) == bool(given["unit"]):
        wrong["site"] = say("Please choose a site or a unit, one of the two.")
    elif given["site"] and given["site"] not in register.sites:
        wrong["site"] = say("There is no site of this code in the register.")
    elif given["unit"] and register.units.get(given["unit"]) is None:
        wrong["unit"] = say("There is no unit of this code in the register.")
    try:
        due = date.fromisoformat(given["due"])
    except ValueError:
        wrong["due"] = say("Please choose a day.")
    else:
        if due < desk.today() and due != before:
            wrong["due"] = say("This day is past. Please choose today or a later one.")
    return wrong


def _form(desk: Desk, given: dict[str, str], wrong: dict[str, str] | None = None) -> str:
    return render_template("board/task_new.html", given=given, wrong=wrong or {}, **_choices(desk))


def _page(
    desk: Desk, found: Task, wrong: dict[str, str] | None = None, given: dict[str, str] | None = None
) -> str:  # fmt: skip
    today = desk.today()
    with desk.reading() as db:
        steps = steps_of(db, found.number)
    (row,) = task_rows([found], _register(desk), today)
    shown = {name: str(getattr(found, name)) for name in FIELDS}
    return render_template(
        "board/task.html", row=row, task=found, steps=steps[::-1], given=given or shown, wrong=wrong or {},
        states=STATE_WORDS, step_words=STEP_WORDS, named=g.get("role") != LINK, **_choices(desk),
    )  # fmt: skip


def _choices(desk: Desk) -> dict[str, Any]:
    """The sites and units that a task can be for, for the lists that a field offers while it is typed."""
    register, today = _register(desk), desk.today()
    units = [(one.code, register.units.name(one.code, today)) for one in register.units if one.lives(today)]
    return {"sites": offered(desk.sites()), "units": units[:MOST_OFFERED]}


def _found(desk: Desk, number: int) -> Task:
    with desk.reading() as db:
        found = task(db, number)
    if found is None or not _of_line(task_rows([found], _register(desk), desk.today()), str(g.get("line", ""))):
        abort(404)
    return found


def _of_line(rows: list[TaskRow], line: str) -> list[TaskRow]:
    return [one for one in rows if not line or one.line in ("", line)]


def _register(desk: Desk) -> Register:
    from kiosk.province.register.register import read

    with desk.reading() as db:
        return read(db)


PAGES = (
    Page("tasks", "/tasks", page, tab=says("Tasks"), sign="check"),
    Page("task_new", "/tasks/new", new, OFFICERS, under="tasks"),
    Page("task_add", "/tasks/add", add, OFFICERS, ("POST",), under="tasks"),
    Page("task", "/tasks/<int:number>", one, under="tasks"),
    Page("task_edit", "/tasks/<int:number>/edit", edit, OFFICERS, ("POST",), under="tasks"),
    Page("task_move", "/tasks/<int:number>/move", move, OFFICERS, ("POST",), under="tasks"),
)
