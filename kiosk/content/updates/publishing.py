"""The province's side: a folder of packs, policies and the list of sites becomes the tree that stations fetch.

DIR/anything/, anything.zip or a single book or film    packs, in the form that `kiosk content add` takes
DIR/policies/*.toml               policies by name; one named by a site's code is that site's own
DIR/sites.csv                     the list of sites, see sites.py

All is checked before anything is written; what is already in the tree is not written again. Readers of the edition
before go on undisturbed: its objects stay until the next publishing.
"""

import tempfile
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from kiosk.content import opds
from kiosk.content.checks import trouble
from kiosk.content.files import Objects, digest_of, no_room, write_whole
from kiosk.content.items import File, Pack
from kiosk.content.packs import media_type
from kiosk.content.shelf_making import Told, plain
from kiosk.content.updates import province_folder as province
from kiosk.content.updates import tree as trees
from kiosk.content.updates.keys import Keys
from kiosk.content.updates.listing import Listing, dump_list, load_list, safe
from kiosk.content.updates.province_folder import CheckPolicy, refused
from kiosk.content.updates.publishing_place import alone_there, may_lie_there
from kiosk.content.updates.references import Reference, references
from kiosk.content.updates.signing import PUBLIC, Signing
from kiosk.content.updates.tree import Entry, Ref, Tree
from kiosk.translations import _

# Editions whose files stay in the tree: whoever has begun to read one can finish.
KEPT = 2


@dataclass
class Published:
    """What came of it. `references` by pack: what points outside of it; `left_over`: files that are in no pack;
    `assumed`: what was found out about packs that nobody described.
    """

    edition: int = 0
    published: str = ""
    packs: int = 0
    items: int = 0
    bytes: int = 0
    written: int = 0
    deleted: int = 0
    unchanged: bool = False
    references: dict[str, list[Reference]] = field(default_factory=dict)
    left_over: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)


def publish(
    source: Path, out: Path, keys: Keys, now: datetime, told: Told, check_policy: CheckPolicy = lambda _path: None,
    theme: str = "", sites: Path | None = None,
) -> Published:  # fmt: skip
    """Make or renew the tree at `out` from `source`; `theme` is that of packs for which nobody wrote one down.

    `sites`: a list of sites that goes before the one in `source`.

    KioskError, and readers see what they saw, when it cannot be.
    """
    may_lie_there(source, out, keys)
    try:
        with alone_there(out), tempfile.TemporaryDirectory(prefix=".publish-", dir=out.parent) as work:
            return _Publishing(out, keys, now, told, check_policy).run(source, Path(work), theme, sites)
    except OSError as error:
        raise no_room(out, error) from error


class _Publishing:
    def __init__(self, out: Path, keys: Keys, now: datetime, told: Told, check_policy: CheckPolicy) -> None:
        self._out, self._now, self._told, self._check_policy = out, now, told, check_policy
        self._signing, self._objects = Signing(out, keys), Objects(out / "objects", PUBLIC)
        self._made = Published()
        self._packs: list[Pack] = []

    def run(self, source: Path, work: Path, theme: str, sites: Path | None) -> Published:
        """All of it."""
        before = self._signing.current()
        edition = before.version + 1 if before else 1
        packs = province.read_packs(source, work, theme, self._told)
        policies = province.read_policies(source, self._check_policy)
        sites = province.read_site_list(source, sites)
        self._objects.root.mkdir(exist_ok=True)
        with self._objects.together():
            tree = Tree(
                edition, self._now, {pack.id: self._entry(pack) for pack in packs},
                {name: self._kept(path) for name, path in policies.items()}, self._kept(sites) if sites else None,
            )  # fmt: skip
        made = self._made
        made.unchanged = before is not None and tree == replace(before.tree, edition=edition, published=self._now)
        made.written += self._catalogue()
        made.written += self._signing.write(tree, edition, self._now)
        made.edition, made.published, made.packs = edition, trees.written(self._now), len(packs)
        made.left_over = province.left_over(source, packs)
        made.assumed = [what for pack in packs for what in pack.assumed]
        self._tidy(edition)
        return made

    def _entry(self, pack: Pack) -> Entry:
        """A pack with all its files kept."""
        sources = [(place, path) for place, path in pack.sources if place != "pack.toml"]
        whole, done = sum(path.stat().st_size for _place, path in sources), 0
        files: dict[str, Ref] = {}
        for place, path in sources:
            if not safe(place):
                raise refused(pack.id, _("{name} is a name that not every computer can store", name=place))
            if why := trouble(path, place):
                raise refused(pack.id, why)
            files[place] = self._kept(path)
            done += files[place].size
            self._told("copy", place, done, whole)
        if outside := list(references(sources)):
            self._made.references[pack.id] = outside
        listing = Listing(files, tuple(plain(item) for item in pack.items))
        data = dump_list(listing)
        load_list(pack.id, data)  # what a station would refuse is not published
        self._packs.append(replace(pack, files={p: File(p, r.sha256, r.size, media_type(p)) for p, r in files.items()}))
        self._made.items += len(pack.items)
        self._made.bytes += whole
        return Entry(pack.id, pack.title, len(pack.items), whole, self._kept_bytes(data))

    def _kept(self, path: Path) -> Ref:
        """A file in the object store; one that is there is not written again."""
        digest, size = digest_of(path)
        there = self._objects.path(digest)
        if not there.exists() or there.stat().st_size != size:
            with open(path, "rb") as file:
                kept = self._objects.put(file)
            self._made.written += kept.size
            return Ref(kept.sha256, kept.size)
        return Ref(digest, size)

    def _kept_bytes(self, data: bytes) -> Ref:
        with tempfile.NamedTemporaryFile(dir=self._out.parent, prefix=".publish-") as file:
            file.write(data)
            file.flush()
            return self._kept(Path(file.name))

    def _catalogue(self) -> int:
        """For readers of OPDS; a station trusts only what is signed."""
        data, path = opds.dump(opds.feed(self._packs)), self._out / opds.NAME
        if path.exists() and path.read_bytes() == data:
            return 0
        write_whole(path, data, PUBLIC)
        return len(data)

    def _tidy(self, edition: int) -> None:
        """Delete what no edition that is kept names."""
        wanted = set[str]()
        for tree in self._signing.forget(edition - KEPT + 1):
            for ref in tree.refs():
                wanted.add(ref.sha256)
            for entry in tree.packs.values():
                listing = load_list(entry.id, self._objects.path(entry.listed.sha256).read_bytes())
                wanted |= {ref.sha256 for ref in listing.files.values()}
        self._made.deleted = self._objects.sweep(wanted)
