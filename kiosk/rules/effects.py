"""What a station orders. The service carries effects out in the order given; the rules never do anything themselves."""

from dataclasses import dataclass
from typing import Literal

from kiosk.rules.answers import Answers
from kiosk.rules.events import Prefs
from kiosk.rules.notes import Note
from kiosk.rules.session import EndReason, Way

# Why something was refused: for the screens, the panel and the exit of a command.
RefuseCode = Literal[
    "busy", "ending", "closed", "closing_soon", "out_of_order", "class", "entry", "no_supervisor", "minutes",
    "no_session", "no_offer", "not_yet", "waiting", "closing", "used", "ticket", "staff", "not_clean",
    "too_late",
    "numbers_full", "numbers_changed",
]  # fmt: skip


@dataclass(frozen=True)
class CoverScreen:
    """Push the state now: the lock must cover."""


@dataclass(frozen=True)
class OpenSession:
    """Tell the supervisor to open."""

    session: str
    prefs: Prefs


@dataclass(frozen=True)
class OpenStaff:
    """Tell the supervisor to open the panel for staff at this PC."""

    session: str


@dataclass(frozen=True)
class EndSession:
    """Tell the supervisor to kill and wipe."""

    session: str


@dataclass(frozen=True)
class RecordStart:
    """Write the live row, with the answers. `granted` in seconds; `ticket`: the key of the one it uses up."""

    session: str
    by: Way
    answers: Answers
    prefs: Prefs
    granted: float
    ticket: str = ""
    time_factor: float = 1.0


@dataclass(frozen=True)
class RecordHeartbeat:
    """Write what was charged until now (seconds), with the boot id and boot seconds of the reading."""

    session: str
    charged: float


@dataclass(frozen=True)
class RecordExtension:
    """Write the new grant (seconds). `seconds` were added; `staff_extended`: the one while somebody waits is used."""

    session: str
    granted: float
    extensions: int
    seconds: float
    by: Literal["citizen", "staff"]
    staff_extended: bool


@dataclass(frozen=True)
class RecordTakenBack:
    """Write the grant (seconds) as it is without the minutes that staff took back, and what is left of extensions."""

    session: str
    granted: float
    extensions: int
    staff_extended: bool


@dataclass(frozen=True)
class RecordNote:
    """Write what staff wrote to this citizen, and whether it was seen; None: nothing any more."""

    session: str
    note: Note | None


@dataclass(frozen=True)
class RecordFactor:
    """Write how many times as long this session's citizen has for everything, and the grant (seconds) that follows."""

    session: str
    factor: float
    granted: float


@dataclass(frozen=True)
class RecordEnd:
    """Write the session and delete the live row, in one transaction; count its answers only if it was a `visit`."""

    session: str
    reason: EndReason
    charged: float
    minutes: int
    visit: bool


@dataclass(frozen=True)
class OfferResume:
    """Show the offer to go on with `seconds` left."""

    session: str
    seconds: float


@dataclass(frozen=True)
class Refuse:
    """Nothing was done, and why."""

    code: RefuseCode


Effect = (
    CoverScreen | OpenSession | EndSession | RecordStart | RecordHeartbeat | RecordExtension | RecordFactor | RecordEnd
    | OfferResume | RecordTakenBack | RecordNote | Refuse | OpenStaff
)  # fmt: skip
