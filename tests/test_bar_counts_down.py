"""The last minutes on the bar: words, sheet and ring say the same number; and no size of screen loses the strokes."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, cast

import pytest

from kiosk.lockscreen.app import Prefs, say
from kiosk.lockscreen.bar.bar import Bar
from kiosk.lockscreen.bar.talk import Talk
from tests.bar_states import SilentSound
from tests.lock_stage import OPEN, STATE

OFFER = {"minutes": 30, "offered": True, "why_not": None}


class Words(Bar):
    """A bar's words without its windows."""

    def __init__(self, lang: str = "vi", **state: Any) -> None:
        self.state: dict[str, Any] = {**STATE, **OPEN, **state}
        self.state["prefs"] = {"lang": lang, "large": False, "contrast": False}
        self.sound = cast(Any, SilentSound())
        self.talk = Talk(self)

    def told(self, **state: Any) -> Any:
        before, self.state = self.state, {**self.state, **state}
        self.talk.hear(before, self.state)
        return self.talk.sheet()


@pytest.mark.parametrize("seconds", [120, 119, 61, 60, 59, 11, 1])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_in_the_last_two_minutes_bar_sheet_and_ring_count_the_same_seconds(lang: str, seconds: int) -> None:
    words = Words(lang)
    sheet = words.told(seconds_left=seconds, warning=1)
    assert words.time_words() == {"vi": f"Còn {seconds} giây", "en": f"{seconds} seconds left"}[lang]
    assert sheet.text.startswith(words.time_words() + ".")
    assert (sheet.tall, sheet.number) == (min(60, seconds), seconds)
    words.talk.act("show_time")
    shown = words.told()
    assert (shown.text, shown.number) == (words.time_words() + ".", seconds)


@pytest.mark.parametrize(("seconds", "warning", "last"), [(121, 5, 120), (300, 5, 120), (60, 1, 30), (60, 1, None)])
def test_before_that_all_three_count_the_same_minutes(seconds: int, warning: int, last: int | None) -> None:
    words = Words(seconds_left=3600)
    sheet = words.told(seconds_left=seconds, warning=warning, last_screen_seconds=last, extension=OFFER)
    minutes = -(-seconds // 60)
    assert words.time_words() == f"Còn {minutes} phút"
    assert sheet.text.startswith(f"Còn {minutes} phút.")
    assert (sheet.tall, sheet.number) == (minutes, minutes)


def test_a_decimal_has_a_comma_in_vietnamese_and_a_point_in_english() -> None:
    assert say(Prefs("vi"), "Add {n} minutes", n=0.5) == "Dùng thêm 0,5 phút"
    assert say(Prefs("en"), "Add {n} minutes", n=0.5) == "Add 0.5 minutes"
    assert say(Prefs("vi"), "{n} minutes", n=60) == "60 phút"
    assert say(Prefs("vi"), "It is {time}, {weekday}, {date}", time="17.42", weekday="", date="").count(",") == 2


def main() -> None:
    """How many strokes the warned bar has on this display, for every choice and word; printed for the test."""
    from kiosk.lockscreen.look import Look
    from kiosk.lockscreen.x11 import X11

    bar = Bar(X11(), cast(Any, "/nonexistent"))
    for lang, large, contrast, told, seconds in itertools.product(
        ("vi", "en"), (False, True), (False, True), (False, True), (600, 110)
    ):
        prefs = {"lang": lang, "large": large, "contrast": contrast}
        state = {"prefs": prefs, "help_asked": told, "warning": 10, "extension": OFFER, "seconds_left": seconds}
        bar.state = {**STATE, **OPEN, **state}
        bar.redraw()
        bar.look = Look(bar.look.width, bar.look.height, large, contrast)
        kinds = {item: str(bar.canvas.type(item)) for item in bar.canvas.find_all()}
        items = [item for item, kind in kinds.items() if kind == "image"]
        strokes = [item for item in items if bar.canvas.bbox(item)[2] - bar.canvas.bbox(item)[0] < 10]
        words = max(bar.canvas.bbox(item)[2] for item, kind in list(kinds.items())[:3] if kind == "text")
        edges = [bar.canvas.bbox(item) for item in strokes]
        first = min(target.box.x for target in bar.strip.painter.targets if target.name != "time")
        apart = bool(edges) and words <= edges[0][0] and edges[-1][2] <= first
        tall = sum(box[3] - box[1] > max(b[3] - b[1] for b in edges) // 2 for box in edges)
        print(len(strokes), tall, apart, lang, large, contrast, told, seconds)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["1024x768", "1280x800", "1366x768", "1920x1080"])
def test_every_warned_bar_keeps_its_strokes_between_the_words_and_the_buttons(
    size: str, xvfb: Callable[..., str]
) -> None:
    done = subprocess.run([sys.executable, "-m", "tests.test_bar_counts_down"], timeout=60, check=False,
                          env={**os.environ, "DISPLAY": xvfb(size)}, capture_output=True, text=True)  # fmt: skip
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == 32, done.stderr
    for count, tall, apart, *choice in lines:
        assert int(count) in (10, 20, 60), choice
        assert int(tall) == (10 if choice[-1] == "600" else 2), choice
        assert apart == "True", choice


if __name__ == "__main__":
    main()
