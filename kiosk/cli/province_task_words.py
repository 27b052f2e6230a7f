"""A task of the province in words: what, for whom, by when, what was done to it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kiosk.clock import LOCAL
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.tasks import Step, Task


def states() -> dict[str, str]:
    """The states of a task."""
    return {"open": _("to do"), "doing": _("being done"), "done": _("done"), "dropped": _("dropped")}


def line(one: "Task", today: date) -> str:
    """One task."""
    day = day_said(one.due)
    when = _("overdue since {day}", day=day) if one.late(today) else _("by {day}", day=day)
    return f"{one.number}  {one.site or one.unit}  {one.title}  ({states()[one.state]}, {when})"


def step_line(one: "Step") -> str:
    """What somebody did to it."""
    known = {
        "task add": _("gave it"), "task edit": _("changed it"), "task begin": _("began it"), "task done": _("did it"),
        "task drop": _("dropped it"), "task open": _("took it up again"),
    }  # fmt: skip
    why = f" ({one.why})" if one.why else ""
    return f"  {moment(one.at)} {one.who}: {known.get(one.deed, one.deed)}{why}"


def data(one: "Task", today: date) -> dict[str, Any]:
    """The same for a machine."""
    fields = ("number", "title", "site", "unit", "line", "state")
    return {name: getattr(one, name) for name in fields} | {"due": one.due.isoformat(), "late": one.late(today)}


def step_data(one: "Step") -> dict[str, Any]:
    """A step for a machine."""
    changes = {name: list(pair) for name, pair in one.changes.items()}
    return {"at": one.at.isoformat(), "who": one.who, "deed": one.deed, "why": one.why, "changes": changes}


def day_said(day: date) -> str:
    """A day as it is written in Vietnam."""
    return f"{day:%d/%m/%Y}"


def moment(at: datetime) -> str:
    """A time (UTC) as a clock in Vietnam shows it."""
    return f"{at.astimezone(LOCAL):%d/%m/%Y %H:%M}"
