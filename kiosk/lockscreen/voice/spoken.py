"""What each screen says to somebody who cannot see it: not its labels, but where one is, the question, and the keys.

A room hears what is said. The questions and all their choices may be heard by everyone; which of them is chosen is
never said, neither by name nor by number, since the numbers were read out just before. Only how many are chosen is.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kiosk.lockscreen.screens import called, start, start_notice
from kiosk.lockscreen.voice import spoken_notices as notices
from kiosk.lockscreen.voice.aloud import aloud, with_days
from kiosk.lockscreen.voice.spoken_notices import Said, sentence
from kiosk.lockscreen.voice.voice import Part

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

AGAIN = "Press the space bar, the longest key, to hear this again. Any key stops the voice."
SHORT = {
    "noted": "Noted.",
    "skipped": "Skipped.",
    "no_such_number": "There is no choice with this number.",
    "hint": "To hear this screen, press the space bar, the longest key in the bottom row.",
    "told": "Staff have been told.",
}
STAFF = "Press 9 to call staff."


def page(lock: "Lock") -> list[Part]:
    """The screen in front, in sentences. A screen that is not known here is read as it is drawn."""
    found = PAGES.get(lock.page, _as_drawn)(lock)
    return [Part(name, aloud(lock.prefs.lang, text)) for name, text in found if text]


def choice(lock: "Lock", added: bool, count: int) -> list[Part]:
    """A choice was taken, or taken back; `count` of them stand now."""
    done = ("chosen", lock.say("Chosen.")) if added else ("taken_back", lock.say("Taken back."))
    return [Part(*done), Part(f"count_{count}", aloud(lock.prefs.lang, _how_many(lock, count)))]


def typed(lock: "Lock") -> list[Part]:
    """A digit of a ticket was typed or taken back."""
    text = aloud(lock.prefs.lang, notices.typed(lock))
    return [Part(f"digits_{len(lock.ticket.typed)}", text)]


def call(lock: "Lock") -> list[Part]:
    """The number that is called, for everybody in the room."""
    return [Part("", aloud(lock.prefs.lang, f"{called.heading(lock)}. {called.invitation(lock)}"))]


def short(lock: "Lock", name: str) -> list[Part]:
    """One of the short answers to a key."""
    return [Part(name, sentence(lock.say(SHORT[name])))]


def _how_many(lock: "Lock", count: int) -> str:
    return lock.say("Choices taken: {n}.", n=count)


def _start(lock: "Lock") -> Said:
    why, by_ticket = start.refused(lock), start.only_by_ticket(lock)
    fee = lock.fee()
    cost = ("", sentence(fee)) if fee else ("free_of_charge", lock.say("Shared computer, free of charge") + ".")
    who = called.heading(lock)
    said = [("", f"{who}.") if who else ("welcome", lock.say("Welcome!")), ("", _notice(lock))]
    if why:
        # A sentence that names an hour is no recording's: each day has its own.
        name = f"refused_{lock.state.get('start_refused')}"
        said.append(("" if any(sign.isdigit() for sign in why[1]) else name, why[1]))
    elif by_ticket:
        said += [cost, ("ask_for_ticket", lock.say("Please ask at the desk for a ticket.")),
                 ("press_ticket", lock.say("Press Enter to type its number."))]  # fmt: skip
    else:
        minutes = lock.state.get("minutes", 60)
        said += [cost, ("privacy", lock.say("No name, no ID. We only count visits.")),
                 (f"minutes_{minutes}", lock.say("You can use the computer for {n} minutes.", n=minutes)),
                 ("press_start", lock.say("Press Enter to begin."))]  # fmt: skip
    said.append(("press_rules", lock.say("Press 1 for the house rules.")))
    if start.ticket_too(lock):
        said.append(("press_ticket_too", lock.say("Press 2 if you have a ticket.")))
    return [*said, ("press_staff", lock.say(STAFF)), ("again", lock.say(AGAIN))]


def _notice(lock: "Lock") -> str:
    return sentence(with_days(lock.prefs.lang, start_notice.text(lock)))


def _question(lock: "Lock") -> Said:
    questions: list[dict[str, Any]] = lock.state.get("questions") or []
    if not questions:
        return notices.opening(lock)
    step = min(lock.visit.step, len(questions) - 1)
    question = questions[step]
    name, several = str(question["id"]), question["kind"] == "several"
    text = lock.say(question["text"], year=lock.state.get("year", ""))
    note = lock.say(question["note"]) if question.get("note") else ""
    # Recordings are of the usual order, in which the first question says what they are for.
    spoken = name if bool(note) == (name == "first") else ""
    said = [(f"question_{step + 1}_{len(questions)}", lock.say("Question {k} of {n}.", k=step + 1, n=len(questions))),
            (spoken, f"{text} {note}".strip())]  # fmt: skip
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
        ("press_staff", lock.say(STAFF)),
    ]


def _as_drawn(lock: "Lock") -> Said:
    drawn = [placed.what for placed in lock.painter.boxes if placed.kind == "text"]
    return [("", sentence(text.replace("\u00a0", " "))) for text in drawn]


def _staff(lock: "Lock") -> Said:
    """Neither a name nor how many digits: the room hears it."""
    return [("", lock.say("This page is for staff.")), ("", lock.say("Press Escape to go back."))]


PAGES: dict[str, Callable[["Lock"], Said]] = {
    "start": _start,
    "question": _question,
    "staff": _staff,
    **notices.PAGES,
}
