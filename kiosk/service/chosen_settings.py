"""What managers set on the panel: a file of the service's own over policy.toml, the one before it, and who changed it.

`policy.toml` and its comments stay as they are: the privileged process goes by it, so the service must not write it.
"""

import os
import threading
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError, RefusedError, SettingsError
from kiosk.export.files import write_whole
from kiosk.rules.choices import CHOSEN, is_fixed
from kiosk.rules.chosen import parse_with
from kiosk.rules.policy import Policy
from kiosk.service import given_policy
from kiosk.settings import Paths, Site, read_toml
from kiosk.translations import _

MAX = 65_536  # bytes
HEAD = (
    "# Cài đặt trên bảng theo dõi; có hiệu lực thay cho policy.toml. Xin đừng sửa tay.\n"
    "# Set on the panel; counts instead of what policy.toml says. Please do not edit.\n"
)


class ChosenSettings:
    """The settings of the panel. `changed` is told of a new policy, and by whom, before anybody else can change it."""

    def __init__(
        self, paths: Paths, policy: Policy, changed: Callable[[Policy, str], None], site_name: str = Site.name
    ) -> None:
        self._paths, self._changed = paths, changed
        self.policy, self.site_name = policy, site_name  # the name that site.toml gives
        self.held: Callable[[], Mapping[str, int]] = dict  # visits by table whose answers wait to be told
        self._at_work = threading.Lock()

    @property
    def version(self) -> str:
        """A short name of what is set now: equal names, equal settings."""
        return sha256(_bytes(self._paths.chosen)).hexdigest()[:12]

    @property
    def can_go_back(self) -> bool:
        """Whether there is a version before this one."""
        return self._before.exists()

    def with_changes(self, sections: Mapping[str, Mapping[str, Any]]) -> Policy:
        """What the policy would be. SettingsError lists what is wrong."""
        return self._allowed(self._parsed({**read(self._paths.chosen), **self._kept(sections)}), sections)

    def fixed(self, key: str) -> bool:
        """Whether the policy withholds this section.key, or a whole section, from the panel."""
        section, _dot, name = key.partition(".")
        return is_fixed(self.policy.panel.fixed, section, name)

    @property
    def by_the_province(self) -> bool:
        """Whether the policy in force is the province's own, which it signed, and nobody edited it here since."""
        return given_policy.in_force(self._paths)

    @property
    def below(self) -> Policy:
        """policy.toml alone."""
        return self._parsed({})

    def policy_before(self) -> Policy:
        """What the policy would be without the last change."""
        return self._parsed(read(self._before))

    def save(self, sections: Mapping[str, Mapping[str, Any]], version: str, who: str) -> None:
        """Set these sections, at once. RefusedError where somebody else changed something since `version`."""
        with self._at_work:
            self.still(version)
            chosen = {**read(self._paths.chosen), **self._kept(sections)}
            self._put(chosen, self._allowed(self._parsed(chosen), sections), who)

    def take_back(self, version: str, who: str) -> None:
        """The version before this one; once more, and this one is back."""
        with self._at_work:
            self.still(version)
            if not self.can_go_back:
                raise RefusedError(_("There is no version before this one."), "")
            chosen = read(self._before)
            self._put(chosen, self._parsed(chosen), who)

    def _kept(self, sections: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Of a section that is set by keys, the other keys stay as they were chosen."""
        now = read(self._paths.chosen)
        return {
            name: {**(now.get(name, {}) if CHOSEN.get(name) is not None else {}), **values}
            for name, values in sections.items()
        }

    def _allowed(self, policy: Policy, sections: Mapping[str, Mapping[str, Any]]) -> Policy:
        """The policy, unless these sections ask for a key that is withheld from the panel."""
        if any(is_fixed(policy.panel.fixed, name, key) for name, values in sections.items() for key in values):
            raise RefusedError(_("This is not set here."), _("The policy of this station fixes it."))
        return policy

    def _parsed(self, chosen: Mapping[str, Any]) -> Policy:
        return parse_with(read_toml(self._paths.policy_toml), chosen)

    def still(self, version: str) -> None:
        """RefusedError unless nothing was changed since `version`."""
        if version != self.version:
            raise RefusedError(_("Somebody else changed the settings meanwhile."), _("Look at them, then try again."))

    def _put(self, chosen: Mapping[str, Any], policy: Policy, who: str) -> None:
        try:
            write_whole(self._before, _bytes(self._paths.chosen) or HEAD.encode(), 0o640)
            write_whole(self._paths.chosen, (HEAD + dumped(chosen)).encode(), 0o640)
        except OSError as error:
            raise KioskError(
                _("The settings could not be written."), _("Free some disk space, then try again.")
            ) from error
        self.policy = policy
        self._changed(policy, who)

    @property
    def _before(self) -> Path:
        return self._paths.chosen.with_name("panel.before.toml")


def read(path: Path) -> dict[str, Any]:
    """A file of settings; empty where there is none. SettingsError when it cannot be read."""
    try:
        return tomllib.loads(_bytes(path).decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            _("The settings made on the panel are not right."),
            _("Delete settings/panel.toml in {path}.", path="KIOSK_HOME"),
            (str(error),),
        ) from None


def dumped(chosen: Mapping[str, Any]) -> str:
    """As TOML: sections of numbers, lists of text, and lists of tables; all that is ever set here."""
    lines = []
    for section, values in chosen.items():
        tables = {key: value for key, value in values.items() if _is_tables(value)}
        lines += ["", f"[{section}]", *(f"{key} = {_value(one)}" for key, one in values.items() if key not in tables)]
        for key, rows in tables.items():
            for row in rows:
                lines += ["", f"[[{section}.{key}]]", *(f"{name} = {_value(one)}" for name, one in row.items())]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float | date | list | tuple):
        raise TypeError(type(value).__name__)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if not isinstance(value, str):
        return str(value)
    plain = "".join(one if one.isprintable() else " " for one in value)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bytes(path: Path) -> bytes:
    """The file itself: its folder is the service's, and root reads it too, so a link is followed nowhere."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(handle, "rb") as file:
        return file.read(MAX)
