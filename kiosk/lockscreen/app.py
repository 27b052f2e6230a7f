"""What the lock and the bar share: Tk without `send`, the citizen's choices, the words of their language."""

import os
import sys
import tkinter
from types import TracebackType
from typing import Any

from kiosk.freed_memory import keep_giving_back
from kiosk.lockscreen.resources import without_resources
from kiosk.lockscreen.x_connection import XConnection
from kiosk.translations import translate


class Prefs:
    """The citizen's choices: language, large text, high contrast, and whether the screens are read aloud."""

    def __init__(self, lang: str = "vi", large: bool = False, contrast: bool = False, voice: bool = False) -> None:
        self.lang, self.large, self.contrast, self.voice = lang, large, contrast, voice

    @classmethod
    def of(cls, state: dict[str, Any]) -> "Prefs":
        """The session's choices as the service pushes them."""
        found = state.get("prefs") or {}
        lang = found.get("lang") or state.get("lang") or "vi"
        return cls(str(lang), bool(found.get("large")), bool(found.get("contrast")), bool(found.get("voice")))

    def but(self, **change: Any) -> "Prefs":
        """These choices with some of them changed."""
        return Prefs(**{**self.message(), **change})

    def key(self) -> tuple[str, bool, bool]:
        """What is drawn by it: to compare by, and to redraw when it changes."""
        return self.lang, self.large, self.contrast

    def message(self) -> dict[str, Any]:
        """As `sign_in` carries them."""
        return {"lang": self.lang, "large": self.large, "contrast": self.contrast, "voice": self.voice}


class Root(tkinter.Tk):
    """A Tk that runs no start-up files of the home it is started in."""

    def readprofile(self, baseName: str, className: str) -> None:  # noqa: N803 (tkinter's own names)
        """Nothing: tkinter would execute ~/.<name>.tcl and .py here."""

    def report_callback_exception(self, exc: type[BaseException], val: BaseException, tb: TracebackType | None) -> None:
        """Without memory nobody knows what was not done: to cover, to look again. The next process covers first."""
        super().report_callback_exception(exc, val, tb)
        if issubclass(exc, MemoryError):
            os._exit(1)


def start_tk(name: str, x: XConnection) -> tkinter.Tk:
    """A Tk that obeys nobody else: `send` lets any client of the display run code in us, so it goes first.

    So do the display's resources, which are never taken. `x`: a connection of ours.
    """
    try:
        tk = without_resources(x, lambda: Root(className=name))
    except tkinter.TclError as missing:
        # The server may take no more connections: the supervisor tries again.
        raise SystemExit(f"no screen to draw on: {missing}") from None
    tk.tk.call("rename", "send", "")
    tk.wm_overrideredirect(True)
    return tk


def give_back_in(tk: tkinter.Misc) -> None:
    """Give freed memory back to the system now and then, in Tk's loop."""
    keep_giving_back(lambda seconds, action: tk.after(round(1000 * seconds), action))


def check_font(tk: tkinter.Misc, family: str) -> None:
    """Say loudly when the family is missing; Tk then draws another one, and the layout may not hold."""
    found = str(tk.tk.call("font", "actual", (family, -30, "normal"), "-family"))
    if found != family:
        print(f"font missing: {family} (install fonts-noto-core); using {found}", file=sys.stderr)


def say(prefs: Prefs, text: str, **values: object) -> str:
    """A sentence of the screens in the citizen's language."""
    return translate(prefs.lang, "screens", text, **{name: number(prefs, value) for name, value in values.items()})


def number(prefs: Prefs, value: object) -> object:
    """A decimal as it is written in the citizen's language: 0,5 in Vietnamese; anything else as it is."""
    return str(value).replace(".", ",") if isinstance(value, float) and prefs.lang == "vi" else value
