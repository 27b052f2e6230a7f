"""The enrolment is read and written anew by one process at a time: the courier with a newer card, and whoever joins,
leaves or changes the key meanwhile.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from kiosk.export import enrolment
from kiosk.export.enrolment import Enrolled
from kiosk.settings import Paths


@contextmanager
def changing(paths: Paths) -> Iterator[int]:
    """One process at a time reads the enrolment and writes it anew; the open folder. OSError where there is none."""
    folder = os.open(paths.enrolment, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def take_card(paths: Paths, enrolled: Enrolled, sealed: str) -> Enrolled:
    """Go by a newer card of the same province from now on; the one in force where it is not newer.

    What changed on the disk meanwhile stays: another key of this station, another province, or none.
    SealError where it is not by a key that is pinned; OSError where it cannot be written.
    """
    card = enrolment.card_in(enrolled.province, sealed)
    if card.version <= enrolled.version:
        return enrolled
    with changing(paths):
        here = enrolment.load(paths)
        if here is not None and here.card == enrolled.card:
            enrolment.put(paths, replace(here, card=card))
    return replace(enrolled, card=card)
