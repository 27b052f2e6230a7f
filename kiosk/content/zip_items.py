"""Items that are a ZIP of pages: unpacked when the pack is imported, so that they are a small site like any other."""

import shutil
from pathlib import Path

from kiosk.content.files import Progress
from kiosk.content.packs import files_of
from kiosk.content.start_page import start_page
from kiosk.content.zips import unpack
from kiosk.translations import _


class Sites:
    """The sites of one pack. Their files lie under `staging` until they are in the library."""

    def __init__(self, staging: Path, told: Progress) -> None:
        self._staging, self._told = staging, told
        self.files: dict[str, Path] = {}
        self.archives: set[str] = set()

    def open(self, archive: Path, place: str) -> str:
        """Unpack `archive`, which lies at `place` of the pack: the place of the page that its site begins with.

        KioskError when it is hostile or damaged, ValueError when it has no page to begin with.
        """
        name = place.removesuffix(".zip")
        folder = self._staging / str(len(self.archives))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        unpack(archive, folder, self._told)
        root, first = start_page(folder)
        if first is None:
            raise ValueError(_("{name} has no page to begin with; call it index.html", name=place))
        self.archives.add(place)
        self.files.update(files_of_site(root, first, f"{name}/"))
        return f"{name}/index.html"


def files_of_site(root: Path, first: Path, prefix: str = "") -> dict[str, Path]:
    """Place -> path of the files of a site, its first page by the name that the menu begins with."""
    return {prefix + ("index.html" if path == first else place): path for place, path in files_of(root)}
