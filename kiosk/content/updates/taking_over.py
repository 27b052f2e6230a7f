"""What was fetched becomes the next shelf: objects into the store, packs looked at, catalogue and index made aside."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.content.checks import trouble
from kiosk.content.files import sync_file
from kiosk.content.items import File, Pack
from kiosk.content.packs import media_type
from kiosk.content.shelf_making import Told, dated, make_shelf_of
from kiosk.content.shelves import Shelves
from kiosk.content.updates.listing import Listing
from kiosk.errors import KioskError
from kiosk.translations import _, together


class TakingOver:
    """Makes the next shelf in `shelf`, while the library may not be changed by anybody else."""

    def __init__(self, shelves: Shelves, shelf: Path, told: Told) -> None:
        self._shelves, self._shelf, self._told = shelves, shelf, told
        self._before = {pack.id: pack for pack in shelves.packs()}

    def adopt(self, brought: Mapping[str, Path]) -> None:
        """Bring these files into the object store; their bytes were right when they came."""
        self._shelves.objects.root.mkdir(parents=True, exist_ok=True)
        with self._shelves.objects.together():
            for sha256, path in brought.items():
                sync_file(path)
                self._shelves.objects.adopt(path, sha256)

    def make(
        self, titles: Mapping[str, str], listings: Mapping[str, Listing], removed: Sequence[str], day: str
    ) -> None:
        """Catalogue and index with these packs, without those removed. ValueError names a file that may not come in."""
        before = self._before
        packs = [
            dated(self._pack(titles[name], name, listing), before.get(name), day) for name, listing in listings.items()
        ]
        gone = [replace(before[name], items=(), files={}) for name in removed if name in before]
        make_shelf_of(self._shelves, self._shelf, list(before.values()), [*packs, *gone], self._told)

    def _pack(self, title: str, name: str, listing: Listing) -> Pack:
        """A pack whose files are all here and may come in."""
        old = self._before[name].files if name in self._before else {}
        files = {}
        for place, ref in listing.files.items():
            path = self._shelves.objects.path(ref.sha256)
            files[place] = File(place, ref.sha256, ref.size, media_type(place))
            if not path.exists():
                raise KioskError(
                    _("The library was changed while the update came in."), _("Start the update once more.")
                )
            if old.get(place) != files[place] and (why := trouble(path, place)):
                raise ValueError(together(f"{name}:", why))
        return Pack(name, title, listing.items, files)
