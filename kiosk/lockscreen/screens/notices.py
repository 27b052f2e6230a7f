"""The screens that tell something: goodbye, closed, out of order, class, getting ready, resume after a power cut."""

import time
from typing import TYPE_CHECKING

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import Painter
from kiosk.lockscreen.look import SIGN_STEPS, largest
from kiosk.lockscreen.screens.common import (
    Keys,
    Part,
    big_buttons,
    foot,
    head,
    heading_size,
    middle_of,
    paragraphs,
    ring_room,
    words_column,
)
from kiosk.lockscreen.widgets import Button

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

VIETNAM_SECONDS = 7 * 3600
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

GOODBYES = {
    "time_up": "Time is up. Thank you, see you again!",
    "idle": "The session has ended because nobody was using the computer.",
    "closing": "We are closing now. Thank you, see you again!",
}


def ring(p: Painter, tall: int, sign: str = "", sun: bool = False, number: str = "", unit: str = "") -> None:
    """The ring on the left, so many of its strokes tall, and what stands in it."""
    look, (x, y) = p.look, middle_of(p)
    size = p.ring(x, y, ring_room(p), tall)
    if sun:
        inner = shapes.sun_size(size)
        p.image(shapes.sun_file(size, look.contrast), x - inner // 2, y - inner // 2, inner)
    elif sign:
        inner = largest(SIGN_STEPS, size * 0.55)
        p.image(shapes.sign_file(sign, inner, look.accent), x - inner // 2, y - inner // 2, inner)
    elif number:
        big = round(size * 0.33)
        top = y - round((big + look.label * 1.3) / 2)
        box = p.write(number, x, top, big, look.on_dark, bold=True, anchor="c", leading=1.0)
        p.write(unit, x, box.bottom, look.label, look.on_dark, anchor="c")


def begin(lock: "Lock", p: Painter) -> None:
    """A dark page with site and station."""
    p.begin(p.look, p.look.dark_ground)
    head(lock, p)


def goodbye(lock: "Lock", p: Painter) -> Keys:
    """What ended the session, thanks, and what must not be left behind."""
    look = p.look
    begin(lock, p)
    over = lock.state.get("state") == "free"
    # The minutes are spent; while the traces are cleared they come back, and all of them are there for the next one.
    ring(p, 60 if over else min(59, lock.patience.wiping_seconds * 6), sun=True)
    left, room = words_column(p)
    text = lock.say(GOODBYES.get(str(lock.state.get("end_reason")), "Thank you, see you again!"))
    parts = [Part(text, heading_size(p, text, room), True, look.on_dark, 0)]
    if over:
        cleared = lock.say("All traces of the session are cleared.")
        parts.append(Part(cleared, look.body, False, look.on_dark_soft, look.px(32)))
        again = lock.say("Touch the screen to start a new session.")
        parts.append(Part(again, look.body, True, look.accent, look.px(12)))
    elif lock.state.get("wiping") or lock.state.get("state") == "ending":
        wiping = lock.say("Clearing the last session's traces, please wait.")
        parts.append(Part(wiping, look.body, False, look.on_dark_soft, look.px(32)))
    paragraphs(p, parts, left, room, middle_of(p)[1])
    if over:
        p.target("dismiss", p.page, lock.citizen.dismiss_goodbye)
    foot(lock, p, "usb", lock.say("Please remember your USB stick and papers."))
    if not over:
        return Keys()
    return Keys(enter=lock.citizen.dismiss_goodbye)


def closed(lock: "Lock", p: Painter) -> Keys:
    """Closed, and when to come again."""
    look = p.look
    begin(lock, p)
    ring(p, 0, sign="door")
    left, room = words_column(p)
    text = lock.say("The site is closed.")
    parts = [Part(text, heading_size(p, text, room), True, look.on_dark, 0)]
    hours = str(lock.state.get("hours") or "")
    if hours:
        parts.append(Part(lock.say("Opening hours:"), look.body, False, look.on_dark_soft, look.px(24)))
        size = p.fit(hours, room, look.title, look.body)
        parts.append(Part(hours, size, True, look.accent, look.px(8)))
    paragraphs(p, parts, left, room, middle_of(p)[1])
    if lock.state.get("clock_trusted"):
        foot(lock, p, "clock", now_words(lock))
    else:  # also then the screen can be heard, and read in the other language
        foot(lock, p, "help", lock.say("If something is broken or you need help, tell staff."))
    return Keys()


def now_words(lock: "Lock") -> str:
    """The time of day, as the closed screen tells it."""
    now = time.gmtime(lock.wall() + VIETNAM_SECONDS)
    return lock.say(
        "It is {time}, {weekday}, {date}", time=time.strftime("%H:%M", now), date=time.strftime("%d/%m/%Y", now),
        weekday=lock.say(WEEKDAYS[now.tm_wday]),
    )  # fmt: skip


def out_of_order(lock: "Lock", p: Painter) -> Keys:
    """This computer is out of service; the reason is for the manager's eyes only."""
    look = p.look
    begin(lock, p)
    ring(p, 0, sign="tool")
    left, room = words_column(p)
    text = lock.say("This computer is out of service.")
    other = lock.say("Please use another computer.")
    size = heading_size(p, text, room)
    below = p.fit(other, room, look.title, look.body)
    parts = [
        Part(text, size, True, look.on_dark, 0),
        Part(other, below, True, look.accent, look.px(24)),
    ]
    paragraphs(p, parts, left, room, middle_of(p)[1])
    foot(lock, p, "help", lock.say("If something is broken or you need help, tell staff."))
    return Keys()


def training(lock: "Lock", p: Painter) -> Keys:
    """A training class has the computers."""
    look = p.look
    begin(lock, p)
    ring(p, 0, sign="family")
    left, room = words_column(p)
    text = lock.say("A training class is using the computers.")
    parts = [Part(text, heading_size(p, text, room), True, look.on_dark, 0)]
    paragraphs(p, parts, left, room, middle_of(p)[1])
    foot(lock, p, "help", lock.say("If something is broken or you need help, tell staff."))
    return Keys()


def connecting(lock: "Lock", p: Painter) -> Keys:
    """The service is away for a moment, or has not come yet."""
    look = p.look
    begin(lock, p)
    ring(p, 0, sun=True)
    left, room = words_column(p)
    text = lock.say("The computer is getting ready.")
    parts = [
        Part(text, heading_size(p, text, room), True, look.on_dark, 0),
        Part(lock.say("Please wait a moment."), look.body, False, look.on_dark_soft, look.px(24)),
    ]
    paragraphs(p, parts, left, room, middle_of(p)[1])
    foot(lock, p, "help", lock.say("If this takes more than a few minutes, please tell staff."))
    return Keys()


def opening(lock: "Lock", p: Painter) -> Keys:
    """Between the last answer and the desktop."""
    look = p.look
    begin(lock, p)
    ring(p, min(60, int(lock.state.get("minutes") or 60)), sun=True)
    left, room = words_column(p)
    text = lock.say("Opening the computer for you.")
    parts = [
        Part(text, heading_size(p, text, room), True, look.on_dark, 0),
        Part(lock.say("Please wait a moment."), look.body, False, look.on_dark_soft, look.px(24)),
    ]
    paragraphs(p, parts, left, room, middle_of(p)[1])
    foot(lock, p, "clock", lock.say("Keyboard: hold the Windows key to see what the bar at the top can do."))
    return Keys()


def resume(lock: "Lock", p: Painter) -> Keys:
    """Power came back: go on with the minutes that are left, or let somebody else begin."""
    look = p.look
    begin(lock, p)
    minutes = int(lock.state["resume"]["minutes"])
    ring(p, min(60, minutes), number=str(minutes), unit=lock.say("minutes"))
    left, room = words_column(p)
    text = lock.say("The power was lost.")
    question = lock.say("You have {n} minutes left. Continue?", n=minutes)
    parts = [
        Part(text, heading_size(p, text, room), True, look.on_dark, 0),
        Part(question, p.fit(question, room, look.title, look.body, False), False, look.on_dark, look.px(8)),
    ]
    below = look.px(112) + look.px(36)
    end = paragraphs(p, parts, left, room, middle_of(p)[1], below)
    big_buttons(
        p,
        Button("resume", lock.say("Continue"), "next", "act", lock.citizen.accept_resume),
        Button("fresh", lock.say("Start a new session"), "", "dark", lock.citizen.refuse_resume),
        left, end + look.px(36), room,
    )  # fmt: skip
    foot(lock, p, "plug", lock.say("Work not saved before the power cut cannot be recovered."))
    return Keys(enter=lock.citizen.accept_resume, escape=lock.citizen.refuse_resume)
