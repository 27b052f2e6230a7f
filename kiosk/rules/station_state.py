"""What a station is at one moment: a frozen value that `station.react` turns into the next."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.clock import Reading
from kiosk.rules.effects import Effect
from kiosk.rules.events import Prefs
from kiosk.rules.hours import seconds_to_closing
from kiosk.rules.notes import Note
from kiosk.rules.policy import Policy
from kiosk.rules.queue import Queue
from kiosk.rules.session import EndReason, LiveRow, Session
from kiosk.rules.tickets import Ticket


class State(StrEnum):
    """As in the `state` message. Inside the rules a class is OPEN: a session whose way in is `class`."""

    FREE = "free"
    ASKING = "asking"
    OPEN = "open"
    ENDING = "ending"
    CLOSED = "closed"
    OUT_OF_ORDER = "out_of_order"
    CLASS = "class"


@dataclass(frozen=True)
class ResumeOffer:
    """A session cut off by a power cut that may go on with `seconds`, until boot second `until`."""

    row: LiveRow
    prefs: Prefs
    seconds: float
    until: float


@dataclass(frozen=True)
class StaffTurn:
    """Staff at the panel on the PC itself: no visit, nothing of it is counted. It stands beside the station's state.

    They leave from when `cover_until` or `ordered_at` is set on, as with a session. `since`: when it was ordered.
    """

    session: str
    since: float = 0.0
    opened: bool = False
    cover_until: float | None = None
    ordered_at: float | None = None

    @property
    def stage(self) -> str:
        """As in the `state` message."""
        if self.cover_until is not None or self.ordered_at is not None:
            return "ending"
        return "open" if self.opened else "opening"


@dataclass(frozen=True)
class Undo:
    """Minutes that staff have just added, as `seconds`, and until which boot second they may take them back.

    `short`: they were the few that staff may give once while somebody waits.
    """

    seconds: float
    until: float
    short: bool = False


@dataclass(frozen=True)
class Station:
    """One PC. Moments are boot seconds.

    `ending` is why the session ends; the lock is waited for until `cover_until`, then the order to end is given
    (`ordered_at`). `wiping` is the session the supervisor still has to report clean; with OUT_OF_ORDER it is what was
    not clean, "" where nobody knows its name any more, and `left` is what is left of it (rules/left_words.py).
    `goodbye` is shown until `goodbye_until`. A `reason` while a session runs takes the PC out after it.
    `ticket` is that of the citizen at the questions. `freed_at`: when the last session that did not break off left.
    """

    state: State = State.FREE
    session: Session | None = None
    supervisor_here: bool = False
    waiting: bool = False
    queue: Queue = Queue()
    help_asked: bool = False
    ticket: Ticket | None = None
    accessible: bool = False
    accessible_until: float = 0.0
    prefs: Prefs = Prefs()
    touched_at: float = 0.0
    resume: ResumeOffer | None = None
    ending: EndReason | None = None
    cover_until: float | None = None
    ordered_at: float | None = None
    wiping: str | None = None
    left: str = ""
    goodbye: EndReason | None = None
    goodbye_until: float = 0.0
    farewell: Prefs = Prefs()  # whose goodbye it is: they read or hear it as they did everything else
    freed_at: float | None = None
    reason: str = ""
    out_by: str = ""
    note: Note | None = None
    undo: Undo | None = None
    staff: StaffTurn | None = None

    @property
    def somebody_waits(self) -> bool:
        """Whether staff said so, or somebody holds a waiting number: then nobody is offered more time."""
        return self.waiting or self.queue.anybody

    @property
    def is_class(self) -> bool:
        """Whether a training class has this PC."""
        return self.state is State.OPEN and self.session is not None and self.session.by == "class"

    @property
    def covered(self) -> bool:
        """Whether the lock must cover: always, but in a session whose programs are there, or for staff at the panel."""
        if self.staff is not None and self.staff.stage == "open":
            return False
        return not (self.state is State.OPEN and self.session is not None and self.session.opened)


@dataclass(frozen=True)
class Now:
    """The policy in force and the clocks, as one argument."""

    policy: Policy
    reading: Reading

    @property
    def boot(self) -> float:
        """Seconds since boot."""
        return self.reading.boot

    @property
    def to_closing(self) -> float | None:
        """Seconds until the site closes; None when nothing closes it or the date is not trusted."""
        return seconds_to_closing(self.policy, self.reading)


Step = tuple[Station, tuple[Effect, ...]]
