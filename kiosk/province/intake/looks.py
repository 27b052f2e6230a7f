"""A bundle on its way in: what it is, what was found out about it, what became of it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from kiosk.export.batch import Signed
from kiosk.province.intake.judging import UNPROVED, Spoiled, Verdict, proof
from kiosk.province.memory.rows import KnownKey

Became = Literal["stored", "duplicate", "quarantined"]
NOBODY = "0" * 16  # stands for the key where there was none to read
# Bytes that also the smallest takes: its frame and line in the archive, its rows, its place in a receipt.
EACH = 512


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one bundle that came. inputs = stored + duplicates + quarantined, always.

    stored: new and taken; `replaced`: a lower revision of the day had counted until now.
    duplicate: the province had these bytes, and said so before; `code`: as what they were put aside then, else "".
    quarantined: put aside now for `code`.
    `superseded`: stored, but a higher revision of the day counts on.
    """

    sha256: str
    outcome: Became
    code: str = ""
    replaced: bool = False
    superseded: bool = False


@dataclass(slots=True)
class Look:
    """One bundle while it is taken. `at`: seconds since 1970 UTC; `owner`: the row of the key's station."""

    bundle: Signed
    digest: bytes
    at: int
    way: str
    key: KnownKey | None
    verdict: Verdict
    place: int | None = None
    twin: "Look | None" = None  # the same bytes, earlier in the same commit
    new_at: int = -1  # after so many changes of the ledger it was not known there
    dropped: bool = False  # junk that finds no room: told as refused, not kept
    receipt: int = 0
    became: Became = "quarantined"
    code: str = ""
    replaced: bool = False
    superseded: bool = False

    @property
    def proved(self) -> bool:
        """Whether somebody we know has signed these bytes."""
        return self.key is not None and self.verdict.code not in UNPROVED

    @property
    def owner(self) -> int | None:
        """Whose receipt tells of it; nobody's where the key is unknown."""
        return None if self.key is None else self.key.station

    @property
    def name(self) -> tuple[object, ...]:
        """The same name: the same bytes under the same proof, so the same verdict."""
        return (self.digest, self.owner) if self.proved else (self.digest, self.bundle.key, self.verdict.code)

    @property
    def room(self) -> int:
        """Bytes that it takes where it is kept."""
        return len(self.bundle.content) + EACH

    def outcome(self) -> Outcome:
        """As it is told."""
        return Outcome(self.digest.hex(), self.became, self.code, self.replaced, self.superseded)

    def settle(self, became: Became, receipt: int, code: str = "", replaced: bool = False) -> None:
        """What became of it, and which receipt says so."""
        self.became, self.receipt, self.code, self.replaced = became, receipt, code, replaced


def look_at(bundle: Signed, key: KnownKey | None, at: int, way: str) -> Look:
    """The first look: whose it is, and whether they have signed it."""
    return Look(bundle, sha256(bundle.content).digest(), at, way, key, proof(bundle, key))


def spoiled_look(found: Spoiled, at: int, way: str) -> Look:
    """What was no signed bundle, as one of nobody."""
    bundle = Signed(NOBODY, bytes(64), found.content)
    return Look(bundle, sha256(found.content).digest(), at, way, None, Verdict(found.code, found.detail))
