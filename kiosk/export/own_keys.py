"""The station's own keys in home/enrolment/: the one in force, and one that the province was asked to take."""

from contextlib import suppress
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.export import enrolment
from kiosk.export.enrolment import Enrolled
from kiosk.export.signing import Key
from kiosk.settings import Paths


def tidy(paths: Paths, enrolled: Enrolled) -> None:
    """The enrolment's key under its own name, every other key gone: also what a power cut kept from being done."""
    key = enrolment.station_key(paths, enrolled)
    key.save(paths.enrolment / enrolment.KEY)
    for path in paths.enrolment.glob("*.key"):
        if path.name != enrolment.KEY:
            path.unlink()


def kept(path: Path) -> Key:
    """The key of that file; a new one, kept there first, where it has none."""
    with suppress(KioskError):
        return Key.load(path)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    key = Key.make()
    key.save(path)
    return key
