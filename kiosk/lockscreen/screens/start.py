"""START: who we are, what it costs, what is asked, and one thing to touch. No question stands on it.

Where the service would refuse a start, a ring of spent strokes that nothing touches replaces the drum, and the screen
says why.
"""

from typing import TYPE_CHECKING

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import BODY, HEADING, Box, Painter
from kiosk.lockscreen.look import DRUM_STEPS, SIGN_STEPS, largest
from kiosk.lockscreen.screens.common import Keys, head, help_button, tools
from kiosk.lockscreen.widgets import put_row

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

# What stands in place of the invitation: the sign in the ring and the sentence; any other reason is a matter for staff.
REFUSED = {
    "closing_soon": ("clock", "We close at {time}."),
    "waiting": ("family", "Someone is waiting. Please ask staff to start the computer for you."),
    "no_supervisor": ("tool", "The computer is getting ready."),
    "entry": ("family", "Please ask staff to start the computer for you."),
}


def draw(lock: "Lock", p: Painter) -> Keys:
    """Draw it; Enter or a touch on the drum begins."""
    look, why = p.look, refused(lock)
    p.begin(look, look.dark_ground)
    head(lock, p)
    size = largest(DRUM_STEPS, min(look.height - look.top - look.bottom, look.width * 0.42))
    centre = look.width - look.margin - size // 2 - (look.px(27) if look.name != "1024x768" else 0)
    middle = (look.top + look.height - look.bottom) // 2
    if why:
        _spent_drum(p, centre, middle, size, why[0])
    else:
        _drum(lock, p, centre, middle, size)
    room = centre - size // 2 - look.px(45 if look.name != "1024x768" else 24) - look.margin
    _words(lock, p, why[1] if why else "", room, middle)
    high = look.tool
    bottom = Box(look.margin, look.height - look.px(16) - high, look.width - 2 * look.margin, high)
    put_row(p, tools(lock, dark=True), [help_button(lock, "dark_strong")], bottom, look.small)
    return Keys() if why else Keys(enter=lock.citizen.begin)


def refused(lock: "Lock") -> tuple[str, str] | None:
    """(sign, sentence) where START would be refused; None where it may be touched."""
    why = lock.state.get("start_refused")
    if not why:
        return None
    sign, text = REFUSED.get(str(why), REFUSED["entry"])
    closes = lock.state.get("closes_at")
    if why == "closing_soon" and not closes:
        return "clock", lock.say("We close soon.")
    return sign, lock.say(text, time=closes)


def _spent_drum(p: Painter, x: int, y: int, size: int, sign: str) -> None:
    look = p.look
    ring = p.ring(x, y, size, 0)
    inner = largest(SIGN_STEPS, ring * 0.55)
    p.image(shapes.sign_file(sign, inner, look.accent), x - inner // 2, y - inner // 2, inner)


def _drum(lock: "Lock", p: Painter, x: int, y: int, size: int) -> None:
    look = p.look
    box = Box(x - size // 2, y - size // 2, size, size)
    p.image(shapes.drum_file(size, look.contrast), box.x, box.y, size)
    disc = round(size * 0.56)
    inside = Box(x - disc // 2, y - disc // 2, disc, disc)
    word, minutes = lock.say("Start"), lock.say("{n} minutes", n=lock.state.get("minutes", 60))
    big = p.fit(word, round(disc * 0.9), look.display, look.title)
    high = round(big * HEADING), round(look.label * HEADING)
    top = y - sum(high) // 2
    p.write(word, x, top, big, look.on_accent, bold=True, anchor="c", inside=inside)
    p.write(minutes, x, top + high[0], look.label, look.on_accent, bold=True, anchor="c", inside=inside)
    p.target("start", box, lock.citizen.begin)


def _words(lock: "Lock", p: Painter, refused: str, room: int, middle: int) -> None:
    look, left = p.look, p.look.margin
    fee = lock.fee()
    subtitle = refused or fee or lock.say("Shared computer, free of charge")
    greeting = lock.say("Welcome!")
    big = p.fit(greeting, room, look.display, look.title)
    second = p.fit(subtitle, room, look.title, round((look.title + look.body) / 2))
    sign = look.px(48)
    aside = sign + look.px(24)
    blocks = [
        (p.lines(greeting, big, True, room, 2), big, True, look.on_dark, HEADING, left),
        (p.lines(subtitle, second, True, room, 3), second, True, look.accent, HEADING, left),
    ]
    privacy = p.lines(lock.say("No name, no ID. We only count visits."), look.body, False, room - aside, 4)
    rule = look.px(36)
    total = sum(round(size * lead) * len(lines) for lines, size, _b, _c, lead, _x in blocks)
    total += 2 * rule + round(look.body * BODY) * len(privacy)
    y = middle - total // 2
    for lines, size, bold, colour, leading, x in blocks:
        y = p.write(lines, x, y, size, colour, bold=bold, leading=leading).bottom
    p.rectangle(Box(left, y + rule - 1, room, 3), look.rule_dark)
    y += 2 * rule
    first = y + round(look.body * BODY) // 2
    p.sign("lock", left, first, sign, look.accent)
    p.write(privacy, left + aside, y, look.body, look.on_dark, leading=BODY)
