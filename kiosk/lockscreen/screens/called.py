"""The waiting number that is called, on START of a PC that is free: large enough to be read from the door."""

from typing import TYPE_CHECKING

from kiosk.lockscreen.draw import HEADING, Painter

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


def number(lock: "Lock") -> int | None:
    """Whose turn it is; None where nobody is called."""
    called = (lock.state.get("queue") or {}).get("called")
    return called if isinstance(called, int) else None


def heading(lock: "Lock") -> str:
    """What stands in place of the greeting; empty where nobody is called."""
    called = number(lock)
    return lock.say("Number {n}, please", n=called) if called is not None else ""


def size(p: Painter, words: str, room: int, high: int) -> int:
    """As large as the room and the height allow, up to twice the greeting."""
    most = max(p.look.title, min(2 * p.look.display, round(high / HEADING)))
    return p.fit(words, room, most, p.look.title)


def invitation(lock: "Lock") -> str:
    """What the one who holds it does."""
    return lock.say("Whoever has this number: please sit down and touch Start.")


def waiting(lock: "Lock") -> str:
    """What START says while others wait and nobody was called yet; empty where nobody holds a number."""
    following = (lock.state.get("queue") or {}).get("next")
    return lock.say("Next number: {n}. Please wait until it is called.", n=following) if following else ""
