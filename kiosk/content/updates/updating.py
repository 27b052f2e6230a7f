"""The station's side: the province's tree becomes the library in use, all at once or not at all.

content/arriving/     what was fetched and is not in use yet; survives cuts, so that nothing is fetched twice
content/trust/        whom we believe and what was verified last
content/given/        the policy and list of sites that came last
content/held          the edition that staff went back from

Order, for a power cut at any moment: objects are on the disk, then TUF's memory, then the new shelf, then one rename
makes it the one in use. Before it the old one stands, and the next update goes on from what is there.
"""

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kiosk.clock import Reading
from kiosk.content.files import need_room, no_room
from kiosk.content.shelf_making import Told
from kiosk.content.shelves import TREE, Shelves
from kiosk.content.updates.fetching import Brake, Fetching
from kiosk.content.updates.given import MAX_SMALL, given_by, keep_given
from kiosk.content.updates.going_back import held_edition, tree_of
from kiosk.content.updates.listing import MAX_LIST, Listing, load_list
from kiosk.content.updates.outcome import Updated, Wishes
from kiosk.content.updates.refusals import not_taken
from kiosk.content.updates.sources import Source
from kiosk.content.updates.taking_over import TakingOver
from kiosk.content.updates.tree import Ref, Tree
from kiosk.content.updates.trust import Checked, Trust
from kiosk.errors import RefusedError, UsageError
from kiosk.translations import _, said_by, together


