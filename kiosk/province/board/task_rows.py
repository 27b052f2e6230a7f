"""Tasks as rows of a page, and what might be given next: sites that nobody looks after yet. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kiosk.province.board.sites_now import LONG, SiteNow, SitesNow
from kiosk.province.board.sites_now import State as SiteState
from kiosk.province.board.words import number
from kiosk.province.register.site_history import row_on
from kiosk.province.register.state import Register
from kiosk.province.register.words import folded
from kiosk.province.tasks import State, Task
from kiosk.rules.indicator import label
from kiosk.web.pages import say
from kiosk.web.words import Sentence, says

MOST_HINTS = 6
SOON = 7  # days before its day in which a task is soon due

# State of a task -> class, sign, words.
STATE_WORDS: dict[State, tuple[str, str, str]] = {
    "open": ("no-report", "st_none", label("To do")),
    "doing": ("busy", "st_busy", label("Being done")),
    "done": ("met", "st_met", label("Done")),
    "dropped": ("no-report", "cross", label("Dropped")),
}
# State of a site that does not send -> what might be done.
ASK_AFTER = says("Find out why it is silent, and have it send")
TITLES: Mapping[SiteState, Sentence] = {
    "silent": ASK_AFTER, "never_sent": ASK_AFTER, "revoked": says("Let the computers join again"),
    "never_enrolled": says("Let the computers join"),
}  # fmt: skip


@dataclass(frozen=True)
class TaskRow:
    """A task with the names of who has to do it; `line`: of the task, else of its site."""

    task: Task
    place: str
    unit: str
    line: str

    def has(self, wanted: str) -> bool:
        """Whether all words that are looked for begin a word of it."""
        text = " " + folded(f"{self.task.title} {self.place} {self.unit} {self.task.site} {self.task.unit}")
        return all(f" {word}" in text for word in folded(wanted).split())


SHOWN: dict[str, Callable[[TaskRow, date], bool]] = {
    "waiting": lambda row, _today: row.task.waits,
    "late": lambda row, today: row.task.late(today),
    "done": lambda row, _today: row.task.state == "done",
    "dropped": lambda row, _today: row.task.state == "dropped",
}


@dataclass(frozen=True)
class Hint:
    """A task that might be given: to which site, what, and why somebody should look."""

    site: str
    place: str
    title: str
    why: str


def task_rows(tasks: Iterable[Task], register: Register, today: date) -> list[TaskRow]:
    """Each with the names of today; a site that is closed by now keeps its last."""
    return [_row(one, register, today) for one in tasks]


def _row(one: Task, register: Register, today: date) -> TaskRow:
    site = register.sites.get(one.site)
    if site is None:
        return TaskRow(one, register.units.name(one.unit, today) or one.unit or one.site, "", one.line)
    row = row_on(site, register.units, max(min(today, site.last or today), site.opened or date.min))
    return TaskRow(one, row.name, row.unit_name, one.line or row.owner)


def uncared(now: SitesNow, tasks: Iterable[Task], line: str = "") -> list[SiteNow]:
    """Sites at which somebody should look, the worst first. One for which a task waits is left out: somebody does."""
    cared = set(waiting_at(tasks))
    found = [(_worth(one), one) for one in now.of(line) if one.row.code not in cared and _worth(one)]
    found.sort(key=lambda one: (-one[0], one[1].row.code))
    return [one for _worth_of, one in found]


def waiting_at(tasks: Iterable[Task]) -> dict[str, int]:
    """Site -> the number of a task that waits for it, of several the most urgent."""
    found = dict[str, int]()
    for one in tasks:
        if one.site and one.waits:
            found.setdefault(one.site, one.number)
    return found


def suggestions(sites: Sequence[SiteNow]) -> list[Hint]:
    """What might be done for the first of them."""
    return [_hint(one) for one in sites[:MOST_HINTS]]


def task_title(one: SiteNow) -> str:
    """What might be done for a site that does not send; "" where it has nothing to do."""
    return say(TITLES[one.state]) if one.state in TITLES else ""


def _worth(one: SiteNow) -> int:
    """How badly somebody should look; 0: all is well."""
    if one.state == "revoked":
        return 500
    if one.is_long or (one.kind == "never_sent" and one.silent >= LONG):
        return min(400, one.silent) + (50 if one.row.status == "project" else 0)
    if one.alarms or one.aside:
        return 40
    return 20 if one.state == "never_enrolled" and one.row.status == "project" else 0


def _hint(one: SiteNow) -> Hint:
    title = task_title(one)
    if one.state == "revoked":
        why = say("None of its computers may send any more.")
    elif one.is_long:
        why = say("Nothing has come for {n} days.", n=number(one.silent))
    elif one.kind == "never_sent" and one.silent >= LONG:
        why = say("It has joined and has never sent anything.")
    elif one.alarms or one.aside:
        title = say("Look after what it sent")
        why = say("There are alarms, or bundles that were put aside.")
    else:
        why = say("None of its computers has ever joined.")
    return Hint(one.row.code, one.row.name, title, why)
