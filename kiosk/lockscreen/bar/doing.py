"""What the citizen does with the bar: each act of acts.py by its name, told to the service or shown in a sheet."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kiosk.lockscreen.bar.acts import is_there, takes

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar
    from kiosk.lockscreen.bar.talk import Talk

# How long what was asked for hangs there: an answer, and a sheet with buttons.
NOTICE_SECONDS, SHEET_SECONDS = 10.0, 60.0


class Doing:
    """A method for each act; none decides anything."""

    def __init__(self, bar: "Bar", talk: "Talk") -> None:
        self._bar, self._talk = bar, talk

    def menu(self) -> None:
        """Back to the menu."""
        self._bar.connection.send("menu")
        self._talk.close()

    def help(self) -> None:
        """Tell staff."""
        self._bar.connection.send("help")
        self._talk.put("helped", NOTICE_SECONDS)

    def more(self) -> None:
        """More time, or the sentence why not."""
        if (self._bar.state.get("extension") or {}).get("offered"):
            self._bar.connection.send("extend")
            self._talk.close()
        elif self._talk.may_ask_more():
            self._talk.put("why_not", NOTICE_SECONDS)
        else:
            self.show_time()

    def finish(self) -> None:
        """Ask once; a class is ended by whoever teaches, at the desk."""
        if self._bar.is_class:
            return
        self._talk.put("confirm", SHEET_SECONDS)

    def finish_now(self) -> None:
        """The second touch."""
        self._bar.connection.send("finish")
        self._talk.close()

    def still_here(self) -> None:
        """Yes."""
        self._bar.connection.send("still_here")

    def show_time(self) -> None:
        """A touch on the minutes opens the sheet with everything."""
        self._bar.sound.ask()
        self._talk.put("hub", SHEET_SECONDS)

    def typing(self) -> None:
        """The other way of typing."""
        now = self._bar.state.get("typing")
        if now in ("vi", "en"):
            self._bar.connection.send("typing", lang="en" if now == "vi" else "vi")

    def larger(self) -> None:
        """Larger text, or back; the sheet stays, for the next look."""
        self._wish(large=not self._bar.prefs.large)

    def contrast(self) -> None:
        """High contrast, or back."""
        self._wish(contrast=not self._bar.prefs.contrast)

    def language(self) -> None:
        """The other language."""
        self._wish(lang="en" if self._bar.prefs.lang == "vi" else "vi")

    def _wish(self, **change: object) -> None:
        self._bar.connection.send("wish", **change)
        self._talk.put("hub", SHEET_SECONDS)

    def usb(self) -> None:
        """What can be done with a stick."""
        if self._bar.state.get("sticks"):
            self._talk.put("usb", SHEET_SECONDS)

    def printing(self) -> None:
        """What became of the paper."""
        if self._bar.state.get("print"):
            self._talk.put("printing", SHEET_SECONDS)

    def save(self) -> None:
        """Copy to the stick of the sheet; the sheet tells how it goes."""
        self._to_stick("save", takes)

    def eject(self) -> None:
        """Make the stick of the sheet safe to be pulled out."""
        self._to_stick("eject", is_there)

    def _to_stick(self, verb: str, can: Callable[[Mapping[str, Any]], bool]) -> None:
        stick = self._talk.one_stick()
        if stick is not None and can(stick):
            self._bar.connection.send(verb, stick=stick["id"])
            self._talk.stick = stick["id"]
            self._talk.put("usb", SHEET_SECONDS)

    def other_stick(self) -> None:
        """The next one of several."""
        ids = [one["id"] for one in self._bar.state.get("sticks") or []]
        one = self._talk.one_stick()
        if one is not None:
            self._talk.stick = ids[(ids.index(one["id"]) + 1) % len(ids)]
            self._talk.put("usb", SHEET_SECONDS)

    def quieter(self) -> None:
        """The sound down a step."""
        self._bar.sound.change(-1)

    def louder(self) -> None:
        """The sound up a step."""
        self._bar.sound.change(1)

    def seen(self) -> None:
        """The staff's message was read."""
        self._talk.acknowledge()

    def close(self) -> None:
        """Back."""
        self._talk.close()
