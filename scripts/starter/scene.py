"""One frame of the film: sea, sky, hill, river, and where the water is at that second. Pure; the house's colours."""

import math
import random

INK, RICE, LEAF, SKY, CLAY, GREY, CARD, MIST = (
    "#0E2A26", "#F6C445", "#7DBE8C", "#7FB2E0", "#D9A066", "#C3CCC9", "#FFFFFF", "#DCE9E3"
)  # fmt: skip
LINE = f'stroke="{INK}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"'
SEA = 372  # where its surface lies
# A thin white line, and one of rain.
THIN = f'fill="none" stroke="{CARD}" stroke-width="4" stroke-linecap="round"'
RAIN = 'stroke="#3E7FB8" stroke-width="5" stroke-linecap="round"'
DROP = "M0-16c10 13 13 18 13 24a13 13 0 0 1-26 0c0-6 3-11 13-24z"
RIVER = ((650, 222), (640, 250), (668, 288), (664, 318), (600, 358), (480, 392), (380, 404))


def frame(second: float, step: float) -> str:
    """The picture at that second; `step` is how long each of the nine lines stands."""
    line, share = divmod(second / step, 1)
    part = int(line)
    cloud = _cloud_place(part, share)
    inner = [_land(second)]
    if part in (1, 2, 8):
        inner.append(_rays(second))
    if part in (2, 3):
        inner.append(_vapour(second, 1.0 if part == 2 else max(0.0, 1 - 1.5 * share)))
    if part in (6, 7):
        inner.append(_flowing(second))
    if part == 6:
        inner.append(_sinking(second))
    if cloud is not None:
        x, y, size, dark = cloud
        if part == 5 or (part == 6 and share < 0.3):
            inner.append(_rain(second, x, y))
        inner.append(_cloud(x, y, size, dark))
    inner.append(_hero(part, share))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 854 480"><rect width="854" height="480" fill="'
        f'{MIST}"/>{"".join(inner)}</svg>\n'
    )


def _land(second: float) -> str:
    waves = "".join(
        f'<path d="M{-60 + n * 76 + 14 * math.sin(second * 1.1 + row):.1f} {SEA + 26 + row * 34}'
        f'q19-12 38 0t38 0" {THIN}/>'
        for row in range(3)
        for n in range(6 - row)
    )
    return (
        f'<g {LINE}><circle cx="120" cy="92" r="44" fill="{RICE}"/>'
        f'<path d="M430 480l210-330c10-14 30-14 40 0l60 92 50-70c10-14 26-14 36 0l70 100v220z" fill="{LEAF}"/>'
        f'<path d="M-10 {SEA}h420c60 0 90 10 150 30l-20 90H-10z" fill="{SKY}"/>'
        '<path d="M636 216c-50 40 36 62-6 92-40 26-130 40-210 66l60 30c60-20 170-40 204-80 36-44-40-70-14-106z" '
        f'fill="{SKY}"/>'
        f'<path d="M396 377l44 7 58 21-10 18h-96z" fill="{SKY}" stroke="none"/>'
        f"{_tree(760, 400)}{_tree(704, 428)}{_house(800, 442)}</g>{waves}"
    )


def _tree(x: int, y: int) -> str:
    return f'<path d="M{x} {y}v-34" fill="none"/><circle cx="{x}" cy="{y - 50}" r="22" fill="#5FA873"/>'


def _house(x: int, y: int) -> str:
    roof = f'<path d="M{x - 40} {y - 32}l40-32 40 32z" fill="{CLAY}"/>'
    return f'<path d="M{x - 30} {y}v-34h60v34z" fill="{CARD}"/>{roof}'


def _rays(second: float) -> str:
    long = 22 + 6 * math.sin(second * 3)
    marks = ((math.cos(n * math.pi / 6), math.sin(n * math.pi / 6)) for n in range(12))
    return "".join(
        f'<path d="M{120 + 58 * x:.1f} {92 + 58 * y:.1f}l{long * x:.1f} {long * y:.1f}" {LINE}/>' for x, y in marks
    )


