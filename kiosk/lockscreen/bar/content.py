"""What a sheet is made of: its sentence, its ring or sign, smaller lines, and the buttons below them."""

from typing import NamedTuple

from kiosk.lockscreen.bar.acts import Act


class Line(NamedTuple):
    """A smaller sentence with its sign, below the large one."""

    sign: str
    text: str


class Content(NamedTuple):
    """A sheet: its kind, its sentence, what stands beside it, and what it offers.

    Beside it: a ring (`tall` strokes, and the number in it; -1: none) or a `sign`. `share`: how much of a work is
    done, as (done, all) strokes. `keys`: it also tells the bar's keys.
    """

    kind: str
    text: str
    tall: int = -1
    number: int | str = -1
    lines: tuple[Line, ...] = ()
    buttons: tuple[Act, ...] = ()
    sign: str = ""
    share: tuple[int, int] | None = None
    keys: bool = False
