"""Measures the bar and its sheet as they stand and, run as a program, every state on one display: a line a fault."""

import sys
from types import SimpleNamespace
from typing import Any, cast

from kiosk.lockscreen.bar.bar import Bar
from kiosk.lockscreen.bar.keys import DIGITS
from kiosk.lockscreen.draw import Painter
from tests.bar_states import Bars
from tests.page_faults import faults

ALWAYS = {"time", "hub", "finish"}


def of_bar(bar: Bar) -> list[str]:
    """What is wrong with strip and sheet."""
    strip = bar.strip.painter
    found = [f"strip: {fault}" for fault in _faults(strip, bar.look.bar)]
    names = {target.name for target in strip.targets}
    ours = ALWAYS - {"finish"} if bar.is_class else ALWAYS
    found += [f"strip: no {name}" for name in ours - names]
    if bar.is_class and "finish" in names:
        found.append("strip: a learner could end the class")
    if bar.talk.may_ask_more() and "more" not in names:
        found.append("strip: no more time")
    content = bar.talk.sheet()
    if content is None:
        return found + _of_key_tips(bar)
    sheet = bar.sheet.painter
    found += [f"sheet: {fault}" for fault in _faults(sheet, bar.look.tool)]
    box = bar.sheet._box
    if box.bottom > bar.look.height or box.y < bar.look.bar or box.x < 0 or box.right > bar.look.width:
        found.append(f"sheet: leaves the screen: {box}")
    missing = {act.name for act in content.buttons} - {target.name for target in sheet.targets}
    return found + [f"sheet: no {name}" for name in missing]


def _of_key_tips(bar: Bar) -> list[str]:
    """The row that hangs below the strip while the Windows key is held: a number for each button, below it."""
    bar.key_tips.show(True)
    painter = bar.key_tips.painter
    assert painter is not None
    found = [f"numbers: {fault}" for fault in _faults(painter, 0)]
    told = {placed.what for placed in painter.boxes if placed.kind == "text" and placed.what.isdigit()}
    wanted = {str(DIGITS.index({"hub": "show_time"}.get(one.name, one.name))) for one in bar.strip.painter.targets
              if one.name != "time"}  # fmt: skip
    bar.key_tips.show(False)
    return found + ([f"numbers: {told} for {wanted}"] if told != wanted else [])


def _faults(painter: Painter, least: int) -> list[str]:
    """As a page's, with targets at least this high; the strip's reach the screen's edge (LOOK.md)."""
    look = SimpleNamespace(tool=least, small=painter.look.small if least != painter.look.bar else 0)
    return faults(cast(Any, SimpleNamespace(painter=painter, look=look, canvas=painter.canvas)))


def main() -> None:
    """`python -m tests.bar_faults [--control]`; the last line says how many states were drawn."""
    bars, count = Bars(), 0
    if "--control" in sys.argv:
        bar = bars.show("hub_all")
        print(*of_bar(bar), sep="\n")
        bar.sheet.painter.write("Quý vị", 20, 40, 60, "#000000")
        print("spoilt", *of_bar(bar), sep="\n")
        return
    for label, bar in bars.every():
        count += 1
        print(*(f"{label}: {fault}\n" for fault in of_bar(bar)), sep="", end="")
    print(f"{count} states")


if __name__ == "__main__":
    main()
