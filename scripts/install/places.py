"""What of kiosk lies where on the PC: units, and what closes the ways past the screen. Each is a file in units/."""

import re
from pathlib import Path

import files
import record

SYSTEM = Path("/etc/systemd/system")
UNITS = ("kiosk-x.service", "kiosk.service")
PLACES = {
    "kiosk.service": SYSTEM / "kiosk.service",
    "kiosk-x.service": SYSTEM / "kiosk-x.service",
    "display-manager.conf": SYSTEM / "display-manager.service.d" / "50-kiosk.conf",
    "logind.conf": Path("/etc/systemd/logind.conf.d/50-kiosk.conf"),
    "system.conf": Path("/etc/systemd/system.conf.d/50-kiosk.conf"),
    # Behind 99-sysctl.conf, which is the owner's /etc/sysctl.conf: they are read in this order.
    "sysctl.conf": Path("/etc/sysctl.d/99-zz-kiosk.conf"),
    "xorg.conf": Path("/etc/X11/xorg.conf.d/90-kiosk.conf"),
}
# Text consoles, Ctrl+Alt+Del, Alt+Up, a shell on the ninth console, and sleep.
MASKED = (
    "getty@.service",
    "autovt@.service",
    "debug-shell.service",
    "ctrl-alt-del.target",
    "kbrequest.target",
    "sleep.target",
    "suspend.target",
    "hibernate.target",
    "hybrid-sleep.target",
    "suspend-then-hibernate.target",
)
PROC = Path("/proc/sys")


def put_units(source: Path, wishes: dict[str, str]) -> list[str]:
    """Units, drop-ins and masks as a version has them; the names of what was changed."""
    changed = [name for name, place in PLACES.items() if files.put(place, _text(source / name, wishes))]
    for name in UNITS:
        # As `systemctl enable` would, and removed again with the rest.
        if files.link(SYSTEM / "multi-user.target.wants" / name, str(SYSTEM / name)):
            changed.append(f"enabled {name}")
    return changed + [name for name in MASKED if files.link(SYSTEM / name, "/dev/null")]


def _text(path: Path, wishes: dict[str, str]) -> bytes:
    text = path.read_text(encoding="utf-8")
    if key := wishes.get("power_key"):
        text = re.sub(r"(?m)^HandlePowerKey=.*", f"HandlePowerKey={key}", text)
    if minutes := wishes.get("screen_off_minutes"):
        text = re.sub(r'(?m)^(\s+Option "(?:Blank|Off)Time") .*', rf'\1 "{minutes}"', text)
    return text.encode()


def set_kernel() -> list[str]:
    """The kernel's switches, now; those that it does not let us set count from its next start."""
    refused = []
    for key, value in _switches():
        path = PROC / key.replace(".", "/")
        try:
            before = path.read_text(encoding="ascii").strip()
            if before != value:
                if not any(line.startswith(f"{key}=") for line in record.noted("sysctl")):
                    record.note("sysctl", f"{key}={before}")
                path.write_text(value, encoding="ascii")
        except OSError:
            refused.append(key)
    return refused


def put_kernel_back() -> None:
    """The switches as they were before the installation."""
    for line in record.noted("sysctl"):
        key, _, value = line.partition("=")
        try:
            (PROC / key.replace(".", "/")).write_text(value, encoding="ascii")
        except OSError:
            continue


def _switches() -> list[tuple[str, str]]:
    lines = PLACES["sysctl.conf"].read_text(encoding="utf-8").splitlines()
    return [(key.strip(), value.strip()) for key, eq, value in (line.partition("=") for line in lines) if eq]
