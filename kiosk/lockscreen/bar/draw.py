"""Drawing a sheet: a sentence beside a ring or a sign, smaller lines, 96 px buttons; and the idle question."""

from typing import TYPE_CHECKING

from kiosk.lockscreen import shapes
from kiosk.lockscreen.bar.acts import Act
from kiosk.lockscreen.bar.content import Content, Line
from kiosk.lockscreen.draw import BODY, HEADING, Box, Painter
from kiosk.lockscreen.look import RING_STEPS, Look, largest
from kiosk.lockscreen.widgets import Button, put, sign_size

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

Placing = tuple[Box, int]


def sheet_pad(look: Look) -> int:
    """From a sheet's edge to what stands in it."""
    return look.px(36 if look.name != "1024x768" else 28)


def place(look: Look, wide: int, tall: int) -> Placing:
    """Below the middle of the bar, a little apart where there is room for that."""
    apart = max(look.px(6), min(look.px(24), (look.height - look.bar - tall) // 2))
    return Box((look.width - wide) // 2, look.bar + apart, wide, tall), look.radius


def _size(p: Painter, text: str, room: int) -> int:
    """The large sentence: as large as its longest sentence fits on a line, else the size of labels."""
    look = p.look
    longest = max(text.replace("? ", ". ").split(". "), key=len)
    return p.fit(longest, room, max(look.label, min(look.title, look.px(38))), look.label)


class Head:
    """The upper part of a sheet: what stands beside, the sentence, the lines below it. Measured first, then drawn."""

    def __init__(self, p: Painter, content: Content, wide: int) -> None:
        look, pad = p.look, sheet_pad(p.look)
        self.p, self.content, self.pad = p, content, pad
        self.beside = largest(RING_STEPS, look.px(120)) if content.tall >= 0 else look.px(104) if content.sign else 0
        self.left = pad + (self.beside + look.px(32) if self.beside else 0)
        self.room = wide - self.left - pad
        self.size = _size(p, content.text, self.room)
        self.lines = p.lines(content.text, self.size, True, self.room)
        self.sign = sign_size(p, look.small)
        room = self.room - self.sign - look.px(12)
        self.more = [(line, p.lines(line.text, look.small, False, room)) for line in content.lines]
        self.words = round(self.size * HEADING) * len(self.lines)
        if self.more:
            self.words += look.px(14) + sum(self._high(lines) for _line, lines in self.more)
        if content.share is not None and content.kind == "notice":
            self.words += look.px(18) + shapes.stroke_heights(look.scale)[0]
        self.high = max(self.beside, self.words)

    def _high(self, lines: list[str]) -> int:
        return max(self.sign, round(self.p.look.small * HEADING) * len(lines)) + self.p.look.px(8)

    def draw(self, top: int) -> None:
        """From `top` down."""
        p, look, content = self.p, self.p.look, self.content
        if content.tall >= 0:
            _ring(p, self.pad + self.beside // 2, top + self.high // 2, self.beside, content)
        elif content.sign:
            _sign(p, Box(self.pad, top + (self.high - self.beside) // 2, self.beside, self.beside), content.sign)
        y = top + (self.high - self.words) // 2
        y = p.write(self.lines, self.left, y, self.size, look.ink, bold=True).bottom
        if self.more:
            y += look.px(14)
        for line, lines in self.more:
            y = self._line(line, lines, y)
        if content.share is not None and content.kind == "notice":
            strokes(p, self.left, y + look.px(18), content.share, self.room)

    def _line(self, line: Line, lines: list[str], y: int) -> int:
        p, look, high = self.p, self.p.look, self._high(lines)
        step = round(look.small * HEADING) * len(lines)
        middle = y + (high - look.px(8)) // 2
        p.sign(line.sign, self.left, middle, self.sign, look.patina)
        p.write(lines, self.left + self.sign + look.px(12), middle - step // 2, look.small, look.ink)
        return y + high


def _ring(p: Painter, x: int, y: int, room: int, content: Content) -> None:
    look, number = p.look, str(content.number)
    p.ring(x, y, room, content.tall, "light")
    size = p.fit(number, round(room * 0.6), look.title, look.small)
    p.write(number, x, y - round(size * HEADING) // 2, size, look.ink, bold=True, anchor="c")


def _sign(p: Painter, box: Box, sign: str) -> None:
    look = p.look
    card = p.card(box, "quiet")
    size = largest((40, 48, 56, 64), box.w * 0.6)
    p.sign(sign, box.x + (box.w - size) // 2, box.y + box.h // 2, size, card.ink if look.contrast else look.patina)


def strokes(p: Painter, x: int, y: int, share: tuple[int, int], room: int) -> int:
    """How much of something there is: `share[0]` tall strokes of `share[1]`; returns the width they took."""
    look = p.look
    done, count = share
    tall, short = shapes.stroke_heights(look.scale)
    fresh, spent = shapes.ring_colours("light", look.contrast)
    wide, gap = next(
        (round(w * look.scale), round(g * look.scale))
        for w, g in ((5, 4), (5, 3), (4, 2), (3, 2), (2, 1))
        if count * round((w + g) * look.scale) <= room or w == 2
    )
    for stroke in range(count):
        high, colour = (tall, fresh) if stroke < done else (short, spent)
        p.image(shapes.stroke_file(wide, high, colour), x + stroke * (wide + gap), y + (tall - high) // 2)
    return count * (wide + gap)


def buttons_of(bar: "Bar", acts: tuple[Act, ...]) -> list[Button]:
    """The acts as buttons that do them."""
    return [Button(act.name, act.text, act.sign, act.style, lambda name=act.name: bar.talk.act(name))  # type: ignore[misc]
            for act in acts]  # fmt: skip


def notice(bar: "Bar", p: Painter, content: Content) -> Placing:
    """A sheet below the middle of the bar."""
    look, pad = bar.look, sheet_pad(bar.look)
    wide = min(look.px(880), look.width - 2 * look.margin)
    head, high = Head(p, content, wide), look.px(96)
    buttons = buttons_of(bar, content.buttons)
    hint = p.lines(_keys(bar, content), look.small, False, wide - 2 * pad) if _keys(bar, content) else []
    tall = 2 * pad + head.high + (look.px(28) + high if buttons else 0)
    below = tall - pad + look.px(14)
    tall += look.px(14) + round(look.small * HEADING) * len(hint) if hint else 0
    p.begin(look, look.card, Box(0, 0, wide, tall))
    p.card(Box(0, 0, wide, tall), "sheet")
    head.draw(pad)
    if buttons:
        button_row(p, buttons, Box(pad, pad + head.high + look.px(28), wide - 2 * pad, high))
    if hint:
        p.write(hint, pad, below, look.small, look.ink_soft)
    return place(look, wide, tall)


def _keys(bar: "Bar", content: Content) -> str:
    """What works by keyboard here."""
    if len(content.buttons) > 1:
        return bar.say("Keyboard: hold the Windows key and press Enter for “{button}”, Tab for the next, Esc to close.",
                       button=content.buttons[0].text)  # fmt: skip
    if content.buttons and content.buttons[0].name == "seen":
        return bar.say("Keyboard: hold the Windows key and press Enter for “{button}”.", button=content.buttons[0].text)
    if content.buttons:
        return bar.say("Keyboard: hold the Windows key and press Enter for “{button}”, Esc to close.",
                       button=content.buttons[0].text)  # fmt: skip
    return bar.say("Keyboard: hold the Windows key and press 0 to see everything.") if content.keys else ""


def button_row(p: Painter, buttons: list[Button], box: Box) -> None:
    """Buttons side by side, each as wide as its words ask for; what is left over is shared."""
    look = p.look
    gap, size = look.px(16), max(look.label, look.px(34))
    needs = _needs(p, buttons, size)
    if sum(needs) + gap * (len(buttons) - 1) > box.w:
        size = look.label
        needs = _needs(p, buttons, size)
    if len(buttons) == 1 and buttons[0].style != "act":
        box = Box(box.x, box.y, max(needs[0], box.w // 2), box.h)
    room = box.w - gap * (len(buttons) - 1)
    spare = room - sum(needs)
    if spare < 0:
        widest = max(range(len(needs)), key=lambda place: needs[place])
        least = [max(look.px(120), need * room // sum(needs)) for need in needs]
        least[widest] += room - sum(least)
        needs, spare = least, 0
    x = box.x
    for place, (button, need) in enumerate(zip(buttons, needs, strict=True)):
        wide = need + spare // len(buttons) if place < len(buttons) - 1 else box.right - x
        put(p, button, Box(x, box.y, wide, box.h), size)
        x += wide + gap


def _needs(p: Painter, buttons: list[Button], size: int) -> list[int]:
    pad = p.look.px(28)
    return [p.width(b.text, size, True) + (sign_size(p, size) + p.look.px(12) if b.sign else 0) + 2 * pad
            for b in buttons]  # fmt: skip


def idle(bar: "Bar", p: Painter, content: Content) -> Placing:
    """The question over the whole desk: what is below must not be seen by who comes by."""
    look = bar.look
    page = Box(0, 0, look.width, look.height - look.bar)
    p.begin(look, look.dark_ground, page)
    middle, small = page.h // 2 - look.px(8), look.name == "1024x768"
    ring = largest(RING_STEPS, min(look.width * 0.3, page.h * 0.6))
    _idle_ring(bar, p, look.margin + ring // 2 if small else round(look.width * 0.236), middle, ring, content)
    left = look.margin * 2 + ring if small else round(look.width * 0.434)
    room = look.width - look.margin - left
    size = p.fit(content.text, room, look.title, look.body)
    head = p.lines(content.text, size, True, room)
    rest = p.lines(bar.say("The session will end in {n} seconds.", n=content.number), look.body, False, room)
    first, second = look.px(120), look.px(88)
    total = round(size * HEADING) * len(head) + round(look.body * BODY) * len(rest) + first + second + look.px(64)
    box = p.write(head, left, middle - total // 2, size, look.on_dark, bold=True)
    box = p.write(rest, left, box.bottom + look.px(8), look.body, look.on_dark, leading=BODY)
    here, finish = buttons_of(bar, content.buttons)
    top = box.bottom + look.px(36)
    put(p, here, Box(left, top, room, first), round(look.label * 1.3))
    put(p, finish._replace(style="dark"), Box(left, top + first + look.px(20), room, second), look.label)
    hint = p.lines(bar.say("Keyboard: Windows + Enter."), look.small, False, room)
    p.write(hint, left, page.h - look.px(64), look.small, look.on_dark_soft)
    return Box(0, look.bar, page.w, page.h), 1


def _idle_ring(bar: "Bar", p: Painter, x: int, y: int, ring: int, content: Content) -> None:
    look = bar.look
    p.ring(x, y, ring, content.tall, "dark")
    big = round(ring * 0.31)
    top = y - round((big + look.label * HEADING) / 2)
    box = p.write(str(content.number), x, top, big, look.on_dark, bold=True, anchor="c", leading=1.0)
    p.write(bar.say("seconds"), x, box.bottom, look.label, look.on_dark, anchor="c")
