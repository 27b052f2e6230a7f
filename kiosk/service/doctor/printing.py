"""What `kiosk check` finds out about printing: CUPS, its filters, the printer, and doors past the staff."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kiosk.rules.policy import Policy
from kiosk.service.doctor.findings import Finding
from kiosk.settings import SYSTEM_PATH
from kiosk.translations import _

FILTER = Path("/usr/lib/cups/filter/pdftopdf")
# ipp-usb gives a USB printer an address of its own on this computer, which asks nobody who they are.
IPP_USB = ("127.0.0.1", 60_000)


def printing(policy: Policy) -> Iterator[Finding]:
    """Nothing where the policy lets nobody print and there is nothing to print with."""
    if _listens(IPP_USB):
        text = _("ipp-usb gives every program of this computer the USB printer, also past the staff.")
        yield Finding("printing", "warn", text, _("Remove it: sudo apt remove ipp-usb; then set up the printer anew."))
    if policy.print.mode == "off":
        return
    lacking = [name for name in ("cupsd", "lpstat", "pdfinfo") if shutil.which(name, path=SYSTEM_PATH) is None]
    if lacking or not FILTER.exists():
        hint = _("Install it: sudo apt install --no-install-recommends cups cups-client, and the printer's driver.")
        yield Finding("printing", "bad", _("The policy lets citizens print, and CUPS is missing."), hint)
        return
    if "is running" not in _lpstat("-r"):
        yield Finding("printing", "bad", _("CUPS does not run."), _("Start it: sudo systemctl enable --now cups"))
        return
    queue = policy.print.queue or _lpstat("-d").rpartition(": ")[2].strip()
    if not queue or queue not in _lpstat("-e").split():
        text = _("CUPS has no default printer.") if not queue else _("CUPS has no printer {name}.", name=queue)
        hint = _("Set the printer up in CUPS (http://localhost:631), then name it in [print] of policy.toml.")
        yield Finding("printing", "bad", text, hint)
        return
    yield Finding("printing", "good", _("Citizens print on {name}.", name=queue))


def _lpstat(option: str) -> str:
    """What CUPS says, in English; empty where it says nothing within some seconds."""
    server = {"CUPS_SERVER": os.environ["CUPS_SERVER"]} if os.environ.get("CUPS_SERVER") else {}
    try:
        done = subprocess.run(
            ["lpstat", option], env={"PATH": SYSTEM_PATH, "LC_ALL": "C", **server}, capture_output=True, text=True,
            timeout=5, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _listens(address: tuple[str, int]) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.3)
        return probe.connect_ex(address) == 0
