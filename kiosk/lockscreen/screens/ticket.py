"""A ticket's number, digit by digit: by finger, mouse or keyboard. The boxes stand as the number is printed, 4+4."""

from functools import partial
from typing import TYPE_CHECKING

from kiosk.lockscreen.draw import BODY, HEADING, Box, Painter
from kiosk.lockscreen.screens import keypad
from kiosk.lockscreen.screens.common import Keys, help_button, tools
from kiosk.lockscreen.screens.keypad import Keypad
from kiosk.lockscreen.ticket_entry import DIGITS
from kiosk.lockscreen.widgets import Button, button_width, put, put_row

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

COUNTED_IN_SECONDS = 120
WHY_NOT = {
    "mistyped": "This number is not right. Please compare it with the ticket.",
    "unknown": "This ticket is not known here. Please look at it again, or ask staff.",
    "used": "This ticket has been used. Please ask staff.",
    "withdrawn": "This ticket was taken back. Please ask staff.",
    "expired": "This ticket is too old. Please ask staff.",
    "trouble": "The ticket could not be read. Please ask staff.",
    "wait": "Too many wrong numbers. Please try again in {n} seconds, or ask staff.",
    "wait_minutes": "Too many wrong numbers. Please try again in {n} minutes, or ask staff.",
}


def draw(lock: "Lock", p: Painter) -> Keys:
    """Draw it; Backspace takes a digit back, Enter sends the number, Esc goes back to START."""
    look, does, entry = p.look, lock.citizen, lock.ticket
    p.begin(look, look.light_ground)
    answer = lock.state.get("ticket")
    why = entry.why_not(answer)
    shut = why == "wait" or entry.sent
    gap = look.px(12 if look.name != "1024x768" else 8)
    row = Box(look.margin, look.px(8), look.width - 2 * look.margin, look.tool)
    put_row(p, [Button("back", lock.say("Back"), "back", "plain", does.close_aside)], tools(lock, dark=False), row,
            look.small, gap)  # fmt: skip
    pad = keypad.box(p, row.bottom + look.px(20))
    words = Box(look.margin, pad.y, pad.x - look.px(48 if look.name != "1024x768" else 28) - look.margin, pad.h)
    _words(lock, p, words, why)
    keys = Keypad(does.ticket_digit, does.ticket_erase, does.ticket_send, bool(entry.typed), entry.whole, shut)
    keypad.draw(p, pad, keys)
    if shut:
        return Keys(escape=does.close_aside)
    digits = tuple(partial(does.ticket_digit, digit) for digit in range(1, 10))
    return Keys(does.ticket_send, does.close_aside, partial(does.ticket_digit, 0), digits, does.ticket_erase)


def why_not(lock: "Lock", why: str) -> str:
    """The sentence of a refusal; a wait longer than two minutes in minutes, begun ones counted whole."""
    wait = int((lock.state.get("ticket") or {}).get("wait_seconds") or 0)
    if why == "wait" and wait > COUNTED_IN_SECONDS:
        return lock.say(WHY_NOT["wait_minutes"], n=-(-wait // 60))
    return lock.say(WHY_NOT.get(why, WHY_NOT["trouble"]), n=wait)


def _words(lock: "Lock", p: Painter, box: Box, why: str) -> None:
    """The title, the boxes, what is to be said of the last number, and help below."""
    look = p.look
    lines = p.lines(lock.say("Type the number of your ticket"), look.title, True, box.w, 2)
    end = p.write(lines, look.margin, box.y, look.title, look.ink, bold=True).bottom
    note = p.lines(lock.say("The ticket has {n} digits.", n=DIGITS), look.body, False, box.w, 2)
    end = p.write(note, look.margin, end + look.px(4), look.body, look.ink).bottom
    end = _boxes(lock, p, Box(box.x, end + look.px(24), box.w, look.px(96)))
    help_row = Box(box.x, box.bottom - look.button, box.w, look.button)
    put(p, *_help(lock, p, help_row))
    if lock.ticket.sent:
        text, sign = lock.say("One moment, please."), "clock"
    elif why:
        text, sign = why_not(lock, why), "clock" if why == "wait" else "warn"
    else:
        return
    size = look.px(48)
    room = box.w - size - look.px(16)
    lines = p.lines(text, look.body, True, room, 4)
    step = round(look.body * BODY)
    top = end + max(0, (help_row.y - end - step * len(lines)) // 2)
    p.sign(sign, box.x, top + step * len(lines) // 2, size, look.ink)
    p.write(lines, box.x + size + look.px(16), top, look.body, look.ink, bold=True, leading=BODY)


def _help(lock: "Lock", p: Painter, row: Box) -> tuple[Button, Box, int]:
    button = help_button(lock, "quiet")
    return button, Box(row.x, row.y, min(row.w, button_width(p, button, p.look.label, True)), row.h), p.look.label


def _boxes(lock: "Lock", p: Painter, area: Box) -> int:
    """Eight boxes, the next one to be filled framed; returns where they end."""
    look, typed = p.look, lock.ticket.typed
    gap, middle = look.px(8), look.px(28 if look.name != "1024x768" else 20)
    wide = min(look.px(80), (area.w - 6 * gap - middle) // DIGITS)
    x = area.x
    for place in range(DIGITS):
        spot = Box(x, area.y, wide, area.h)
        p.card(spot, "chosen" if place == len(typed) and not lock.ticket.sent else "plain")
        if place < len(typed):
            y = spot.y + (spot.h - round(look.title * HEADING)) // 2
            p.write(typed[place], x + wide // 2, y, look.title, look.ink, bold=True, anchor="c", inside=spot)
        x += wide + (middle if place == DIGITS // 2 - 1 else gap)
    return area.bottom
