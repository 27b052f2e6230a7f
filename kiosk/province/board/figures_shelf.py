"""Where answers are kept: one shelf for each state of the province, that is an edition of the lake and a register."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from kiosk.province.indicators.world import World

Key = tuple[Callable[..., Any], tuple[Hashable, ...]]  # what reckons, and what it is given beside the world


@dataclass
class Shelf:
    """The answers of one state of the province: (edition, register)."""

    state: Hashable
    world: World
    ends: ExitStack
    answers: "OrderedDict[Key, Any]" = field(default_factory=OrderedDict)
    wrong: dict[Key, tuple[Exception, float]] = field(default_factory=dict)  # with until when it is told