class Update:
    """One update of a library from one source. Use within `alone`."""

    def __init__(
        self, shelves: Shelves, source: Source, now: Reading, wishes: Wishes, told: Told,
        cut: Callable[[int], None] = lambda _n: None, pause: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._shelves, self._source, self._now, self._wishes, self._told = shelves, source, now, wishes, told
        self._arriving, self._trust = shelves.root / "arriving", Trust(shelves.root / "trust")
        self._done = self._whole = 0
        self._name = ""
        self._fetching = Fetching(source, self._arriving, Brake(wishes.rate), self._came, cut, pause)

    def run(self) -> tuple[Updated, Tree]:
        """Fetch and take over what is new. KioskError, and the library is as it was, when it cannot be."""
        try:
            self._arriving.mkdir(mode=0o750, exist_ok=True)
            self._told("look", self._source.name, 0, 0)
            checked = self._trust.check(self._source, self._arriving / "tuf", self._now)
            tree = checked.tree
            self._not_held(tree)
            changed, removed, declined = self._differences(tree)
            listings = self._bring_lists(tree, changed)
            self._bring(tree, listings)
            given = self._given(tree)
            if changed or removed:
                self._take_over(checked, listings, removed)
            else:
                self._trust.keep(checked)
                self._tidy()
            keep_given(self._shelves.root / "given", given)
            self._forget()
        except OSError as error:
            raise no_room(self._shelves.root, error) from error
        outcome = Updated(
            tree.edition, tree.published, tuple(changed), tuple(removed), tuple(declined),
            sum(entry.items for entry in tree.packs.values()), self._fetching.moved, self._fetching.cuts,
            checked.warnings,
        )  # fmt: skip
        return outcome, tree

    def _not_held(self, tree: Tree) -> None:
        held = held_edition(self._shelves)
        if held and tree.edition <= held and not self._wishes.again:
            raise RefusedError(
                _("Staff went back from edition {n} of the library, and there is no newer one.", n=held),
                _("To take it all the same: kiosk content update --again"),
            )

    def _differences(self, tree: Tree) -> tuple[list[str], list[str], list[str]]:
        """Packs to take over, to take out, and those that staff do not want."""
        had = tree_of(self._shelves)
        there = {pack.id for pack in self._shelves.packs()}
        old = had.packs if had else {}
        if unknown := sorted(set(self._wishes.take) - tree.packs.keys()):
            raise UsageError(
                _("The province publishes no pack {names}.", names=", ".join(unknown)),
                _("It publishes: {names}.", names=", ".join(sorted(tree.packs))),
            )
        declined = sorted((self._shelves.declined() & tree.packs.keys()) - set(self._wishes.take))
        wanted = [name for name in tree.packs if name not in declined]
        changed = [name for name in wanted if name not in there or old.get(name) != tree.packs[name]]
        return changed, sorted((old.keys() & there) - tree.packs.keys()), declined

    # -- fetching

    def _bring_lists(self, tree: Tree, changed: Iterable[str]) -> dict[str, Listing]:
        found = {}
        for name in changed:
            ref = tree.packs[name].listed
            if ref.size > MAX_LIST:
                raise not_taken(self._source, together(f"{name}:", _("it is too large")))
            try:
                found[name] = load_list(name, self._have(ref, name).read_bytes())
            except ValueError as error:
                raise not_taken(self._source, together(f"{name}:", said_by(error))) from None
        return found

    def _have(self, ref: Ref, name: str) -> Path:
        """Where the object lies, fetched if it is nowhere."""
        if self._there(ref):
            return self._shelves.objects.path(ref.sha256)
        self._name = name
        return self._fetching.bring(ref)

    def _there(self, ref: Ref) -> bool:
        return self._shelves.objects.there(ref.sha256, ref.size, read=self._wishes.mend)

    def _bring(self, tree: Tree, listings: dict[str, Listing]) -> None:
        """Fetch what is missing of the packs, the policies and the list of sites."""
        wanted = {ref.sha256: (ref, name) for name, one in listings.items() for ref in one.files.values()}
        if self._wishes.mend:
            for pack in self._shelves.packs():
                if pack.id in tree.packs and pack.id not in listings:
                    wanted |= {f.sha256: (Ref(f.sha256, f.size), pack.id) for f in pack.files.values()}
        missing = [(ref, name) for ref, name in wanted.values() if not self._there(ref)]
        self._whole = sum(ref.size for ref, _name in missing)
        self._done = sum(self._fetching.got(ref) for ref, _name in missing)
        need_room(self._shelves.root, self._whole - self._done)
        for ref, name in missing:
            self._name = name
            self._fetching.bring(ref)

    def _given(self, tree: Tree) -> dict[str, bytes]:
        try:
            return given_by(tree, self._wishes.site, self._small)
        except ValueError as error:
            raise not_taken(self._source, said_by(error)) from None

    def _small(self, ref: Ref, name: str) -> bytes:
        if ref.size > MAX_SMALL:
            raise not_taken(self._source, together(f"{name}:", _("it is too large")))
        return self._have(ref, name).read_bytes()

    def _came(self, count: int) -> None:
        self._done += count
        self._told("fetch", self._name, self._done, self._whole)

    # -- taking over

    def _take_over(self, checked: Checked, listings: dict[str, Listing], removed: Sequence[str]) -> None:
        with self._shelves.changing() as shelf:
            taking = TakingOver(self._shelves, shelf, self._told)
            taking.adopt(self._fetching.brought)
            try:
                titles = {name: checked.tree.packs[name].title for name in listings}
                taking.make(titles, listings, removed, self._now.local.date().isoformat())
            except ValueError as error:
                raise not_taken(self._source, said_by(error)) from None
            (shelf / TREE).write_bytes(checked.data)
            self._trust.keep(checked)
            self._shelves.take(shelf)
            for name in self._wishes.take:
                self._shelves.decline(name, False)
            self._shelves.sweep()

    def _tidy(self) -> None:
        """The library stays the same; what was damaged is mended, what a cut after the last switch left behind goes."""
        if self._wishes.mend or self._shelves.staging.exists():
            with self._shelves.changing() as shelf:
                TakingOver(self._shelves, shelf, self._told).adopt(self._fetching.brought)
                self._shelves.sweep()

    def _forget(self) -> None:
        """What arrived for an edition that is in use, or will never be."""
        for path in self._arriving.iterdir():
            if path.is_file():
                path.unlink()
        shutil.rmtree(self._arriving / "tuf", ignore_errors=True)
        if held_edition(self._shelves):
            (self._shelves.root / "held").unlink()
