"""Holding keyboard and pointer while covered, without ever waiting for them.

Tk's own global grab is the one that brings keys to the screens, but when somebody else holds the keyboard it blocks for
a second before it says so. So a grab on our own connection is tried first, which answers at once; while nothing may be
typed (ending, getting ready) that grab is enough, and the keys reach nobody.
"""

import contextlib
import tkinter

from kiosk.lockscreen.cover import Cover

RETRY_MS = 50


class Hold:
    """`want("deaf" | "tk" | "")` says how; it keeps trying every RETRY_MS until it has it."""

    def __init__(self, tk: tkinter.Tk, cover: Cover) -> None:
        self._tk, self._cover = tk, cover
        self._wanted = self.held = ""
        self._trying = False

    def want(self, how: str) -> None:
        """Hold this way from now on."""
        self._wanted = how
        if not how or (self.held and self.held != how):
            self.release()
        if how and self.held != how and not self._trying:
            self._try()

    def release(self) -> None:
        """Give everything back."""
        self._cover.x.ungrab()
        with contextlib.suppress(tkinter.TclError):
            self._tk.grab_release()
        self.held = ""

    def again(self) -> None:
        """What was held may be lost (our window was unmapped by another): take it anew."""
        self.release()
        self.want(self._wanted)

    def check(self) -> None:
        """Whether it is still ours: a grab can be broken by the server and by keys that do so, and nobody is told."""
        if not self.held or self._trying:
            return
        deaf, x = self.held == "deaf", self._cover.x
        ours = x.grab(self._cover.shield) if deaf else x.grab_keyboard(self._cover.shield)
        if ours == deaf:
            return  # our own connection takes anew what it has, and is refused what Tk has
        self.again()

    def _try(self) -> None:
        self._trying = False
        if not self._wanted or self.held == self._wanted:
            return
        if self._cover.x.grab(self._cover.shield):
            self.held = "deaf"
            if self._wanted == "tk":
                self._hand_over()
        if self.held != self._wanted:
            self._trying = True
            self._tk.after(RETRY_MS, self._try)

    def _hand_over(self) -> None:
        self._cover.x.ungrab()
        self._cover.x.sync()
        self.held = ""
        try:
            self._tk.grab_set_global()
            self._tk.focus_force()
        except tkinter.TclError:
            return
        self.held = "tk"
