"""What the bar says and is told: which sheet is due, for how long, and what the citizen asked for.

Warnings shrink into the bar by themselves; a question that is not answered means: no more time. Nothing here draws.
The sheets' words are in bar/words.py.
"""

import time
from typing import TYPE_CHECKING, Any

from kiosk.lockscreen.bar import words as bar_words
from kiosk.lockscreen.bar.acts import takes
from kiosk.lockscreen.bar.content import Content
from kiosk.lockscreen.bar.doing import NOTICE_SECONDS, SHEET_SECONDS, Doing
from kiosk.messages import LIVE

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

WARNING_SECONDS = 20.0
# So long nothing makes a warning smaller: who types when it comes must have seen it.
WARNING_AT_LEAST, SHEET_AT_LEAST = 5.0, 1.0
UNTIL_SEEN = 86_400.0
URGENT = ("warning", "closing", "message")
VOLUME = ("quieter", "louder")
# Opened by the citizen, and left by going on with something else.
ASKED_FOR = ("confirm", "hub", "usb", "printing", "helped", "why_not")


class Talk:
    """Keeps which notice is up and until when; the rest follows from the state."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self.notice, self._until, self._since = "", 0.0, 0.0
        self._doing = Doing(bar, self)
        self._later: list[tuple[str, float]] = []
        self.added = 0
        self.stick = ""
        self._seen = ""

    # What the service says

    def hear(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        """Put up what is new: more time, a warning, a closing notice, a stick, paper, no room."""
        if now.get("state") not in LIVE:
            self._later.clear()
            return
        granted, had = now.get("granted") or 0, before.get("granted") or 0
        if had and granted > had and before.get("session") == now.get("session"):
            self.added = max(1, round((granted - had) / 60))
            self.put("extended", NOTICE_SECONDS)
        elif _new(before, now, "warning"):
            self.put("warning", WARNING_SECONDS)
        elif _new(before, now, "closing"):
            self.put("closing", WARNING_SECONDS)
        self._hear_staff(before, now)
        if now.get("browser") is False and before.get("browser") is not False:
            self._tell("no_browser", SHEET_SECONDS)
        self._hear_sticks(before, now)
        self._hear_printer(before.get("print") or {}, now.get("print") or {})
        theirs, was = now.get("home") or {}, before.get("home") or {}
        if theirs.get("full") and not was.get("full"):
            self._tell("home", WARNING_SECONDS)
        if was and (theirs.get("closed") or 0) > (was.get("closed") or 0):
            self._tell("memory", WARNING_SECONDS)

    def _hear_staff(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        """A message of the staff: it hangs there until it is acknowledged, or until they take it back."""
        if now.get("message") is None:
            if self.notice == "message":
                self.close()
        elif self.notice in ("warning", "closing") and time.monotonic() < self._until:
            return  # first what cannot wait; the message comes after it
        elif _new(before, now, "message") or (not self.notice and not self._acknowledged()):
            self.put("message", UNTIL_SEEN)

    def _hear_sticks(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        """A stick that was put in, and what became of saving and ejecting."""
        was = {one["id"]: one["state"] for one in before.get("sticks") or []}
        for one in now.get("sticks") or []:
            if before and was.get(one["id"]) != one["state"]:
                self.stick = one["id"]
                if self.notice == "confirm" and self.unsaved() and takes(one):
                    # It was plugged in because the sheet said so.
                    self.put("usb", SHEET_SECONDS)
                elif self.notice != "usb":
                    self._tell("usb", WARNING_SECONDS)
                else:
                    self._until = max(self._until, time.monotonic() + WARNING_SECONDS)
        if not now.get("sticks") and self.notice == "usb":
            self.close()

    def _hear_printer(self, was: dict[str, Any], now: dict[str, Any]) -> None:
        if not was or not now:
            return
        more = any((now.get(key) or 0) > (was.get(key) or 0) for key in ("waiting", "pages"))
        if more or (now.get("trouble") and now.get("trouble") != was.get("trouble")):
            self._tell("printing", NOTICE_SECONDS)

    def _tell(self, notice: str, seconds: float) -> None:
        """Something that can wait until a warning has been seen."""
        if self.notice in (*URGENT, "extended", "confirm") and time.monotonic() < self._until:
            self._later = [*(one for one in self._later if one[0] != notice), (notice, seconds)]
        else:
            self.put(notice, seconds)

    def put(self, notice: str, seconds: float) -> None:
        """Hang a notice up for so long."""
        self.notice, self._since = notice, time.monotonic()
        self._until = self._since + seconds

    def sheet(self) -> Content | None:
        """The sheet that is due now; None for none."""
        state, bar = self._bar.state, self._bar
        if state.get("state") not in LIVE:
            return None
        if state.get("idle") is not None and self.notice != "confirm":
            return bar_words.idle(bar)
        if self.notice and time.monotonic() > self._until:
            self.close()
        return bar_words.content(bar, self.notice) if self.notice else None

    def may_ask_more(self) -> bool:
        """Whether the bar has a button for more time: from the first warning on, also when the answer is a sentence."""
        extension = self._bar.state.get("extension") or {}
        told = self._bar.state.get("warning") is not None and extension.get("why_not") in ("waiting", "closing", "used")
        return bool(extension.get("offered")) or told

    def one_stick(self) -> dict[str, Any] | None:
        """The stick that the sheet is about: the one last heard of, else the first."""
        sticks: list[dict[str, Any]] = self._bar.state.get("sticks") or []
        return next((one for one in sticks if one["id"] == self.stick), sticks[0] if sticks else None)

    def unsaved(self) -> int:
        """How many files of the citizen's lie on this PC only."""
        return int((self._bar.state.get("home") or {}).get("unsaved") or 0)

    # What the citizen does

    def act(self, name: str) -> None:
        """One of bar_acts, by its name."""
        if name not in VOLUME:
            self._bar.sound.again()
        getattr(self._doing, name)()

    def went_on(self) -> None:
        """A key or a click elsewhere: what was seen gets out of the way."""
        least = SHEET_AT_LEAST if self.notice in ASKED_FOR else WARNING_AT_LEAST
        if self.notice and self.notice != "message" and time.monotonic() - self._since >= least:
            self.close()

    def escape(self) -> None:
        """Esc into whatever program has the keyboard: it means the sheet too, where the citizen opened that."""
        if self.notice in ASKED_FOR:
            self.close()

    def close(self) -> None:
        """Put the sheet away; what had to wait comes now."""
        self.notice = ""
        if self._later:
            self.put(*self._later.pop(0))
        elif self._bar.state.get("message") is not None and not self._acknowledged():
            # What hung over it has gone.
            self.put("message", UNTIL_SEEN)

    def acknowledge(self) -> None:
        """The citizen has read it; until the service has heard that, it does not come back by itself."""
        said = self._bar.state.get("message")
        if said is not None:
            self._seen = str(said.get("id"))
            self._bar.connection.send("seen", id=self._seen)
        self.close()

    def _acknowledged(self) -> bool:
        return str((self._bar.state.get("message") or {}).get("id")) == self._seen


def _new(before: dict[str, Any], now: dict[str, Any], key: str) -> bool:
    return now.get(key) is not None and now.get(key) != before.get(key)
