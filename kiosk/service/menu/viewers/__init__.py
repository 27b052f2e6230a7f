"""Each format in the citizen's browser, with one touch in and one way back. Start at `opening.py`."""

from kiosk.service.menu.viewers.opening import ENDPOINTS, add_viewers

__all__ = ["ENDPOINTS", "add_viewers"]
