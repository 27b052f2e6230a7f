"""Which programs a session may start: those of policy.toml, which the citizen cannot write, and no others."""

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.settings import SESSION_PATH
from kiosk.supervisor.asked import BrowserPolicy, asked
from kiosk.supervisor.session.input_method import InputMethod


@dataclass(frozen=True)
class Programs:
    """Commands of a session, as argument lists. `offered`: those of the menu, by their words in the policy.

    `internet`: whether the browser leaves this PC at all; `pages`: where it may go then.
    """

    window_manager: list[str]
    browser: list[str]
    offered: Mapping[str, list[str]] = field(default_factory=dict)
    input_method: InputMethod | None = None
    internet: bool = True
    pages: BrowserPolicy = BrowserPolicy()

    @classmethod
    def from_policy(cls, policy: Mapping[str, Any]) -> "Programs":
        """The programs of policy.toml; a value that cannot be split falls back to Debian's names."""
        table = policy.get("programs", {})
        return cls(
            _split(table.get("window_manager"), "openbox"),
            _split(table.get("browser"), "chromium"),
            _offered(policy.get("program", ())),
            InputMethod.from_policy(policy),
            table.get("internet") is not False,
            asked(policy, "browser", BrowserPolicy),
        )

    def missing(self) -> list[str]:
        """Programs that are not on this machine."""
        return [command[0] for command in (self.window_manager, self.browser) if shutil.which(command[0]) is None]

    def named(self, words: str) -> list[str] | None:
        """The command that the policy offers in these words; None where it offers none, or it is not installed."""
        command = self.offered.get(words)
        return command if command and shutil.which(command[0], path=SESSION_PATH) else None


def _offered(listed: object) -> dict[str, list[str]]:
    """By their own words, not their place: the service may have read the file before or after somebody changed it."""
    if not isinstance(listed, list):
        return {}
    named = [str(one.get("command", "")) for one in listed if isinstance(one, dict)]
    return {words: command for words in named if (command := _split(words, ""))}


def _split(value: object, default: str) -> list[str]:
    try:
        words = shlex.split(str(value or default))
    except ValueError:
        words = []
    return words or ([default] if default else [])
