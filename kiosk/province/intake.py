"""The one way in: judged, appended to the archive, noted in the ledger, then answered by signed receipts.

A receipt is given only for what is on the disk: one fsync of the segment and one commit of the ledger for all callers
that wait at the same time. HTTPS, sticks and folders all come this way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kiosk.export.batch import Signed
from kiosk.export.signing import Key
from kiosk.province.archive import Archive
from kiosk.province.home import Home
from kiosk.province.judging import Spoiled
from kiosk.province.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one bundle that came. inputs = stored + duplicates + quarantined, always.

    stored: new and taken; `replaced`: a lower revision of the day had counted until now.
    duplicate: the province had these bytes, and said so before; `code`: as what they were put aside then, else "".
    quarantined: put aside now for `code`.
    """

    sha256: str
    outcome: Literal["stored", "duplicate", "quarantined"]
    code: str = ""
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Sealed receipts (export/receipts.py) that between them name every bundle, and the outcomes in their order."""

    receipts: list[str]
    outcomes: list[Outcome]


class Intake:
    """Takes bundles into a home. Any thread may call `take`; the caller holds home.the_one."""

    def __init__(self, home: Home, ledger: Ledger, archive: Archive, key: Key, junk_bytes: int = 256 << 20) -> None:
        """Opens nothing: `recover` is called by the first `take`, or before it. `junk_bytes`: the quota of junk."""
        self.home, self.ledger, self.archive, self.key = home, ledger, archive, key
        self._junk_bytes = junk_bytes

    def take(self, bundles: Sequence[Signed | Spoiled], now: datetime, way: str = "https") -> Answer:
        """Takes them; when it returns, all that the receipts say is on the disk.

        KioskError: the disk takes nothing, and nothing of it was taken. RefusedError: only junk, and too much of it.
        """
        raise NotImplementedError

    def recover(self, now: datetime) -> int:
        """After a crash: judges what is in the archive and not in the ledger, cuts what is torn; how many were judged."""
        raise NotImplementedError


def open_intake(home: Home, now: datetime) -> Intake:
    """Ledger, archive and key of a home as one intake, recovered. KioskError when something of it is missing."""
    raise NotImplementedError
