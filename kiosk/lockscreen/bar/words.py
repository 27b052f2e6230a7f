"""The sheets' words: from what the service says to sentences, a ring or a sign, and the buttons below them."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kiosk.lockscreen.bar import acts as bar_acts
from kiosk.lockscreen.bar.acts import Act

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

LAST_MINUTE, ASKS_FROM = 1, 5
WHY_NOT = {
    "waiting": "Someone is waiting, so we cannot add time. Thank you for understanding.",
    "closing": "We close soon, so we cannot add time. Thank you for understanding.",
    "used": "Time has already been added to this session. Thank you for understanding.",
    "not_yet": "Time can be added when only a few minutes are left.",
}
STICK_TROUBLE = {
    "full": "There is not enough room on the USB stick. Delete something on it, or use another one.",
    "too_big": "One of your files is too large for this USB stick. The staff can help you with another one.",
    "nothing": "There is nothing of yours to save yet.",
    "pulled": "The USB stick was pulled out too early. Please put it in and save once more.",
}
STICK_CLOSED = {
    "policy": "At this site, USB sticks may only be read. The staff can help you to take your files with you.",
    "read_only": "Nothing can be written to this USB stick. Is its little switch set to “lock”?",
    "repair": "It was once pulled out too early, or it is damaged. Please have it checked on your own computer.",
    "foreign": "It was set up so that only its owner’s own computer may write to it.",
}
STICK_TROUBLE_ELSE = "Saving to this USB stick did not work. Please try once more, or ask the staff."


class Line(NamedTuple):
    """A smaller sentence with its sign, below the large one."""

    sign: str
    text: str


class Content(NamedTuple):
    """A sheet: its kind, its sentence, what stands beside it, and what it offers.

    Beside it: a ring (`tall` strokes, and the number in it; -1: none) or a `sign`. `share`: how much of a work is
    done, as (done, all) strokes. `keys`: it also tells the bar's keys.
    """

    kind: str
    text: str
    tall: int = -1
    number: int | str = -1
    lines: tuple[Line, ...] = ()
    buttons: tuple[Act, ...] = ()
    sign: str = ""
    share: tuple[int, int] | None = None
    keys: bool = False


def content(bar: "Bar", notice: str) -> Content | None:
    """The sheet of a notice, as the state is now; None when there is nothing to say any more."""
    make: dict[str, Any] = {
        "confirm": _confirm, "extended": _extended, "why_not": _why_not, "helped": _helped, "closing": _closing,
        "hub": _hub, "warning": _warning, "usb": _usb, "printing": _printing, "home": _home, "message": _message,
        "no_browser": _no_browser,
    }  # fmt: skip
    found: Content | None = make[notice](bar)
    return found


def idle(bar: "Bar") -> Content:
    """Over the whole desk: is anybody there?"""
    seconds = int(bar.state["idle"])
    step = 4 if bar.state.get("accessible") else 2
    finish = bar_acts.finish(bar)._replace(sign="")
    here = Act("still_here", bar.say("I'm still here"), "hand", "act")
    return Content(
        "idle", bar.say("Are you still there?"), min(60, -(-seconds // step)), seconds, buttons=(here, finish)
    )


def rehearsed(bar: "Bar") -> Content:
    """A warning with everything that one may have, for drawing it once before it is needed."""
    buttons = (bar_acts.more(bar, "act")._replace(style="act"), bar_acts.finish(bar)._replace(sign=""))
    text = bar.say("{n} minutes left. Would you like more time?", n=5)
    return Content("notice", text, 5, 5, (_belongings(bar),), buttons)


def _left(bar: "Bar") -> tuple[int, int]:
    """The ring and its number, in the unit that the bar speaks in: seconds at the very end, else minutes."""
    seconds = bar.last_seconds()
    shown = bar.minutes() if seconds is None else seconds
    return min(60, shown), shown


def _offered(bar: "Bar") -> bool:
    return bool((bar.state.get("extension") or {}).get("offered"))


def _save(bar: "Bar", style: str = "plain") -> tuple[Act, ...]:
    """Saving to a stick that is in and waits."""
    return (Act("save", bar.say("Save to USB"), "save", style),) if bar_acts.takes(bar.talk.one_stick()) else ()


def _belongings(bar: "Bar") -> Line:
    return Line("usb", bar.say("Please remember your USB stick and papers."))


def _confirm(bar: "Bar") -> Content:
    lines = [_belongings(bar)]
    waiting = int((bar.state.get("print") or {}).get("waiting") or 0)
    if waiting:
        # What is not printed before the end is thrown away with everything else.
        lines.append(Line("print", bar.say("{n} documents still wait at the desk for printing.", n=waiting)))
    unsaved = int((bar.state.get("home") or {}).get("unsaved") or 0)
    if unsaved:
        text = bar.say("Files of yours that are only on this computer: {n}. They will be deleted.", n=unsaved)
        lines.insert(0, Line("save", text))
    save = _save(bar, "act" if unsaved else "plain")
    finish = Act("finish_now", bar.say("Finish"), "door_open", "plain" if unsaved and save else "act")
    # Where something would be lost that can be kept, keeping it is what is offered first.
    first = (*save, finish) if unsaved else (finish, *save)
    buttons = (*first, Act("close", bar.say("Back"), "back"))
    text = bar.say("Finish now? Unsaved work will be lost.")
    return Content("notice", text, lines=tuple(lines), buttons=buttons, sign="door_open")


def _extended(bar: "Bar") -> Content:
    tall, _number = _left(bar)
    line = Line("clock", bar.say("You now have {n} minutes.", n=bar.minutes()))
    return Content("notice", bar.say("{n} minutes added.", n=bar.talk.added), tall, f"+{bar.talk.added}", lines=(line,))


def _why_not(bar: "Bar") -> Content:
    why = str((bar.state.get("extension") or {}).get("why_not"))
    line = Line("clock", bar.time_words() + ".")
    sign = "family" if why == "waiting" else "clock"
    return Content("notice", bar.say(WHY_NOT.get(why, WHY_NOT["not_yet"])), lines=(line,), sign=sign)


def _helped(bar: "Bar") -> Content:
    return Content("notice", bar.say("Staff will come to you."), sign="help",
                   lines=(Line("check", bar.say("You may go on while you wait.")),))  # fmt: skip


def _closing(bar: "Bar") -> Content:
    minutes = int(bar.state.get("closing") or 0)
    text = bar.say("We close in {n} minutes. Please save your work.", n=minutes)
    return Content("notice", text, min(60, minutes), minutes, lines=(_belongings(bar),), buttons=_save(bar, "act"))


def _hub(bar: "Bar") -> Content:
    lines = []
    home, extension = bar.state.get("home") or {}, bar.state.get("extension") or {}
    if extension.get("why_not") == "not_yet" and extension.get("minutes"):
        lines.append(Line("clock", bar.say(WHY_NOT["not_yet"])))
    if home.get("full"):
        lines.append(Line("warn", bar.say("There is hardly any room left on this computer.")))
    if bar.state.get("message"):
        lines.append(Line("message", str(bar.state["message"].get("text", ""))))
    level = bar.sound.level
    share = None if level is None else (round(level / 10), 10)
    acts = bar_acts.of_the_hub(bar)
    return Content("hub", bar.time_words() + ".", *_left(bar), lines=tuple(lines), buttons=acts, share=share)


def _warning(bar: "Bar") -> Content:
    seconds, warned = bar.last_seconds(), float(bar.state.get("warning") or 0)
    warned /= 2 if bar.state.get("accessible") else 1
    more = (bar_acts.more(bar),) if _offered(bar) else ()
    finish = bar_acts.finish(bar)._replace(sign="")
    if seconds is not None or warned <= LAST_MINUTE:
        text = bar.say("{n} minute(s) left. Please save and sign out.", n=max(1, bar.minutes()))
        if seconds is not None:
            text = bar.say("{n} seconds left. Please save and sign out.", n=seconds)
        return Content("notice", text, *_left(bar), buttons=(*more, *_save(bar), finish), lines=(_belongings(bar),))
    if warned <= ASKS_FROM and more:
        text = bar.say("{n} minutes left. Would you like more time?", n=bar.minutes())
        return Content("notice", text, *_left(bar), buttons=(*more, finish))
    text = bar.say("{n} minutes left. Please save your work.", n=bar.minutes())
    return Content("notice", text, *_left(bar), buttons=_save(bar, "act"), keys=True)


def _usb(bar: "Bar") -> Content | None:
    stick = bar.talk.one_stick()
    if stick is None:
        return None
    make: dict[str, Any] = {
        "ready": _stick_ready, "saving": _stick_saving, "saved": _stick_saved, "trouble": _stick_trouble,
        "ejected": _stick_ejected,
    }  # fmt: skip
    sheet: Content = make[stick["state"]](bar, stick)
    several = len(bar.state.get("sticks") or []) > 1
    other = (Act("other_stick", bar.say("Another USB stick"), "usb"),) if several else ()
    back = () if several and len(sheet.buttons) > 1 else (Act("close", bar.say("Back"), "back"),)
    return sheet._replace(buttons=(*sheet.buttons, *other, *back))


def _eject(bar: "Bar", style: str = "plain") -> Act:
    return Act("eject", bar.say("Eject"), "eject", style)


def _stick_closed(bar: "Bar", stick: dict[str, Any]) -> Content:
    """It can be read, and why nothing can be written to it."""
    lines = (Line("warn", bar.say(STICK_CLOSED[stick["detail"]])), Line("usb", _named(bar, stick)))
    calls = Act("help", bar.say("Ask staff for help"), "help")
    text = bar.say("Files on this USB stick can be opened here, but none can be saved to it.")
    return Content("notice", text, lines=lines, buttons=(_eject(bar), calls), sign="usb")


def _stick_ready(bar: "Bar", stick: dict[str, Any]) -> Content:
    if stick["detail"] in bar_acts.CLOSED:
        return _stick_closed(bar, stick)
    lines = (
        Line("save", bar.say("Everything you made or downloaded here goes into a new folder on it.")),
        Line("usb", _named(bar, stick)),
    )
    buttons = (Act("save", bar.say("Save to USB"), "save", "act"), _eject(bar))
    return Content("notice", bar.say("Save your files to the USB stick?"), lines=lines, buttons=buttons, sign="usb")


def _named(bar: "Bar", stick: dict[str, Any]) -> str:
    """The stick as its owner may know it, and how much fits on it."""
    free = bar.amount(int(stick["free_mb"]))
    return bar.say("{name}: {amount} free", name=stick["label"] or "USB", amount=free)


def _stick_saving(bar: "Bar", stick: dict[str, Any]) -> Content:
    share = re.fullmatch(r"(\d{1,9})/(\d{1,9})", stick["detail"])
    done = None
    if share and int(share[2]):
        done = min(60, round(60 * int(share[1]) / int(share[2]))), 60
    text = bar.say("Saving to the USB stick. Please do not pull it out.")
    return Content("notice", text, sign="save", share=done, lines=(Line("usb", _named(bar, stick)),))


def _stick_saved(bar: "Bar", stick: dict[str, Any]) -> Content:
    lines = [Line("eject", bar.say("Touch “Eject” before you pull it out."))]
    if stick["detail"]:
        lines.append(Line("usb", bar.say("Folder on the stick: {folder}", folder=stick["detail"])))
    again = Act("save", bar.say("Save once more"), "save")
    text = bar.say("Your files are on the USB stick.")
    return Content("notice", text, lines=tuple(lines), buttons=(_eject(bar, "act"), again), sign="check")


def _stick_trouble(bar: "Bar", stick: dict[str, Any]) -> Content:
    if stick["detail"] in ("unknown", "unreadable"):
        calls = Act("help", bar.say("Ask staff for help"), "help")
        text = bar.say("This computer cannot read this USB stick. Nothing on it was changed.")
        return Content("notice", text, buttons=(calls,), sign="warn")
    if stick["detail"] in bar_acts.CLOSED:
        return _stick_closed(bar, stick)
    text = bar.say(STICK_TROUBLE.get(stick["detail"], STICK_TROUBLE_ELSE))
    again = Act("save", bar.say("Try again"), "save", "act")
    return Content("notice", text, lines=(Line("usb", _named(bar, stick)),), buttons=(again, _eject(bar)), sign="warn")


def _stick_ejected(bar: "Bar", stick: dict[str, Any]) -> Content:
    again = Line("usb", bar.say("To use it here again, pull it out and put it back in."))
    return Content("notice", bar.say("You can pull the USB stick out now."), lines=(again,), sign="check")


def _printing(bar: "Bar") -> Content | None:
    state = bar.state.get("print")
    if not state:
        return None
    waiting, pages = int(state.get("waiting") or 0), int(state.get("pages") or 0)
    lines = [Line("check", bar.say("{n} pages printed in this session.", n=pages))] if pages else []
    calls = Act("help", bar.say("Ask staff for help"), "help")
    back = Act("close", bar.say("Back"), "back")
    if state.get("trouble"):
        text = bar.say("The printer needs a hand. Please tell the staff.")
        return Content("notice", text, lines=tuple(lines), buttons=(calls._replace(style="act"), back), sign="warn")
    if waiting:
        text = bar.say("{n} documents wait to be printed. The staff at the desk will print them for you.", n=waiting)
    elif pages:
        text, lines = bar.say("{n} pages printed in this session.", n=pages), []
        lines.append(Line("print", bar.say("Please take your pages from the printer.")))
    else:
        text = bar.say("To print, choose “Print” in the program you are using.")
        if state.get("mode") == "staff":
            lines.append(Line("help", bar.say("The staff at the desk then print it for you.")))
    return Content("notice", text, lines=tuple(lines), buttons=(back, calls), sign="print")


def _home(bar: "Bar") -> Content:
    text = bar.say("There is hardly any room left on this computer.")
    line = Line("usb", bar.say("Delete downloads that you do not need, or save to a USB stick."))
    return Content("notice", text, lines=(line,), buttons=_save(bar, "act"), sign="warn")


def _no_browser(bar: "Bar") -> Content:
    calls = Act("help", bar.say("Ask staff for help"), "help", "act")
    line = Line("help", bar.say("The staff can give you another computer."))
    back = Act("close", bar.say("Back"), "back")
    return Content("notice", bar.say("The Internet and the menu do not open on this computer just now."),
                   lines=(line,), buttons=(calls, back), sign="warn")  # fmt: skip


def _message(bar: "Bar") -> Content | None:
    """What staff wrote to this citizen: it stays until it is put away."""
    said = bar.state.get("message")
    if not said:
        return None
    seen = Act("close", bar.say("I understand"), "check", "act")
    line = Line("help", bar.say("A message from the staff"))
    return Content("notice", str(said.get("text", "")), lines=(line,), buttons=(seen,), sign="message")
