"""A source of the lake in memory: the bundles that tests/province_world.py makes, in the order in which they came."""

from collections.abc import Sequence

from kiosk.province.lake.source import Stored
from tests.province_world import Made


class Told:
    """lake_source.Source of lists. `lost`: sha256 of bundles that cannot be read."""

    def __init__(self, ledger: str = "a" * 16) -> None:
        self.id, self.made, self.received = ledger, list[Made](), list[str]()
        self.lost: set[str] = set()
        self._known: set[str] = set()

    def take(self, one: Made, received: str = "2026-11-22T01:00:00+00:00") -> None:
        """The next one; bytes that it has are not taken again."""
        if one.sha256 not in self._known:
            self._known.add(one.sha256)
            self.made.append(one)
            self.received.append(received)

    def newest(self) -> int:
        return len(self.made)

    def stamp(self, number: int) -> str:
        return self.made[number - 1].sha256 if 0 < number <= len(self.made) else ""

    def days(self, after: int, through: int) -> list[str]:
        return sorted({one.day for one in self.made[after:through]})

    def of_day(self, day: str, after: int, through: int) -> Sequence[Stored]:
        whose = {(one.site, one.station) for one in self.made[after:through] if one.day == day}
        found = [
            Stored(one.site, one.station, one.day, one.lineage, one.revision, received, bytes.fromhex(one.sha256),
                   len(one.content), one)
            for one, received in zip(self.made[:through], self.received, strict=False)
            if one.day == day and (one.site, one.station) in whose
        ]  # fmt: skip
        return sorted(found, key=lambda one: (one.site, one.station, one.lineage, one.revision))

    def contents(self, wanted: Sequence[Stored]) -> Sequence[bytes | None]:
        return [None if one.place.sha256 in self.lost else one.place.content for one in wanted]
