"""`python -m kiosk.supervisor.sticks.saving HOME STICK FOLDER`: copies a citizen's documents to a folder on a stick.

Runs as the citizen, within the session's bounds: whatever lies in the home or on the stick, it can do no more than they
could. Says how it goes in JSON lines: `{"done", "of"}` in kilobytes now and then, at last `{"files"}` or `{"trouble"}`.
"""

import errno
import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

# Where programs keep what a citizen made; other folders, and hidden ones, are the programs' own.
FOLDERS = ("Documents", "Downloads", "Pictures", "Desktop")
UNFINISHED = (".crdownload", ".part", ".tmp")
SPARE = 1 << 20  # bytes for the stick's own tables
PIECE = 1 << 18
SAY_EVERY = 0.4
# What FAT and NTFS take in no name.
_REFUSED = {ord(one): "_" for one in '\\/:*?"<>|'} | {number: "_" for number in range(32)}


class Trouble(Exception):
    """Why nothing more is copied, as one word."""


def main(home: Path, stick: Path, folder: str) -> int:
    """Copy, and say how it went; 1 when not everything was copied."""
    try:
        files, number = save(home, stick, folder)
        say(files=files, number=number)
    except Trouble as trouble:
        say(trouble=str(trouble))
        return 1
    except OSError as error:
        say(trouble=word_for(error))
        return 1
    return 0


def save(home: Path, stick: Path, folder: str) -> tuple[int, int]:
    """How many files were copied, and the number of their folder among those of its name.

    Trouble or OSError when it cannot go on; what is copied until then stays.
    """
    found = list(documents(home))
    whole = sum(size for _path, size in found)
    if not found:
        raise Trouble("nothing")
    room = os.statvfs(stick)
    if whole + SPARE > room.f_bavail * room.f_frsize:
        raise Trouble("full")
    target, number = new_folder(stick, folder)
    done, said = 0, time.monotonic()
    for path, _size in found:
        for piece in copy(path, target / named(path.relative_to(home))):
            done += piece
            if time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                say(done=done >> 10, of=max(done, whole) >> 10)
    return len(found), number


def documents(home: Path) -> Iterator[tuple[Path, int]]:
    """Every finished file that a citizen would call theirs, with its size. Links are not followed."""
    for entry in sorted(os.scandir(home), key=lambda one: one.name):
        if entry.is_file(follow_symlinks=False) and wanted(entry.name):
            yield Path(entry.path), entry.stat(follow_symlinks=False).st_size
    for folder in FOLDERS:
        if (home / folder).is_symlink():
            continue
        for where, inner, names in os.walk(home / folder):
            inner[:] = sorted(one for one in inner if wanted(one))
            for name in sorted(filter(wanted, names)):
                path = Path(where, name)
                info = path.lstat()
                if stat.S_ISREG(info.st_mode):
                    yield path, info.st_size


def wanted(name: str) -> bool:
    """Neither hidden nor half loaded."""
    return not name.startswith(".") and not name.endswith(UNFINISHED)


def named(path: Path) -> Path:
    """The same path in names that every stick takes."""
    return Path(*(part.translate(_REFUSED).rstrip(". ") or "_" for part in path.parts))


def new_folder(stick: Path, folder: str) -> tuple[Path, int]:
    """A folder that was not there before, and the number in its name: nothing on the stick is ever written over."""
    for number in range(1, 1000):
        target = stick / (folder if number == 1 else f"{folder} ({number})")
        try:
            target.mkdir()
        except FileExistsError:
            continue
        return target, number
    raise Trouble("failed")


def copy(source: Path, target: Path) -> Iterator[int]:
    """Copy one file, yielding the bytes of each piece; two names that are one on the stick both stay."""
    reading = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(reading, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(reading).st_mode):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(_create(target), "wb", buffering=0) as out:
            while piece := file.read(PIECE):
                rest = memoryview(piece)
                while rest:
                    rest = rest[out.write(rest) :]
                yield len(piece)
            os.fsync(out.fileno())


def _create(target: Path) -> int:
    number = 1
    while True:
        name = target if number == 1 else target.with_name(f"{target.stem} ({number}){target.suffix}")
        try:
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            number += 1


def word_for(error: OSError) -> str:
    """A word that the bar has a sentence for."""
    words = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EFBIG: "too_big", errno.EROFS: "read_only"}
    words |= {errno.EACCES: "read_only", errno.EPERM: "read_only"}
    return words.get(error.errno or 0, "failed")


def say(**fields: object) -> None:
    """One line to the supervisor."""
    print(json.dumps(fields), flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
