"""Taking kiosk away: whatever the record says that the installer made, in the other order. Run again, it goes on."""

import os
import shutil
import subprocess
import sys
import zlib
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

import files
import health
import places
import record
import settings
import version
from machine import systemctl
from words import Stop, say

DATA = (health.HOME, health.SITE, settings.WISHES)


def uninstall(asked: Namespace) -> None:
    """All of it; the counted data only as asked."""
    if os.geteuid() != 0:
        raise Stop("Xin chạy bằng quyền root.", "Run this as root.", 4)
    if not record.FOLDER.exists() and not version.OPT.exists():
        say("kiosk không được cài trên máy này.", "kiosk is not installed on this PC.")
        return
    keep = _keeps(asked)
    if not asked.now and version.current() and health.somebody_here(version.current()):
        raise Stop(
            "Đang có người dùng máy này. Xin chạy lại khi máy trống, hoặc thêm --now.",
            "Somebody is using this PC. Run this again when it is free, or add --now.",
            4,
        )
    systemctl("stop", "kiosk.service", "kiosk-x.service", must=False)
    _remove_rules()
    places.put_kernel_back()
    files.take_away()
    systemctl("daemon-reload", must=False)
    systemctl("try-restart", "systemd-logind.service", must=False)
    shutil.rmtree(version.OPT, ignore_errors=True)
    if not keep:
        _remove_data()
    _remove_users(keep)
    files.remove_folders()
    _end(record.noted("packages"), keep)


def _keeps(asked: Namespace) -> bool:
    if asked.keep_data or asked.delete_data:
        return bool(asked.keep_data)
    if not sys.stdin.isatty():
        raise Stop(
            "Giữ hay xóa số liệu đã đếm? Xin thêm --keep-data hoặc --delete-data.",
            "Shall the counted data stay? Add --keep-data or --delete-data.",
            2,
        )
    say(
        "Xóa cả số liệu đã đếm? Gõ yes để xóa; phím khác là giữ lại.",
        "Delete the counted data too? Type yes to delete them; anything else keeps them.",
    )
    return input("> ").strip() != "yes"


def _remove_rules() -> None:
    """The table of nftables (supervisor/port_wall.py), which a supervisor that was killed could not take away."""
    table = f"kiosk-{zlib.crc32(str(health.HOME).encode()):08x}"
    with suppress(FileNotFoundError):
        subprocess.run(["/usr/sbin/nft", "delete", "table", "inet", table], check=False, capture_output=True)


def _remove_data() -> None:
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    for place in reversed([line.split()[1] for line in mounts]):
        if place.startswith(f"{health.HOME}/"):
            subprocess.run(["umount", "-l", place], check=False)
    for path in DATA:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _remove_users(keep: bool) -> None:
    """Those that the installer made; the owner of data that stay stays with them."""
    for user in record.noted("users"):
        if keep and user == "kiosk":
            continue
        for command in (["userdel", user], ["groupdel", user]):
            subprocess.run(command, check=False, capture_output=True)


def _end(packages: list[str], keep: bool) -> None:
    """The packages go last, for Python may be one of them; and with them the record, the shell's last word."""
    ours, needed = _not_needed([name for name in packages if _installed(name)])
    if needed:
        told = " ".join(sorted(needed))
        say(
            f"Các gói này được giữ lại với những gì chúng cần, vì có từ sau hoặc từ nơi khác: {told}.",
            f"These packages stay with what they need, because they came later or from elsewhere: {told}.",
        )
    if keep:
        say(
            f"Số liệu còn ở {health.HOME}, thiết lập ở {health.SITE}.",
            f"The data stay in {health.HOME}, the settings in {health.SITE}.",
        )
    say("Đã gỡ kiosk.", "kiosk was taken away.")
    gone = " ".join(f"'{record.FOLDER / kind}'" for kind in record.KINDS if not (keep and kind == "users"))
    last = f"rm -f {gone}; rmdir '{record.FOLDER}' '{record.FOLDER.parent}' 2>/dev/null; exit 0"
    if ours:
        purge = "DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 purge -y"
        last = f'{purge} "$@" >&2 </dev/null || exit 1; {last}'
    os.execv("/bin/sh", ["/bin/sh", "-c", last, "sh", *ours])


def _installed(package: str) -> bool:
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True)
    return done.stdout.endswith(" installed") or done.stdout.endswith("config-files")


def _not_needed(ours: list[str]) -> tuple[list[str], set[str]]:
    """Those of our packages that can go without dragging others along; and the others, which stay."""
    needed: set[str] = set()
    while ours and (others := set(_would_go(ours)) - set(ours)):
        needed |= others
        kinds = [f"--no-{kind}" for kind in ("suggests", "enhances", "conflicts", "breaks", "replaces", "recommends")]
        command = ["apt-cache", "depends", "--installed", "--recurse", *kinds, *others]
        kept = subprocess.run(command, capture_output=True, text=True).stdout.split()
        if not (left := [name for name in ours if name not in kept]) or left == ours:
            return [], needed
        ours = left
    return ours, needed


def _would_go(packages: list[str]) -> list[str]:
    done = subprocess.run(["apt-get", "-s", "-qq", "purge", *packages], capture_output=True, text=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    return [words[1] for words in lines if words and words[0] in ("Purg", "Remv")]
