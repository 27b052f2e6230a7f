"""The first run: site.toml and policy.toml are written from the shipped ones, and never overwritten afterwards."""

import os
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.settings import Paths
from kiosk.shipped import shipped_dir
from kiosk.translations import _, reason

KINDS = ("library", "post_office")


def write_settings(paths: Paths, kind: str = "library") -> list[Path]:
    """Write what is missing; returns what was written. KioskError when the home cannot be written."""
    wanted = {paths.site_toml: "site.toml", paths.policy_toml: f"{kind}.toml"}
    written = []
    for target, source in wanted.items():
        if target.exists():
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, (shipped_dir("policies") / source).read_bytes())
        except OSError as error:
            raise KioskError(
                _("{path} cannot be written: {reason}.", path=target, reason=reason(error)),
                _("Make it writable, free some disk space, or choose another place with KIOSK_HOME."),
            ) from None
        written.append(target)
    return written


def _write_whole(target: Path, content: bytes) -> None:
    """All of it or nothing, also when the power fails in between."""
    aside = target.with_name(target.name + ".new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.chmod(0o644)
    aside.replace(target)
