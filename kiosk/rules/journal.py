"""What staff write down by hand: the other lines of the province's plan, kind by kind. Pure.

A line has a day (a fault and a service on offer also a last one), whole numbers, and a few words. The numbers go into
reports and bundles, summed by day under the codes of `SUMS`; the words stay on the PC. No line names a citizen.
What may be typed is checked in journal_entry.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.rules.indicators import label


@dataclass(frozen=True)
class Number:
    """A whole number of a line. `name`: its field; `code`: the sum it goes into; `default`: where nothing was typed."""

    name: str
    label: str
    code: str
    most: int
    default: int | None = None
    needed: bool = False


DAY = label("Day")


@dataclass(frozen=True)
class Kind:
    """One kind of line. Where `until` names a field, it lasts from its day until another, or until further notice."""

    code: str
    label: str
    act: str
    words: str
    numbers: tuple[Number, ...] = ()
    day: str = DAY
    until: str = ""
    needs_words: bool = False
    hours: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def spans(self) -> bool:
        """Whether it has a last day."""
        return bool(self.until)


# What may be out of order. `pc` alone takes the PC from the citizens.
WHATS = {
    "pc": label("Computer"),
    "printer": label("Printer"),
    "internet": label("Internet"),
    "other": label("Other equipment"),
}

_PEOPLE = label("People")
_ALL = (
    Kind("class", label("Training classes"), label("Log a training class"), label("What was taught"),
         (Number("events", label("Classes"), "classes", 100, 1), Number("people", _PEOPLE, "class_people", 5_000,
                                                                         needed=True)), hours=True),
    Kind("outreach", label("Outreach"), label("Log an outreach activity"), label("What and where"),
         (Number("events", label("Events"), "outreach_events", 100, 1),
          Number("people", _PEOPLE, "outreach_people", 50_000, needed=True))),
    Kind("public_service", label("Help with public services"), label("Log help with public services"),
         label("Which service"), (Number("times", label("Times helped"), "service_help", 1_000, 1),)),
    Kind("books", label("Rotated books"), label("Log rotated books"), label("Note"),
         (Number("titles_in", label("Titles in"), "titles_in", 20_000),
          Number("copies_in", label("Copies in"), "books_in", 50_000),
          Number("titles_out", label("Titles out"), "titles_out", 20_000),
          Number("copies_out", label("Copies out"), "books_out", 50_000),
          Number("read", label("Read here"), "books_read", 50_000),
          Number("lent", label("Lent"), "books_lent", 50_000))),
    Kind("reader_visits", label("Visits of readers"), label("Log visits of readers"), label("Note"),
         (Number("people", label("Visits of readers"), "reader_visits", 50_000, needed=True),)),
    Kind("fault", label("Faults of equipment"), label("Report equipment"), label("What is wrong"),
         day=label("Reported"), until=label("Repaired"), needs_words=True, choices=WHATS),
    Kind("offered_service", label("Services on offer"), label("Add a service"), label("Which service"),
         day=label("From"), until=label("Until"), needs_words=True),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {one.code: one for one in _ALL}

# Sums over days, by the code under which bundles tell them; and what is a level of the last day, never added up.
SUMS = tuple(number.code for kind in _ALL for number in kind.numbers) + (
    "faults_opened", "faults_closed", "pc_days_down",
)  # fmt: skip
LEVELS = ("books_on_hand", "services_offered")
CODES = (*SUMS, *LEVELS)
