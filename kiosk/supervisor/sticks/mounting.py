"""Which file systems citizens bring, and how each is mounted: never with programs, devices or rights of its own.

By the kernel where it knows them. Where it does not (NTFS and exFAT of some kernels), by the helper of Debian's package
that does the same in a process of its own (FUSE). Links on them lead nowhere, where the kernel can do that.
"""

import errno
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk.settings import SYSTEM_PATH
from kiosk.supervisor import linux
from kiosk.supervisor.users import Identity

FLAGS = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC | linux.MS_NOATIME
BLKID_WITHIN, HELPER_WITHIN = 15, 20
# By the names that blkid gives: the kernel's name, and the helpers where the kernel has none.
KERNEL = {"vfat": "vfat", "exfat": "exfat", "ntfs": "ntfs3", "ext2": "ext4", "ext3": "ext4", "ext4": "ext4"}
HELPERS = {"ntfs": "ntfs-3g", "exfat": "mount.exfat-fuse"}


def is_known(kind: str) -> bool:
    """Whether a citizen may bring such a file system."""
    return kind in KERNEL


def probe(node: str) -> dict[str, str]:
    """What blkid says lies there: TYPE and LABEL, where it can tell."""
    try:
        told = subprocess.run(
            ["blkid", "-p", "-o", "export", node], capture_output=True, timeout=BLKID_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    lines = told.stdout.decode(errors="replace").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def mount(node: str, place: str, kind: str, citizen: Identity, read_only: bool) -> None:
    """Mount it at `place` for the citizen; OSError when it cannot be. One that takes no writing is at least read."""

    def by(way: Callable[[str, str, str, Identity, int], None]) -> None:
        if not read_only:
            with suppress(OSError):
                return way(node, place, kind, citizen, 0)
        return way(node, place, kind, citizen, linux.MS_RDONLY)

    try:
        by(_by_kernel)
    except OSError as error:
        if error.errno != errno.ENODEV or kind not in HELPERS:
            raise
        by(_by_helper)


def _by_kernel(node: str, place: str, kind: str, citizen: Identity, only: int) -> None:
    """Also a stick with its switch on "lock", and one that was not closed well, can be mounted read-only."""
    owned = f"uid={citizen.uid},gid={citizen.gid},umask=077,iocharset=utf8"
    options = {"vfat": f"{owned},utf8=1,flush,errors=remount-ro", "exfat": f"{owned},errors=remount-ro", "ntfs3": owned}
    name = KERNEL[kind]
    bounded(lambda more: linux.mount(node, place, name, FLAGS | only | more, options.get(name, "errors=remount-ro")))


def bounded(mount: Callable[[int], None]) -> None:
    """What is not mounted with its links leading nowhere is mounted all the same: a kernel may not know how."""
    try:
        mount(linux.MS_NOSYMFOLLOW)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        mount(0)


def _by_helper(node: str, place: str, kind: str, citizen: Identity, only: int) -> None:
    """It stays behind as root's own process, which ends when the stick is unmounted.

    Not every helper understands every bound: it mounts where nobody can go, and what is shown has them all.
    """
    program = shutil.which(HELPERS[kind], path=SYSTEM_PATH)
    if program is None:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), node)
    aside = Path(place).parent / ".aside"
    aside.mkdir(mode=0o700, exist_ok=True)
    options = f"nosuid,nodev,noexec,noatime,allow_other,uid={citizen.uid},gid={citizen.gid},umask=077"
    with suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            [program, "-o", f"{options},ro" if only else options, node, str(aside)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=HELPER_WITHIN, check=False, cwd="/", env={"PATH": SYSTEM_PATH, "LANG": "C.UTF-8"},
        )  # fmt: skip
        if done.returncode == 0:
            try:
                bounded(
                    lambda more: linux.mount("", str(aside), "", linux.MS_REMOUNT | linux.MS_BIND | FLAGS | only | more)
                )
                linux.bind(str(aside), place)
                return
            finally:
                linux.unmount(str(aside))
    raise OSError(errno.EIO, os.strerror(errno.EIO), node)
