"""Which programs a session may start: those of policy.toml, which the citizen cannot write, and no others."""

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.settings import SESSION_PATH
from kiosk.supervisor.session.input_method import InputMethod


@dataclass(frozen=True)
class Programs:
    """Commands of a session, as argument lists. `offered` are those of the menu, by their place in the policy."""

    window_manager: list[str]
    browser: list[str]
    offered: tuple[list[str], ...] = ()
    input_method: InputMethod | None = None

    @classmethod
    def from_policy(cls, policy: Mapping[str, Any]) -> "Programs":
        """The programs of policy.toml; a value that cannot be split falls back to Debian's names."""
        table = policy.get("programs", {})
        return cls(
            _split(table.get("window_manager"), "openbox"),
            _split(table.get("browser"), "chromium"),
            _offered(policy.get("program", ())),
            InputMethod.from_policy(policy),
        )

    def missing(self) -> list[str]:
        """Programs that are not on this machine."""
        return [command[0] for command in (self.window_manager, self.browser) if shutil.which(command[0]) is None]

    def at(self, place: int) -> list[str] | None:
        """The command at a place of the policy; None where there is none that is installed."""
        if not 0 <= place < len(self.offered) or not self.offered[place]:
            return None
        command = self.offered[place]
        return command if shutil.which(command[0], path=SESSION_PATH) else None


def _offered(listed: object) -> tuple[list[str], ...]:
    """Each keeps its place, also one that is no command: the service counts them as they stand in the file."""
    if not isinstance(listed, list):
        return ()
    return tuple(_split(one.get("command") if isinstance(one, dict) else "", "") for one in listed)


def _split(value: object, default: str) -> list[str]:
    try:
        words = shlex.split(str(value or default))
    except ValueError:
        words = []
    return words or ([default] if default else [])
