"""The ledger and the folder of bundles: each day's file, made once, and again as a revision only where it changed.

A bundle exists from the transaction that puts it and its bytes into the ledger; the file in the outbox is written
after it. So a crash between the two leaves a file to be written again with the same bytes, never a second bundle.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import SettingsError
from kiosk.export import formats, highest
from kiosk.export.bundle import REASONS, body, released
from kiosk.export.files import put, trouble
from kiosk.lean_sqlite import Database
from kiosk.settings import NOBODYS
from kiosk.store import Store, bundles, facts, series, usage, windows
from kiosk.store.bundles import Made
from kiosk.translations import _


@dataclass(frozen=True)
class Identity:
    """Who sends: site and station code, version of the software, sha256 of the policy in force."""

    site: str
    station: str
    software: str
    policy: str

    def __post_init__(self) -> None:
        given = (("site.code", self.site, formats.SITE_CODE), ("station.name", self.station, formats.STATION_NAME))
        problems = tuple(
            _("{field}: {value}: allowed are the letters A-Z and a-z, digits, - and .", field=field, value=repr(value))
            for field, value, allowed in given
            if not allowed.fullmatch(value)
        )
        if problems:
            raise SettingsError(
                _("A bundle cannot be named after this site and station."), _("Correct site.toml."), problems
            )


def record(db: Database, identity: Identity, day: str, created: str, planned_minutes: int) -> tuple[Made, bool]:
    """The day's bundle as of now, and whether it is new. Runs on the store thread, in one transaction."""
    usage.plan(db, day, planned_minutes)
    newest, last = bundles.newest_of(db, day), bundles.last(db)
    lines = body(db, day)
    same = newest is not None and newest.body_sha256 == formats.file_hash(formats.body_bytes(lines))
    if newest and same and (not is_nobodys(newest.name) or identity.site in NOBODYS):
        return newest, False
    if newest and _journal_changed(newest, lines):
        usage.add(db, day, {REASONS["journal"]: 1})
        lines = body(db, day)
    body_hash = formats.file_hash(formats.body_bytes(lines))
    manifest = formats.Manifest(
        site=identity.site,
        station=identity.station,
        epoch=facts.epoch(db),
        day=day,
        revision=series.next_revision(db, day),
        sequence=series.next_sequence(db),
        previous=last.sha256 if last else formats.NO_PREVIOUS,
        created=created,
        software=identity.software,
        policy=identity.policy,
        rows=formats.rows_of(lines),
        lineage=facts.lineage(db),
    )
    made = _made(manifest, formats.write(manifest, lines), body_hash)
    bundles.insert(db, made)
    return made, True


def is_nobodys(name: str) -> bool:
    """Whether a bundle of this name was made before anybody had said which site this is."""
    return name.startswith(tuple(f"{code}_" for code in NOBODYS))


def _journal_changed(newest: Made, lines: list[formats.Line]) -> bool:
    """Whether what staff wrote is told otherwise than before. Of a day whose bytes are gone nothing else is."""
    if newest.content is None:
        return True
    told, now = (
        [line for line in some if line["kind"] in ("journal", "journal_before")]
        for some in (formats.read(newest.content).lines, lines)
    )
    return told != now


def heal(store: Store, outbox: Path) -> list[str]:
    """Makes folder and ledger agree again after a crash or a restore; the names that were mended.

    Files that the ledger lacks (an older copy of it was restored) are taken into it where they continue its chain,
    so that no sequence number is ever given twice in one epoch.
    """
    try:
        outbox.mkdir(mode=0o755, parents=True, exist_ok=True)
        there = {path.name: path.stat().st_size for path in outbox.glob("*.jsonl.gz")}
    except OSError as error:
        raise trouble(outbox, error) from error
    mended = store.run(adopt, [_read(outbox / name) for name in sorted(there.keys() - store.run(bundles.names))])
    last = store.run(bundles.last)
    if last is not None:
        highest.mark(store.path, *store.run(lambda db: (facts.epoch(db), last.sequence)))
    for name, size in store.run(bundles.files):
        if there.get(name) != size:
            made = store.run(bundles.named, name)
            assert made is not None and made.content is not None, "a ledger row never goes away"
            put(outbox / name, made.content)
            mended.append(name)
    return mended


def put_back(store: Store, outbox: Path, names: Iterable[str]) -> set[str]:
    """Writes these files anew, whatever lies there now; the names of those that the ledger still has whole.

    KioskError where they cannot be written.
    """
    whole = set()
    for name in names:
        made = store.run(bundles.named, name)
        if made is not None and made.content is not None and formats.file_hash(made.content) == made.sha256:
            put(outbox / name, made.content)
            whole.add(name)
    return whole


def adopt(db: Database, contents: list[bytes]) -> list[str]:
    """Takes bundles into the ledger that continue its chain in this epoch; leaves all others alone."""
    found = []
    for content in contents:
        try:
            found.append((formats.read(content), content))
        except formats.BundleError:
            continue
    taken = []
    for bundle, content in sorted(found, key=lambda pair: pair[0].manifest.sequence):
        manifest, last = bundle.manifest, bundles.last(db)
        follows = (last.sequence + 1, last.sha256) if last else (1, formats.NO_PREVIOUS)
        if manifest.epoch == facts.epoch(db) and (manifest.sequence, manifest.previous) == follows:
            bundles.insert(db, made_of(bundle, content))
            taken.append(manifest.name)
            for line in bundle.lines:
                if line["kind"] == "release":
                    windows.adopt(db, released(line))
    return taken


def made_of(bundle: formats.Bundle, content: bytes) -> Made:
    """The ledger's line of a bundle that was read from a file."""
    return _made(bundle.manifest, content, formats.file_hash(formats.body_bytes(bundle.lines)))


def _made(manifest: formats.Manifest, content: bytes, body_hash: str) -> Made:
    return Made(
        sequence=manifest.sequence,
        day=manifest.day,
        revision=manifest.revision,
        name=manifest.name,
        sha256=formats.file_hash(content),
        previous=manifest.previous,
        body_sha256=body_hash,
        rows=sum(manifest.rows.values()),
        size=len(content),
        created=manifest.created,
        content=content,
        epoch=manifest.epoch,
    )


def _read(path: Path) -> bytes:
    """Never more than a bundle may have: a foreign file in the outbox must not fill the memory."""
    try:
        with open(path, "rb") as file:
            return file.read(formats.MAX_COMPRESSED + 1)
    except OSError as error:
        raise trouble(path.parent, error) from error
