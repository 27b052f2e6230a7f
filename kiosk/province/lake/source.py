"""What the lake is made of: stored bundles, by the day they are about and by the order in which they were stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """A bundle that counts or once counted. `received`: UTC, ISO 8601. `place`: where its bytes are, `size` of them."""

    site: str
    station: str
    day: str
    lineage: str
    revision: int
    received: str
    sha256: bytes
    size: int
    place: Any


class Source(Protocol):
    """Ledger and archive as a build sees them: what was stored up to a number, which only grows."""

    @property
    def id(self) -> str:
        """Another id: another ledger, nothing built from the one before is believed."""

    def newest(self) -> int:
        """The number of what was stored last; 0 where nothing is."""

    def stamp(self, number: int) -> str:
        """What tells the bundle of that number from any other (its sha256); "" where there is none of it."""

    def days(self, after: int, through: int) -> list[str]:
        """The days of which something was stored in (after, through], in order."""

    def of_day(self, day: str, after: int, through: int) -> Sequence[Stored]:
        """Of every PC that has told something of `day` in (after, through]: all that it told up to `through`.

        Ordered by site, station, lineage, revision, as bytes, then by number: of each lineage the last one counts.
        """

    def contents(self, wanted: Sequence[Stored]) -> Iterable[bytes | None]:
        """Their bytes, in that order; None where they cannot be read any more."""
