"""Of what figures are reckoned: an engine over one edition of the lake, and the province's register of that moment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.province.indicators.engine import Engine
from kiosk.province.register.state import Register

if TYPE_CHECKING:
    from kiosk.province.home import Home


@dataclass(frozen=True)
class World:
    """`pcs`: site -> PCs that ever enrolled there. `edition`, `built`: of the lake's edition. `name`: the province's.

    `baseline`: figures of the years before kiosk (baseline.py). `guides`: item -> what it is (province/guides.py).
    """

    engine: Engine
    register: Register
    name: str = ""
    edition: int = 0
    built: str = ""
    incomplete: Mapping[str, int] = field(default_factory=dict)


@contextmanager
def open_world(home: "Home", engine: str = "duckdb", url: str = "") -> Iterator[World]:
    """The newest edition and the register as it is now. KioskError where nothing was built or the engine is away."""
    raise NotImplementedError
    yield
