"""Which screen the lock shows, as it follows from the service's state."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.lockscreen.draw import Painter
from kiosk.lockscreen.screens import notices, question, rules, start, ticket, waiting
from kiosk.lockscreen.screens.common import Keys

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

PAGES: dict[str, Callable[["Lock", Painter], Keys]] = {
    "start": start.draw,
    "question": question.draw,
    "goodbye": notices.goodbye,
    "closed": notices.closed,
    "out_of_order": notices.out_of_order,
    "class": notices.training,
    "connecting": notices.connecting,
    "opening": notices.opening,
    "resume": notices.resume,
    "rules": rules.draw,
    "ticket": ticket.draw,
    "staff": lambda lock, p: _staff(lock, p),
    "help": waiting.helping,
    "still": waiting.still,
}
# What a screen is drawn from; when none of it changed, the second's state changes nothing.
SHOWN = (
    "state", "site", "station", "minutes", "fee", "notice", "hours", "year", "end_reason", "wiping", "resume",
    "help_asked", "clock_trusted", "staff", "questions", "start_refused", "closes_at", "ticket_refused", "ticket",
    "waiting", "queue",
)  # fmt: skip


def page_of(lock: "Lock") -> str:
    """The name of the page that is due."""
    state, seconds = lock.state.get("state"), lock.state.get("seconds_left") or 0
    if state_of_staff := lock.state.get("staff"):
        return "opening" if state_of_staff == "opening" and lock.connection.up else "connecting"
    if not lock.cover.covered:
        return "goodbye"  # an unseen standby already shows what it will show when time is up
    if not lock.connection.up:
        return "connecting"
    if lock.staff.stage and state not in ("asking", "open", "ending"):
        return "staff"
    if state == "free":
        return _free_page(lock)
    if state == "asking":
        return _asking_page(lock)
    if state == "open":
        return "opening" if seconds > 0 else "goodbye"
    return {"ending": "goodbye", "closed": "closed", "class": "class"}.get(str(state), "out_of_order")


def moving(lock: "Lock") -> int:
    """What of the page in front changes with time alone: a minute, a second, a stroke; a seen session has nothing."""
    if lock.page == "closed":
        return int(lock.wall() // 60)
    if lock.page == "still":
        return lock.patience.seconds_left or 0
    return lock.patience.wiping_seconds if lock.page == "goodbye" else 0


def _staff(lock: "Lock", p: Painter) -> Keys:
    from kiosk.lockscreen.screens import staff  # late: most locks never show it

    return staff.draw(lock, p)


def _free_page(lock: "Lock") -> str:
    if lock.state.get("resume"):
        # Without a supervisor nothing could be opened: no offer yet that would be refused.
        return "resume" if lock.state.get("supervisor_here", True) else "connecting"
    if lock.aside:
        if lock.aside == "ticket" and lock.state.get("ticket_refused", "entry"):
            return "start"
        return "still" if lock.patience.seconds_left is not None else lock.aside
    return "goodbye" if lock.state.get("end_reason") and not lock.citizen.dismissed else "start"


def _asking_page(lock: "Lock") -> str:
    if lock.visit.sent or not lock.state.get("questions"):
        return "opening"
    if lock.patience.seconds_left is not None:
        return "still"
    if lock.aside == "help":
        return "help"
    return "rules" if lock.visit.rules == "due" else "question"
