"""What the screens that tell something say aloud, and those that are opened beside the questions."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.lockscreen import ticket_entry
from kiosk.lockscreen.screens import notices as screens
from kiosk.lockscreen.screens import rules, ticket

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

Said = list[tuple[str, str]]  # names of recordings and sentences
TELL_STAFF = "If something is broken or you need help, tell staff."
RULES_KEYS = "Press Enter when you have understood, Escape at the top left of the keyboard to go back."
TICKET_KEYS = "Backspace takes a digit back. After the last digit press Enter; Escape goes back."


def _goodbye(lock: "Lock") -> Said:
    reason = str(lock.state.get("end_reason"))
    over = lock.state.get("state") == "free"
    return [
        (f"goodbye_{reason}", lock.say(screens.GOODBYES.get(reason, "Thank you, see you again!"))),
        ("usb", lock.say("Please remember your USB stick and papers.")),
        ("cleared", lock.say("All traces of the session are cleared.") if over else ""),
        ("wiping", lock.say("Clearing the last session's traces, please wait.") if not over else ""),
    ]


def _closed(lock: "Lock") -> Said:
    hours = str(lock.state.get("hours") or "")
    now = screens.now_words(lock) if lock.state.get("clock_trusted") else ""
    return [
        ("closed", lock.say("The site is closed.")),
        ("", f"{lock.say('Opening hours:')} {hours}." if hours else ""),
        ("", sentence(now)),
    ]


def _out_of_order(lock: "Lock") -> Said:
    return [
        ("out_of_order", lock.say("This computer is out of service.")),
        ("use_another", lock.say("Please use another computer.")),
        ("tell_staff", lock.say(TELL_STAFF)),
    ]


def _class(lock: "Lock") -> Said:
    return [("class", lock.say("A training class is using the computers.")), ("tell_staff", lock.say(TELL_STAFF))]


def _connecting(lock: "Lock") -> Said:
    return [
        ("getting_ready", lock.say("The computer is getting ready.")),
        ("wait", lock.say("Please wait a moment.")),
        ("tell_staff_if_long", lock.say("If this takes more than a few minutes, please tell staff.")),
    ]


def opening(lock: "Lock") -> Said:
    """Between the last answer and the desktop."""
    return [("opening", lock.say("Opening the computer for you.")), ("wait", lock.say("Please wait a moment."))]


def _resume(lock: "Lock") -> Said:
    minutes = int((lock.state.get("resume") or {}).get("minutes") or 0)
    return [
        ("power_lost", lock.say("The power was lost.")),
        (f"resume_{minutes}", lock.say("You have {n} minutes left. Continue?", n=minutes)),
        ("resume_keys", lock.say("Press Enter to continue, Escape to start a new session.")),
        ("unsaved", lock.say("Work not saved before the power cut cannot be recovered.")),
    ]


def _rules(lock: "Lock") -> Said:
    said = [(f"rule_{number}", lock.say(text, n=lock.state.get("minutes", 60)))
            for number, (_sign, text) in enumerate(rules.RULES, 1)]  # fmt: skip
    return [("rules", sentence(lock.say("House rules"))), *said, ("rules_keys", lock.say(RULES_KEYS))]


def _ticket(lock: "Lock") -> Said:
    """The digits that were typed are never said: whoever hears them could use the ticket."""
    entry, answer = lock.ticket, lock.state.get("ticket") or {}
    why, count = entry.why_not(answer), len(entry.typed)
    said = [("ticket", sentence(lock.say("Type the number of your ticket"))),
            ("ticket_digits", lock.say("The ticket has {n} digits.", n=ticket_entry.DIGITS))]  # fmt: skip
    if entry.sent:
        return [("moment", lock.say("One moment, please."))]
    if why:
        said.insert(0, ("" if why == "wait" else f"ticket_{why}", ticket.why_not(lock, why)))
    return [*said, (f"digits_{count}", typed(lock)), ("ticket_keys", lock.say(TICKET_KEYS))]


def typed(lock: "Lock") -> str:
    """How many digits of a ticket stand there."""
    return lock.say("Digits typed: {n}.", n=len(lock.ticket.typed))


def _help(lock: "Lock") -> Said:
    told = lock.say("Staff have been told.") if lock.state.get("help_asked") else lock.say("Telling staff.")
    return [
        ("told" if lock.state.get("help_asked") else "telling", told),
        ("stay_here", lock.say("Please stay here; somebody will come to you.")),
        ("help_keys", lock.say("Press Enter to go on by yourself.")),
    ]


def _still(lock: "Lock") -> Said:
    seconds = lock.patience.seconds_left or 0
    return [
        ("still", lock.say("Are you still here?")),
        ("still_keys", lock.say("Press any key to stay.")),
        ("", lock.say("In {n} seconds the welcome screen comes back.", n=seconds)),
    ]


def sentence(text: str) -> str:
    """With a full stop, at which voices breathe."""
    return text if not text or text[-1] in ".!?:" else text + "."


PAGES: dict[str, Callable[["Lock"], Said]] = {
    "goodbye": _goodbye, "closed": _closed, "out_of_order": _out_of_order, "class": _class, "connecting": _connecting,
    "opening": opening, "resume": _resume, "rules": _rules, "ticket": _ticket, "help": _help, "still": _still,
}  # fmt: skip
