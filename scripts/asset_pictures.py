"""Drawings to PNG, as the lock screen and the time bar place them: every size, normal and high contrast.

`build(source, out)` renders into `out/pictures`: pictures, signs in each colour they are used in, card corners, boxes,
strokes, the drum and the sheets of ring strokes. What is rendered follows from kiosk/lockscreen/look.py, so a size that
a screen may ask for is never missing.
"""

import math
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import resvg_py

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # the build calls this file where the package is not installed yet
    sys.path.insert(0, str(ROOT))

from kiosk.lockscreen import look, shapes  # noqa: E402

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">{body}</svg>'

HIGH_CONTRAST = (
    ".l{stroke:#FFFFFF;stroke-width:8} .card,.skin,.hair,.grey,.mist,.leaf,.sky,.clay{fill:#000000}"
    " .rice,.brick{fill:#FFD60A} .pat,.ink{fill:#FFFFFF} .w{stroke:#000000} path.sky{fill:none;stroke:#000000}"
)
# A filled green shirt and the thin blue line of the wheelchair share the class `sky`; only the line has no fill.
PEOPLE_CONTRAST = HIGH_CONTRAST.replace(" path.sky{fill:none;stroke:#000000}", "")


def inputs(source: Path) -> list[Path]:
    """What the outcome depends on, besides this file: the drawings, the tokens, and the sizes that screens ask for."""
    package = source.parent / "kiosk" / "lockscreen"
    sizes = [package / "look.py", package / "shapes.py"]
    return [*sorted((source / "drawings").rglob("*.svg")), source / "tokens.json", *sizes]


def build(source: Path, out: Path) -> None:
    """Render everything into `out/pictures`, which then holds nothing else."""
    pictures, fresh = out / "pictures", out / "pictures.new"
    shutil.rmtree(fresh, ignore_errors=True)
    for name, png in _all(source / "drawings"):
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(png)
    # Swapped at the end: a lock that is running meanwhile misses its pictures for a moment, not for seconds.
    shutil.rmtree(pictures, ignore_errors=True)
    fresh.rename(pictures)


def _all(drawings: Path) -> Iterator[tuple[str, bytes]]:
    yield from _pictures(drawings)
    yield from _signs(drawings)
    yield from _emblems(drawings)
    yield from _cards()
    yield from _boxes()
    yield from _strokes()
    for contrast in (False, True):
        for size in look.DRUM_STEPS:
            yield shapes.drum_file(size, contrast), _png(_drum(size, contrast), size, size)
        for size in look.RING_STEPS:
            for tone in ("dark", "light"):
                body, width, height = _ring_sheet(size, tone, contrast)
                yield shapes.ring_file(size, tone, contrast), _png(body, width, height)
            sun = shapes.sun_size(size)
            yield shapes.sun_file(size, contrast), _png(_sun(sun, contrast), sun, sun)


def _png(body: str, width: int, height: int) -> bytes:
    return _render(SVG.format(w=width, h=height, body=body), width, height)


def _render(svg: str, width: int, height: int, style: str | None = None) -> bytes:
    return resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height, style_sheet=style, skip_system_fonts=True)


def _pictures(drawings: Path) -> Iterator[tuple[str, bytes]]:
    for folder in ("groups", "people"):
        for path in sorted((drawings / folder).glob("*.svg")):
            svg = path.read_text(encoding="utf-8")
            style = PEOPLE_CONTRAST if folder == "people" else HIGH_CONTRAST
            for size in look.PICTURE_STEPS:
                name = f"{folder}/{path.stem}"
                yield shapes.picture_file(name, size, False), _render(svg, size, size)
                yield shapes.picture_file(name, size, True), _render(svg, size, size, style)


def _coloured(path: Path, colour: str) -> str:
    svg = path.read_text(encoding="utf-8")
    start = svg.index('color="#')
    return svg[:start] + f'color="{colour}"' + svg[svg.index('"', start + 7) + 1 :]


def _signs(drawings: Path) -> Iterator[tuple[str, bytes]]:
    for name in shapes.SIGNS:
        for colour in shapes.SIGN_COLOURS:
            svg = _coloured(drawings / "signs" / f"{name}.svg", colour)
            for size in look.SIGN_STEPS:
                if size <= 64 or (name in shapes.LARGE_SIGNS and colour in shapes.ACCENTS):
                    yield shapes.sign_file(name, size, colour), _render(svg, size, size)


def _emblems(drawings: Path) -> Iterator[tuple[str, bytes]]:
    for colour in shapes.EMBLEM_COLOURS:
        svg = _coloured(drawings / "emblem_small.svg", colour)
        for size in look.EMBLEM_STEPS:
            yield shapes.emblem_file(size, colour), _render(svg, size, size)


def _rounded(width: float, height: float, radius: float, border: float, line: str, fill: str) -> str:
    half = border / 2
    stroke = f'stroke="{line}" stroke-width="{border}"' if border else ""
    return (
        f'<rect x="{half}" y="{half}" width="{width - border}" height="{height - border}" '
        f'rx="{max(radius - half, 0)}" fill="{fill}" {stroke}/>'
    )


