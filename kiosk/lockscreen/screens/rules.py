"""The house rules, on one screen: after "this is the first time" and "I don't remember", and from START at any time."""

from typing import TYPE_CHECKING, NamedTuple

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.screens.common import Keys, tools
from kiosk.lockscreen.widgets import Button, button_width, put, put_row, row_width

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

RULES = (
    ("hand", "Keep quiet; look after the computer and the room."),
    ("clock", "{n} minutes a turn; you may extend if nobody is waiting."),
    ("no", "Do not view or spread violent, obscene, gambling or illegal content."),
    ("tool", "Do not install or remove software or take equipment apart."),
    ("lock", "Never reveal your passwords, ID number or bank details."),
    ("family", "Children should be guided by an adult or staff."),
    ("usb", "Sign out and take your USB stick and papers before leaving."),
    ("help", "If something is broken or you need help, tell staff."),
)


# What the left one of two columns may have of the width.
HALVES = (0.5, 0.52, 0.48, 0.54, 0.46, 0.56, 0.44)


class Plan(NamedTuple):
    """How the rules are set: type, the width of each column, room for a sign or a stroke before the words; each rule in
    lines; the gap between two; whether the rules of both columns begin at one height."""

    size: int
    wide: tuple[int, ...]
    sign: int
    lines: list[list[str]]
    gap: int
    level: bool


def draw(lock: "Lock", p: Painter) -> Keys:
    """Draw them; Enter says "I understand"."""
    look = p.look
    # The ground is the band's, down to the screen's very edge, and the paper lies on it.
    p.begin(look, look.mist)
    band = Box(0, look.height - look.px(12) * 2 - look.button, look.width, look.px(12) * 2 + look.button)
    p.rectangle(Box(0, 0, look.width, band.y), look.light_ground)
    top = _head(lock, p)
    area = Box(look.margin, top, look.width - 2 * look.margin, band.y - top)
    texts = [lock.say(text, n=lock.state.get("minutes", 60)) for _sign, text in RULES]
    _rules(p, _plan(p, texts, area), area)
    _foot(lock, p, band)
    return Keys(enter=lock.citizen.understood, escape=lock.citizen.rules_back)


