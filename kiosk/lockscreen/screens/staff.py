"""For staff alone: who are you, and the PIN. No digit that was typed is shown, and none is said aloud."""

from functools import partial
from typing import TYPE_CHECKING

from kiosk.lockscreen.draw import BODY, HEADING, Box, Painter
from kiosk.lockscreen.screens import keypad
from kiosk.lockscreen.screens.common import Keys
from kiosk.lockscreen.screens.keypad import Keypad
from kiosk.lockscreen.staff.entry import NAMES, StaffEntry
from kiosk.lockscreen.widgets import Button, put_row

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

COLUMNS, FEW = 3, 4
MOST_DOTS = 12
COUNTED_IN_SECONDS = 120
# Why nobody may come in just now: what is the matter, and what to do.
WHY_NOT = {
    "nobody": ("Nobody has a PIN yet.", "Add the first manager: kiosk manager add, in a terminal of this computer."),
    "busy": ("This computer is in use.", "Please wait until the session has ended."),
    "ending": ("The last session is just ending.", "Please try again in a moment."),
    "not_fresh": ("The computer is getting ready.", "Please try again in a moment."),
    "no_supervisor": ("The computer is getting ready.", "Please try again in a moment."),
    "staff": ("Staff are at this computer already.", "Please try again in a moment."),
    "not_clean": ("The last session was not wiped.", "No PIN is typed before that. Restart the computer first."),
    "trouble": ("That did not work.", "Please try again in a moment."),
}


def draw(lock: "Lock", p: Painter) -> Keys:
    """The names, the PIN, or why not now. Esc goes back, and after a minute it closes by itself."""
    look, staff = p.look, lock.staff
    p.begin(look, look.light_ground)
    gap = look.px(12 if look.name != "1024x768" else 8)
    row = Box(look.margin, look.px(8), look.width - 2 * look.margin, look.tool)
    other = "English" if lock.prefs.lang == "vi" else "Tiếng Việt"
    right = [Button("language", other, "", "quiet", lock.citizen.switch_language)]
    put_row(p, [Button("back", lock.say("Back"), "back", "plain", staff.back)], right, row, look.small, gap)
    top = row.bottom + look.px(20)
    if staff.stage == "names":
        return _names(lock, p, top)
    if staff.stage == "pin":
        return _pin(lock, p, top)
    return _told(lock, p, top)


