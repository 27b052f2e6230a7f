"""Vietnamese typing in a session: fcitx5 with unikey, on a message bus of the session's own, both as the citizen.

The bus starts nothing by itself (no settings daemons, no portals) and ends with the session. All keys but Ctrl+Space
are left to the programs: a citizen who rests a finger on Shift must not find the keyboard changed.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kiosk.supervisor.asked import InputPolicy, asked

BUS_CONF = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
{denied}  </policy>
</busconfig>
"""

DENIED = '    <deny send_interface="org.fcitx.Fcitx.Controller1" send_member="{}"/>\n'
# A restarted one forgets what it was started with, and so has all parts again; the others start its settings' window.
REFUSED = ("Restart", "Exit", "Configure", "ConfigureAddon", "ConfigureIM", "SetAddonsState", "SetConfig")

# The first of the group is what one types without Vietnamese; all windows share one state, which the bar shows.
PROFILE = """[Groups/0]
Name=Kiosk
Default Layout=us
DefaultIM=unikey

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=unikey
Layout=

[GroupOrder]
0=Kiosk
"""

CONFIG = """[Hotkey]
EnumerateWithTriggerKeys=False
AltTriggerKeys=
EnumerateForwardKeys=
EnumerateBackwardKeys=
EnumerateGroupForwardKeys=
EnumerateGroupBackwardKeys=
ActivateKeys=
DeactivateKeys=
TogglePreedit=

[Hotkey/TriggerKeys]
0=Control+space

[Behavior]
ActiveByDefault={active}
ShareInputState=All
ShowInputMethodInformation=False
ShowFirstInputMethodInformation=False
PreloadInputMethod=True
"""

# Chromium does not tell an input method that its address bar is one. So a word that is no Vietnamese syllable goes back
# to the letters that were typed ("facebook"), and a first w stays one ("www"): "uw" writes ư there.
UNIKEY = """InputMethod={typing}
OutputCharset=Unicode
SpellCheck=True
AutoNonVnRestore=True
ProcessWAtBegin=False
Macro=False
"""

# The keyboard's layout is the PC's own, also after the session.
XCB = "Allow Overriding System XKB Settings=False\n"
CLASSIC_UI = 'Font="Noto Sans 18"\n'

# Of its parts these alone: others keep what was typed or copied, call out, draw over the screen, answer to keys of
# their own, or run what lies in the citizen's home.
PARTS = ("classicui", "dbus", "dbusfrontend", "keyboard", "unikey", "xcb", "xim")
NEEDED = ("dbus-daemon", "fcitx5", "fcitx5-remote")
TYPINGS = {"telex": "Telex", "vni": "VNI"}


@dataclass(frozen=True)
class InputMethod:
    """How Vietnamese is typed at this station. `typing` is the name that unikey gives to it."""

    typing: str = "Telex"

    @classmethod
    def from_policy(cls, policy: Mapping[str, Any]) -> "InputMethod | None":
        """The [input] of policy.toml; None where the site wants none, or its programs are not installed."""
        input_policy = asked(policy, "input", InputPolicy)
        if input_policy.method == "none" or not all(map(shutil.which, NEEDED)):
            return None
        return cls(TYPINGS.get(input_policy.typing, "Telex"))

    def files(self, vietnamese: bool) -> dict[str, str]:
        """What lies in the citizen's home before it starts; `vietnamese`: whether it begins with Vietnamese."""
        return {
            ".config/fcitx5/profile": PROFILE,
            ".config/fcitx5/config": CONFIG.format(active=vietnamese),
            ".config/fcitx5/conf/unikey.conf": UNIKEY.format(typing=self.typing),
            ".config/fcitx5/conf/xcb.conf": XCB,
            ".config/fcitx5/conf/classicui.conf": CLASSIC_UI,
        }


def bus_conf(home: Path) -> str:
    """The configuration of the session's bus."""
    denied = "".join(DENIED.format(member) for member in REFUSED)
    return BUS_CONF.format(address=_address(home), denied=denied)


def bus_socket(home: Path) -> Path:
    """Where the bus listens."""
    return home / ".run" / "bus"


def bus_command(conf: Path) -> list[str]:
    """The bus; it stays in the foreground, where it is watched."""
    return ["dbus-daemon", f"--config-file={conf}", "--nofork", "--nopidfile"]


def command() -> list[str]:
    """The input method itself."""
    return ["fcitx5", "--disable", "all", "--enable", ",".join(PARTS)]


def environment(home: Path) -> dict[str, str]:
    """What a program must know to find both: GTK (also Chromium) asks by its module, all others by XIM."""
    return {
        "DBUS_SESSION_BUS_ADDRESS": _address(home),
        "GTK_IM_MODULE": "fcitx",
        "QT_IM_MODULE": "fcitx",
        "XMODIFIERS": "@im=fcitx",
    }


def _address(home: Path) -> str:
    # The bytes that a bus address may hold as they are; all others as %XX, also those that XML would mind.
    return f"unix:path={quote(str(bus_socket(home)), safe='/-_.')}"
