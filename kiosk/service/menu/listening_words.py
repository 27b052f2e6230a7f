"""What the menu's pages say aloud besides their own words; web_ui/scripts/voice_page.js fills in the fields."""

from kiosk.web.words import Sentence, says

SENTENCES: dict[str, Sentence] = {
    "link": says("link"),
    "button": says("button"),
    "field": says("field to write in"),
    "on_now": says("chosen"),
    "more": says("There are {n} more. Tab goes through them."),
    "place": says("{n} of {all}"),
    "none": says("There is no choice with this number."),
    "help": says(
        "A number chooses. Tab goes through everything, Enter opens it. The space bar says it again. Escape goes back. "
        "0 says this help. The Windows key, bottom left, with 1 shows the first page; with 0 it tells the time left; "
        "with 6 it saves to a USB stick, with 4 it ends your time here."
    ),
    "brief": says("Press 0 for help."),
    "keys": says(
        "The space bar pauses and goes on. The right arrow goes to the next piece, the left arrow to the one before. "
        "Escape stops."
    ),
    "paused": says("Paused."),
    "stopped": says("Stopped."),
    "end": says("The end."),
    "outside": says("Pages of the Internet and other programs are not read aloud."),
    "printing": says("This page is being sent to the printer."),
    "print_asks": says("The printing window is open. Enter prints, Escape closes it."),
    "saving": says("This page is being saved."),
    "saved": says("It is saved on this computer. To take it home, put in a USB stick and press Windows and 5."),
    "saved_here": says("It is saved on this computer until you finish. The staff can help you to take it home."),
    "not_saved": says("It could not be saved. Please ask staff."),
    "first": says("This is the first page."),
    "found": says("Suggestion: {label}."),
    "typed": says("You wrote: {text}. Enter looks for it."),
    "write": says("Write what you are looking for, then press Enter."),
}
