"""What several screens share: the head with site and station, the tools, the help button, the two-column notice."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kiosk.lockscreen.draw import BODY, HEADING, Box, Painter
from kiosk.lockscreen.widgets import Button, button_width, put

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


class Keys(NamedTuple):
    """What the keys do on a screen; None: nothing. `staff` is 9, on every screen that offers to call them."""

    enter: Callable[[], None] | None = None
    escape: Callable[[], None] | None = None
    zero: Callable[[], None] | None = None
    digits: tuple[Callable[[], None], ...] = ()
    erase: Callable[[], None] | None = None
    staff: Callable[[], None] | None = None


def tools(lock: "Lock", dark: bool, short: bool = False) -> list[Button]:
    """Listen, larger text, high contrast, the other language: at once, on every screen that asks something.

    `short`: where room is scarce two are only their signs and the language two letters.
    """
    prefs, does, on = lock.prefs, lock.citizen, "dark_on" if dark else "on"
    off = "dark" if dark else "quiet"
    other = "English" if prefs.lang == "vi" else "Tiếng Việt"
    if short:
        other = "EN" if prefs.lang == "vi" else "VI"
    larger, contrast = ("", "") if short else (lock.say("Larger text"), lock.say("High contrast"))
    return [
        *listen_button(lock, on if lock.reader.speaking else off),
        Button("larger", larger, "larger", on if prefs.large else off, does.toggle_large),
        Button("contrast", contrast, "contrast", on if prefs.contrast else off, does.toggle_contrast),
        Button("language", other, "", off, does.switch_language),
    ]


def listen_button(lock: "Lock", style: str) -> list[Button]:
    """Read this screen aloud, or stop; no button at all where there is nothing to speak with.

    It keeps its sign when all others lose theirs: who needs it may read nothing else on the screen.
    """
    if not lock.reader.offered:
        return []
    words = lock.say("Listen"), lock.say("Stop")
    now, other = reversed(words) if lock.reader.speaking else words
    return [Button("listen", now, "listen", style, lock.reader.listen, as_wide_as=other, keeps_sign=True)]


def help_button(lock: "Lock", style: str) -> Button:
    """Ask staff for help; afterwards it says that staff have been told."""
    if lock.state.get("help_asked"):
        return Button("help", lock.say("Staff have been told"), "check", style, lock.citizen.ask_help)
    return Button("help", lock.say("Ask staff for help"), "help", style, lock.citizen.ask_help)


def head(lock: "Lock", p: Painter) -> None:
    """Emblem and site on the left, the station on the right, on a dark ground."""
    look = p.look
    middle = look.px(52)
    emblem = p.emblem(look.margin, middle, look.px(64), look.accent)
    p.held = Box(look.margin, middle - emblem // 2, emblem, emblem)
    station = lock.say("Computer {n}", n=lock.state.get("station", "")) if lock.state.get("station") else ""
    right = p.width(station, look.label, True) if station else 0
    if station:
        p.write(station, look.width - look.margin, middle - round(look.label * HEADING) // 2, look.label, look.on_dark,
                bold=True, anchor="e")  # fmt: skip
    left = look.margin + look.px(84)
    name, room = str(lock.state.get("site") or ""), look.width - look.margin - right - look.px(32) - left
    if not name:
        return
    size = look.label if p.width(name, look.label, True) <= room else look.small
    lines = p.lines(name, size, True, room, 2)
    p.write(lines, left, middle - round(size * HEADING) * len(lines) // 2, size, look.on_dark, bold=True)


def _corner(lock: "Lock", p: Painter, text: str) -> int:
    """The tools in the lower corner of a screen that only tells something: the other language and Listen always, the
    others where the sentence beside them keeps to one line. Returns where that must end.
    """
    look, edge = p.look, p.look.width - p.look.margin
    if lock.deaf:
        return edge
    gap, room = look.px(12), p.width(text, look.body) + look.px(60 + 32)
    buttons = tools(lock, dark=True)
    for name in ("contrast", "larger"):
        if room + sum(button_width(p, b, look.small, True) + gap for b in buttons) > look.width - 2 * look.margin:
            buttons = [button for button in buttons if button.name != name]
    for button in reversed(buttons):
        wide = button_width(p, button, look.small, True)
        put(p, button, Box(edge - wide, look.height - look.px(16) - look.tool, wide, look.tool), look.small)
        edge -= wide + gap
    return edge - look.px(20)


def foot(lock: "Lock", p: Painter, sign: str, text: str) -> None:
    """A rule and one quiet sentence at the bottom, with a sign; beside it the tools, where touches are heard."""
    look = p.look
    top, edge = look.height - look.bottom, _corner(lock, p, text)
    p.rectangle(Box(look.margin, top - 3, look.width - 2 * look.margin, 3), look.rule_dark)
    left = look.margin + look.px(60)
    lines = p.lines(text, look.body, False, edge - left, 2)
    step = round(look.body * HEADING)
    middle = top + look.bottom // 2 + 2
    p.sign(sign, look.margin + look.px(2), middle, look.px(40), look.accent)
    p.write(lines, left, middle - step * len(lines) // 2, look.body, look.on_dark)


class Part(NamedTuple):
    """One paragraph of a notice: its size, weight and colour, and the space above it."""

    text: str
    size: int
    bold: bool
    colour: str
    above: int


def ring_room(p: Painter) -> int:
    """How large the ring of a notice may be."""
    return round(min(p.look.width * 0.3, (p.look.height - p.look.top - p.look.bottom) * 0.72))


def words_column(p: Painter) -> tuple[int, int]:
    """(left edge, width) of the words beside a notice's ring."""
    left = round(p.look.width * 0.393)
    return left, p.look.width - p.look.margin - left


