"""One stick that is in, as the supervisor knows it and as it tells the service."""

from dataclasses import dataclass, field
from typing import Any

from kiosk.supervisor.processes import Process
from kiosk.supervisor.sticks import plugged

_TOLD = ("label", "free_mb", "state", "detail")


@dataclass
class Stick:
    """`place`: where it is mounted; empty where it could not be. `closed`: why nothing can be written to it, as a word

    of the bar's (policy, read_only: its own switch, repair, foreign); empty where something can.
    """

    device: plugged.Device
    label: str = "USB"
    place: str = ""
    free_mb: int = 0
    state: str = "opening"
    detail: str = ""
    closed: str = ""
    saving: Process | None = None
    folder: str = ""
    taken: frozenset[tuple[int, int]] = frozenset()
    heard: bytes = field(default=b"", repr=False)

    def now(self, state: str, detail: str = "") -> None:
        """What it is doing from now on."""
        self.state, self.detail = state, detail

    def told(self) -> dict[str, Any]:
        """As the service hears of it."""
        return {"id": self.device.id, **{name: getattr(self, name) for name in _TOLD}}
