"""All small worlds of the tests of figures, by name; each as a script of bundles, a register, and a lake on the disk.

for small in worlds():
    with small.opened(tmp_path / small.name) as world:
        figures(world, Ask(...))
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.province.guides import Guide
from kiosk.province.indicators.engine_duckdb import open_duckdb
from kiosk.province.indicators.world import World
from kiosk.province.lake.editions import Editions
from kiosk.province.lake.lake import Lake
from kiosk.province.register.state import Register
from tests.figures_bundles import Script
from tests.figures_random import random_world
from tests.figures_told import script
from tests.figures_world import golden

SEEDS = (1, 2, 3)
# What the province knows of the items of all these worlds; of "nobody/knows" nothing.
GUIDES = {item: Guide(item, item, item.partition("/")[0], "vi") for item in ("agri/tomato", "health/fever")}
JOINED = {"TH-001": 3, "TH-002": 1, "TH-004": 2, "TH-099": 9}  # PCs that ever joined


@dataclass(frozen=True)
class Small:
    """A world that was written out. `lost`: bundles of the script that the archive cannot read any more."""

    name: str
    script: Script
    register: Register
    lost: tuple[int, ...] = ()

    def lake(self, folder: Path) -> Path:
        """The folder of its lake, built where it is not there yet."""
        if not (folder / "current").exists():
            self.script.build(folder, self.lost)
        return folder

    @contextmanager
    def opened(self, folder: Path) -> Iterator[World]:
        """Over DuckDB."""
        with reading(self.lake(folder)) as lake, open_duckdb(lake) as engine:
            about = lake.edition.about
            yield World(engine, self.register, "Tỉnh thử", lake.edition.number, about.built, about.incomplete, JOINED,
                        guides=GUIDES)  # fmt: skip


@contextmanager
def reading(folder: Path) -> Iterator[Lake]:
    """The newest edition of a lake, held while it is read."""
    with Editions(folder).held() as edition:
        yield Lake(edition)


def worlds() -> list[Small]:
    """The one that is reckoned by hand, and some of seeds."""
    made = [Small("golden", script(), golden())]
    return made + [Small(f"seed {seed}", *random_world(seed)) for seed in SEEDS]