def _cards() -> Iterator[tuple[str, bytes]]:
    for style in shapes.CARDS:
        for contrast in (False, True):
            card = shapes.card(style, contrast)
            for radius in shapes.RADII if style != "disc" else shapes.DISCS:
                side = radius * 2
                body = _rounded(side, side, radius, card.border, card.line, card.fill)
                yield shapes.card_file(style, radius, contrast), _png(body, side, side)


def _boxes() -> Iterator[tuple[str, bytes]]:
    for contrast in (False, True):
        for size in shapes.BOX_SIZES:
            for kind in ("box", "round"):
                for on in (False, True):
                    yield shapes.box_file(kind, size, on, contrast), _png(_box(kind, size, on, contrast), size, size)


def _box(kind: str, size: int, on: bool, contrast: bool) -> str:
    border = size / 11 if not contrast else size / 9
    line = "#FFFFFF" if contrast else "#6E8580"
    ground, chosen, tick = ("#000000", "#FFD60A", "#000000") if contrast else ("#FFFFFF", "#0B4A43", "#FFFFFF")
    radius = size / 2 if kind == "round" else size * 0.22
    if not on:
        return _rounded(size, size, radius, border, line, ground)
    points = " ".join(f"{x * size:.2f},{y * size:.2f}" for x, y in ((0.24, 0.52), (0.43, 0.71), (0.77, 0.30)))
    return _rounded(size, size, radius, 0, "", chosen) + (
        f'<polyline points="{points}" fill="none" stroke="{tick}" stroke-width="{size * 0.09:.2f}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _strokes() -> Iterator[tuple[str, bytes]]:
    for width, height in shapes.stroke_sizes():
        for colour in shapes.STROKE_COLOURS:
            body = f'<rect width="{width}" height="{height}" rx="{width / 2}" fill="{colour}"/>'
            yield shapes.stroke_file(width, height, colour), _png(body, width, height)


def _polar(centre: float, radius: float, degrees: float) -> str:
    """A point on a circle, clockwise from twelve o'clock."""
    angle = math.radians(degrees)
    return f"{centre + radius * math.sin(angle):.2f} {centre - radius * math.cos(angle):.2f}"


def _drum(size: int, contrast: bool) -> str:
    """The drum's face: 60 strokes, two fine rings, a sun of twelve rays with room for a word on its disc."""
    accent, ground, fine = ("#FFD60A", "#000000", "#FFFFFF") if contrast else ("#F6C445", "#073630", "#5B8780")
    c = size / 2
    strokes = "".join(f"M{_polar(c, c * 0.875, i * 6)}L{_polar(c, c * 0.983, i * 6)}" for i in range(60))
    rays = "".join(
        f"M{_polar(c, c * 0.60, i * 30 - 6)}L{_polar(c, c * 0.77, i * 30)}L{_polar(c, c * 0.60, i * 30 + 6)}z"
        for i in range(12)
    )
    rings = "".join(
        f'<circle cx="{c}" cy="{c}" r="{c * r:.2f}" fill="none" stroke="{fine}" stroke-width="{size / 260:.2f}"/>'
        for r in (0.79, 0.828)
    )
    return (
        f'<rect width="{size}" height="{size}" fill="{ground}"/>'
        f'<path d="{strokes}" stroke="{accent}" stroke-width="{size * 0.0145:.2f}" stroke-linecap="round"/>'
        f'{rings}<circle cx="{c}" cy="{c}" r="{c * 0.612:.2f}" fill="{accent}"/><path d="{rays}" fill="{accent}"/>'
    )


def _sun(size: int, contrast: bool) -> str:
    c = size / 2
    points = "L".join(_polar(c, c if i % 2 == 0 else c * 0.53, i * 15) for i in range(24))
    return f'<path d="M{points}z" fill="{"#FFD60A" if contrast else "#F6C445"}"/>'


def _ring_sheet(size: int, tone: str, contrast: bool) -> tuple[str, int, int]:
    """One picture with 60 tall strokes in its first row and 60 short ones below, each in its own cell."""
    measures: dict[str, Any] = look.tokens()["stroke"]
    cell, radius = shapes.ring_cell(size), size / 2
    tall, short = shapes.ring_colours(tone, contrast)
    inner, outer = measures["ring"]["inner"] * radius, measures["ring"]["outer"] * radius
    half = (outer - inner) / 2
    body = []
    for row, (colour, reach) in enumerate(((tall, half), (short, half * measures["spent_ring"] * 1.2))):
        for i in range(60):
            cx, cy, angle = (i + 0.5) * cell, (row + 0.5) * cell, math.radians(i * 6)
            dx, dy = reach * math.sin(angle), -reach * math.cos(angle)
            body.append(
                f'<path d="M{cx - dx:.2f} {cy - dy:.2f}L{cx + dx:.2f} {cy + dy:.2f}" stroke="{colour}" '
                f'stroke-width="{size * measures["ring"]["width"]:.2f}" stroke-linecap="round"/>'
            )
    return "".join(body), cell * 60, cell * 2


if __name__ == "__main__":
    build(ROOT / "web_ui", ROOT / "web_ui" / "built")
