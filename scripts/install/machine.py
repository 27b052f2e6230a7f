"""The PC: its room, and what is asked of its systemd."""

import shutil
import subprocess
from pathlib import Path

from words import Stop

NEEDED_MB = 800


def need_room(place: Path, megabytes: int = NEEDED_MB) -> None:
    """Stop before anything is begun that the disk cannot hold."""
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free >> 20
    if free < megabytes:
        raise Stop(
            f"Ổ đĩa của {place} chỉ còn {free} MB, cần {megabytes} MB. Xin dọn bớt rồi chạy lại.",
            f"Only {free} MB are free on the disk of {place}, {megabytes} MB are needed. Make room and run this again.",
        )


def systemctl(*words: str, must: bool = True) -> bool:
    """Ask systemd; what it says is shown. Stop where it must, and does not."""
    done = subprocess.run(["systemctl", *words], stdin=subprocess.DEVNULL, capture_output=not must)
    if must and done.returncode != 0:
        asked = " ".join(words)
        raise Stop(
            f"Lệnh systemctl {asked} không được. Xin xem: journalctl -u kiosk -u kiosk-x, rồi chạy lại.",
            f"systemctl {asked} failed. Look at journalctl -u kiosk -u kiosk-x, then run this again.",
        )
    return done.returncode == 0
