"""What officers order of the tasks (orders.py): a new one, another text or day, begun, done, dropped, opened again."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kiosk.clock import LOCAL
from kiosk.errors import RefusedError, UsageError
from kiosk.province.memory.rows import deed, seconds
from kiosk.province.register import words
from kiosk.province.register.register import known_site
from kiosk.province.register.site_history import OWNERS
from kiosk.province.tasks import FIELDS, STATES, Task, task
from kiosk.translations import _, said_by

if TYPE_CHECKING:
    from kiosk.province.orders import Office

TITLE = 200  # letters
# What became of a task, by its new state.
DEEDS = {"open": "task open", "doing": "task begin", "done": "task done", "dropped": "task drop"}


def add(
    office: "Office", title: str, due: str, site: str = "", unit: str = "", line: str = "", why: str = "", who: str = ""
) -> dict[str, Any]:
    """A new task; its number. UsageError says what of it cannot be."""
    values = {"title": title, "site": site.strip(), "unit": unit.strip(), "line": line, "due": due, "state": "open"}
    with office.ledger.writing(keys=False) as db:
        values = _checked(db, values, _today(office))
        number = int(
            db.execute(
                "INSERT INTO tasks (title, site, unit, line, due, state) VALUES (?, ?, ?, ?, ?, ?)",
                [values[name] for name in FIELDS],
            ).lastrowid
            or 0
        )
        said = {name: (None, values[name]) for name in FIELDS if values[name]}
        _note(db, office, "task add", number, said, why, who)
    return {"number": number, **values}


def edit(office: "Office", number: int, who: str = "", why: str = "", **values: str) -> dict[str, Any]:
    """Another title, day, line or doer. What is not named stays; how many fields became other ones."""
    with office.ledger.writing(keys=False) as db:
        before = _fields(_known(db, number))
        same_due = values.get("due", before["due"]) == before["due"]
        told = {name: text.strip() for name, text in values.items() if name in FIELDS and name != "state"}
        after = _checked(db, before | told, None if same_due else _today(office))
        changed = {name: (before[name], after[name]) for name in FIELDS if before[name] != after[name]}
        for name, (_old, new) in changed.items():
            db.execute(f"UPDATE tasks SET {name} = ? WHERE id = ?", (new, number))
        if changed:
            _note(db, office, "task edit", number, changed, why, who)
    return {"number": number, "changes": len(changed)}


def move(office: "Office", number: int, state: str, why: str = "", who: str = "") -> dict[str, Any]:
    """A task is begun, done, dropped or opened again. Who drops one says why. RefusedError where it is so already."""
    if state not in STATES:
        raise UsageError(
            _("A task has no state “{state}”.", state=state), _("One of: {names}.", names=", ".join(STATES))
        )
    if state == "dropped" and not any(one.isalpha() for one in why):
        raise UsageError(_("The reason is missing."), _("Write why this will not be done; it is kept with the task."))
    with office.ledger.writing(keys=False) as db:
        before = _known(db, number)
        if before.state == state:
            raise RefusedError(
                _("Task {n} is in this state already.", n=number), _("Look at the list: kiosk province task list.")
            )
        db.execute("UPDATE tasks SET state = ? WHERE id = ?", (state, number))
        _note(db, office, DEEDS[state], number, {"state": (before.state, state)}, why, who)
    return {"number": number, "state": state, "title": before.title}


def _known(db: sqlite3.Connection, number: int) -> Task:
    found = task(db, number)
    if found is None:
        raise RefusedError(_("There is no task {n}.", n=number), _("Look at the list: kiosk province task list."))
    return found


def _fields(one: Task) -> dict[str, str]:
    return {name: str(getattr(one, name)) for name in FIELDS}


def _today(office: "Office") -> date:
    return office.now().astimezone(LOCAL).date()


def _checked(db: sqlite3.Connection, values: Mapping[str, str], today: date | None) -> dict[str, str]:
    """The same, tidy. `today` None: the day was judged before."""
    if not any(one.isalpha() for one in values["title"]):
        raise UsageError(_("The task has no title."), _("Write in a few words what shall be done."))
    try:
        title, due = words.name(TITLE)(values["title"]), words.day(values["due"])
    except ValueError as error:
        raise UsageError(said_by(error), _("A task needs a title and the day by which it shall be done.")) from None
    if today is not None and due < today:
        raise UsageError(_("The day by which it shall be done is past."), _("Name today or a later day."))
    _check_doer(db, values["site"], values["unit"])
    if values["line"] not in ("", *OWNERS):
        raise UsageError(
            _("There is no line {name}.", name=values["line"]), _("One of: {names}.", names=", ".join(OWNERS))
        )
    return {**values, "title": title, "due": due.isoformat()}


def _check_doer(db: sqlite3.Connection, site: str, unit: str) -> None:
    if (site == "") == (unit == ""):
        raise UsageError(
            _("A task is for a site or for a unit: name one of the two."), _("For the whole province name its unit.")
        )
    if site and not known_site(db, site):
        raise UsageError(_("{code} is not in the register.", code=site), _("All sites: kiosk province sites list"))
    if unit and db.execute("SELECT 1 FROM units WHERE code = ?", (unit,)).fetchone() is None:
        raise UsageError(
            _("There is no unit {code} in the register.", code=unit), _("All units: kiosk province sites list --units")
        )


def _note(
    db: sqlite3.Connection, office: "Office", what: str, number: int,
    changes: Mapping[str, tuple[str | None, str]], why: str, who: str,
) -> None:  # fmt: skip
    name = f"{who.strip()} ({office.who})" if who.strip() not in ("", office.who) else office.who
    deed(db, seconds(office.now()), name, what, f"task {number}", " ".join(why.split())[:500])
    noted = db.execute("SELECT last_insert_rowid()").fetchone()[0]
    db.executemany(
        "INSERT INTO task_changes (deed, task, field, before, after) VALUES (?, ?, ?, ?, ?)",
        [(noted, number, field, before, after) for field, (before, after) in changes.items()],
    )
