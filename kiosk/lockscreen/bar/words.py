"""The sheets' words: from what the service says to sentences, a ring or a sign, and the buttons below them."""

from typing import TYPE_CHECKING, Any

from kiosk.lockscreen.bar import acts as bar_acts
from kiosk.lockscreen.bar import stick_words
from kiosk.lockscreen.bar.acts import Act
from kiosk.lockscreen.bar.content import Content, Line

if TYPE_CHECKING:
    from kiosk.lockscreen.bar.bar import Bar

LAST_MINUTE, ASKS_FROM = 1, 5
LONG_MESSAGE = 90
WHY_NOT = {
    "waiting": "Someone is waiting, so we cannot add time. Thank you for understanding.",
    "closing": "We close soon, so we cannot add time. Thank you for understanding.",
    "used": "Time has already been added to this session. Thank you for understanding.",
    "not_yet": "Time can be added when only a few minutes are left.",
}


def content(bar: "Bar", notice: str) -> Content | None:
    """The sheet of a notice, as the state is now; None when there is nothing to say any more."""
    make: dict[str, Any] = {
        "confirm": _confirm, "extended": _extended, "why_not": _why_not, "helped": _helped, "closing": _closing,
        "hub": _hub, "warning": _warning, "usb": stick_words.usb, "printing": _printing, "home": _home,
        "message": _message, "no_browser": _no_browser, "memory": _memory,
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


def _belongings(bar: "Bar") -> Line:
    return Line("usb", bar.say("Please remember your USB stick and papers."))


def _confirm(bar: "Bar") -> Content:
    lines = [_belongings(bar)]
    waiting = int((bar.state.get("print") or {}).get("waiting") or 0)
    if waiting:
        # What is not printed before the end is thrown away with everything else.
        lines.append(Line("print", bar.say("{n} documents still wait at the desk for printing.", n=waiting)))
    unsaved = bar.talk.unsaved()
    save = stick_words.save(bar, "act" if unsaved else "plain")
    if unsaved:
        text = bar.say("Files of yours that are only on this computer: {n}. They will be deleted.", n=unsaved)
        # Who is told to plug in a stick knows that it is there.
        lines = [Line("save", text), *(lines if save else [stick_words.how_to_keep(bar), *lines[1:]])]
    finish = Act("finish_now", bar.say("Finish"), "door_open", "plain" if unsaved else "act")
    back = Act("close", bar.say("Back"), "back", "act" if unsaved and not save else "plain")
    # Where something would be lost, keeping it comes first: on a stick that is in, else by going back for one.
    buttons = (finish, *save, back) if not unsaved else (*save, finish, back) if save else (back, finish)
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
    save = stick_words.save(bar, "act")
    return Content("notice", text, min(60, minutes), minutes, lines=(_belongings(bar),), buttons=save)


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
    if bar.is_class:
        title = str((bar.state.get("class") or {}).get("title") or "")
        lines = [*lines, Line("book", title)] if title else lines
        return Content("hub", bar.time_words() + ".", lines=tuple(lines), buttons=acts, share=share, sign="family")
    return Content("hub", bar.time_words() + ".", *_left(bar), lines=tuple(lines), buttons=acts, share=share)


def _warning(bar: "Bar") -> Content:
    seconds, warned = bar.last_seconds(), float(bar.state.get("warning") or 0)
    warned /= 2 if bar.state.get("accessible") else 1
    more = (bar_acts.more(bar),) if _offered(bar) else ()
    finish = () if bar.is_class else (bar_acts.finish(bar)._replace(sign=""),)
    if (seconds is not None or warned <= LAST_MINUTE) and not bar.is_class:
        text = bar.say("{n} minute(s) left. Please save and sign out.", n=max(1, bar.minutes()))
        if seconds is not None:
            text = bar.say("{n} seconds left. Please save and sign out.", n=seconds)
        buttons = (*more, *stick_words.save(bar), *finish)
        return Content("notice", text, *_left(bar), buttons=buttons, lines=(_belongings(bar),))
    if warned <= ASKS_FROM and more:
        text = bar.say("{n} minutes left. Would you like more time?", n=bar.minutes())
        return Content("notice", text, *_left(bar), buttons=(*more, *finish))
    text = bar.say("{n} minutes left. Please save your work.", n=bar.minutes())
    return Content("notice", text, *_left(bar), buttons=stick_words.save(bar, "act"), keys=True)


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
    return Content("notice", text, lines=(line,), buttons=stick_words.save(bar, "act"), sign="warn")


def _memory(bar: "Bar") -> Content:
    text = bar.say("This computer ran out of memory, so some of what was open has been closed.")
    line = Line("check", bar.say("Please do not keep so many pages and programs open at once."))
    return Content("notice", text, lines=(line,), sign="warn")


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
    seen = Act("seen", bar.say("I have read it"), "check", "act")
    text, whose = str(said.get("text", "")), bar.say("A message from the staff")
    if len(text) > LONG_MESSAGE:
        # In large type a sentence of that length would leave the sheet.
        return Content("notice", whose, lines=(Line("message", text),), buttons=(seen,), sign="help")
    return Content("notice", text, lines=(Line("help", whose),), buttons=(seen,), sign="message")
