"""One question, its tiles, and the ways on: nothing is pre-selected, and "straight in" is always there."""

from typing import TYPE_CHECKING

from kiosk.lockscreen.draw import Painter
from kiosk.lockscreen.screens.common import Keys

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


def draw(lock: "Lock", p: Painter) -> Keys:
    """Draw it."""
    p.begin(p.look, p.look.light_ground)
    return Keys(enter=lock.sign_in)
