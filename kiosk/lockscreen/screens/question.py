"""One question, its tiles, and the ways on: nothing is pre-selected, and "straight in" is always there."""

from functools import partial
from typing import TYPE_CHECKING, Any

from kiosk.lockscreen import shapes
from kiosk.lockscreen.draw import HEADING, Box, Painter
from kiosk.lockscreen.screens.common import Keys, help_button, tools
from kiosk.lockscreen.tile_draw import draw_tiles
from kiosk.lockscreen.tiles import Wording, arrange
from kiosk.lockscreen.widgets import Button, put_row, row_width

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


def draw(lock: "Lock", p: Painter) -> Keys:
    """Draw the question in front; digits choose, Enter goes on where there is something to go on with."""
    look = p.look
    questions = lock.state["questions"]
    step = min(lock.visit.step, len(questions) - 1)
    question = questions[step]
    p.begin(look, look.light_ground)
    chosen = lock.visit.chosen.get(str(question["id"]), ())
    left, right, helping = _buttons(lock, p, question)
    _top(lock, p, step, len(questions), helping)
    bottom = Box(look.margin, look.height - look.px(12) - look.button, look.width - 2 * look.margin, look.button)
    title_end = _title(lock, p, question)
    area = Box(look.margin, title_end, look.width - 2 * look.margin, bottom.y - look.px(12) - title_end)
    words = [Wording(lock.say(o["label"]), lock.say(o["sublabel"]) if o.get("sublabel") else "")
             for o in question["options"]]  # fmt: skip
    choices = tuple(partial(lock.citizen.choose, number) for number in range(len(words)))
    tiles = arrange(p, question, words, area)
    draw_tiles(p, tiles, question, chosen)
    for tile in tiles:
        p.target(f"tile{tile.number + 1}", tile.box, choices[tile.number])
    p.targets.sort(key=lambda target: target.name if target.name.startswith("tile") else "z")
    put_row(p, left, right, bottom, look.label)
    may_go_on = question["kind"] == "several" or bool(chosen)
    forward = lock.citizen.forward if may_go_on else None
    return Keys(forward, lock.citizen.back, lock.citizen.skip, choices, staff=lock.citizen.ask_help)


def _buttons(
    lock: "Lock", p: Painter, question: dict[str, Any]
) -> tuple[list[Button], list[Button], list[Button]]:  # fmt: skip
    """(left, right, for the top): asking for help moves up where the row is too narrow for every word."""
    left = [
        Button("back", lock.say("Back"), "back", "plain", lock.citizen.back),
        Button("skip", lock.say("Skip"), "", "plain", lock.citizen.skip),
    ]
    right = [Button("straight_in", lock.say("Go straight to the computer"), "", "patina", lock.citizen.sign_in)]
    if question["kind"] == "several":
        right.append(Button("continue", lock.say("Continue"), "next", "main", lock.citizen.forward, after=True))
    helping = help_button(lock, "quiet")
    room, gap = p.look.width - 2 * p.look.margin, p.look.px(12 if p.look.name != "1024x768" else 10)
    if row_width(p, [*left, helping, *right], p.look.label, False, gap) <= room:
        return left, [helping, *right], []
    return left, right, [helping]


def _top(lock: "Lock", p: Painter, step: int, count: int, helping: list[Button]) -> None:
    """How far we are, and the tools. Short of room: the emblem goes, then the words of the count, then signs."""
    look = p.look
    buttons = _tools(lock, p, count, helping)
    gap, size = look.px(12 if look.name != "1024x768" else 8), look.small
    words = lock.say("Question {k}/{n}", k=step + 1, n=count)
    stroke = look.px(14)
    emblem, strokes = look.px(64) + look.px(20), count * stroke + (count - 1) * (stroke * 2 // 3) + look.px(20)
    counted = p.width(words, look.label, True)
    room = look.width - 2 * look.margin - look.px(24)
    plain = row_width(p, buttons, size, True, gap)
    if strokes + plain > room:
        plain = row_width(p, buttons, size, False, gap)
    with_emblem = emblem + strokes + counted + plain <= room
    with_words = strokes + counted + plain <= room
    x, middle = look.margin, look.px(8) + look.tool // 2
    if with_emblem:
        p.emblem(x, middle, look.px(64), look.patina if not look.contrast else look.accent)
        x += emblem
    x = _progress(p, x, middle, step, count)
    if with_words:
        p.write(words, x, middle - round(look.label * HEADING) // 2, look.label, look.ink, bold=True)
        x += counted
    x += look.px(24)
    put_row(p, [], buttons, Box(x, look.px(8), look.width - look.margin - x, look.tool), size, gap)


def _tools(lock: "Lock", p: Painter, count: int, helping: list[Button]) -> list[Button]:
    """Help where it has moved up, and the tools, shorter where their signs would be lost."""
    look = p.look
    room = look.width - 2 * look.margin - look.px(68) - count * look.px(24)
    for short in (False, True):
        buttons = [*helping, *tools(lock, False, short)]
        if row_width(p, buttons, look.small, True, look.px(12 if look.name != "1024x768" else 8)) <= room:
            break
    return buttons


def _progress(p: Painter, x: int, middle: int, step: int, count: int) -> int:
    """A tall stroke for each question reached, a short one for each to come; returns where the words may begin."""
    look = p.look
    wide, tall, short = (20, 72, 25) if look.scale > 1 else (14, 52, 18)
    for number in range(count):
        high = tall if number <= step else short
        colour = ("#FFD60A" if number <= step else "#FFFFFF") if look.contrast else (
            look.patina if number <= step else "#6E8580")  # fmt: skip
        p.image(shapes.stroke_file(wide, high, colour), x, middle - high // 2)
        x += wide + wide * 2 // 3
    return x - wide * 2 // 3 + look.px(20)


def _title(lock: "Lock", p: Painter, question: dict[str, Any]) -> int:
    """The question, and its note beside it or below; returns where the tiles may begin."""
    look, room = p.look, p.look.width - 2 * p.look.margin
    text = lock.say(question["text"], year=lock.state.get("year", ""))
    note = lock.say(question["note"]) if question.get("note") else ""
    if "? " in text:  # what follows the question is its note; of two, the tiles leave room for the question's own
        text, _mark, more = text.partition("? ")
        text, note = f"{text}?", note or more
    lines = p.lines(text, look.title, True, room, 3)
    top = look.px(8) + look.tool + look.px(6)
    box = p.write(lines, look.margin, top, look.title, look.ink, bold=True)
    end = box.bottom
    if note:
        beside = box.right + look.px(24)
        if len(lines) == 1 and beside + p.width(note, look.body) <= look.width - look.margin:
            p.write(note, beside, end - round(look.body * HEADING) - look.px(4), look.body, look.ink)
        else:
            # Seven tiles need every pixel; three have some to spare.
            air = look.px(4) if len(question["options"]) < 4 else 0
            lines = p.lines(note, look.body, False, room, 2)
            end = p.write(lines, look.margin, end + air, look.body, look.ink).bottom + air
    return end + look.px(8)
