"""What became of a stick, or of receipts that came another way, in the words of the panel. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.service.carrying import Carried
from kiosk.web.words import Sentence, says

# What is wrong with a stick, and what to do; by the words of supervisor/sticks/carrying.py and service/carrying.py.
STICK: Mapping[str, Sentence] = {
    "none": says("No stick is plugged into this computer. Plug one in, then press the button again."),
    "several": says("Several sticks are plugged in. Leave only yours in, then press the button again."),
    "left": says("The stick in this computer was left behind by a citizen. Pull it out and keep it for them, then plug"
                 " in yours."),
    "busy": says("Somebody is using this computer. Copy when it is free, or take the file below."),
    "taken": says("Somebody began to use this computer, so the copying was broken off. Nothing is lost: copy again when"
                  " it is free."),
    "unknown": says("This computer does not know the format of this stick. Take another one, or format it as FAT."),
    "unreadable": says("This stick cannot be read. Take another one."),
    "in_the_way": says("On this stick lies a file named kiosk, where a folder of that name must be. Rename the file, or"
                       " take another stick."),
    "read_only": says("This stick is write-protected, so nothing was copied to it. Move its switch, or take another."),
    "repair": says("This stick was not closed well, so nothing can be written to it. Have it checked on another"
                   " computer, or take another one."),
    "full": says("The stick is full. What fitted is on it; take another one for the rest, or make room."),
    "pulled": says("The stick was pulled out too early. Nothing is lost: plug it in and copy again."),
    "late": says("Copying took too long. Nothing is lost: try again, perhaps with another stick."),
    "not_root": says("This computer cannot open sticks by itself. Take the file below."),
}  # fmt: skip
FAILED = says("Copying did not succeed. Nothing is lost: try again, perhaps with another stick.")
PHASES: Mapping[str, Sentence] = {
    "opening": says("The stick is being opened…"),
    "writing": says("Copying: please leave the stick in…"),
    "closing": says("The stick is being closed: please leave it in…"),
}


@dataclass(frozen=True)
class Line:
    """A sentence; `tone` of panel.css; `more`: what somebody else says, small."""

    words: Sentence
    tone: str = ""
    sign: str = "clock"
    more: str = ""


def stick_lines(one: Carried) -> list[Line]:
    """What became of a stick, or of files from elsewhere."""
    if one.phase in PHASES:
        return [Line(PHASES[one.phase], "soon", "usb")]
    if one.phase == "idle":
        return []
    lines = []
    if one.phase == "trouble":
        lines.append(Line(STICK.get(one.word, FAILED), "soon", "warn", one.said))
    elif one.written:
        lines.append(Line(says("Files copied: {n}. You can pull the stick out now.", n=one.written), "met", "st_met"))
    else:
        lines.append(Line(says("Nothing new was to be copied. You can pull the stick out now."), "met", "st_met"))
    return lines + receipt_lines(one)


def receipt_lines(one: Carried) -> list[Line]:
    """What receipts of the province have told."""
    lines = []
    if one.confirmed:
        lines.append(
            Line(says("Receipts of the province were read: {n} more are confirmed.", n=one.confirmed), "met", "check")
        )
    if one.refused:
        lines.append(Line(says("The province has put {n} aside; why stands above.", n=one.refused), "soon", "warn"))
    if one.unproved:
        lines.append(
            Line(
                says("{n} receipts are not of this province, or not for this computer.", n=one.unproved), "soon", "warn"
            )
        )
    return lines
