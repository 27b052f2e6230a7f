"""What the policy asks of the supervisor, read without pydantic: the service has checked the same file in depth."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class SessionPolicy:
    """[session], as far as it is the supervisor's."""

    home_mb: int = 0


@dataclass(frozen=True)
class SticksPolicy:
    """[sticks]."""

    allowed: bool = True
    read_only: bool = False


@dataclass(frozen=True)
class PrintPolicy:
    """[print]. Any other mode than `staff` and `free` prints nothing."""

    mode: str = "off"
    queue: str = ""
    pages_max: int = 20


@dataclass(frozen=True)
class InputPolicy:
    """[input]."""

    method: str = "unikey"
    typing: str = "telex"


@dataclass(frozen=True)
class SoundPolicy:
    """[sound]."""

    volume: int = 60


def asked(policy: Mapping[str, Any], section: str, kind: type[T]) -> T:
    """A section of policy.toml; what is missing or of another type keeps its default."""
    table = policy.get(section, {})
    known = {one.name: type(one.default) for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: table[name] for name, of in known.items() if type(table.get(name)) is of})
