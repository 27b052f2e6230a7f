"""What the service hears of the walls around a session: which stand, and why one of them does not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kiosk.supervisor.session.room import NoRoomError
from kiosk.supervisor.walls import Walls


@dataclass
class Isolation:
    """`detail`: why the level is what it is. `try_all` finds the walls out, once; `try_room` those of a room, anew."""

    detail: str
    try_all: Callable[[], Walls]
    try_room: Callable[[], frozenset[str]]

    @cached_property
    def found(self) -> Walls:
        """Those that this machine can build."""
        return self.try_all()

    def told(self, no_ports: str) -> dict[str, Any]:
        """The fields of the message. `no_ports`: why the wall before the ports does not stand, empty where it does."""
        why = {"ports": no_ports} if no_ports else {}
        return {
            "level": self.found.level,
            "detail": self.detail,
            "walls": {**vars(self.found), "ports": not no_ports},
            "why": why,
        }

    def require(self, walls: frozenset[str]) -> None:
        """NoRoomError for a room that lacks one of the walls that this machine can build: nobody begins in that."""
        if lacking := sorted(self.found.of_room - walls):
            raise NoRoomError(", ".join(lacking))

    def why_no_room(self) -> str:
        """Why nobody could begin now; empty where a room like those of citizens can be built."""
        try:
            self.require(self.try_room())
        except OSError as error:
            return str(error)
        return ""
