"""Where the facts about this PC come from: the kernel's own files, and CUPS for the printer. Linux only, reads only."""

import os
import re
import subprocess
import threading
from pathlib import Path

from kiosk.settings import SYSTEM_PATH

MB = 1_000_000
# CUPS is asked by a program of its own (some 50 ms): not more often than that.
ASK_EVERY = 600.0

# What CUPS' alerts mean (RFC 8011, 5.4.12), by the codes of rules/printer_words.py; the first that fits.
_ALERTS = {
    "paper": ("media-empty", "media-needed", "input-tray-missing"),
    "jam": ("media-jam",),
    "cover": ("door-open", "cover-open", "interlock-open"),
    "ink": ("toner-empty", "marker-supply-empty", "marker-waste-full", "developer-empty", "opc-life-over"),
    "offline": ("offline", "shutdown", "timed-out", "connecting-to-device", "unknown-device"),
    "stopped": ("paused",),
}


def free_disk(folder: Path) -> int | None:
    """MB that an ordinary user may still write to the disk of `folder`."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize // MB


def memory(meminfo: Path = Path("/proc/meminfo")) -> tuple[int | None, int]:
    """(free for programs, all) of the memory in MB, as the kernel reckons it; (None, 0) where it says nothing."""
    try:
        found = dict(re.findall(r"^(MemTotal|MemAvailable):\s+(\d+) kB$", meminfo.read_text(), re.MULTILINE))
        return int(found["MemAvailable"]) * 1024 // MB, int(found["MemTotal"]) * 1024 // MB
    except (OSError, KeyError, ValueError):
        return None, 0


def memory_pressure(file: Path = Path("/proc/pressure/memory")) -> float | None:
    """% of the last five minutes in which some program waited for memory; None where the kernel does not count it."""
    try:
        found = re.search(r"^some .*\bavg300=([\d.]+)", file.read_text(), re.MULTILINE)
    except OSError:
        return None
    return float(found[1]) if found else None


class Printer:
    """The printer's last known `trouble`: "" none, a code of rules/printer_words.py, or None while nobody has asked."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        self._asked: float | None = None
        self._asking = threading.Lock()

    def ask(self, queue: str, boot: float) -> None:
        """Ask CUPS if the last answer is old, in a thread of its own: an unreachable printer keeps nobody waiting."""
        if self._asked is not None and boot - self._asked < ASK_EVERY:
            return
        self._asked = boot
        threading.Thread(target=self.ask_now, args=(queue,), name="printer", daemon=True).start()

    def ask_now(self, queue: str) -> None:
        """Ask and wait for the answer."""
        with self._asking:
            self.trouble = printer_trouble(queue)


def printer_trouble(queue: str = "") -> str:
    """What keeps the printer (the default one without a name) from printing, as a code; "" when nothing does."""
    running = _lpstat("-r")
    if running is None:
        return "not_installed"
    if "is running" not in running:
        return "no_cups"
    name = queue or (_lpstat("-d") or "").rpartition(": ")[2].strip()
    if not name or name.startswith("-") or name not in (_lpstat("-e") or "").split():
        return "no_printer"
    said = _lpstat("-l", "-p", name) or ""
    alerts = re.search(r"^\s*Alerts: *(.*)$", said, re.MULTILINE)
    for code, words in _ALERTS.items():
        if alerts and any(word in alerts[1] for word in words):
            return code
    return "stopped" if " disabled " in said.partition("\n")[0] else ""


def _lpstat(*options: str) -> str | None:
    """What CUPS says, in English; "" where it says nothing within some seconds, None where it is not installed."""
    server = {"CUPS_SERVER": os.environ["CUPS_SERVER"]} if os.environ.get("CUPS_SERVER") else {}
    try:
        done = subprocess.run(
            ["lpstat", *options], env={"PATH": SYSTEM_PATH, "LC_ALL": "C", **server}, capture_output=True, text=True,
            timeout=5, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError:
        return None
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
