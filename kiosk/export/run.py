"""Makes the bundles of the nightly export, as the service's loop and `kiosk export run` do.

Bringing them away is another thing (delivery.py, service/way_up.py): a stick that is not there is a trouble to be
shown, and never keeps a day from being written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kiosk.clock import Reading
from kiosk.errors import RefusedError, UsageError
from kiosk.export import due
from kiosk.export.outbox import Identity, heal, is_nobodys, record
from kiosk.export.places import is_url
from kiosk.lean_sqlite import Database
from kiosk.rules.disclosure import Limits
from kiosk.rules.hours import planned_minutes
from kiosk.rules.policy import Policy
from kiosk.settings import Paths, Site
from kiosk.store import Store, bundles, facts, journal_telling, losses, windows
from kiosk.store.acknowledged import place
from kiosk.translations import _


@dataclass(frozen=True)
class Exporter:
    """Everything an export needs to know. `at`: local HH:MM; `planned`: opening minutes of a date; `to`: a folder.

    `limits`: which answer counts may leave the PC. `far`: an fsspec URL in the place of a folder. `spread`: the window
    in seconds over which stations begin to send. `paths`: where the enrolment lies; None: this station has none.
    """

    store: Store
    outbox: Path
    identity: Identity
    at: str
    planned: Callable[[date], int]
    to: Path | None = None
    limits: Limits = Limits()
    far: str = ""
    spread: float = 0.0
    paths: Paths | None = None


def exporter_for(store: Store, paths: Paths, site: Site, policy: Policy) -> Exporter:
    """The exporter of this station. SettingsError when no bundle could be named after it."""
    return Exporter(
        store=store,
        outbox=paths.outbox,
        identity=Identity(site.code, site.station, software_version(), policy_hash(paths)),
        at=policy.export.at,
        planned=partial(planned_minutes, policy),
        to=paths.home / site.export_to if site.export_to and not is_url(site.export_to) else None,
        limits=Limits.of(policy.disclosure),
        far=site.export_to if is_url(site.export_to) else "",
        spread=policy.export.spread_minutes * 60,
        paths=paths,
    )


def policy_hash(paths: Paths) -> str:
    """The sha256 of the policy in force; empty where it cannot be read."""
    try:
        chosen = paths.chosen.read_bytes() if paths.chosen.exists() else b""
        return sha256(paths.policy_toml.read_bytes() + chosen).hexdigest()
    except OSError:
        return ""


def software_version() -> str:
    """The version of kiosk that runs; in a checkout that was never installed, `checkout`."""
    try:
        return version("kiosk")
    except PackageNotFoundError:
        return "checkout"


@dataclass(frozen=True)
class Result:
    """One day's bundle: its file, and whether this run made it."""

    day: str
    revision: int
    path: Path
    new: bool


def export_run(exporter: Exporter, now: Reading, day: str | None = None) -> list[Result]:
    """Writes what is due into the outbox; with `day`, that day as it stands, also while it is not over.

    Nothing changed: the same file with the same bytes, `new` False. KioskError where it cannot be written.
    """
    heal(exporter.store, exporter.outbox)
    told = end_months(exporter, now)
    owed = exporter.store.run(journal_telling.owed)
    told |= _owed(exporter, owed)
    days = sorted({*_days(exporter, now), *told}) if day is None else [_asked(exporter, now, day)]
    results = []
    for one in days:
        planned = exporter.planned(date.fromisoformat(one))
        made, new = exporter.store.run(record, exporter.identity, one, _utc(now), planned)
        results.append(Result(one, made.revision, exporter.outbox / made.name, new))
    if day is None and now.trusted and owed:
        exporter.store.run(journal_telling.paid, owed)
    if any(result.new for result in results):
        heal(exporter.store, exporter.outbox)
    return results


def _owed(exporter: Exporter, spans: Sequence[journal_telling.Span]) -> set[str]:
    """Days whose bundle is older than a change of the journal, however long ago they were."""
    if not spans:
        return set()
    (_told, ours), first = _days_told(exporter), exporter.store.run(facts.first_use)
    return journal_telling.days_in(spans, ours, first)


def end_months(exporter: Exporter, now: Reading) -> set[str]:
    """Ends the months that are over, before any bundle tells of them; days whose bundle is older than that.

    Such a day is looked at again however long ago it was: a release is carried by it or by none.
    """
    issued = exporter.store.run(windows.month_ends, now, exporter.limits, exporter.identity.site)
    days = {(date.fromisoformat(one.last_day) + timedelta(days=1)).isoformat() for one in issued}
    return days & _days_told(exporter)[1]


def _days_told(exporter: Exporter) -> tuple[set[str], set[str]]:
    """Days that need no first bundle any more, and those of them that are ours to tell again.

    What was told before the station had a name is nobody's, so it is told anew; what it told as another station stays
    with that one, and changes no more, but a day that was told there before it was over is ours too if it went on.
    Of what may have been told and is lost here the province knows more than we do.
    """
    identity, told = exporter.identity, exporter.store.run(bundles.places)
    everything = {day for day, begins in told if begins == place(identity.site, identity.station)}
    ours = everything - exporter.store.run(losses.unsure)
    elsewhere = {
        day for (day, begins), made in told.items() if not is_nobodys(begins) and due.was_over(day, exporter.at, made)
    }
    return everything | elsewhere, ours


def _days(exporter: Exporter, now: Reading) -> list[str]:
    if not now.trusted:
        return []
    first = exporter.store.run(facts.keep_first_use, now.day)
    told, ours = _days_told(exporter)
    whole = exporter.store.run(facts.whole_from, now)
    missing = {day for day in due.missing(first, told, now, exporter.at) if day >= whole}
    return sorted({*missing, *due.may_have_changed(ours, now, exporter.at)})


def _asked(exporter: Exporter, now: Reading, day: str) -> str:
    """The day that was asked for, if there can be a bundle of it."""
    try:
        wanted = date.fromisoformat(day).isoformat()
    except ValueError:
        raise UsageError(_("{day} is not a day.", day=day), _("Write it like 2026-11-21.")) from None
    if not now.trusted:
        raise RefusedError(_("The date of this PC cannot be trusted yet."), _("Confirm date and time on the panel."))
    first = exporter.store.run(facts.keep_first_use, now.day)
    if wanted > now.day:
        raise RefusedError(_("{day} has not come yet.", day=day), _("Ask for today or an earlier day."))
    if wanted < first:
        raise RefusedError(
            _("{day} is before the first day of this station, {first}.", day=day, first=first),
            _("Ask for that day or a later one."),
        )
    if exporter.store.run(_is_lost, wanted, now):
        raise RefusedError(
            _("What this station knew of {day} was lost with its store.", day=day),
            _("The province keeps what it has of that day: telling it again would put nought or half in its place."),
        )
    return wanted


def _is_lost(db: Database, day: str, now: Reading) -> bool:
    return (day < facts.whole_from(db, now) and day not in bundles.days(db)) or day in losses.unsure(db)


def _utc(now: Reading) -> str:
    return now.wall.isoformat(timespec="seconds")
