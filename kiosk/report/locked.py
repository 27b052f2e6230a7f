"""What a month's report tells at its lock, and what is another number since. Shared by the report and who locks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.report.model import Locked, Number, Part, Report
from kiosk.rules.indicators import INDICATORS
from kiosk.rules.month_lock import Cause, Revision, as_it_stands, changed
from kiosk.store import Store, journal_trace, losses, month_locks
from kiosk.store.month_locks import Lock

# A figure that no report shows: sessions that came to the month when the date of their boot was found out.
REDATED = "~redated"


def told(report: Report) -> dict[str, str | None]:
    """The figures of a report by code, as text. No answer by its sides: no release is ever corrected."""
    lists: Mapping[str, Iterable[Part]] = {"ENDS": report.ends, "OPENS": report.themes, "JOURNAL": report.journal}
    return {
        **{line.code: _text(line.now.value) for line in report.lines},
        **{f"{name}:{part.code}": _text(part.value) for name, parts in lists.items() for part in parts},
        REDATED: str(report.redated),
    }


def versions(report: Report) -> dict[str, str | None]:
    """The versions of the definitions that a report rests on."""
    return {code: INDICATORS[code].version for code in report.used()}


@dataclass(frozen=True)
class Happened:
    """What happened to a month's days since some moment: reasons that staff typed, and whether a copy was put back."""

    typed: Sequence[str] = ()
    restored: bool = False


def pending(lock: Lock, noted: list[Revision], report: Report, happened: Happened, at: str) -> list[Revision]:
    """The changes of a locked month that are not noted yet; `report` is of that month, as it is now."""
    known, now = as_it_stands(lock.figures, noted), told(report)
    if now["VISITS"] is None and known.get("VISITS") is not None:
        return []  # its days were let go of after their years
    if now["VISITS"] is not None:  # what a list does not name any more is nought
        now = {**dict.fromkeys(filter(_of_a_list, known), "0"), **now}
    known = {**dict.fromkeys(filter(_of_a_list, now), "0"), **known}
    # A figure that was not told at all is a new one, of a later release: nothing has changed in it.
    found = changed(known, {code: value for code, value in now.items() if code in known})
    redated = REDATED in found
    return [
        Revision(lock.month, code, was, then, *_why(code, lock, redated, happened), at)
        for code, (was, then) in found.items()
    ]


def _of_a_list(code: str) -> bool:
    """Whether it is a line of a list that names only what there was."""
    return code.startswith(("ENDS:", "OPENS:"))


def since(store: Store, lock: Lock, noted: Sequence[Revision]) -> Happened:
    """What happened to the days of a locked month since its last change was noted."""
    moment = datetime.fromisoformat(noted[-1].at if noted else lock.at)
    days = (date.fromisoformat(lock.first), date.fromisoformat(lock.last))
    traces = store.submit_later(journal_trace.reasons, *days).result()
    lost = store.submit_later(losses.all_of_them).result()
    return Happened(
        list(dict.fromkeys(one.reason for one in traces if one.at >= moment)),
        any(datetime.fromisoformat(one.at) > moment for one in lost),
    )


def read(store: Store, first: date, last: date) -> tuple[list[Lock], list[Revision]]:
    """Locks of the months in some days, and the changes of those months that were noted."""
    locks = store.submit_later(month_locks.between, first.isoformat(), last.isoformat()).result()
    if not locks:
        return [], []
    noted = store.submit_later(month_locks.revisions, locks[0].month, locks[-1].month).result()
    return locks, noted


def shown(locks: Iterable[Lock], revisions: Iterable[Revision]) -> tuple[tuple[Locked, ...], tuple[Revision, ...]]:
    """The same as a report has them, without what no report shows."""
    return (
        tuple(Locked(one.month, datetime.fromisoformat(one.at), _seen(one.figures)) for one in locks),
        tuple(one for one in revisions if one.code != REDATED),
    )


def _why(code: str, lock: Lock, redated: bool, happened: Happened) -> tuple[Cause, str]:
    """The nearest cause of one change, with the words that staff typed for it."""
    name = code.partition(":")[0]
    if name == "JOURNAL" and (happened.typed or not happened.restored):
        return "journal", "; ".join(happened.typed)
    if name in INDICATORS and lock.versions.get(name) not in (None, INDICATORS[name].version):
        return "definition", ""
    if happened.restored:
        return "restored", ""
    if redated:
        return "redated", ""
    if code == "PLANNED_DAYS":
        return "hours", ""
    return ("menu" if name == "OPENS" else "late"), ""


def _seen(figures: Mapping[str, str | None]) -> dict[str, str | None]:
    return {code: value for code, value in figures.items() if code != REDATED}


def _text(value: Number | None) -> str | None:
    return None if value is None else str(value)
