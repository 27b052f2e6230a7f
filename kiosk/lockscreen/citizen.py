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
        self._lock.patience.touched()
        self._lock.staff.touched()
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
            self._lock.reader.answer("noted")
            if self._lock.visit.rules != "due":
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
        self._lock.reader.answer("skipped")
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
        """Tell staff, and say so."""
        if not self._lock.state.get("help_asked"):
            self._lock.connection.send("help")
        self._beside("help")

    def take_help_back(self) -> None:
        """Nobody need come any more."""
        self._lock.connection.send("helped")
        self.close_aside()

    def show_rules(self) -> None:
        """The house rules, from START."""
        self._beside("rules")

    def understood(self) -> None:
        """The house rules were read: on, or back to START."""
        if self._lock.aside:
            self.close_aside()
        else:
            self._lock.visit.rules = "read"
            self.forward()

    def rules_back(self) -> None:
        """Back from the house rules to where they were opened."""
        if self._lock.aside:
            self.close_aside()
        else:
            self.back()

    def type_ticket(self) -> None:
        """The page for a ticket's number."""
        self._lock.ticket.clear()
        self._beside("ticket")

    def ticket_digit(self, digit: int) -> None:
        """A digit of it."""
        self._lock.ticket.digit(digit)
        self._lock.redraw_soon()

    def ticket_erase(self) -> None:
        """Take the last digit back."""
        self._lock.ticket.erase()
        self._lock.redraw_soon()

    def ticket_read(self, digits: str) -> None:
        """A whole number, from a bar code reader."""
        if not self._lock.ticket.sent:
            self._lock.ticket.clear()
            self._lock.ticket.typed = digits
            self.ticket_send()

    def ticket_send(self) -> None:
        """Have the service look at it."""
        ticket = self._lock.ticket
        if ticket.whole and not ticket.sent and self._lock.connection.send("ticket", code=ticket.typed):
            ticket.sent = True
        self._lock.redraw_soon()

    def here(self) -> None:
        """The answer to the last seconds' count; that something was touched is known already."""

    def leave(self) -> None:
        """Not any more: START at once."""
        if self._lock.state.get("state") == "asking":
            self.cancel()
        self._lock.choice = None
        self._lock.ticket.clear()
        self.close_aside()

    def close_aside(self) -> None:
        """Back to the page that is due."""
        self._beside("")

    def _beside(self, page: str) -> None:
        self._lock.aside = page
        self._lock.redraw_soon()

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
