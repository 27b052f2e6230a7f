"""How long nobody touched anything, where the X server cannot say: pynput's eyes keep one time stamp.

Neither which key, nor where the pointer was, is looked at, kept or sent: the callbacks throw their arguments away. Only
for servers without MIT-SCREEN-SAVER; everywhere else pynput is not loaded at all.
"""

import sys
import time


class Watch:
    """Begins to listen when it is made; without pynput or RECORD it knows nothing, and says so."""

    def __init__(self) -> None:
        self._touched = time.monotonic()
        self._listens = self._listen()

    def _listen(self) -> bool:
        try:
            from pynput import keyboard, mouse
        except ImportError as missing:  # not installed, or no display that it can use
            print(f"idle time is not known: {type(missing).__name__}", file=sys.stderr)
            return False
        seen = self._seen
        for listener in (
            keyboard.Listener(on_press=seen, on_release=seen),
            mouse.Listener(on_move=seen, on_click=seen, on_scroll=seen),
        ):
            listener.daemon = True
            listener.start()
            listener.wait()
        return True

    def _seen(self, *_what: object) -> None:
        self._touched = time.monotonic()

    def seconds(self) -> float | None:
        """Seconds since the last key, pointer move or touch; None where nothing can be known."""
        return time.monotonic() - self._touched if self._listens else None
