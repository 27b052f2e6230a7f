"""TUF's four signed files of a tree of content, written so that a reader always finds one whole edition.

Everything an edition names is there before its timestamp.json takes the place of the last one, by rename.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from kiosk.content.files import write_whole
from kiosk.content.updates import tree as trees
from kiosk.content.updates.keys import OTHERS_LAST, Keys
from kiosk.content.updates.tree import Tree
from kiosk.errors import DamagedError, RefusedError
from kiosk.translations import _

PUBLIC = 0o644  # a web server's user reads it
_NAMED = re.compile(r"(\d+)\.(root|targets|snapshot)\.json")


@dataclass(frozen=True)
class Edition:
    """What is in the tree now: its version by TUF, and its tree."""

    version: int
    tree: Tree


class Signing:
    """The signed files of the tree at `out`."""

    def __init__(self, out: Path, keys: Keys) -> None:
        self._keys, self._metadata, self._targets = keys, out / "metadata", out / "targets"

    def current(self) -> "Edition | None":
        """The edition there is. DamagedError when it cannot be read: another folder, or a disk that rots."""
        try:
            timestamp = Metadata[Timestamp].from_bytes((self._metadata / "timestamp.json").read_bytes()).signed
            return Edition(timestamp.version, self._tree(timestamp.snapshot_meta.version))
        except (RepositoryError, OSError, ValueError, KeyError) as error:
            if not (self._metadata / "timestamp.json").exists():
                return None
            raise DamagedError(
                _("The tree that is there cannot be read: {reason}.", reason=str(error)),
                _("Publish to an empty folder, with the same keys."),
            ) from None

    def _tree(self, version: int) -> Tree:
        targets = Metadata[Targets].from_bytes((self._metadata / f"{version}.targets.json").read_bytes()).signed
        digest = targets.targets[trees.FILE].hashes["sha256"]
        return trees.load((self._targets / f"{digest}.{trees.FILE}").read_bytes())

    def write(self, tree: Tree, version: int, now: datetime) -> int:
        """Sign and write this edition as the given version; the bytes written."""
        self._metadata.mkdir(parents=True, exist_ok=True)
        self._targets.mkdir(exist_ok=True)
        data = trees.dump(tree)
        digest, written = sha256(data).hexdigest(), len(data)
        write_whole(self._targets / f"{digest}.{trees.FILE}", data, PUBLIC)
        for number, root in self._keys.roots():
            path = self._metadata / f"{number}.root.json"
            if not path.exists() or path.read_bytes() != root:
                write_whole(path, root, PUBLIC)
        expires = now + OTHERS_LAST
        target = TargetFile(len(data), {"sha256": digest}, trees.FILE)
        targets = self._signed(Targets(version, expires=expires, targets={trees.FILE: target}), "targets")
        meta = {"targets.json": _meta(version, targets)}
        snapshot = self._signed(Snapshot(version, expires=expires, meta=meta), "snapshot")
        timestamp = self._signed(
            Timestamp(version, expires=expires, snapshot_meta=_meta(version, snapshot)), "timestamp"
        )
        write_whole(self._metadata / f"{version}.targets.json", targets, PUBLIC)
        write_whole(self._metadata / f"{version}.snapshot.json", snapshot, PUBLIC)
        write_whole(self._metadata / "timestamp.json", timestamp, PUBLIC)
        return written + len(targets) + len(snapshot) + len(timestamp)

    def _signed(self, signed: Targets | Snapshot | Timestamp, role: str) -> bytes:
        signer = self._keys.signer(role)
        root = Metadata[Root].from_bytes(self._keys.roots()[-1][1]).signed
        if signer.public_key.keyid not in root.roles[role].keyids:
            raise RefusedError(
                _("The key of {role} is not the one that the root names.", role=role),
                _("Bring the newest keys here, or rotate them: kiosk content keys FOLDER --rotate {role}", role=role),
            )
        made: Metadata[Any] = Metadata(signed)
        made.sign(signer)
        return made.to_bytes()

    def forget(self, before: int) -> list[Tree]:
        """Delete the signed files of versions before that one; the trees that stay."""
        kept: dict[str, Tree] = {}
        for version, path in sorted(self._versions()):
            if version < before:
                path.unlink()
            elif path.name.endswith(".targets.json"):
                signed = Metadata[Targets].from_bytes(path.read_bytes()).signed
                name = f"{signed.targets[trees.FILE].hashes['sha256']}.{trees.FILE}"
                kept[name] = trees.load((self._targets / name).read_bytes())
        for path in self._targets.iterdir():
            if path.name not in kept:
                path.unlink()
        return list(kept.values())

    def _versions(self) -> Iterator[tuple[int, Path]]:
        for path in self._metadata.iterdir():
            found = _NAMED.fullmatch(path.name)
            if found and found[2] != "root":
                yield int(found[1]), path


def _meta(version: int, data: bytes) -> MetaFile:
    return MetaFile(version, len(data), {"sha256": sha256(data).hexdigest()})
