"""What the policy asks of the supervisor, read without pydantic: the service has checked the same file in depth.

What managers set on the panel comes with the order to open a session, and is judged here: it may close sticks that
policy.toml opens and never the other way round, for a stick is mounted by root; it may say whether citizens print and
who lets them, on the printer that policy.toml names. Where policy.toml fixes it, the order counts for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from kiosk.supervisor.limits import PROCESSES

T = TypeVar("T")


@dataclass(frozen=True)
class SessionPolicy:
    """[session], as far as it is the supervisor's."""

    home_mb: int = 0
    processes: int = PROCESSES
    memory_mb: int = 0


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
class Allowed:
    """What policy.toml lets citizens do with sticks and paper, and whether the panel has a say in it."""

    sticks: SticksPolicy = SticksPolicy()
    printing: PrintPolicy = PrintPolicy()
    fixed: frozenset[str] = frozenset()

    @classmethod
    def by(cls, policy: Mapping[str, Any]) -> "Allowed":
        """As policy.toml says."""
        panel = policy.get("panel", {})
        fixed = panel.get("fixed", []) if isinstance(panel, Mapping) else []
        named = frozenset(one for one in fixed if isinstance(one, str)) if isinstance(fixed, list) else frozenset()
        return cls(asked(policy, "sticks", SticksPolicy), asked(policy, "print", PrintPolicy), named)

    def sticks_in(self, word: str) -> SticksPolicy:
        """In a session that was opened with this word: write, read, none."""
        closed = word == "none" and not self._fixes("sticks.allowed")
        for_reading = word == "read" and not self._fixes("sticks.read_only")
        return SticksPolicy(self.sticks.allowed and not closed, self.sticks.read_only or for_reading)

    def printing_in(self, mode: str, pages: int) -> PrintPolicy:
        """In a session that was opened with this mode and number of pages."""
        found = self.printing
        if mode in ("off", "staff", "free") and not self._fixes("print.mode"):
            found = replace(found, mode=mode)
        if 0 <= pages <= 1000 and not self._fixes("print.pages_max"):
            found = replace(found, pages_max=pages)
        return found

    def _fixes(self, key: str) -> bool:
        return bool({key, key.partition(".")[0]} & self.fixed)


@dataclass(frozen=True)
class InputPolicy:
    """[input]."""

    method: str = "unikey"
    typing: str = "telex"


@dataclass(frozen=True)
class SoundPolicy:
    """[sound]."""

    volume: int = 60


@dataclass(frozen=True)
class BrowserPolicy:
    """[browser]: addresses as Chromium's filters write them."""

    block: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    only_allowed: bool = False
    camera: bool = False


def asked(policy: Mapping[str, Any], section: str, kind: type[T]) -> T:
    """A section of policy.toml; what is missing or of another type keeps its default. A list is one of texts."""
    found = policy.get(section, {})
    table = {name: _texts(value) for name, value in found.items()} if isinstance(found, Mapping) else {}
    known = {one.name: type(one.default) for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: table[name] for name, of in known.items() if type(table.get(name)) is of})


def _texts(value: object) -> object:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else value
