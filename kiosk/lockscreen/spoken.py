"""What each screen says to somebody who cannot see it: not its labels, but where one is, the question, and the keys.

A room hears what is said. The questions and all their choices may be heard by everyone; which of them is chosen is
never said, neither by name nor by number, since the numbers were read out just before. Only how many are chosen is.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kiosk.lockscreen.aloud import aloud
from kiosk.lockscreen.screens import notices, start
from kiosk.lockscreen.voice import Part

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

AGAIN = "Press the space bar, the longest key, to hear this again. Any key stops the voice."
SHORT = {
    "noted": "Noted.",
    "skipped": "Skipped.",
    "no_such_number": "There is no choice with this number.",
    "told": "Staff have been told",
}
TELL_STAFF = "If something is broken or you need help, tell staff."


def page(lock: "Lock") -> list[Part]:
    """The screen in front, in sentences. A screen that is not known here is read as it is drawn."""
    found = PAGES.get(lock.page, _as_drawn)(lock)
    return [Part(name, aloud(lock.prefs.lang, text)) for name, text in found if text]


def choice(lock: "Lock", added: bool, count: int) -> list[Part]:
    """A choice was taken, or taken back; `count` of them stand now."""
    done = ("chosen", lock.say("Chosen.")) if added else ("taken_back", lock.say("Taken back."))
    return [Part(*done), Part(f"count_{count}", aloud(lock.prefs.lang, _how_many(lock, count)))]


def short(lock: "Lock", name: str) -> list[Part]:
    """One of the short answers to a key."""
    return [Part(name, _sentence(lock.say(SHORT[name])))]


def _how_many(lock: "Lock", count: int) -> str:
    return lock.say("Choices taken: {n}.", n=count)


Said = list[tuple[str, str]]


def _start(lock: "Lock") -> Said:
    why = start.refused(lock)
    fee = lock.fee()
    cost = ("", _sentence(fee)) if fee else ("free_of_charge", lock.say("Shared computer, free of charge") + ".")
    said = [("welcome", lock.say("Welcome!")), cost]
    if why:
        return [*said, (f"refused_{lock.state.get('start_refused')}", why[1]), ("again", lock.say(AGAIN))]
    minutes = lock.state.get("minutes", 60)
    return [
        *said,
        ("privacy", lock.say("No name, no ID. We only count visits.")),
        (f"minutes_{minutes}", lock.say("You can use the computer for {n} minutes.", n=minutes)),
        ("press_start", lock.say("Press Enter to begin.")),
        ("again", lock.say(AGAIN)),
    ]


def _question(lock: "Lock") -> Said:
    questions: list[dict[str, Any]] = lock.state.get("questions") or []
    if not questions:
        return _opening(lock)
    step = min(lock.visit.step, len(questions) - 1)
    question = questions[step]
    name, several = str(question["id"]), question["kind"] == "several"
    text = lock.say(question["text"], year=lock.state.get("year", ""))
    note = lock.say(question["note"]) if question.get("note") else ""
    said = [(f"question_{step + 1}_{len(questions)}", lock.say("Question {k} of {n}.", k=step + 1, n=len(questions))),
            (name, f"{text} {note}".strip())]  # fmt: skip
    for number, option in enumerate(question["options"], 1):
        label = lock.say(option["label"])
        if option.get("sublabel"):
            label += ", " + lock.say(option["sublabel"])
        said.append((f"{name}_{number}", lock.say("Press {k}: {label}.", k=number, label=label)))
    count = len(lock.visit.chosen.get(name, ()))
    if several:
        said.append((f"count_{count}", _how_many(lock, count) if count else ""))
        again = lock.say("The same number again takes a choice back. Press Enter to go on.")
        said.append(("keys_several", again))
    elif count:
        said.append(("keys_answered", lock.say("This question is answered. Press Enter to go on.")))
    return [
        *said,
        ("keys", lock.say("Press 0 to skip the question, Escape at the top left of the keyboard to go back.")),
    ]


def _goodbye(lock: "Lock") -> Said:
    reason = str(lock.state.get("end_reason"))
    wiping = lock.state.get("wiping") or lock.state.get("state") == "ending"
    return [
        (f"goodbye_{reason}", lock.say(notices.GOODBYES.get(reason, "Thank you, see you again!"))),
        ("usb", lock.say("Please remember your USB stick and papers.")),
        ("wiping", lock.say("Clearing the last session's traces, please wait.") if wiping else ""),
    ]


def _closed(lock: "Lock") -> Said:
    hours = str(lock.state.get("hours") or "")
    now = notices.now_words(lock) if lock.state.get("clock_trusted") else ""
    return [
        ("closed", lock.say("The site is closed.")),
        ("", f"{lock.say('Opening hours:')} {hours}." if hours else ""),
        ("", _sentence(now)),
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


def _opening(lock: "Lock") -> Said:
    return [("opening", lock.say("Opening the computer for you.")), ("wait", lock.say("Please wait a moment."))]


def _resume(lock: "Lock") -> Said:
    minutes = int((lock.state.get("resume") or {}).get("minutes") or 0)
    return [
        ("power_lost", lock.say("The power was lost.")),
        (f"resume_{minutes}", lock.say("You have {n} minutes left. Continue?", n=minutes)),
        ("resume_keys", lock.say("Press Enter to continue, Escape to start a new session.")),
        ("unsaved", lock.say("Work not saved before the power cut cannot be recovered.")),
    ]


def _as_drawn(lock: "Lock") -> Said:
    return [
        ("", _sentence(placed.what.replace("\u00a0", " "))) for placed in lock.painter.boxes if placed.kind == "text"
    ]


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?:" else text + "."


PAGES: dict[str, Callable[["Lock"], Said]] = {
    "start": _start,
    "question": _question,
    "goodbye": _goodbye,
    "closed": _closed,
    "out_of_order": _out_of_order,
    "class": _class,
    "connecting": _connecting,
    "opening": _opening,
    "resume": _resume,
}
