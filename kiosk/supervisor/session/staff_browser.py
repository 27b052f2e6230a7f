"""The browser of staff at the PC itself: the panel and nothing else, with no way out of it.

What holds it are Chromium's own policies. They lie where the machine's lie, in the room of this session alone, so that
the citizen's browser knows nothing of them. Without a room (one user for all) the switches and the window manager's
keys are all there is: then nothing is isolated anyway, and that is said.
"""

import json
from pathlib import Path

from kiosk.supervisor.session.browser import DISK_CACHE, FRAME, PROFILE

# Where Debian's Chromium looks for what its machine's owner wants.
POLICIES = "/etc/chromium"
POLICY_FILE = "policies/managed/kiosk.json"

SWITCHES = (
    "--kiosk", "--no-first-run", "--no-default-browser-check", "--password-store=basic", "--disable-sync",
    "--disable-breakpad", "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--disable-features=Translate", "--hide-crash-restore-bubble", "--noerrdialogs", "--disable-pinch",
    "--overscroll-history-navigation=0", "--use-system-default-printer", "--kiosk-printing",
)  # fmt: skip

# Keys that would open a file, the address bar, another window or the tools of a programmer: they reach no window.
SWALLOWED = (
    "F1", "F6", "F10", "F11", "F12", "S-Escape", "A-Home", "A-S-i", "A-d", "A-e", "A-f", "C-o", "C-s", "C-S-s", "C-n",
    "C-S-n", "C-t", "C-S-t", "C-l", "C-u", "C-j", "C-h", "C-k", "C-e", "C-d", "C-S-d", "C-S-i", "C-S-j", "C-S-c",
    "C-S-o", "C-S-a", "C-S-b", "C-S-m", "C-S-w", "C-S-Delete", "C-F4", "C-w", "C-Tab", "C-Page_Up", "C-Page_Down",
)  # fmt: skip
LEAVE = ("A-F4", "C-A-q")  # closes the browser's window, and with it the turn

OPENBOX = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <keyboard>
{keys}  </keyboard>
  <mouse>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/></mousebind>
    </context>
  </mouse>
  <applications>
    <application type="normal"><decor>no</decor><maximized>yes</maximized></application>
  </applications>
</openbox_config>
"""


def openbox() -> str:
    """Openbox without a menu, a frame or a key that starts anything."""
    bound = [(key, "Focus") for key in SWALLOWED] + [(key, "Close") for key in LEAVE]
    keys = "".join(f'    <keybind key="{key}"><action name="{action}"/></keybind>\n' for key, action in bound)
    return OPENBOX.replace("{keys}", keys)


def host(port: int) -> str:
    """Where the panel is for them: a door of its own, on this PC alone."""
    return f"127.0.0.1:{port}"


def address(port: int, token: str, lang: str) -> str:
    """The first page: it signs in by a token that is good once, for a moment."""
    return f"http://{host(port)}/here/{token}?lang={'en' if lang == 'en' else 'vi'}"


def policies(port: int) -> dict[str, str]:
    """What lies under POLICIES: the panel may be opened and nothing else; no files, no tools, no second person."""
    chosen = {
        "URLBlocklist": ["*", "file:*", "chrome:*", "chrome-untrusted:*", "devtools:*", "view-source:*", "data:*",
                         "javascript:*", "about:*", "blob:*", "filesystem:*"],
        "URLAllowlist": [f"http://{host(port)}", "chrome://print"],
        "AllowFileSelectionDialogs": False,
        "DownloadRestrictions": 3,  # none: what is saved here would be wiped, and nobody must think otherwise
        "DeveloperToolsAvailability": 2,
        "RemoteDebuggingAllowed": False,
        "IncognitoModeAvailability": 1,
        "BrowserGuestModeEnabled": False,
        "BrowserAddPersonEnabled": False,
        "BrowserSignin": 0,
        "ExtensionInstallBlocklist": ["*"],
        "DefaultPopupsSetting": 2,
        "DefaultSearchProviderEnabled": False,
        "TaskManagerEndProcessEnabled": False,
        "BookmarkBarEnabled": False,
        "EditBookmarksEnabled": False,
        "PasswordManagerEnabled": False,
        "AutofillAddressEnabled": False,
        "AutofillCreditCardEnabled": False,
        "TranslateEnabled": False,
        "AudioCaptureAllowed": False,
        "VideoCaptureAllowed": False,
        "ScreenCaptureAllowed": False,
        "ProxyMode": "direct",
        "DnsOverHttpsMode": "off",
        "NetworkPredictionOptions": 2,
        "SafeBrowsingProtectionLevel": 0,
        "PrinterTypeDenyList": ["pdf", "extension", "cloud", "privet"],  # "print to a file" is a dialog for files
        "BackgroundModeEnabled": False,
        "SavingBrowserHistoryDisabled": True,
        "ForceEphemeralProfiles": False,
    }  # fmt: skip
    return {POLICY_FILE: json.dumps(chosen)}


def preferences(first: str, lang: str) -> str:
    """The profile's first preferences. `first` stands here, where only its owner reads, and not on a command line."""
    chosen = {
        "session": {"restore_on_startup": 4, "startup_urls": [first]},
        "credentials_enable_service": False,
        "profile": {"password_manager_enabled": False, "exit_type": "Normal"},
        "autofill": {"profile_enabled": False, "credit_card_enabled": False},
        "browser": {"check_default_browser": False},
        "devtools": {"availability": 2},
        "signin": {"allowed": False, "allowed_on_next_startup": False},
        "translate": {"enabled": False},
        "intl": {"selected_languages": "vi,en" if lang == "vi" else "en,vi"},
    }
    return json.dumps(chosen)


def switches(home: Path, lang: str, large: bool, contrast: bool) -> list[str]:
    """What Chromium is started with; no name is looked up and no other address found."""
    found = [f"--user-data-dir={home / PROFILE}", f"--disk-cache-size={DISK_CACHE}", *SWITCHES, f"--lang={lang}"]
    found.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    if large:
        found.append(f"--force-device-scale-factor={FRAME}")
    if contrast:
        found.append("--force-high-contrast")
    return found
