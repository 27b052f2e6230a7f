"""Restarts the PC or switches it off when staff ask for it on the panel: one fixed command, nothing of it from there.

The command is `systemctl`, where systemd runs. Where it does not, or we are not root, nothing is done and the answer
says why. KIOSK_POWER_COMMAND names another program, which gets the action's name; it comes from whoever starts the
supervisor (systemd, or a test), never from a file that staff or citizens write.
"""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from kiosk.settings import SYSTEM_PATH

SYSTEMD = Path("/run/systemd/system")
SYSTEMCTL = {"restart": "reboot", "power_off": "poweroff"}
WITHIN = 10.0


def command(action: str, environ: Mapping[str, str], systemd: Path = SYSTEMD) -> list[str]:
    """The command for `restart` or `power_off`; empty where this machine has none."""
    if action not in SYSTEMCTL:
        return []
    if own := environ.get("KIOSK_POWER_COMMAND"):
        return [own, action]
    systemctl = shutil.which("systemctl", path=SYSTEM_PATH)
    return [systemctl, SYSTEMCTL[action]] if systemctl and systemd.is_dir() else []


def order(action: str, environ: Mapping[str, str], root: bool, systemd: Path = SYSTEMD) -> str:
    """Have it done. Why it was not, as one word; empty when the PC is going down."""
    chosen = command(action, environ, systemd)
    if not chosen:
        return "no_command"
    if not root and "KIOSK_POWER_COMMAND" not in environ:
        return "not_root"
    try:
        done = subprocess.run(chosen, stdin=subprocess.DEVNULL, capture_output=True, timeout=WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return f"exit_{done.returncode}" if done.returncode else ""
