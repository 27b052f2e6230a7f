"""Reading the pages of ZIM archives. Needs the extra `zim` (python-libzim, GPL-3); `available` in zim.py says whether.

An archive is opened once and read by several threads (libzim allows it). What it unpacks is kept up to CACHE bytes for
all archives together, so that a large one costs no more memory than a small one. Films are not read here at all: of
what is LONG and not packed only the place in the file is told (zim_direct.py).
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.content.zim_direct import place_of

CACHE = 24 << 20
MOST_OPEN = 8
LONG = 512 << 10
WHOLE = ("text/html", "application/xhtml+xml")  # pages, at the end of which we write something
# Of what is packed: libzim unpacks it and hands it over whole, and a PC of 2 GB has a browser to feed as well. What is
# large in an archive is a film or a sound, which those who make archives do not pack.
LARGEST = 256 << 20


class NoPage(LookupError):
    """The archive is whole but has no such page."""


class TooLarge(NoPage):
    """It is there, and too large to be unpacked on a PC like these."""


class Unreadable(Exception):
    """The archive is damaged, gone, or no ZIM file."""


@dataclass(frozen=True, slots=True)
class Page:
    """What lies at a path: its bytes, or where they stand in the archive's file, or another path to look at."""

    kind: str = ""
    data: memoryview | bytes = b""
    elsewhere: str = ""
    place: tuple[int, int] | None = None  # first byte, length


class ZimReader:
    """All archives of a station, each opened when first asked for."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, Any] = OrderedDict()
        self._lock = threading.Lock()

    def first_path(self, archive: Path) -> str:
        """The path of the page to begin with. NoPage where it names none, Unreadable."""
        opened = self._archive(archive)
        try:
            return str(opened.main_entry.get_item().path)
        except (RuntimeError, KeyError) as error:
            raise NoPage(str(error)) from None

    def page(self, archive: Path, path: str) -> Page:
        """What lies at that path. NoPage, TooLarge, Unreadable."""
        opened = self._archive(archive)
        try:
            entry = opened.get_entry_by_path(path)
            if entry.is_redirect:
                # To the end of the chain; a circle is cut by libzim.
                return Page(elsewhere=str(entry.get_item().path))
            item = entry.get_item()
            kind = str(item.mimetype)
            if item.size > LONG and not kind.startswith(WHOLE):
                place = place_of(archive, item._index)
                if place is not None and place[1] == item.size:
                    return Page(kind, place=place)
            if item.size > LARGEST:
                raise TooLarge(path)
            return Page(kind, item.content)
        except KeyError as error:
            raise NoPage(str(error)) from None
        except (RuntimeError, OSError) as error:
            raise Unreadable(str(error)) from None

    def forget(self) -> None:
        """Let go of all archives."""
        with self._lock:
            self._open.clear()

    def _archive(self, path: Path) -> Any:
        with self._lock:
            if (found := self._open.get(path)) is not None:
                self._open.move_to_end(path)
                return found
            from libzim.reader import Archive, set_cluster_cache_max_size

            set_cluster_cache_max_size(CACHE)
            try:
                found = Archive(path)
            except (RuntimeError, OSError) as error:
                raise Unreadable(str(error)) from None
            self._open[path] = found
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
            return found
