"""The settings that the station last ran under: a mistake in a file must not take a serving station out of service.

`kiosk run` refuses wrong settings; but the service may be restarted at any moment, and then it goes on with what was
right, and says so on the panel.
"""

import logging
from dataclasses import dataclass

from kiosk.errors import KioskError, SettingsError
from kiosk.export.files import put
from kiosk.rules.policy import Policy
from kiosk.service.checked_settings import load_checked
from kiosk.settings import Paths, Site

log = logging.getLogger(__name__)

NAMES = ("site.toml", "policy.toml", "settings/panel.toml", "settings/site.toml")


@dataclass(frozen=True)
class Loaded:
    """Settings to run under; `wrong` is what is the matter with the files of today, if something is."""

    site: Site
    policy: Policy
    wrong: SettingsError | None = None


def load(paths: Paths) -> Loaded:
    """The station's settings, else the last good ones; SettingsError where there never were any."""
    kept = Paths(paths.store.parent / "last_good")
    try:
        site, policy = load_checked(paths)
    except SettingsError as error:
        if not kept.policy_toml.exists():
            raise
        site, policy = load_checked(kept)
        log.error("going on under the last good settings: %s", error)
        return Loaded(site, policy, error)
    _keep(paths, kept)
    return Loaded(site, policy)


def _keep(paths: Paths, kept: Paths) -> None:
    """Copies of both files, each whole or not at all. A full disk keeps no station from starting."""
    try:
        kept.chosen.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for source, name in zip(
            (paths.site_toml, paths.policy_toml, paths.chosen, paths.chosen_site), NAMES, strict=True
        ):
            target = kept.home / name
            if source.parent == paths.chosen.parent and not source.exists():
                target.unlink(missing_ok=True)
                continue
            content = source.read_bytes()
            if not target.exists() or target.read_bytes() != content:
                put(target, content)
    except (OSError, KioskError) as error:
        log.warning("the settings could not be kept for later: %s", error)
