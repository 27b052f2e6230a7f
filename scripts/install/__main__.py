"""Installs kiosk for good, or takes it away: what scripts/install_linux.sh and scripts/uninstall call.

Standard library only, by the system's Python. Start reading at putting.py and removing.py.
"""

import argparse
import errno
import fcntl
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import putting
import removing
from words import Stop, say

LOCK = Path("/run/kiosk-install.lock")


def parsed(words: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="kiosk-install")
    commands = parser.add_subparsers(dest="command", required=True)
    put = commands.add_parser("install")
    put.add_argument("--wheels", type=Path, required=True, help=argparse.SUPPRESS)
    put.add_argument("--lock", type=Path, required=True, help=argparse.SUPPRESS)
    put.add_argument("--zim", type=Path, help=argparse.SUPPRESS)
    put.add_argument("--since", type=float, default=time.time(), help=argparse.SUPPRESS)
    put.add_argument("--version", required=True, help=argparse.SUPPRESS)
    put.add_argument("--answers", type=Path, help="a TOML file that answers the questions")
    put.add_argument("--healthy-within", type=float, default=90.0, help="seconds till the new version must be well")
    take = commands.add_parser("uninstall")
    take.add_argument("--keep-data", action="store_true", help="leave what was counted")
    take.add_argument("--delete-data", action="store_true", help="delete what was counted")
    for one in (put, take):
        one.add_argument("--now", action="store_true", help="also while somebody uses this PC")
    return parser.parse_args(words)


def alone(work: Callable[[argparse.Namespace], None], asked: argparse.Namespace) -> None:
    """One at a time."""
    handle = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Stop(
            "Đang có một lần cài hoặc gỡ kiosk khác. Xin chờ nó xong.",
            "Another installation or removal of kiosk is under way. Wait for its end.",
            4,
        ) from None
    LOCK.unlink()
    work(asked)


def main() -> int:
    """Do it; errors as a sentence, never a traceback."""
    asked = parsed(sys.argv[1:])
    os.umask(0o022)
    try:
        alone(putting.install if asked.command == "install" else removing.uninstall, asked)
    except Stop as why:
        say(why.vietnamese, why.english)
        return why.code
    except OSError as error:
        where, why = error.filename or "?", error.strerror
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            say(
                f"Hết chỗ trên ổ đĩa ({where}). Xin dọn bớt rồi chạy lại.",
                f"The disk is full ({where}). Make room and run this again.",
            )
        else:
            say(
                f"Không ghi được {where}: {why}. Xin sửa rồi chạy lại.",
                f"{where} cannot be written: {why}. Mend that and run this again.",
            )
        return 1
    except KeyboardInterrupt:
        with suppress(OSError):
            say("Đã dừng giữa chừng. Chạy lại thì làm tiếp.", "Stopped half-way. Run again, it goes on.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