def _vapour(second: float, seen: float) -> str:
    dots = []
    for n in range(26):
        chance = random.Random(n)
        x, speed, begin = chance.uniform(40, 400), chance.uniform(0.16, 0.26), chance.random()
        way = (second * speed + begin) % 1
        y = SEA - 8 - way * 230
        dots.append(
            f'<circle cx="{x + 12 * math.sin(way * 9 + n):.1f}" cy="{y:.1f}" r="{7 - 3 * way:.1f}" fill="{CARD}" '
            f'stroke="{INK}" stroke-width="3" opacity="{seen * min(1, 4 * (1 - way)):.2f}"/>'
        )
    return "".join(dots)


def _cloud_place(part: int, share: float) -> tuple[float, float, float, bool] | None:
    """Where the cloud is, how large, and whether it is heavy; None while there is none."""
    if part == 3:
        return 250, 120, min(1, 0.2 + share), False
    if part == 4:
        soft = share * share * (3 - 2 * share)
        return 250 + 380 * soft, 120 - 30 * soft, 1, False
    if part == 5:
        return 630, 90, 1.12, True
    if part == 6:
        return 630, 90, 1.12 * (1 - 0.5 * share), share < 0.3
    return None


def _cloud(x: float, y: float, size: float, dark: bool) -> str:
    return (
        f'<g transform="translate({x:.1f} {y:.1f}) scale({size:.2f})"><path d="M-84 34c-36 0-40-48-6-52 4-40 62-52 '
        f'82-18 24-18 64-4 64 28 40-2 44 42 8 42z" fill="{GREY if dark else CARD}" {LINE}/></g>'
    )


def _rain(second: float, x: float, y: float) -> str:
    drops = []
    for n in range(22):
        chance = random.Random(100 + n)
        way = (second * chance.uniform(0.7, 1.0) + chance.random()) % 1
        left, top = x - 80 + chance.uniform(0, 150), y + 44 + way * 170
        drops.append(f'<path d="M{left:.1f} {top:.1f}l-5 16" {RAIN}/>')
    return "".join(drops)


def _along(way: float) -> tuple[float, float]:
    """A place on the river, 0 at its spring, 1 at the sea."""
    at = min(0.9999, max(0.0, way)) * (len(RIVER) - 1)
    n = int(at)
    (x, y), (to_x, to_y) = RIVER[n], RIVER[n + 1]
    return x + (to_x - x) * (at - n), y + (to_y - y) * (at - n)


def _flowing(second: float) -> str:
    marks = []
    for n in range(9):
        x, y = _along((second * 0.16 + n / 9) % 1)
        marks.append(f'<path d="M{x - 10:.1f} {y + 6:.1f}q10-8 20 0" {THIN}/>')
    return "".join(marks)


def _sinking(second: float) -> str:
    marks = []
    for n in range(7):
        way = (second * 0.4 + n / 7) % 1
        marks.append(f'<path d="M{560 + n * 18} {424 + 34 * way:.1f}v12" {RAIN} opacity="{1 - way:.2f}"/>')
    return "".join(marks)


def _hero(part: int, share: float) -> str:
    """The drop that is followed, with a face."""
    soft = share * share * (3 - 2 * share)
    if part in (0, 1, 8):
        x, y = 210.0, SEA - 20 - 8 * math.sin(share * 6 * math.pi)
    elif part == 2:
        x, y = 210 + 40 * soft, SEA - 20 - 220 * soft
    elif part == 3:
        x, y = 250.0, 132.0
    elif part == 4:
        x, y = 250 + 380 * soft, 132 - 30 * soft
    elif part == 5:
        x, y = 630.0, 110 + 108 * max(0.0, (share - 0.35) / 0.65) ** 2
    elif part == 6:
        x, y = _along(share * 0.62)
    else:
        x, y = _along(0.62 + share * 0.5)
    return (
        f'<g transform="translate({x:.1f} {y:.1f}) scale(1.7)">'
        f'<path d="{DROP}" fill="{SKY}" stroke="{INK}" stroke-width="3"/>'
        f'<circle cx="-4.5" cy="5" r="1.9" fill="{INK}"/><circle cx="4.5" cy="5" r="1.9" fill="{INK}"/>'
        f'<path d="M-4 10q4 4 8 0" fill="none" stroke="{INK}" stroke-width="2" stroke-linecap="round"/></g>'
    )
