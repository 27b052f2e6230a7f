"""The sheet of a USB stick, in each of its states: what became of saving, what can be done, and why not."""

import re
from typing import TYPE_CHECKING, Any

from kiosk.lockscreen.bar import acts as bar_acts
from kiosk.lockscreen.bar.acts import Act
from kiosk.lockscreen.bar.content import Content, Line

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

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


def save(bar: "Bar", style: str = "plain") -> tuple[Act, ...]:
    """Saving to a stick that is in and waits."""
    return (Act("save", bar.say("Save to USB"), "save", style),) if bar_acts.takes(bar.talk.one_stick()) else ()


def how_to_keep(bar: "Bar") -> Line:
    """What to do with files that would be lost, where no stick is in that takes them."""
    if not bar.state.get("sticks_offered"):
        return Line("help", bar.say("If you want to keep them, the staff can help you."))
    return Line("usb", bar.say("To keep them, plug in a USB stick now, before you finish."))


def usb(bar: "Bar") -> Content | None:
    """The sheet of the stick that is meant; None where there is none."""
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
