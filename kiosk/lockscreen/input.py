"""Touch, mouse and keyboard on the lock, all three ending in the same actions."""

import time
import tkinter
from typing import TYPE_CHECKING

from kiosk.lockscreen.draw import Painter, Target
from kiosk.lockscreen.keys import Keyboard, Press
from kiosk.lockscreen.modifiers import Modifiers
from kiosk.lockscreen.scanner import Scanner

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock

# The second click of a double click must not answer the question that the first one brought.
SETTLE_SECONDS = 0.25
STAFF = 9  # the digit that calls staff, where no choice has it


class Input:
    """Binds the lock's window. `focus` is the target that Tab has reached, -1 when Tab was not used."""

    def __init__(self, lock: "Lock") -> None:
        self.lock = lock
        self.focus = -1
        self._keyboard, self._modifiers = Keyboard(), Modifiers(lock.cover.x)
        self._scanner = Scanner(lock)
        self._pressed_at = 0.0
        self._unseen = False  # the button went down on a dark screen
        lock.tk.bind("<ButtonPress-1>", self._press)
        lock.tk.bind("<ButtonRelease-1>", self._release)
        lock.tk.bind("<B1-Motion>", lambda event: self.lock.gesture.moved(*self._spot(event)))
        lock.tk.bind("<KeyPress>", self._key)
        lock.tk.bind("<KeyRelease>", self._keyboard.released)

    def check(self) -> None:
        """Now and then while covered: no modifier that hangs makes the keys deaf."""
        if self._keyboard.look(self.lock.cover.x.pointer()[2]):
            self._modifiers.let_go()

    def _spot(self, event: "tkinter.Event[tkinter.Misc]") -> tuple[int, int]:
        return event.x_root - self.lock.window.view.x, event.y_root - self.lock.window.view.y

    def _press(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        self._pressed_at = time.monotonic()
        self._unseen = self.lock.dark.touched()
        if self._unseen:
            return
        self.lock.gesture.pressed(*self._spot(event))
        self.lock.reader.touched()

    def _release(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        self._set_focus(-1)
        self.lock.gesture.released()
        if self._unseen:
            return
        self.lock.citizen.touched()
        if self._pressed_at - self.lock.turned >= SETTLE_SECONDS:
            for target in reversed(self.lock.painter.targets):
                if target.box.holds(*self._spot(event)):
                    target.action()
                    break
            self.lock.redraw_soon()
        self.lock.reader.obeyed()

    def _key(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        if self.lock.dark.touched():
            return
        if not self._keyboard.repeats(event):
            self.lock.reader.touched()
        press = self._keyboard.pressed(event)
        if press is not None:
            self.lock.settle()
        if press is not None and (press.name != "erase" or self.lock.keys.erase):
            self.lock.citizen.touched()
            if not self._scanner.takes(press, int(event.time)):
                self._obey(press)
            self.lock.redraw_soon()
        elif not self._keyboard.repeats(event):
            self.lock.reader.strayed()
        self.lock.reader.obeyed()

    def obey(self, press: Press) -> None:
        """A key that was held back for a moment."""
        self._obey(press)
        self.lock.redraw_soon()

    def _obey(self, press: Press) -> None:
        lock, keys = self.lock, self.lock.keys
        if lock.page == "still":
            return  # any key says that somebody is there, and nothing else
        if press.name in ("next", "previous"):
            self._step(1 if press.name == "next" else -1)
            return
        focused = self._focused()
        self._set_focus(self.focus if press.name in ("larger", "contrast", "language", "listen") else -1)
        if press.name == "enter":
            action = focused.action if focused else keys.enter
        elif press.name == "digit":
            in_range = 0 < press.digit <= len(keys.digits)
            action = keys.zero if press.digit == 0 else keys.digits[press.digit - 1] if in_range else None
            if press.digit == STAFF and not in_range:
                action = keys.staff
            if keys.digits and action is None:
                lock.reader.answer("no_such_number")
        elif press.name == "escape":
            action = keys.escape
        elif press.name == "erase":
            action = keys.erase
        elif press.name == "listen":
            action = lock.reader.listen
        elif press.name == "staff":
            action = lock.gesture.chord
        else:
            does = lock.citizen
            usual = {"larger": does.toggle_large, "contrast": does.toggle_contrast, "language": does.switch_language}
            action = usual[press.name] if self._has_tools() else None
        if action:
            action()

    def _has_tools(self) -> bool:
        return self.lock.page not in ("connecting", "opening", "still")

    def _focused(self) -> Target | None:
        targets = self.lock.painter.targets
        return targets[self.focus] if 0 <= self.focus < len(targets) else None

    def _step(self, by: int) -> None:
        count = len(self.lock.painter.targets)
        if count:
            self._set_focus((self.focus + by) % count if self.focus >= 0 else (0 if by > 0 else count - 1))

    def _set_focus(self, place: int) -> None:
        self.focus = place

    def draw_focus(self, p: Painter) -> None:
        """A double frame round the target that Tab has reached, plain on every ground."""
        target = self._focused()
        if target is None:
            return
        outer = target.box.inset(-p.look.px(7))
        for box, colour in ((outer, p.look.accent), (outer.inset(p.look.px(4)), p.look.dark_ground)):
            p.canvas.create_rectangle(box.x, box.y, box.right, box.bottom, outline=colour, width=p.look.px(4), fill="")
