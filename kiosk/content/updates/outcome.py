"""What is wanted of an update, and what came of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Wishes:
    """`rate`: bytes a second, 0 as fast as it goes. `again`: also the edition that staff went back from.

    `take`: packs that staff took out and now want again. `mend`: look at every object, and fetch what is damaged.
    `site`: the code of this site, by which the tree names its policy.
    """

    site: str = ""
    rate: int = 0
    again: bool = False
    take: tuple[str, ...] = ()
    mend: bool = False


@dataclass(frozen=True)
class Updated:
    """What came of it. `moved`: bytes fetched; `warnings`: codes, see progress.py."""

    edition: int
    published: datetime
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    declined: tuple[str, ...]
    items: int
    moved: int
    cuts: int
    warnings: tuple[str, ...]

    @property
    def unchanged(self) -> bool:
        """Nothing new was there."""
        return not self.changed and not self.removed