def _head(lock: "Lock", p: Painter) -> int:
    """Title and tools in one row; what does not fit beside the title stays away. Returns where the rules may begin."""
    look = p.look
    gap = look.px(12 if look.name != "1024x768" else 8)
    row = Box(look.margin, look.px(8), look.width - 2 * look.margin, look.tool)
    buttons = tools(lock, dark=False)
    title, spare = lock.say("House rules for this computer"), row.w - row_width(p, buttons, look.small, True, gap)
    if p.width(title, look.title, True) + look.px(24) > spare:
        title = lock.say("House rules")
    room = row.w - p.width(title, look.title, True) - look.px(24)
    for name in ("contrast", "larger"):
        if row_width(p, buttons, look.small, False, gap) > room:
            buttons = [button for button in buttons if button.name != name]
    used = row_width(p, buttons, look.small, True, gap)
    emblem, left = look.px(64) + look.px(20), row.x
    if used + emblem <= room:
        p.emblem(left, row.y + row.h // 2, look.px(64), look.patina if not look.contrast else look.accent)
        left += emblem
    box = p.write(title, left, row.y + row.h // 2 - round(look.title * HEADING) // 2, look.title, look.ink, bold=True)
    put_row(p, [], buttons, Box(box.right + look.px(24), row.y, row.right - box.right - look.px(24), row.h),
            look.small, gap)  # fmt: skip
    p.rectangle(Box(look.margin, row.bottom + look.px(8), row.w, 3), look.rule_light)
    return row.bottom + look.px(11)


def _plan(p: Painter, texts: list[str], area: Box) -> Plan:
    """The largest type that fits, in two columns with signs if it can be; the last plan when nothing does."""
    look, found = p.look, Plan(p.look.small, (area.w,), 0, [], 0, False)
    for size in range(look.body, look.small - 1, -2):
        for shares, with_sign in ((HALVES, True), ((1.0,), True), (HALVES, False), ((1.0,), False)):
            plans = [plan for share in shares if (plan := _set(p, texts, area, size, share, with_sign))]
            # Columns are as wide as gives the rules most air, and level where that still leaves some.
            found = max(plans, key=lambda plan: (plan.level, plan.gap), default=found)
            if plans and found.gap >= look.px(5 if shares == (1.0,) else 8):
                return found
    return found


def _set(p: Painter, texts: list[str], area: Box, size: int, share: float, with_sign: bool) -> Plan | None:
    """The rules in type of this size, the left column having this share of the width; None where a word is too wide."""
    look, between = p.look, p.look.px(32)
    first = round((area.w - between) * share)
    wide = (first, area.w - between - first) if share < 1 else (area.w,)
    rows = -(-len(texts) // len(wide))
    rooms = [wide[place // rows] - _lead(p, with_sign) for place in range(len(texts))]
    lines = [p.lines(text, size, False, room, 4) for text, room in zip(texts, rooms, strict=True)]
    if any(p.width(line, size) > room for room, one in zip(rooms, lines, strict=True) for line in one):
        return None
    sign = 2 * look.px(32) if with_sign else 0
    heights = [max(round(size * HEADING) * len(one), sign) for one in lines]
    columns = [heights[start : start + rows] for start in range(0, len(texts), rows)]
    level_gap = (area.h - sum(map(max, zip(*columns, strict=True)))) // rows
    if level_gap >= look.px(20) and len(columns) > 1:
        return Plan(size, wide, sign, lines, level_gap, True)
    return Plan(size, wide, sign, lines, max(0, (area.h - max(map(sum, columns))) // rows), False)


def _lead(p: Painter, with_sign: bool) -> int:
    """What a sign takes of the width, with the space after it. A stroke in its place hangs out to the left."""
    return 2 * p.look.px(32) + p.look.px(18) if with_sign else 0


def _rules(p: Painter, plan: Plan, area: Box) -> None:
    look, step = p.look, round(plan.size * HEADING)
    rows = -(-len(plan.lines) // len(plan.wide))
    heights = [max(step * len(lines), plan.sign) for lines in plan.lines]
    for number, lines in enumerate(plan.lines):
        column, row = divmod(number, rows)
        if row == 0:
            x, y = area.x if column == 0 else area.right - plan.wide[column], area.y + plan.gap // 2
        high = max(heights[row::rows]) if plan.level else heights[number]
        if plan.sign:
            _disc(p, RULES[number][0], Box(x, y + (high - plan.sign) // 2, plan.sign, plan.sign))
        else:
            tall = shapes.stroke_heights(look.scale)[0]
            colour = shapes.ring_colours("light", look.contrast)[0]
            p.image(shapes.stroke_file(look.px(5), tall, colour), x - look.px(14), y + (step - tall) // 2)
        left = x + _lead(p, bool(plan.sign))
        p.write(lines, left, y + (high - step * len(lines)) // 2, plan.size, look.ink)
        y += high + plan.gap


def _disc(p: Painter, sign: str, disc: Box) -> None:
    look = p.look
    if not look.contrast:
        p.card(disc, "disc", disc.w // 2)
    size = look.px(40)
    ink = look.patina if not look.contrast else look.accent
    p.sign(sign, disc.x + (disc.w - size) // 2, disc.y + disc.w // 2, size, ink)


def _foot(lock: "Lock", p: Painter, band: Box) -> None:
    """The promise on the left where there is room for it; back, and the one thing to touch."""
    look, size = p.look, p.look.label
    if look.contrast:
        p.rectangle(Box(look.margin, band.y, band.w - 2 * look.margin, 3), look.rule_light)
    row = Box(look.margin, band.y + look.px(12), band.w - 2 * look.margin, look.button)
    back = Button("back", lock.say("Back"), "back", "plain", lock.citizen.rules_back)
    done = Button("understood", lock.say("I understand"), "check", "main", lock.citizen.understood)
    gap, right = look.px(12), row.right
    for button in (done, back):
        wide = button_width(p, button, size, True)
        put(p, button, Box(right - wide, row.y, wide, row.h), size)
        right -= wide + gap
    sign = look.px(48)
    left, room = row.x + sign + look.px(14), right - look.px(12) - row.x - sign - look.px(14)
    promise = lock.say("No name, no ID. We only count visits.")
    lines = p.lines(promise, look.body, False, room, 2)
    if max(p.width(line, look.body) for line in lines) <= room:
        step = round(look.body * HEADING)
        p.sign("lock", row.x, row.y + row.h // 2, sign, look.patina if not look.contrast else look.accent)
        p.write(lines, left, row.y + (row.h - step * len(lines)) // 2, look.body, look.ink)
