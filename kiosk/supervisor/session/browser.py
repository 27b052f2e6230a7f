"""The citizen's browser: how Chromium is started, and what it must not ask, keep or send."""

import json
import math
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROFILE = ".browser"
DISK_CACHE = 32 << 20
# A PC of 2 GB, and one of 3 GB whose screen takes its part of them, cannot hold what Chromium takes unasked.
SMALL_BYTES = 2_700_000_000
# With large text: pages as on the screens before them, the browser's own frame more, whose letters are small. The menu
# keeps its size: it knows larger text itself, and may be told otherwise at any time.
LARGE, FRAME = 1.25, 1.5
ZOOM_STEP = 1.2  # Chromium counts zoom in steps of this factor

# Nothing of the citizen's may outlive the session, nothing may ask questions, nothing may call home.
SWITCHES = (
    "--no-first-run", "--no-default-browser-check", "--password-store=basic", "--disable-sync", "--disable-breakpad",
    "--disable-background-networking", "--disable-component-update", "--disable-features=Translate",
    "--hide-crash-restore-bubble", "--noerrdialogs", "--use-system-default-printer", "--start-maximized",
)  # fmt: skip

# On a small PC: pages share three processes, caches and pictures are kept smaller, and the home's memory is spared.
# Of three guides that are open at once 230 MB instead of 245 (PSS), of ten 278 instead of 398.
SMALL = ("--enable-low-end-device-mode", "--renderer-process-limit=3")
SMALL_DISK_CACHE = 8 << 20


def preferences(menu: str, downloads: Path, lang: str, large: bool = False) -> str:
    """The profile's first preferences: what the browser would otherwise ask a first-time user, and where things are."""
    chosen: dict[str, Any] = {
        "translate": {"enabled": False},
        "credentials_enable_service": False,
        "profile": {
            "password_manager_enabled": False,
            "exit_type": "Normal",
            # 2: refused without a question. Where a public PC stands is known, and nobody is here tomorrow.
            "default_content_setting_values": {"notifications": 2, "geolocation": 2},
        },
        "autofill": {"profile_enabled": False, "credit_card_enabled": False},
        "browser": {"check_default_browser": False, "show_home_button": True},
        "homepage": menu,
        "homepage_is_newtabpage": False,
        "signin": {"allowed": False, "allowed_on_next_startup": False},
        "session": {"restore_on_startup": 5},  # 5: with the address of the command line, not with what was open before
        "download": {"prompt_for_download": False, "default_directory": str(downloads)},
        "savefile": {"default_directory": str(downloads)},
        "intl": {"selected_languages": "vi,en" if lang == "vi" else "en,vi"},
    }
    if large:
        host = urlsplit(menu).hostname or ""
        own = {"zoom_level": _zoom(1 / FRAME), "last_modified": "13300000000000000"}
        # "x": the profile's own storage, in both.
        zoom = {"default_zoom_level": {"x": _zoom(LARGE / FRAME)}, "per_host_zoom_levels": {"x": {host: own}}}
        chosen["partition"] = zoom
    return json.dumps(chosen)


def _zoom(factor: float) -> float:
    """A page's size against the frame's, as Chromium keeps it."""
    return math.log(factor, ZOOM_STEP)


def is_chromium(command: list[str]) -> bool:
    """Whether the site's browser is one that knows these switches."""
    return "chrom" in Path(command[0]).name


def is_small() -> bool:
    """Whether this PC has so little memory that its browser must do with less."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") <= SMALL_BYTES


def switches(home: Path, lang: str, large: bool, contrast: bool, voice: bool = False) -> list[str]:
    """What a Chromium is started with."""
    cache = SMALL_DISK_CACHE if is_small() else DISK_CACHE
    found = [f"--user-data-dir={home / PROFILE}", f"--disk-cache-size={cache}", *SWITCHES, f"--lang={lang}"]
    if is_small():
        found += SMALL
    if large:
        found.append(f"--force-device-scale-factor={FRAME}")
    if contrast:
        # Pages are told that colours are forced; Chromium's own frame turns dark with them.
        found += ["--force-high-contrast", "--force-dark-mode"]
    if voice:
        # The dialog for printing is not read aloud: who hears the pages prints without it, and the bar says what became
        # of it.
        found.append("--kiosk-printing")
    return found
