"""The measures, colours and type of LOOK.md for one screen size and one citizen's choice of text and contrast.

Pure: no Tk, no file but tokens.json. What the build renders and what the screens place both follow from here.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.translations import web_ui_dir

# Sizes that the build renders; the screens take the largest that fits. Pixels, square.
PICTURE_STEPS = (64, 72, 80, 88, 96, 104, 112, 120, 128, 144, 160, 176, 200, 224, 256, 288)
SIGN_STEPS = (24, 28, 32, 36, 40, 44, 48, 56, 64, 144, 160, 200, 224)
DRUM_STEPS = (360, 400, 440, 480, 520, 556, 600, 680, 740, 780)
RING_STEPS = (100, 112, 120, 168, 280, 300, 340, 372, 402, 480, 520, 560)
EMBLEM_STEPS = (40, 44, 48, 56, 64, 88)


@cache
def tokens() -> dict[str, Any]:
    """tokens.json, the one set of colours, spaces and type for Tk and web."""
    found: dict[str, Any] = json.loads(Path(web_ui_dir() / "tokens.json").read_text(encoding="utf-8"))
    return found


def size_name(width: int, height: int) -> str:
    """The designed size that a screen of these pixels follows."""
    if width >= 1800 and height >= 1000:
        return "1920x1080"
    return "1366x768" if width >= 1280 else "1024x768"


def largest(steps: tuple[int, ...], room: float) -> int:
    """The largest step that fits; the smallest when none does."""
    return max((step for step in steps if step <= room), default=min(steps))


class Look:
    """One look. Sizes in pixels, colours as #RRGGBB; `dark` screens and light ones share it."""

    def __init__(self, width: int, height: int, large: bool = False, contrast: bool = False) -> None:
        self.width, self.height, self.large, self.contrast = width, height, large, contrast
        found, self.name = tokens(), size_name(width, height)
        type_, space = found["type"][self.name]["large" if large else "normal"], found["space"][self.name]
        self.display: int = type_["display"]
        self.title: int = type_["title"]
        self.body: int = type_["body"]
        self.label: int = type_["label"]
        self.small: int = type_["small"]
        self.bar_text: int = found["type"]["timebar"][self.name]
        self.margin: int = space["margin"]
        self.gap: int = space["gap"]
        self.top: int = space["top"]
        self.bottom: int = space["bottom"]
        self.bar: int = space["timebar"]
        self.scale: float = 1.4 if self.name == "1920x1080" else 1.0
        self.button: int = round(found["space"]["button_high"] * self.scale)
        self.tool: int = round(found["space"]["target_min"] * self.scale)
        self.radius = round(found["radius"]["card"] * self.scale)
        self.border: int = found["border"]["high_contrast" if contrast else "card"]
        self.family: str = found["type"]["family"]
        self._colour(found)

    def _colour(self, found: dict[str, Any]) -> None:
        if self.contrast:
            high = found["high_contrast"]
            black, white, yellow = high["ground"], high["ink"], high["select"]
            self.dark_ground = self.light_ground = self.card = black
            self.ink = self.ink_soft = self.on_dark = self.on_dark_soft = self.patina = white
            self.accent, self.accent_fill, self.mist = yellow, yellow, black
            self.on_accent, self.rule_dark, self.rule_light = black, white, white
            return
        colour = found["colour"]
        self.dark_ground, self.light_ground, self.card = colour["patina_deep"], colour["paper"], colour["card"]
        self.ink, self.ink_soft, self.patina = colour["ink"], colour["ink_soft"], colour["patina"]
        self.on_dark, self.on_dark_soft, self.mist = colour["card"], colour["mist"], colour["mist"]
        self.accent = self.accent_fill = colour["rice"]
        self.on_accent, self.rule_dark, self.rule_light = colour["ink"], colour["rule_on_dark"], colour["hairline"]

    def px(self, value: float) -> int:
        """A measure drawn at 1366 wide, on this screen."""
        return round(value * self.scale)


def bar_height(width: int, height: int) -> int:
    """How high the time bar is on a screen of this size; the window manager keeps that much free at the top."""
    return int(tokens()["space"][size_name(width, height)]["timebar"])
