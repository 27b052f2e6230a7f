"""The first run: site.toml and policy.toml are written from the shipped ones, and never overwritten afterwards."""

from pathlib import Path

from kiosk.errors import KioskError
from kiosk.export.files import write_whole
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
            write_whole(target, (shipped_dir("policies") / source).read_bytes(), 0o644)
        except OSError as error:
            raise KioskError(
                _("{path} cannot be written: {reason}.", path=target, reason=reason(error)),
                _("Make it writable, free some disk space, or choose another place with KIOSK_HOME."),
            ) from None
        written.append(target)
    return written
