"""What can happen to a station. Each is handed to `station.react` with a reading of the clocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kiosk.rules.answers import Answers
from kiosk.rules.queue import Act
from kiosk.rules.session import LiveRow, Way
from kiosk.rules.tickets import Ticket


@dataclass(frozen=True)
class Prefs:
    """How the citizen wants the screens; `voice`: read aloud. No reason is ever asked or kept."""

    lang: Literal["vi", "en"] = "vi"
    large: bool = False
    contrast: bool = False
    voice: bool = False

    @classmethod
    def of(cls, wishes: Mapping[str, object]) -> "Prefs":
        """Wishes as they came from a screen or the store; whatever is not understood is the default."""
        lang: Literal["vi", "en"] = "en" if wishes.get("lang") == "en" else "vi"
        large, contrast, voice = (wishes.get(name) is True for name in ("large", "contrast", "voice"))
        return cls(lang, large, contrast, voice)


@dataclass(frozen=True)
class Tick:
    """Time passed. `idle_seconds`: since the last key, pointer or touch; None where that is not known."""

    idle_seconds: float | None = None


@dataclass(frozen=True)
class Begin:
    """START was touched, or a good ticket was typed in; the session that follows is then the ticket's."""

    ticket: Ticket | None = None


@dataclass(frozen=True)
class Touch:
    """Somebody is at the questions."""


@dataclass(frozen=True)
class Cancel:
    """The questions were left."""


@dataclass(frozen=True)
class SignIn:
    """A session is wanted. `session`: a fresh random id; `minutes`: only staff may choose them."""

    session: str
    answers: Answers = Answers()
    prefs: Prefs = Prefs()
    by: Way = "citizen"
    minutes: float | None = None


@dataclass(frozen=True)
class ResumeAnswer:
    """The answer to the offer to go on after a power cut."""

    accept: bool


@dataclass(frozen=True)
class Extend:
    """More time is asked for. `minutes`: staff may ask for less than the policy's extension."""

    by: Literal["citizen", "staff"] = "citizen"
    minutes: float | None = None


@dataclass(frozen=True)
class Finish:
    """The session shall end: the citizen signs out, or a manager ends it."""

    by: Literal["citizen", "manager"] = "citizen"


@dataclass(frozen=True)
class StillHere:
    """The citizen answered the idle question."""


@dataclass(frozen=True)
class Covered:
    """The lock screen covers."""


@dataclass(frozen=True)
class Opened:
    """The supervisor says: the session's programs are there."""

    session: str


@dataclass(frozen=True)
class Ended:
    """The supervisor says: the session's programs are dead; `clean`: and nothing of it is left."""

    session: str
    clean: bool
    detail: str = ""


@dataclass(frozen=True)
class NotClean:
    """The supervisor says: of an earlier session, "" where nobody knows which, something is left that stays."""

    left: str
    session: str = ""


@dataclass(frozen=True)
class SupervisorHere:
    """The supervisor came or went; without it no session is started."""

    present: bool


@dataclass(frozen=True)
class OutOfOrder:
    """Taken out of service, with the manager's words."""

    reason: str
    who: str = ""


@dataclass(frozen=True)
class InService:
    """Back in service."""


@dataclass(frozen=True)
class Waiting:
    """Whether somebody waits for a PC of the site."""

    waiting: bool


@dataclass(frozen=True)
class Numbers:
    """What staff do with the waiting numbers; `number`: the one that they saw, None: whichever it is."""

    act: Act
    number: int | None = None


@dataclass(frozen=True)
class ClassMode:
    """A training class begins or ends. `session`: a fresh random id for one that begins."""

    on: bool
    session: str = ""


@dataclass(frozen=True)
class Tell:
    """Staff write to the citizen of `session`, under a fresh `id`; an empty text takes back what they wrote."""

    session: str
    id: str = ""
    text: str = ""


@dataclass(frozen=True)
class Seen:
    """The citizen has read the message `id`."""

    id: str


@dataclass(frozen=True)
class TakeBack:
    """Staff take back the minutes that they have just added to `session`."""

    session: str


@dataclass(frozen=True)
class Accessible:
    """Twice as long for everything, for this session or the next: switched on or off by staff, who give no reason."""

    on: bool


@dataclass(frozen=True)
class Help:
    """The citizen asks for staff."""


@dataclass(frozen=True)
class Wished:
    """The citizen chose on menu or bar how to read: the bar, the notices and the goodbye follow. None: as before."""

    lang: Literal["vi", "en"] | None = None
    large: bool | None = None
    contrast: bool | None = None
    voice: bool | None = None


@dataclass(frozen=True)
class Helped:
    """Staff came."""


@dataclass(frozen=True)
class Recovered:
    """The service started in a new boot and found a live row: the power was cut during that session."""

    row: LiveRow
    prefs: Prefs = Prefs()


@dataclass(frozen=True)
class ServiceRestarted:
    """The service started again in the same boot and found a live row. `opened`: the supervisor confirmed it."""

    row: LiveRow
    prefs: Prefs = Prefs()
    opened: bool = False


@dataclass(frozen=True)
class StaffIn:
    """Staff gave their PIN at the PC itself and want the panel there. `session`: a fresh random id."""

    session: str


@dataclass(frozen=True)
class StaffOut:
    """Staff leave the panel at the PC: signed out, away too long, the browser ended, or something broke."""


@dataclass(frozen=True)
class Stray:
    """The supervisor has a session that nobody here knows."""

    session: str


@dataclass(frozen=True)
class Fault:
    """Something broke under the session (the X server ended, the browser cannot start)."""

    reason: str


Event = (
    Tick | Begin | Touch | Cancel | SignIn | ResumeAnswer | Extend | Finish | StillHere | Covered | Opened | Ended
    | NotClean | SupervisorHere | OutOfOrder | InService | Waiting | ClassMode | Help | Helped | Recovered
    | ServiceRestarted | Fault | Accessible | Wished | Tell | Seen | TakeBack | Numbers | StaffIn | StaffOut | Stray
)  # fmt: skip
