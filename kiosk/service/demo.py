"""`kiosk demo`: fills a scratch home with plausible visits, by the same jobs and rows as real ones. Never a real home.

The mark `demo` in the store says that everything in it is made up; a home with visits and without it is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from random import Random

from kiosk.clock import LOCAL, Reading
from kiosk.errors import RefusedError, UsageError
from kiosk.export.run import Exporter, export_run, exporter_for
from kiosk.lean_sqlite import Database
from kiosk.rules.policy import Policy
from kiosk.rules.tallies import tally_rows
from kiosk.service import demo_journal
from kiosk.service.checked_settings import load_checked
from kiosk.service.demo_visits import Day, Visit, make_day
from kiosk.service.first_run import write_settings
from kiosk.settings import INSTALLED_HOME, Paths, Site
from kiosk.store import Store, bundles, facts, managers, sessions, usage
from kiosk.translations import _

MOST_DAYS = 3_660


@dataclass(frozen=True)
class Summary:
    """What was filled in. The same seed, days, date and policy give the same visits."""

    seed: int
    first_day: str
    last_day: str
    days: int
    visits: int
    sessions: int
    minutes: int
    bundles: int


def fill(home: Path, days: int, seed: int, today: date, items: Sequence[str] = ()) -> Summary:
    """The `days` days before `today` with visits, opens of `items` and a bundle each; days that were filled stay.

    RefusedError for a home that has, or may have, a real station's counts.
    """
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(_("A demo has 1 to {n} days.", n=MOST_DAYS), _("Ask for fewer days."))
    if home.resolve() == INSTALLED_HOME:
        raise _refused(home)
    paths = Paths(home)
    if paths.store.exists():
        with Store(paths.store) as store:
            if not store.run(_is_scratch):
                raise _refused(home)
    write_settings(paths)
    site, policy = load_checked(paths)
    wanted = [today - timedelta(days=back) for back in range(days, 0, -1)]
    with Store(paths.store) as store:
        store.run(_claim, wanted[0].isoformat())
        made = [_fill_day(store, site, policy, seed, day, items) for day in wanted]
        store.run(demo_journal.write, wanted, seed)
        written = _export(exporter_for(store, paths, site, policy), today)
    return Summary(
        seed=seed,
        first_day=wanted[0].isoformat(),
        last_day=wanted[-1].isoformat(),
        days=sum(one is not None for one in made),
        visits=sum(_is_visit(visit, policy) for one in made if one for visit in one.visits),
        sessions=sum(len(one.visits) for one in made if one),
        minutes=sum(visit.seconds for one in made if one for visit in one.visits) // 60,
        bundles=written,
    )


def _refused(home: Path) -> RefusedError:
    return RefusedError(
        _("{home} belongs to a real station; a demo never writes there.", home=home),
        _("Choose an empty folder with --home and try again."),
    )


def _is_scratch(db: Database) -> bool:
    """Whether the store is a demo's or was never used."""
    if facts.get(db, "demo") is not None:
        return True
    return not (
        bundles.last(db) or sessions.live(db) or usage.first_day(db) or facts.first_use(db) or managers.names(db)
    )


def _claim(db: Database, first: str) -> None:
    facts.put(db, "demo", "1")
    facts.put(db, "first_use", min(first, facts.first_use(db) or first))


def _fill_day(store: Store, site: Site, policy: Policy, seed: int, day: date, items: Sequence[str]) -> Day | None:
    """One day in one transaction, so that a demo that was broken off goes on where it stopped."""
    random = Random(f"{seed} {day.isoformat()}")
    made = make_day(random, policy, day)
    opened = [random.choice(items) for _visit in made.visits if items and random.random() < 0.5]
    return made if store.run(_write_day, made, site.station, policy, opened) else None


def _write_day(db: Database, made: Day, station: str, policy: Policy, opened: Sequence[str]) -> bool:
    day = made.day.isoformat()
    if usage.totals(db, day):
        return False
    for number, visit in enumerate(made.visits):
        _write_visit(db, visit, f"demo-{day}-{number}", station, policy)
    usage.opened(db, day, {item: opened.count(item) for item in opened})
    usage.add(
        db,
        day,
        {
            "open_seconds": made.open_seconds,
            "internet_seconds": made.internet_seconds,
            "boots": made.boots,
            # A healthy PC: it looked after itself every minute, and its disk kept each write within 24 ms.
            "looks": made.open_seconds // 60,
            "commits": made.open_seconds // 60,
            "commit_ms": made.open_seconds // 60 * 24,
            "unclean": made.unclean,
        },
    )
    return True


def _write_visit(db: Database, visit: Visit, session: str, station: str, policy: Policy) -> None:
    wall = visit.start.astimezone(timezone.utc)
    live = sessions.Live(
        session=session,
        boot_id="demo",
        boot_started=0.0,
        boot_beat=0.0,
        charged=0.0,
        granted=float(visit.granted),
        wall_started=wall,
        wall_beat=wall,
        entry=visit.entry,
        answers={"codes": list(visit.answers.codes())},
    )
    ended = sessions.Ended(
        day=visit.start.date().isoformat(),
        hour=visit.start.hour,
        station=station,
        seconds=visit.seconds,
        reason=visit.reason,
        visit=_is_visit(visit, policy),
        extensions=visit.extensions,
        entry=visit.entry,
    )
    sessions.start(db, live)
    sessions.end(db, session, ended, tally_rows(visit.answers, ended.day[:7]))


def _is_visit(visit: Visit, policy: Policy) -> bool:
    return visit.seconds >= policy.session.visit_min_seconds


def _export(exporter: Exporter, today: date) -> int:
    """The bundles of the days before `today`, as if made at its first minute. Nothing leaves the home."""
    wall = datetime.combine(today, time(0, 1), LOCAL).astimezone(timezone.utc)
    now = Reading(0.0, "demo", wall)
    return sum(result.new for result in export_run(exporter, now))
