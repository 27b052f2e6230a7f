"""A hostile X client for the tests: a window over the whole screen, in one colour, that raises itself without pause.

`python tests/intruder.py` under DISPLAY; prints `up` when its window is mapped. It steals focus and grabs what it can.
"""

import sys

from Xlib import X
from Xlib.display import Display
from Xlib.error import CatchError

COLOUR = 0xFF00FF


def main() -> None:
    """Until it is ended."""
    display = Display()
    screen = display.screen()
    window = screen.root.create_window(
        0, 0, screen.width_in_pixels, screen.height_in_pixels, 0, screen.root_depth, X.InputOutput, X.CopyFromParent,
        background_pixel=COLOUR, override_redirect=True, event_mask=X.KeyPressMask | X.ButtonPressMask,
    )  # fmt: skip
    ignored = CatchError()
    window.map(onerror=ignored)
    display.sync()
    print("up", flush=True)
    turn = 0
    while True:
        window.map(onerror=ignored)
        window.raise_window(onerror=ignored)
        window.clear_area(onerror=ignored)
        if turn % 50 == 0:
            window.set_input_focus(X.RevertToParent, X.CurrentTime, onerror=ignored)
            window.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
            window.grab_pointer(
                True, X.ButtonPressMask, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime
            )
        display.sync()
        while display.pending_events():
            display.next_event()
        turn += 1


if __name__ == "__main__":
    try:
        main()
    except (ConnectionError, OSError):
        sys.exit(1)
