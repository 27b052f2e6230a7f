"""A notice of the site on START: on a light card among the words, as a sheet of paper on a door.

It may be long, and a screen narrow: then the greeting makes room for it, then its type is smaller, then what is said of
the price goes too. The promise not to ask for names always stays.
"""

from typing import TYPE_CHECKING, NamedTuple

from kiosk.lockscreen import words
from kiosk.lockscreen.draw import BODY, HEADING, Box, Painter
from kiosk.lockscreen.widgets import Button, button_width, put

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


class Line(NamedTuple):
    """Lines of one size and colour; `card`: on the light card."""

    rows: list[str]
    size: int
    colour: str
    bold: bool
    leading: float = HEADING
    card: bool = False


def text(lock: "Lock") -> str:
    """The notice in the citizen's language; empty where there is none."""
    notice = lock.state.get("notice") or {}
    return str(notice.get(lock.prefs.lang) or notice.get("vi") or "")


def draw(
    lock: "Lock", p: Painter, said: tuple[str, str], must: bool, room: int, middle: int, beside: list[Button]
) -> None:
    """Greeting and subtitle (`said`), the notice, the promise. `must`: the subtitle says why one cannot start."""
    look = p.look
    pad, gap = look.px(16), look.px(18)
    below = look.tool + look.px(28) if beside else 0
    most = 2 * (middle - look.top) - below
    plans = [(True, True, look.body), (False, True, look.body), (False, True, look.small),
             (False, must, look.body), (False, must, look.small)]  # fmt: skip
    for greeting, subtitle, size in plans:
        found = _lines(lock, p, said, (greeting, subtitle), size, (room, room - 2 * pad))
        high = sum(_high(line) + (2 * pad if line.card else 0) for line in found) + gap * (len(found) - 1)
        if high <= most:
            break
    left, y = look.margin, max(look.top, middle - (high + below) // 2)
    for line in found:
        if line.card:
            p.card(Box(left, y, room, _high(line) + 2 * pad), "quiet")
            p.write(line.rows, left + pad, y + pad, line.size, line.colour, bold=line.bold, leading=line.leading)
            y += _high(line) + 2 * pad + gap
        else:
            p.write(line.rows, left, y, line.size, line.colour, bold=line.bold, leading=line.leading)
            y += _high(line) + (0 if line.size > look.title else gap)
    for button in beside:
        size = look.label if button.style == "dark_strong" else look.small
        wide = min(room, button_width(p, button, size, True))
        put(p, button, Box(left, y + look.px(10), wide, look.tool), size)
        left += wide + look.px(12)


def _lines(
    lock: "Lock", p: Painter, said: tuple[str, str], which: tuple[bool, bool], size: int, rooms: tuple[int, int]
) -> list[Line]:
    look, (room, inside) = p.look, rooms
    big = p.fit(said[0], room, look.display, look.title)
    second = p.fit(said[1], room, look.title, round((look.title + look.body) / 2))
    found = []
    if which[0]:
        found.append(Line(p.lines(said[0], big, True, room, 2), big, look.on_dark, True))
    if which[1]:
        found.append(Line(p.lines(said[1], second, True, room, 3), second, look.accent, True))
    found.append(Line(broken(p, text(lock), size, inside), size, look.ink, False, BODY, True))
    promise = lock.say("No name, no ID. We only count visits.")
    found.append(Line(p.lines(promise, size, False, room, 4), size, look.on_dark, False, BODY))
    return found


def broken(p: Painter, notice: str, size: int, room: int) -> list[str]:
    """The notice in lines, each as full as it can be: to balance so many words would take seconds."""
    rows = [""]
    for word in words.tie(notice).split(" "):
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and p.width(longer, size) > room:
            rows.append(word)
        else:
            rows[-1] = longer
    return [part for row in rows for part in _cut(p, row, size, room)]


def _cut(p: Painter, row: str, size: int, room: int) -> list[str]:
    """A word that is longer than a line, such as an address, goes on in the next."""
    parts = []
    while p.width(row, size) > room and len(row) > 1:
        end = next(number for number in range(len(row), 0, -1) if number == 1 or p.width(row[:number], size) <= room)
        parts.append(row[:end])
        row = row[end:]
    return [*parts, row]


def _high(line: Line) -> int:
    return round(line.size * line.leading) * len(line.rows)