def _names(lock: "Lock", p: Painter, top: int) -> Keys:
    look, staff, room = p.look, lock.staff, p.look.width - 2 * p.look.margin
    end = p.write(p.lines(lock.say("For staff: choose your name"), look.title, True, room, 2), look.margin, top,
                  look.title, look.ink, bold=True).bottom  # fmt: skip
    shown, more = _page_of_names(staff)
    count = len(shown) + more
    columns = 2 if count <= FEW else COLUMNS
    rows = -(-count // columns)
    gap, first = look.gap, end + look.px(20)
    high = min(look.px(150), (look.height - first - look.px(28) - (rows - 1) * gap) // rows)
    wide = (room - (columns - 1) * gap) // columns
    acts = []
    for place in range(count):
        line, column = divmod(place, columns)
        spot = Box(look.margin + column * (wide + gap), first + line * (high + gap), wide, high)
        is_more = place >= len(shown)
        act = staff.more if is_more else partial(staff.choose, staff.first + place)
        _tile(p, spot, place + 1, lock.say("Other names") if is_more else shown[place])
        p.target("more" if is_more else f"name{place}", spot, act)
        acts.append(act)
    return Keys(escape=staff.close, digits=tuple(acts))


def _page_of_names(staff: StaffEntry) -> tuple[tuple[str, ...], int]:
    if len(staff.names) <= NAMES:
        return staff.names, 0
    return staff.names[staff.first : staff.first + NAMES - 1], 1


def _tile(p: Painter, spot: Box, digit: int, name: str) -> None:
    look = p.look
    card = p.card(spot, "patina")
    chip, pad = round(look.label * 1.7), look.px(16)
    at = Box(spot.x + pad, spot.y + (spot.h - chip) // 2, chip, chip)
    quiet = p.card(at, "chip", look.px(8))
    p.write(str(digit), at.x + chip // 2, at.y + (chip - round(look.label * HEADING)) // 2, look.label, quiet.ink,
            bold=True, anchor="c", inside=at)  # fmt: skip
    left = at.right + pad
    room = spot.right - pad - left
    for size in range(look.label, look.small - 1, -2):
        lines = p.lines(name, size, True, room, 2)
        if all(p.width(line, size, True) <= room for line in lines):
            break
    else:
        size = min(look.small, look.label)
        lines = p.lines(name, size, True, room, 3)
    y = spot.y + (spot.h - round(size * HEADING) * len(lines)) // 2
    p.write(lines, left, y, size, card.ink, bold=True, inside=spot)


def _pin(lock: "Lock", p: Painter, top: int) -> Keys:
    look, staff = p.look, lock.staff
    pad = keypad.box(p, top)
    words = Box(look.margin, pad.y, pad.x - look.px(48 if look.name != "1024x768" else 28) - look.margin, pad.h)
    end = p.write(p.lines(staff.name, look.title, True, words.w, 2), words.x, words.y, look.title, look.ink,
                  bold=True).bottom  # fmt: skip
    note = p.lines(lock.say("Type your PIN. Please see that nobody looks on."), look.body, False, words.w, 3)
    end = p.write(note, words.x, end + look.px(4), look.body, look.ink).bottom
    end = _dots(p, Box(words.x, end + look.px(24), words.w, look.px(96)), len(staff.typed), staff.sent)
    _answer(lock, p, Box(words.x, end, words.w, words.bottom - end))
    keypad.draw(p, pad, Keypad(staff.digit, staff.erase, staff.send, bool(staff.typed), staff.ready, staff.sent))
    if staff.sent:
        return Keys()
    digits = tuple(partial(staff.digit, digit) for digit in range(1, 10))
    return Keys(staff.send, staff.back, partial(staff.digit, 0), digits, staff.erase)


def _dots(p: Painter, area: Box, count: int, sent: bool) -> int:
    """One dot for each digit, in one field: how long a PIN must be is nobody's business."""
    look = p.look
    card = p.card(area, "plain" if sent else "chosen")
    size, shown = look.px(20), min(count, MOST_DOTS)
    step = min(look.px(44), (area.w - look.px(48)) // MOST_DOTS)
    left = area.x + look.px(28)
    for place in range(shown):
        x, y = left + place * step, area.y + area.h // 2
        p.canvas.create_oval(x, y - size // 2, x + size, y + size // 2, fill=card.ink, outline=card.ink)
    return area.bottom


def _answer(lock: "Lock", p: Painter, area: Box) -> None:
    look, staff = p.look, lock.staff
    text, sign = _words(lock)
    if not text:
        return
    size = look.px(48)
    room = area.w - size - look.px(16)
    lines = p.lines(text, look.body, True, room, 5)
    step = round(look.body * BODY)
    top = area.y + min(look.px(36), max(0, (area.h - step * len(lines)) // 2))
    p.sign("clock" if staff.sent else sign, area.x, top + step * len(lines) // 2, size, look.ink)
    p.write(lines, area.x + size + look.px(16), top, look.body, look.ink, bold=True, leading=BODY)


def _words(lock: "Lock") -> tuple[str, str]:
    """What is said of the last PIN, and its sign."""
    staff = lock.staff
    if staff.sent:
        return lock.say("One moment, please."), "clock"
    if staff.why == "wrong" and not staff.wait:
        if staff.left == 1:
            return lock.say("This PIN is not right. One more try is left."), "warn"
        return lock.say("This PIN is not right. Tries left: {n}.", n=staff.left), "warn"
    if staff.why in ("wrong", "locked"):
        if staff.wait <= COUNTED_IN_SECONDS:
            return lock.say("Too many wrong PINs. Please try again in {n} seconds.", n=staff.wait), "clock"
        return lock.say("Too many wrong PINs. Please try again in {n} minutes.", n=-(-staff.wait // 60)), "clock"
    return "", ""


def _told(lock: "Lock", p: Painter, top: int) -> Keys:
    look, staff, room = p.look, lock.staff, p.look.width - 2 * p.look.margin
    if staff.stage == "asked":
        p.write(p.lines(lock.say("One moment, please."), look.title, True, room, 2), look.margin, top, look.title,
                look.ink, bold=True)  # fmt: skip
        return Keys(escape=staff.close)
    what, todo = WHY_NOT.get(staff.why, WHY_NOT["trouble"])
    lines = p.lines(lock.say(what), look.title, True, room, 2)
    end = p.write(lines, look.margin, top, look.title, look.ink, bold=True).bottom
    p.write(p.lines(lock.say(todo), look.body, False, room, 4), look.margin, end + look.px(12), look.body, look.ink,
            leading=BODY)  # fmt: skip
    return Keys(enter=staff.close, escape=staff.close)
