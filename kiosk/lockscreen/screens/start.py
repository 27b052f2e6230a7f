"""START: who we are, what it costs, what is asked, and one thing to touch. No question stands on it.

Where the service would refuse a start, a ring of spent strokes that nothing touches replaces the drum, and the screen
says why.
"""

from typing import TYPE_CHECKING

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import BODY, HEADING, Box, Painter
from kiosk.lockscreen.look import DRUM_STEPS, SIGN_STEPS, largest
from kiosk.lockscreen.screens import called, start_notice
from kiosk.lockscreen.screens.common import Keys, head, help_button, tools
from kiosk.lockscreen.ticket_entry import DIGITS
from kiosk.lockscreen.widgets import Button, button_width, put, put_row, put_two_rows, row_width

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
    top, beside = _bottom(lock, p)
    size = largest(DRUM_STEPS, min(top - look.px(16) - look.top, look.width * 0.42))
    centre = look.width - look.margin - size // 2 - (look.px(27) if look.name != "1024x768" else 0)
    middle = (look.top + top - look.px(16)) // 2
    by_ticket = only_by_ticket(lock)
    begin = lock.citizen.type_ticket if by_ticket else lock.citizen.begin
    if why:
        _spent_drum(p, centre, middle, size, why[0])
    elif by_ticket:
        _drum(p, lock.say("Ticket"), lock.say("{n} digits", n=DIGITS), centre, middle, size)
    else:
        minutes = lock.say("{n} minutes", n=lock.state.get("minutes", 60))
        _drum(p, lock.say("Start"), minutes, centre, middle, size)
    if not why:
        p.target("start", Box(centre - size // 2, middle - size // 2, size, size), begin)
    room = centre - size // 2 - look.px(45 if look.name != "1024x768" else 24) - look.margin
    ask = lock.say("Please ask at the desk for a ticket.") if by_ticket else ""
    _words(lock, p, why[1] if why else ask, room, middle, beside)
    ways = (lock.citizen.show_rules, lock.citizen.type_ticket) if ticket_too(lock) else (lock.citizen.show_rules,)
    # By Tab the same way round wherever a button has found room: START first, help last.
    p.targets.sort(key=lambda target: {"start": 0, "help": 2}.get(target.name, 1))
    return Keys(enter=None if why else begin, digits=ways, staff=lock.citizen.ask_help)


def only_by_ticket(lock: "Lock") -> bool:
    """Whether a session begins with a ticket here, and in no other way."""
    return lock.state.get("start_refused") == "entry" and not lock.state.get("ticket_refused", "entry")


def _bottom(lock: "Lock", p: Painter) -> tuple[int, list[Button]]:
    """Tools on the left, rules and help on the right. Where one row has no room for every word and sign, the rules go
    up among the words, beside a ticket's button; where even that does not help, or the words need their room, two rows
    that fill the page's width and part at one line.

    Returns where it begins, and the buttons that have their place among the words above.
    """
    look, gap = p.look, p.look.px(12 if p.look.name != "1024x768" else 10)
    left = tools(lock, dark=True)
    by_ticket = _ticket_button(lock)
    right = [
        Button("rules", lock.say("House rules"), "book", "dark", lock.citizen.show_rules),
        help_button(lock, "dark_strong"),
    ]
    row = Box(look.margin, look.height - look.px(16) - look.tool, look.width - 2 * look.margin, look.tool)
    up = [by_ticket] if by_ticket else []
    ways = [(right, up), (right[1:], [*up, right[0]])]
    for (below, aside), near in ((way, near) for way in ways for near in (gap, look.px(8))):
        if row_width(p, [*left, *below], look.small, True, near) <= row.w:
            put_row(p, left, below, row, look.small, near)
            return row.y, aside
    above = row._replace(y=row.y - look.tool - gap)
    put_two_rows(p, (left[:-2], left[-2:]), ([*up, right[0]], right[1:]), (above, row), gap)
    return above.y, []


def refused(lock: "Lock") -> tuple[str, str] | None:
    """(sign, sentence) where START would be refused; None where it may be touched."""
    why = lock.state.get("start_refused")
    if not why or only_by_ticket(lock):
        return None
    sign, text = REFUSED.get(str(why), REFUSED["entry"])
    if why == "waiting" and called.waiting(lock):
        return sign, called.waiting(lock)
    closes = lock.state.get("closes_at")
    if why == "closing_soon" and not closes:
        return "clock", lock.say("We close soon.")
    return sign, lock.say(text, time=closes)


def _spent_drum(p: Painter, x: int, y: int, size: int, sign: str) -> None:
    look = p.look
    ring = p.ring(x, y, size, 0)
    inner = largest(SIGN_STEPS, ring * 0.55)
    p.image(shapes.sign_file(sign, inner, look.accent), x - inner // 2, y - inner // 2, inner)


def _drum(p: Painter, word: str, below: str, x: int, y: int, size: int) -> None:
    look = p.look
    p.image(shapes.drum_file(size, look.contrast), x - size // 2, y - size // 2, size)
    disc = round(size * 0.56)
    inside = Box(x - disc // 2, y - disc // 2, disc, disc)
    big = p.fit(word, round(disc * 0.9), look.display, look.label)
    small = p.fit(below, round(disc * 0.9), look.label, look.small)
    high = round(big * HEADING), round(small * HEADING)
    top = y - sum(high) // 2
    p.write(word, x, top, big, look.on_accent, bold=True, anchor="c", inside=inside)
    p.write(below, x, top + high[0], small, look.on_accent, bold=True, anchor="c", inside=inside)


def _words(lock: "Lock", p: Painter, refused: str, room: int, middle: int, beside: list[Button]) -> None:
    look, left = p.look, p.look.margin
    fee, who = lock.fee(), called.heading(lock)
    subtitle = refused or (called.invitation(lock) if who else fee) or lock.say("Shared computer, free of charge")
    greeting = who or lock.say("Welcome!")
    if start_notice.text(lock) and not who:
        start_notice.draw(lock, p, (greeting, subtitle), bool(refused), room, middle, beside)
        return
    second = p.fit(subtitle, room, look.title, round((look.title + look.body) / 2))
    sign = look.px(48)
    aside = sign + look.px(24)
    below = p.lines(subtitle, second, True, room, 3)
    rule = look.px(24 if look.large and look.name == "1024x768" else 36)
    most, high = 2 * (middle - look.top), (look.tool + look.px(28) if beside else 0) + 2 * rule
    high += round(second * HEADING) * len(below)
    big = p.fit(greeting, room, look.display, look.title)
    if who:
        promise = p.lines(_promise(lock), look.body, False, room - aside, 4)
        big = called.size(p, greeting, room, most - high - round(look.body * BODY) * len(promise))
    lines = p.lines(greeting, big, True, room, 2)
    high += round(big * HEADING) * len(lines)
    blocks = [
        (lines, big, True, look.accent if who else look.on_dark, HEADING, left),
        (below, second, True, look.on_dark if who else look.accent, HEADING, left),
    ]
    privacy = _privacy(lock, p, room - aside, most - high)
    y = middle - (high + round(look.body * BODY) * len(privacy)) // 2
    for lines, size, bold, colour, leading, x in blocks:
        y = p.write(lines, x, y, size, colour, bold=bold, leading=leading).bottom
    p.rectangle(Box(left, y + rule - 1, room, 3), look.rule_dark)
    y += 2 * rule
    first = y + round(look.body * BODY) // 2
    p.sign("lock", left, first, sign, look.accent)
    end = p.write(privacy, left + aside, y, look.body, look.on_dark, leading=BODY).bottom
    for button in beside:
        size = look.label if button.style == "dark_strong" else look.small
        wide = min(room, button_width(p, button, size, True))
        put(p, button, Box(left, end + look.px(28), wide, look.tool), size)
        left += wide + look.px(12)


def _privacy(lock: "Lock", p: Painter, room: int, high: int) -> list[str]:
    """The promise, each sentence on lines of its own where there is the height for that."""
    text, look = _promise(lock), p.look
    whole = p.lines(text, look.body, False, room, 4)
    apart = [line for one in text.split(". ") for line in p.lines(one.rstrip(".") + ".", look.body, False, room, 3)]
    return apart if len(whole) > 1 and round(look.body * BODY) * len(apart) <= high else whole


def _promise(lock: "Lock") -> str:
    """That nobody is asked for a name; before it the price, where a called number has taken its place."""
    text, fee = lock.say("No name, no ID. We only count visits."), lock.fee()
    return f"{fee.rstrip('.')}. {text}" if fee and called.number(lock) is not None else text


def ticket_too(lock: "Lock") -> bool:
    """Whether a ticket is one of the ways in, beside START."""
    return not lock.state.get("ticket_refused", "entry") and not only_by_ticket(lock)


def _ticket_button(lock: "Lock") -> Button | None:
    if not ticket_too(lock):
        return None
    return Button("ticket", lock.say("I have a ticket"), "ticket", "dark_strong", lock.citizen.type_ticket)
