"""What the bar says and is told: which sheet is due, for how long, and what the citizen asked for.

Warnings shrink into the bar by themselves; a question that is not answered means: no more time. Nothing here draws.
"""

import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from kiosk.lockscreen.bar import Bar

WARNING_SECONDS, NOTICE_SECONDS = 20.0, 10.0
LAST_MINUTE, ASKS_FROM = 1, 5
WHY_NOT = {
    "waiting": "Someone is waiting, so we cannot add time. Thank you for understanding.",
    "closing": "We close soon, so we cannot add time. Thank you for understanding.",
    "used": "Time has already been added to this session. Thank you for understanding.",
    "not_yet": "Time can be added when only a few minutes are left.",
}


class Content(NamedTuple):
    """A sheet: its kind, its sentence, the ring (tall strokes and the number in it; -1: none), and what it offers.

    `keys`: it also tells the bar's keys.
    """

    kind: str
    text: str
    tall: int = -1
    number: int = -1
    extend: bool = False
    finish: bool = False
    back: bool = False
    keys: bool = False


class Talk:
    """Keeps which notice is up and until when; the rest follows from the state."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self._notice, self._until = "", 0.0
        self._added = 0

    # What the service says

    def hear(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        """Put up what is new: more time, a warning, a closing notice."""
        granted, had = now.get("granted") or 0, before.get("granted") or 0
        if had and granted > had and before.get("session") == now.get("session"):
            self._added = max(1, round((granted - had) / 60))
            self._put("extended", NOTICE_SECONDS)
        elif now.get("warning") is not None and now.get("warning") != before.get("warning"):
            self._put("warning", WARNING_SECONDS)
        elif now.get("closing") is not None and now.get("closing") != before.get("closing"):
            self._put("closing", WARNING_SECONDS)

    def _put(self, notice: str, seconds: float) -> None:
        self._notice, self._until = notice, time.monotonic() + seconds

    def sheet(self) -> Content | None:
        """The sheet that is due now; None for none."""
        state, bar = self._bar.state, self._bar
        if state.get("state") != "open":
            return None
        if state.get("idle") is not None and self._notice != "confirm":
            seconds = int(state["idle"])
            return Content("idle", bar.say("Are you still there?"), min(60, -(-seconds // 2)), seconds, finish=True)
        if time.monotonic() > self._until:
            self._notice = ""
        return getattr(self, f"_sheet_{self._notice}")() if self._notice else None

    def _sheet_confirm(self) -> Content:
        return Content("confirm", self._bar.say("Finish now? Unsaved work will be lost."), finish=True, back=True)

    def _sheet_extended(self) -> Content:
        return Content("notice", self._bar.say("{n} minutes added.", n=self._added), *self._left())

    def _sheet_why_not(self) -> Content:
        why = str((self._bar.state.get("extension") or {}).get("why_not"))
        return Content("notice", self._bar.say(WHY_NOT.get(why, WHY_NOT["not_yet"])), *self._left())

    def _sheet_helped(self) -> Content:
        return Content("notice", self._bar.say("Staff will come to you."))

    def _sheet_closing(self) -> Content:
        minutes = int(self._bar.state.get("closing") or 0)
        text = self._bar.say("We close in {n} minutes. Please save your work.", n=minutes)
        return Content("notice", text, min(60, minutes), minutes)

    def _sheet_time(self) -> Content:
        text, offered = self._bar.time_words() + ".", self._offered()
        return Content("notice", text, *self._left(), extend=offered, finish=True, keys=True)

    def _sheet_warning(self) -> Content:
        bar, minutes = self._bar, self._bar.minutes()
        seconds = bar.last_seconds()
        if seconds is not None or int(bar.state.get("warning") or 0) <= LAST_MINUTE:
            text = bar.say("{n} minute(s) left. Please save and sign out.", n=max(1, minutes))
            if seconds is not None:
                text = bar.say("{n} seconds left. Please save and sign out.", n=seconds)
            return Content("notice", text, *self._left(), extend=self._offered(), finish=True)
        if int(bar.state["warning"]) <= ASKS_FROM and self._offered():
            text = bar.say("{n} minutes left. Would you like more time?", n=minutes)
            return Content("notice", text, *self._left(), extend=True, finish=True)
        text = bar.say("{n} minutes left. Please save your work.", n=minutes)
        return Content("notice", text, *self._left(), keys=True)

    def _left(self) -> tuple[int, int]:
        """The ring and its number, in the unit that the bar speaks in: seconds at the very end, else minutes."""
        seconds = self._bar.last_seconds()
        if seconds is not None:
            return min(60, seconds), seconds
        minutes = self._bar.minutes()
        return min(60, minutes), minutes

    def _offered(self) -> bool:
        return bool((self._bar.state.get("extension") or {}).get("offered"))

    def may_ask_more(self) -> bool:
        """Whether the bar has a button for more time: from the first warning on, also when the answer is a sentence."""
        why = (self._bar.state.get("extension") or {}).get("why_not")
        return self._offered() or (self._bar.state.get("warning") is not None and why in ("waiting", "closing", "used"))

    # What the citizen does

    def menu(self) -> None:
        """Back to the menu."""
        self._bar.connection.send("menu")

    def help(self) -> None:
        """Tell staff."""
        self._bar.connection.send("help")
        self._put("helped", NOTICE_SECONDS)

    def more(self) -> None:
        """More time, or the sentence why not."""
        if self._offered():
            self._bar.connection.send("extend")
            self.close()
        else:
            self._put("why_not", NOTICE_SECONDS)

    def finish(self) -> None:
        """Ask once."""
        self._put("confirm", 60.0)

    def finish_now(self) -> None:
        """The second touch."""
        self._bar.connection.send("finish")
        self.close()

    def still_here(self) -> None:
        """Yes."""
        self._bar.connection.send("still_here")

    def show_time(self) -> None:
        """A touch on the minutes opens the large sheet."""
        self._put("time", NOTICE_SECONDS)

    def close(self) -> None:
        """Put the sheet away."""
        self._notice = ""
