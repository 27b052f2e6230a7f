"""Whom this station believes, and the check of a tree by TUF (python-tuf) before anything of it is used.

trust/root.json               what a person trusted by `kiosk content trust`; there is no trust at first sight
trust/metadata/               what was verified last: an older tree is refused by it

A tree that is verified is remembered only when its content is about to be taken over: `check` works on a copy,
`keep` brings it in. Expiry keeps no update away: a clock may be dead, a province may be late. It is told instead.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Root, Timestamp
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from kiosk.clock import Reading
from kiosk.content.files import write_whole
from kiosk.content.updates import tree as trees
from kiosk.content.updates.refusals import not_taken
from kiosk.content.updates.sources import Cut, Gone, Source
from kiosk.content.updates.tree import Tree
from kiosk.content.updates.tuf_words import in_words
from kiosk.errors import DamagedError, RefusedError
from kiosk.translations import _, said_by

# A tree that was not renewed for so long is told of; provinces publish at least once a month.
STALE = timedelta(days=60)
ROLES = ("targets", "snapshot", "timestamp")
_NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Checked:
    """A tree whose signatures are right. `warnings`: codes, see `in_words`; `work` is what `keep` brings in."""

    tree: Tree
    data: bytes
    warnings: tuple[str, ...]
    work: Path


class _Patient(Updater):
    """TUF's client, for which nothing has ever expired: a dead clock must not keep content away."""

    def refresh(self) -> None:
        """Judge by a time before any expiry; `_warnings` judges by the trusted one."""
        self._trusted_set.reference_time = _NEVER
        super().refresh()


class _Fetcher(FetcherInterface):
    def __init__(self, source: Source) -> None:
        self._source = source

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            with self._source.open(url) as (_start, chunks):
                yield from chunks
        except Gone:
            raise DownloadHTTPError(url, 404) from None


class Trust:
    """`folder`: trust/ beside the library."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._root, self._metadata = folder, folder / "root.json", folder / "metadata"

    def fingerprint(self) -> str:
        """Of the trusted keys; "" where nobody is trusted yet."""
        try:
            return fingerprint_of(self._root.read_bytes())
        except (OSError, ValueError):
            return ""

    def accept(self, data: bytes, replace: bool = False) -> str:
        """Trust this root from now on; its fingerprint. RefusedError when another is trusted already."""
        try:
            new = fingerprint_of(data)
        except ValueError:
            raise DamagedError(
                _("This is no root of a province's keys, or it is damaged."), _("Ask the province for its root.json.")
            ) from None
        if (old := self.fingerprint()) and old != new:
            if not replace:
                raise RefusedError(
                    _("Another province is trusted already: {fingerprint}.", fingerprint=old),
                    _("If that is over for good, say --replace."),
                )
            shutil.rmtree(self._metadata, ignore_errors=True)
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        if not old or replace:
            write_whole(self._root, data)
        return new

    def check(self, source: Source, work: Path, now: Reading) -> Checked:
        """The tree at the source, verified. KioskError says what is wrong with it; nothing has changed then."""
        try:
            root = self._root.read_bytes()
        except OSError:
            raise RefusedError(
                _("No province is trusted yet, so nothing is taken from anywhere."),
                _("Get root.json from the province by hand, then: kiosk content trust root.json"),
            ) from None
        shutil.rmtree(work, ignore_errors=True)
        if self._metadata.is_dir():
            shutil.copytree(self._metadata, work, symlinks=True)
        work.mkdir(parents=True, exist_ok=True)
        try:
            data = verified(root, source, work)
        except (RepositoryError, DownloadError, Cut) as error:
            raise in_words(source, error) from None
        try:
            tree = trees.load(data)
        except ValueError as error:
            raise not_taken(source, said_by(error)) from None
        return Checked(tree, data, tuple(self._warnings(tree, work, now)), work)

    @staticmethod
    def _warnings(tree: Tree, work: Path, now: Reading) -> Iterator[str]:
        expires = Metadata[Timestamp].from_bytes((work / "timestamp.json").read_bytes()).signed.expires
        if not now.trusted:
            yield "undated"
        elif now.wall > expires:
            yield "expired"
        elif now.wall - tree.published > STALE:
            yield "stale"

    def keep(self, checked: Checked) -> None:
        """Remember what was verified, on the disk when this returns: from now on nothing older is taken."""
        history = checked.work / "root_history"
        (self._metadata / "root_history").mkdir(parents=True, exist_ok=True)
        roots = sorted(history.iterdir(), key=lambda path: int(path.name.partition(".")[0]))
        for path in [*roots, *(checked.work / f"{role}.json" for role in ROLES)]:
            target = self._metadata / path.relative_to(checked.work)
            if not target.exists() or target.read_bytes() != path.read_bytes():
                write_whole(target, path.read_bytes())


def fingerprint_of(data: bytes) -> str:
    """Of the keys that may sign a root, in groups to be read aloud. ValueError when it is no root or not signed."""
    try:
        root = Metadata[Root].from_bytes(data)
        root.signed.verify_delegate(Root.type, root.signed_bytes, root.signatures)
        keys = sorted(root.signed.roles[Root.type].keyids)
    except (RepositoryError, AttributeError, ValueError, TypeError) as error:
        raise ValueError(str(error)) from None
    text = sha256(",".join(keys).encode()).hexdigest()[:32]
    return " ".join(text[place : place + 4] for place in range(0, 32, 4))


def verified(root: bytes, source: Source, work: Path) -> bytes:
    """The bytes of tree.json at the source, as those signed it whom `root` names; `work` is what was verified before.

    TUF's own errors, and Cut, say why not.
    """
    limits = UpdaterConfig(targets_max_length=256 * 1024, snapshot_max_length=64 * 1024, app_user_agent="kiosk")
    updater = _Patient(str(work), "metadata/", None, "targets/", _Fetcher(source), limits, bootstrap=root)
    found = updater.get_targetinfo(trees.FILE)
    if found is None or found.length > trees.MAX_TREE:
        raise not_taken(source, _("it is no tree of kiosk"))
    updater.download_target(found, str(work / trees.FILE))
    return (work / trees.FILE).read_bytes()
