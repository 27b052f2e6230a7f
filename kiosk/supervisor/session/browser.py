"""The citizen's browser: how Chromium is started, and what it must not ask, keep or send."""

import json
from pathlib import Path
from typing import Any

PROFILE = ".browser"
DISK_CACHE = 32 << 20
LARGE = 1.25  # everything of the browser and of every page, as on the screens before it

# Nothing of the citizen's may outlive the session, nothing may ask questions, nothing may call home.
SWITCHES = (
    "--no-first-run", "--no-default-browser-check", "--password-store=basic", "--disable-sync", "--disable-breakpad",
    "--disable-background-networking", "--disable-component-update", "--disable-features=Translate",
    "--hide-crash-restore-bubble", "--noerrdialogs", "--use-system-default-printer", "--start-maximized",
)  # fmt: skip


def preferences(menu: str, downloads: Path, lang: str) -> str:
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
    return json.dumps(chosen)


def is_chromium(command: list[str]) -> bool:
    """Whether the site's browser is one that knows these switches."""
    return "chrom" in Path(command[0]).name


def switches(home: Path, lang: str, large: bool, contrast: bool, voice: bool = False) -> list[str]:
    """What a Chromium is started with."""
    found = [f"--user-data-dir={home / PROFILE}", f"--disk-cache-size={DISK_CACHE}", *SWITCHES, f"--lang={lang}"]
    if large:
        found.append(f"--force-device-scale-factor={LARGE}")
    if contrast:
        # Pages are told that colours are forced; Chromium's own frame turns dark with them.
        found += ["--force-high-contrast", "--force-dark-mode"]
    if voice:
        # The dialog for printing is not read aloud: who hears the pages prints without it, and the bar says what became
        # of it.
        found.append("--kiosk-printing")
    return found
