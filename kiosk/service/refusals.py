"""Why something was refused, as a sentence of the `web` catalogue, and what to do."""

from typing import Literal

from kiosk.errors import RefusedError
from kiosk.rules.effects import RefuseCode

# What may be wrong with a date that a manager confirms or sets (service/dating.py).
DateCode = Literal["date_changed", "date_impossible"]
# And with an order about what waits to be printed (service/printing.py).
PrintCode = Literal["no_job"]
# And with what a page wants read aloud (service/page_voice.py).
VoiceCode = Literal["too_much_to_say"]
# And with an order for whom the page showed, who is not there any more (service/desk.py).
DeskCode = Literal["changed", "class_waits"]
Code = RefuseCode | DateCode | PrintCode | VoiceCode | DeskCode

SENTENCES: dict[Code, tuple[str, str]] = {
    "busy": ("Somebody is using this computer.", "Wait until the session has ended, or end it first."),
    "ending": ("The last session is just ending.", "Try again in a moment."),
    "closed": ("The site is closed now.", "Check the opening hours."),
    "closing_soon": ("The site closes soon, so no new session can start.", "Check the opening hours."),
    "out_of_order": ("This computer is out of order.", "Bring it back into service first."),
    "class": ("A training class is using this computer.", "End the class first."),
    "entry": ("This way of starting is switched off at this site.", "Start the session from the panel."),
    "no_supervisor": ("The computer is still getting ready.", "Try again in a moment."),
    "minutes": ("This number of minutes is not allowed.", "Choose a smaller number."),
    "no_session": ("Nobody is using this computer.", "There is nothing to change."),
    "no_offer": ("There is no session to continue.", "Start a new one."),
    "not_yet": ("More time can be added from the first warning on.", "Wait for the warning."),
    "waiting": ("Someone is waiting, so we cannot add time.", "Switch off “Someone is waiting” first."),
    "closing": ("The site closes then, so no time can be added.", "Check the opening hours."),
    "date_changed": ("The clock was changed meanwhile.", "Please look again before you choose."),
    "date_impossible": ("This date cannot be right.", "Please set date and time."),
    "ticket": ("The ticket could not be used.", "Start the session from the panel."),
    "numbers_full": ("All 99 numbers are in people's hands.", "Call some of them first, or take them off."),
    "numbers_changed": ("The waiting numbers changed meanwhile.", "Please look again before you choose."),
    "no_job": ("This job does not wait any more.", "Please look again before you choose."),
    "too_much_to_say": ("This is too much to be read aloud at once.", "Please try again in a moment."),
    "staff": ("Staff are using the panel at this computer.", "Sign out there first."),
    "not_clean": ("The last session was not wiped.", "Restart the computer first."),
    "changed": ("Things changed meanwhile.", "Please look again before you choose."),
    "class_waits": ("The class before is not written down yet.", "Write it down first, then begin the new one."),
    "too_late": ("It is too late to take these minutes back.", "End the session if it must end."),
    "used": ("No more time can be added to this session.", "Start a new session."),
}


class Gone(RefusedError):
    """The class that was meant does not wait to be written down any more: somebody else saw to it."""


def refusal(code: Code) -> RefusedError:
    """The refusal as an error; its sentences are message ids, translated by whoever shows them."""
    message, hint = SENTENCES[code]
    return RefusedError(message, hint)
