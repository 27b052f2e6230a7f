"""Measures a page of the lock as it stands, and, run as a program, every page on one display: a line for each fault.

Tk never lets go of a display, so each display gets a process of its own.
"""

import sys

from kiosk.lockscreen.draw import Box, Placed
from kiosk.lockscreen.lock import Lock
from tests.lock_pages import Pages


def meets(one: Box, other: Box, slack: int = 0) -> bool:
    """Whether two boxes share more than `slack` pixels in both directions."""
    wide = min(one.right, other.right) - max(one.x, other.x)
    high = min(one.bottom, other.bottom) - max(one.y, other.y)
    return wide > slack and high > slack


def within(inner: Box, outer: Box) -> bool:
    """Whether a box lies wholly in another."""
    return inner.x >= outer.x and inner.y >= outer.y and inner.right <= outer.right and inner.bottom <= outer.bottom


def faults(lock: Lock) -> list[str]:
    """What is wrong with the page as it stands."""
    boxes = lock.painter.boxes
    texts = [placed for placed in boxes if placed.kind == "text"]
    pictures = [placed for placed in boxes if placed.kind == "picture"]
    targets = [placed for placed in boxes if placed.kind == "target" and placed.what not in ("dismiss", "anywhere")]
    found = [f"leaves its place: {p.what!r} {p.box} in {p.inside}" for p in (*texts, *targets, *pictures)
             if not within(p.box, p.inside)]  # fmt: skip
    found += _overlaps(texts, pictures, targets)
    least = lock.look.tool
    found += [f"too small to touch: {t.what} {t.box}" for t in targets if t.box.w < least or t.box.h < least]
    found += [f"too small to read: {size} px" for size in _sizes(lock) if size < lock.look.small]
    found += [f"words for the manager: {p.what!r}" for p in texts if "secret" in p.what]
    found += [f"a field or nothing: {p.what!r}" for p in texts if "{" in p.what or p.what in ("", "None", "null")]
    return found


def _overlaps(texts: list[Placed], pictures: list[Placed], targets: list[Placed]) -> list[str]:
    found = []
    for place, one in enumerate(texts):
        for other in texts[place + 1 :]:
            if meets(one.box, other.box, 2):
                found.append(f"words over words: {one.what!r} {one.box}, {other.what!r} {other.box}")
        for target in targets:
            if meets(one.box, target.box) and not within(one.box, target.box):
                found.append(f"words over an edge: {one.what!r} {one.box}, {target.what} {target.box}")
        for picture in pictures:
            drawn = picture.what.startswith(("people", "groups", "boxes"))
            if drawn and meets(one.box, picture.box, 4):
                found.append(f"words over a picture: {one.what!r} {one.box}, {picture.what} {picture.box}")
    for place, target in enumerate(targets):
        found += [f"targets overlap: {target.what}, {other.what}" for other in targets[place + 1 :]
                  if meets(target.box, other.box)]  # fmt: skip
    return found


def _sizes(lock: Lock) -> list[int]:
    canvas = lock.canvas
    return [-int(str(canvas.itemcget(item, "font")).rsplit(" ", 2)[1])
            for item in canvas.find_all() if canvas.type(item) == "text"]  # fmt: skip


def main() -> None:
    """`python -m tests.page_faults [--control]`; the last lines say which and how many pages were drawn."""
    pages, count = Pages(), 0
    if "--control" in sys.argv:
        lock = pages.show("start")
        print("\n".join(faults(lock)))
        lock.painter.write("Quý vị", 960, 36, 30, "#FFFFFF")
        lock.painter.write("Quý vị {n}", 5, 690, 10, "#FFFFFF")
        print("spoilt", *faults(lock), sep="\n")
        return
    seen: set[str] = set()
    for label, lock in pages.every():
        count += 1
        seen.add(lock.page)
        for fault in faults(lock):
            print(f"{label}: {fault}")
    print(*sorted(seen))
    print(f"{count} pages")


if __name__ == "__main__":
    main()
