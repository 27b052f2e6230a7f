"""The library of a station that starts, with the guides that come with the program, looked at by a child first."""

import logging
import os
import subprocess
import sys
from pathlib import Path

from kiosk.clock import Reading
from kiosk.content import shipped
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.service.updates import spoken
from kiosk.settings import Paths

log = logging.getLogger(__name__)

COMMAND = ("-P", "-m", "kiosk.content.updates.take_shipped")


def library_of(paths: Paths) -> Library:
    """What this station offers. The guides as they lie only where nothing else is to be had, and they were right."""
    folder = shipped.starter()
    return Library(paths.content, [folder] if shipped.good(paths.content, folder) else [])


def stocked(paths: Paths, now: Reading, language: str = "vi", folder: Path | None = None) -> Library:
    """The same for a station that starts; what comes with the program is taken in where it is new.

    A disk that takes nothing keeps no station from starting: then the guides are offered as they lie, once they are
    found right. Guides that are not right are not offered: the library stays as it was.
    """
    folder, shelves = folder or shipped.starter(), Shelves(paths.content)
    if not (shipped.index_is_old(shelves) or shipped.due(shelves, folder)):
        return library_of(paths)
    done = subprocess.run(
        [sys.executable, *COMMAND, str(paths.content), str(folder), now.local.date().isoformat()],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        env={**os.environ, **spoken(language)},
    )  # fmt: skip
    if done.returncode:
        log.error("content: %s", done.stderr.strip()[-2000:])
    right = shipped.WHOLE in done.stdout.split() or shipped.good(paths.content, folder)
    return Library(paths.content, [folder] if right else [])
