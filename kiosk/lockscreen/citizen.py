"""What the citizen can do at the lock, whichever way they touch it."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


class Citizen:
    """The acts behind targets and keys. `dismissed`: the goodbye has been put away."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self.dismissed = False

    def touched(self) -> None:
        """Somebody is there."""
        self._lock.last_touch = time.monotonic()
        if self._lock.state.get("state") == "asking":
            self._lock.connection.send("touch")

    def begin(self) -> None:
        """START."""
        self._lock.connection.send("begin")

    def cancel(self) -> None:
        """Back to START without a session."""
        self._lock.visit.begin()
        self._lock.choice = None
        self._lock.connection.send("cancel")

    def back(self) -> None:
        """The question before; from the first, START."""
        if not self._lock.visit.back():
            self.cancel()
        self._lock.redraw_soon()

    def choose(self, number: int) -> None:
        """An option of the question in front, counted from 0."""
        found = self._lock.visit.choose(self._lock.state["questions"], number)
        if found == "turn":
            self.forward()
        self._lock.redraw_soon()

    def forward(self) -> None:
        """The next question; after the last, sign in."""
        self._lock.turned = time.monotonic()
        if not self._lock.visit.forward(len(self._lock.state["questions"])):
            self.sign_in()
        self._lock.redraw_soon()

    def skip(self) -> None:
        """No answer to this one, and on."""
        self._lock.visit.skip(self._lock.state["questions"])
        self.forward()

    def sign_in(self) -> None:
        """Straight in, with what has been answered so far."""
        if not self._lock.visit.sent and self._lock.connection.send(
            "sign_in", answers=self._lock.visit.answers(), prefs=self._lock.prefs.message()
        ):
            self._lock.visit.sent = True
        self._lock.redraw_soon()

    def accept_resume(self) -> None:
        """Go on with the session that the power cut stopped."""
        self._lock.connection.send("resume", accept=True)

    def refuse_resume(self) -> None:
        """End it; START comes."""
        self._lock.connection.send("resume", accept=False)

    def dismiss_goodbye(self) -> None:
        """The next citizen need not wait for the goodbye to go."""
        self.dismissed = True
        self._lock.redraw_soon()

    def ask_help(self) -> None:
        """Tell staff."""
        self._lock.connection.send("help")

    def toggle_large(self) -> None:
        """Larger text, or back."""
        self._prefer(large=not self._lock.prefs.large)

    def toggle_contrast(self) -> None:
        """High contrast, or back."""
        self._prefer(contrast=not self._lock.prefs.contrast)

    def switch_language(self) -> None:
        """The other language."""
        self._prefer(lang="en" if self._lock.prefs.lang == "vi" else "vi")

    def listen(self, voice: bool) -> None:
        """Read every screen aloud from now on, or no more."""
        self._prefer(voice=voice)

    def _prefer(self, **change: object) -> None:
        self._lock.choice = self._lock.prefs.but(**change)
        self._lock.redraw_soon()
