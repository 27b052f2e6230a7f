"""What the service hears of the walls around a session: which stand, and why one of them does not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kiosk.supervisor.walls import Walls


@dataclass
class Isolation:
    """`level`: full, users (no control group) or none, and `detail` why. `try_all` finds the walls out, once."""

    level: str
    detail: str
    try_all: Callable[[], Walls]
    _found: dict[str, Any] = field(default_factory=dict)

    def told(self, no_ports: str) -> dict[str, Any]:
        """The fields of the message. `no_ports`: why the wall before the ports does not stand, empty where it does."""
        self._found = self._found or vars(self.try_all())
        why = {"ports": no_ports} if no_ports else {}
        return {
            "level": self.level,
            "detail": self.detail,
            "walls": {**self._found, "ports": not no_ports},
            "why": why,
        }
