"""Eyes for the desktop tests: is the lock's marker on the screen, and was it there all the time?"""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

from Xlib import X
from Xlib.display import Display
from Xlib.error import BadMatch, BadWindow
from Xlib.xobject.drawable import Window

from kiosk.lockscreen import marker

Token = Callable[[], str | None]


def _grounds() -> tuple[int, ...]:
    tokens = json.loads((Path(__file__).parent.parent / "web_ui" / "tokens.json").read_text(encoding="utf-8"))
    names = [tokens["colour"][name] for name in ("patina_deep", "paper", "mist")]
    names.append(tokens["high_contrast"]["ground"])
    return tuple(int(name.lstrip("#"), 16) for name in names)


GROUNDS = _grounds()


class Eye:
    """Looks at the screen; `sees` at the corner in which every screen of the lock paints its marker."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)
        self._root = self._display.screen().root
        self._root.change_attributes(event_mask=X.StructureNotifyMask)
        size = self._root.get_geometry()
        self.width, self.height = size.width, size.height

    def __enter__(self) -> "Eye":
        return self

    def __exit__(self, *error: object) -> None:
        self._display.close()

    def pixels(self, x: int, y: int, width: int, height: int) -> list[int]:
        """A piece of the screen row by row, as 0xRRGGBB; black where it is not on the screen any more."""
        try:
            image = self._root.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFFFF)
        except BadMatch:  # somebody has made the screen smaller since
            size = self._root.get_geometry()
            self.width, self.height = size.width, size.height
            return [0] * (width * height)
        data = image.data if isinstance(image.data, bytes) else image.data.encode("latin-1")
        return [int.from_bytes(data[at : at + 3], "little") for at in range(0, width * height * 4, 4)]

    def row(self) -> list[int]:
        """One row of the corner's pixels, where that is now."""
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.ConfigureNotify:
                self.width, self.height = event.width, event.height
        return self.pixels(0, self.height - 1, marker.WIDTH, 1)

    def shows(self, colour: int) -> bool:
        """Whether the colour stands anywhere on the lines through the screen's middle, across and down."""
        across = self.pixels(0, self.height // 2, self.width, 1)
        return colour in across or colour in self.pixels(self.width // 2, 0, 1, self.height)

    def windows(self) -> set[int]:
        """Windows directly below the root window that can be seen."""
        return {window.id for window in self._root.query_tree().children if _seen(window)}

    def sees(self, token: str | None) -> bool:
        """Whether the marker of `token` is there."""
        return token is not None and marker.matches(token, GROUNDS, self.row())


def _seen(window: Window) -> bool:
    try:
        return bool(window.get_attributes().map_state == X.IsViewable)
    except BadWindow:  # gone since the list was made
        return False


class CoverWatch:
    """Samples whether the screen is covered, from before an event until after it.

    Any lock counts whose token `ask` has told while watching: every new process has a new one. With `foreign`, each
    sample also looks for that colour, which the screens of the lock never show.
    """

    def __init__(self, display: str, ask: Token, every: float = 0.002, foreign: int | None = None) -> None:
        self._display, self._ask, self._every, self._foreign = display, ask, every, foreign
        self._tokens: set[str] = set()
        self._rows: list[tuple[float, tuple[int, ...]]] = []
        self.foreign_seen: list[float] = []
        self._running = True
        self._threads = [threading.Thread(target=self._look), threading.Thread(target=self._learn)]

    def __enter__(self) -> "CoverWatch":
        self._learn_once()
        for thread in self._threads:
            thread.start()
        while not self._rows:
            time.sleep(0.002)
        return self

    def __exit__(self, *error: object) -> None:
        self._learn_once()
        self._running = False
        for thread in self._threads:
            thread.join()

    def _look(self) -> None:
        with Eye(self._display) as eye:
            while self._running:
                self._rows.append((time.monotonic(), tuple(eye.row())))
                if self._foreign is not None and eye.shows(self._foreign):
                    self.foreign_seen.append(self._rows[-1][0])
                time.sleep(self._every)

    def _learn(self) -> None:
        while self._running:
            self._learn_once()
            time.sleep(0.02)

    def _learn_once(self) -> None:
        if token := self._ask():
            self._tokens.add(token)

    def samples(self) -> list[tuple[float, bool]]:
        """(moment, covered); also while the watch still runs."""
        known: dict[tuple[int, ...], bool] = {}
        rows = list(self._rows)
        for _moment, row in rows:
            if row not in known:
                known[row] = any(marker.matches(token, GROUNDS, list(row)) for token in list(self._tokens))
        return [(moment, known[row]) for moment, row in rows]

    def longest_gap(self, since: float = 0.0) -> float:
        """The longest stretch in seconds, from `since` on, in which no sample showed a cover; one must have looked."""
        longest, start, moment = 0.0, None, since
        assert any(moment >= since for moment, _covered in self.samples()), "nobody looked"
        for moment, covered in self.samples():
            if moment < since:
                continue
            if covered:
                longest, start = max(longest, moment - start if start is not None else 0.0), None
            elif start is None:
                start = moment
        return max(longest, moment - start) if start is not None else longest

    def covered_after(self, since: float) -> float | None:
        """Seconds from `since` to the first sample after it that shows a cover; None when none did."""
        return next((moment - since for moment, covered in self.samples() if moment >= since and covered), None)
