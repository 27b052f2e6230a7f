"""A locker as one would write it at first, for controls: `python plain_locker.py`, a cover in the Composite overlay.

Stands by until it reads a line; then maps and raises its cover, takes keyboard and pointer, and prints what it has got:
`keys`, `no keys`. From then on it prints `key` for every key.
"""

import sys

from Xlib import X
from Xlib.display import Display

COLOUR = 0x00FF00


def main() -> None:
    """Until it is ended."""
    display = Display()
    display.composite_query_version()
    root = display.screen().root
    above = root.composite_get_overlay_window().overlay_window
    size = display.screen()
    cover = above.create_window(
        0, 0, size.width_in_pixels, size.height_in_pixels, 0, X.CopyFromParent, background_pixel=COLOUR,
        override_redirect=True, event_mask=X.KeyPressMask | X.ButtonPressMask,
    )  # fmt: skip
    above.unmap()
    display.sync()
    print("ready", flush=True)
    sys.stdin.readline()
    above.map()
    cover.map()
    cover.raise_window()
    keys = cover.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    clicks = cover.grab_pointer(
        True, X.ButtonPressMask, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime
    )  # fmt: skip
    print("keys" if keys == clicks == X.GrabSuccess else "no keys", flush=True)
    while True:
        if display.next_event().type == X.KeyPress:
            print("key", flush=True)


if __name__ == "__main__":
    main()
