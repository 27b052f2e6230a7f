"""The policy that the province sent along: checked, and put in the place of policy.toml as if it were edited by hand.

It is done at the start, by the process that may write the home: the service itself could not. A policy that was edited
here afterwards stays until the province sends another.
"""

import os
import tomllib
from hashlib import sha256
from pathlib import Path

from kiosk.content.files import no_room, write_whole
from kiosk.content.updates.given import POLICY
from kiosk.errors import SettingsError
from kiosk.rules.policy import Policy, parse_policy
from kiosk.settings import Paths, read_toml
from kiosk.translations import _

MAX = 1 << 20  # bytes


def waiting(paths: Paths) -> bool:
    """Whether one has come that is not in force yet."""
    found = _given(paths)
    return found is not None and sha256(found).hexdigest() != _applied(paths)


def in_force(paths: Paths) -> bool:
    """Whether policy.toml is the one that the province sent, and was not edited here since."""
    try:
        return sha256(paths.policy_toml.read_bytes()).hexdigest() == _applied(paths)
    except OSError:
        return False


def looked_at(paths: Paths) -> Policy | None:
    """The one that came, None where none did. SettingsError lists what is wrong with it."""
    found = _given(paths)
    return None if found is None else _checked(found)


def _checked(data: bytes) -> Policy:
    try:
        return parse_policy(tomllib.loads(data.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            _("The province's policy cannot be read."), _("Tell the province."), (str(error),)
        ) from None


def apply(paths: Paths) -> bool:
    """Put it in force if it waits and this site takes it; whether it was. KioskError, and the old one stays."""
    found = _given(paths)
    if found is None or sha256(found).hexdigest() == _applied(paths):
        return False
    if not parse_policy(read_toml(paths.policy_toml)).content.take_policy:
        return False
    _checked(found)
    try:
        before = paths.policy_toml.read_bytes()
        if before != found:
            write_whole(paths.home / "policy.before.toml", before, 0o644)
            write_whole(paths.policy_toml, found, 0o644)
        write_whole(_mark(paths), sha256(found).hexdigest().encode(), 0o644)
    except OSError as error:
        raise no_room(paths.home, error) from error
    return before != found


def _mark(paths: Paths) -> Path:
    return paths.home / "policy.given"


def _applied(paths: Paths) -> str:
    try:
        return _mark(paths).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def _given(paths: Paths) -> bytes | None:
    """The file itself: the service may write there, so a link is followed nowhere."""
    try:
        handle = os.open(paths.content / "given" / POLICY, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(MAX)
