"""What each unit has to do: the province's tasks in the ledger, with every change that was made to them.

Days are texts such as 2026-11-21. Who did what, when and why stands in deeds; here stands what it changed.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Literal, get_args

from kiosk.province.memory.schema import stays_written

State = Literal["open", "doing", "done", "dropped"]
STATES: tuple[State, ...] = get_args(State)
WAITING: tuple[State, ...] = ("open", "doing")
# What of a task is said, in the order in which it is asked for.
FIELDS = ("title", "site", "unit", "line", "due", "state")

STEPS: tuple[tuple[str, ...], ...] = (
    (
        # `site` or `unit`: who has to do it, one of the two. `line`: library, post or "" for both.
        """CREATE TABLE tasks (
            id INTEGER PRIMARY KEY,
            title TEXT NOT NULL,
            site TEXT NOT NULL,
            unit TEXT NOT NULL,
            line TEXT NOT NULL CHECK (line IN ('', 'library', 'post')),
            due TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'doing', 'done', 'dropped')),
            CHECK ((site = '') <> (unit = ''))
        ) STRICT""",
        "CREATE INDEX tasks_by_due ON tasks (due) WHERE state IN ('open', 'doing')",
        "CREATE INDEX tasks_by_site ON tasks (site)",
        # What somebody changed of a task; before NULL: it was new.
        """CREATE TABLE task_changes (
            id INTEGER PRIMARY KEY,
            deed INTEGER NOT NULL REFERENCES deeds,
            task INTEGER NOT NULL REFERENCES tasks,
            field TEXT NOT NULL,
            before TEXT,
            after TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX task_changes_by_task ON task_changes (task, id)",
        *stays_written("task_changes"),
    ),
)


@dataclass(frozen=True)
class Task:
    """One of them. `site` or `unit` is "", and so is `line` where both lines have to do it."""

    number: int
    title: str
    site: str
    unit: str
    line: str
    due: date
    state: State

    @property
    def waits(self) -> bool:
        """Whether something of it is still to be done."""
        return self.state in WAITING

    def late(self, today: date) -> bool:
        """Whether it should have been done before today."""
        return self.waits and self.due < today


@dataclass(frozen=True)
class Step:
    """What was done to a task: who, when, why, and the fields that it changed, (before, after) each."""

    at: datetime
    who: str
    deed: str
    why: str
    changes: Mapping[str, tuple[str | None, str]]


@dataclass(frozen=True)
class Wanted:
    """Which tasks are asked for. "" and () leave open what they speak of."""

    states: Sequence[State] = ()
    site: str = ""
    units: Sequence[str] = ()
    line: str = ""
    due_by: date | None = None


def tasks(db: sqlite3.Connection, wanted: Wanted | None = None) -> list[Task]:
    """Those that are asked for, the most urgent first; of equal ones the one that was made first."""
    rows = db.execute("SELECT id, title, site, unit, line, due, state FROM tasks ORDER BY due, id").fetchall()
    return [one for one in map(_task, rows) if wanted is None or _is_wanted(one, wanted)]


def task(db: sqlite3.Connection, number: int) -> Task | None:
    """The one of that number; None where there is none."""
    if not 0 < number < 1 << 63:  # numbers of the ledger
        return None
    row = db.execute("SELECT id, title, site, unit, line, due, state FROM tasks WHERE id = ?", (number,)).fetchone()
    return None if row is None else _task(row)


def steps_of(db: sqlite3.Connection, number: int) -> list[Step]:
    """All that was done to a task, the first first."""
    rows = db.execute(
        """SELECT d.id, at, who, d.deed, why, field, before, after FROM task_changes c JOIN deeds d ON d.id = c.deed
           WHERE task = ? ORDER BY c.id""",
        (number,),
    )
    found: dict[int, Step] = {}
    for deed, at, who, what, why, field, before, after in rows:
        moment = datetime.fromtimestamp(at, timezone.utc)
        step = found.setdefault(deed, Step(moment, who, what, why, {}))
        found[deed] = Step(moment, who, what, why, {**step.changes, field: (before, after)})
    return list(found.values())


def _task(row: tuple[int, str, str, str, str, str, State]) -> Task:
    number, title, site, unit, line, due, state = row
    return Task(number, title, site, unit, line, date.fromisoformat(due), state)


def _is_wanted(one: Task, wanted: Wanted) -> bool:
    return (
        (not wanted.states or one.state in wanted.states)
        and (not wanted.site or one.site == wanted.site)
        and (not wanted.units or one.unit in wanted.units)
        and (not wanted.line or one.line in ("", wanted.line))
        and (wanted.due_by is None or one.due <= wanted.due_by)
    )
