"""One pair of eyes on everything that an end or a death changes, in one thread.

Only what may keep those eyes waiting is asked aside.
"""

import threading
import time
from collections.abc import Callable, Mapping

from Xlib import X

from kiosk.lockscreen import marker
from tests.watching import GROUNDS, Eye

Row = tuple[int, ...]


class Panorama(Eye):
    """Sees the middle of the screen besides: what the screens draw, not only that they cover."""

    def __enter__(self) -> "Panorama":
        return self

    def middle(self) -> bytes:
        """One row of pixels across the whole screen, at half its height."""
        image = self._root.get_image(0, self.height // 2, self.width, 1, X.ZPixmap, 0xFFFFFFFF)
        return image.data if isinstance(image.data, bytes) else bytes(image.data.encode("latin-1"))


class Watch:
    """Looks at the screen's corner in a loop and asks `conditions` until all are met; times in seconds after `zero`.

    The corner is judged afterwards, because a lock that starts during the watch tells its token only later.
    """

    def __init__(self, eye: Eye, conditions: Mapping[str, Callable[[], bool]] | None = None) -> None:
        self._eye, self._conditions = eye, dict(conditions or {})
        self.rows: list[tuple[float, Row]] = []
        self.met: dict[str, float] = {}
        self._pictures: list[tuple[float, int]] = []

    def see(self) -> None:
        """One look at the screen alone, known when the X server has answered and not before."""
        row = tuple(self._eye.row())
        self.rows.append((time.monotonic(), row))

    def look(self) -> None:
        """One look at everything."""
        self.see()
        if isinstance(self._eye, Panorama):
            self._pictures.append((time.monotonic(), hash(self._eye.middle())))
        for name, condition in list(self._conditions.items()):
            if condition():
                self.met[name] = time.monotonic()
                del self._conditions[name]

    def until_covered(self, token: str, seconds: float) -> None:
        """Look at the screen alone until the lock of this marker covers it; RuntimeError when that takes too long."""
        deadline = time.monotonic() + seconds
        while not self.rows or not marker.matches(token, GROUNDS, list(self.rows[-1][1])):
            if time.monotonic() > deadline:
                raise RuntimeError(f"waited {seconds} s for a cover")
            self.see()
            time.sleep(0.001)

    def until(self, done: Callable[[], bool], seconds: float) -> None:
        """Look until all conditions are met and `done()`; RuntimeError when that takes too long."""
        deadline = time.monotonic() + seconds
        while self._conditions or not done():
            if time.monotonic() > deadline:
                raise RuntimeError(f"waited {seconds} s for {', '.join(self._conditions) or 'the end'}")
            self.look()
            time.sleep(0.001)

    def covered(self, tokens: set[str]) -> list[tuple[float, bool]]:
        """(moment, covered) of every look; a marker of any of `tokens` counts."""
        known: dict[Row, bool] = {}
        for _moment, row in self.rows:
            if row not in known:
                known[row] = any(marker.matches(token, GROUNDS, list(row)) for token in tokens)
        return [(moment, known[row]) for moment, row in self.rows]

    def settled(self) -> float:
        """The moment from which the middle of the screen looked as it does at the end."""
        last = self._pictures[-1][1]
        other = [place for place, (_moment, picture) in enumerate(self._pictures) if picture != last]
        return self._pictures[other[-1] + 1 if other else 0][0]

    def coarseness(self) -> float:
        """The longest pause between two looks, in seconds: nothing here is known better than that."""
        moments = [moment for moment, _row in self.rows]
        return max((after - before for before, after in zip(moments, moments[1:], strict=False)), default=0.0)


def first_cover(samples: list[tuple[float, bool]], since: float) -> float:
    """Seconds from `since` to the first look that shows a cover; RuntimeError when none does."""
    for moment, covered in samples:
        if moment >= since and covered:
            return moment - since
    raise RuntimeError("the cover was never seen")


def longest_gap(samples: list[tuple[float, bool]], since: float) -> float:
    """The longest stretch from `since` on without a cover, from the last covered look before it to the next."""
    longest, last = 0.0, since
    for moment, covered in samples:
        if moment >= since and covered:
            longest, last = max(longest, moment - last), moment
    return max(longest, samples[-1][0] - last)


def back_after(samples: list[tuple[float, bool]], since: float) -> float:
    """Seconds from `since` until the cover was there again for good; 0.0 when no look found it missing."""
    missing = [place for place, (moment, covered) in enumerate(samples) if moment >= since and not covered]
    if not missing:
        return 0.0
    if missing[-1] + 1 == len(samples):
        raise RuntimeError("the cover did not come back")
    return samples[missing[-1] + 1][0] - since


class Aside:
    """Asks again and again, in a thread of its own, what may make the one who asks wait; `met`: when it came true."""

    def __init__(self, condition: Callable[[], bool], every: float = 0.02) -> None:
        self._condition, self._every, self._left = condition, every, threading.Event()
        self.met: float | None = None
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Aside":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._left.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._left.is_set():
            if self._condition():
                self.met = time.monotonic()
                return
            self._left.wait(self._every)


def now_and_then(condition: Callable[[], bool], every: float = 0.01) -> Callable[[], bool]:
    """A condition that is too dear, or too disturbing, to be asked at each look."""
    due = 0.0

    def asked() -> bool:
        nonlocal due
        if time.monotonic() < due:
            return False
        found = condition()
        due = time.monotonic() + every
        return found

    return asked