def middle_of(p: Painter) -> tuple[int, int]:
    """Where a notice's ring has its centre."""
    return round(p.look.width * 0.193), round((p.look.top + p.look.height - p.look.bottom) / 2)


def paragraphs(p: Painter, parts: list[Part], left: int, room: int, middle: int, below: int = 0) -> int:
    """Paragraphs one under another, centred on a height together with `below` more pixels; returns where they end."""
    set_ = [(part, p.lines(part.text, part.size, part.bold, room)) for part in parts]
    total = sum(part.above + round(part.size * _leading(part)) * len(lines) for part, lines in set_) + below
    y = middle - total // 2
    for part, lines in set_:
        y += part.above
        box = p.write(lines, left, y, part.size, part.colour, bold=part.bold, leading=_leading(part))
        y = box.bottom
    return y


def _leading(part: Part) -> float:
    return HEADING if part.bold else BODY


def heading_size(p: Painter, text: str, room: int) -> int:
    """A notice's heading: between the greeting's size and the question's, as large as its longest sentence allows."""
    longest = max(text.split(". "), key=len)
    return p.fit(longest, room, round(p.look.display * 0.86), p.look.title)


def big_buttons(p: Painter, main: Button, other: Button, left: int, top: int, room: int) -> None:
    """The one main act, filled with yellow, and the other way out beside it, or below where words need the room."""
    look, size = p.look, p.look.label
    high, gap = look.px(112), look.px(20)
    needs = p.width(other.text, size, True) + look.px(72), p.width(main.text, size, True) + look.px(120)
    if sum(needs) + gap <= room:
        wide = max(round((room - gap) * 0.52), needs[1])
        wide = min(wide, room - gap - needs[0])
        put(p, main, Box(left, top, wide, high), size)
        put(p, other, Box(left + wide + gap, top, room - wide - gap, high), size)
    else:
        put(p, main, Box(left, top, room, look.button), size)
        put(p, other, Box(left, top + look.button + look.gap, room, look.button), size)
