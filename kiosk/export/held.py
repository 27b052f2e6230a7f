"""A folder that is held open, for places that strangers have had in their hands: a stick, a share.

Everything in it is reached from the open folder and by its own name. No link is followed, neither of a file nor of a
folder; a pipe or a device holds nobody; nothing is read longer than was asked for.
"""

import errno
import os
import re
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PART = re.compile(r"\.[0-9a-f]{16}\.part")
OLD = 3600.0  # seconds: whoever wrote a part so long ago was cut off


class Held:
    """Every method may raise OSError. To be closed, or used by `with`."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def at(cls, folder: Path) -> "Held":
        """The folder of that path; the path itself is the caller's own and may lead over links."""
        return cls(os.open(folder, _FOLDER))

    def inner(self, name: str, make: bool = False) -> "Held":
        """The folder of that name in it; NotADirectoryError for a link to one."""
        if make:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=self._handle)
        return Held(os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=self._handle))

    def __enter__(self) -> "Held":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let it go."""
        os.close(self._handle)

    def is_at(self, path: Path) -> bool:
        """Whether it is still what lies at that path: nothing was unmounted over our heads."""
        return os.path.samestat(os.fstat(self._handle), os.stat(path))

    def names(self, most: int) -> list[str]:
        """What lies in it, in no order, and never more than `most`."""
        with os.scandir(self._handle) as entries:
            return [entry.name for entry in islice(entries, most)]

    def parted(self, most: int) -> tuple[list[str], list[str]]:
        """The names of folders and of all else, the same way."""
        with os.scandir(self._handle) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in islice(entries, most)]
        return [name for name, inner in found if inner], [name for name, inner in found if not inner]

    def read(self, name: str, most: int) -> bytes | None:
        """The beginning of a file, `most` bytes of it; None where no plain file has that name."""
        handle = self._plain(name)
        if handle is None:
            return None
        with open(handle, "rb") as file:
            return file.read(most)

    def holds(self, name: str, content: bytes) -> bool:
        """Whether a plain file of that name says exactly this; the size is looked at first."""
        handle = self._plain(name)
        if handle is None:
            return False
        with open(handle, "rb") as file:
            return os.fstat(handle).st_size == len(content) and file.read(len(content) + 1) == content

    def write(self, name: str, content: bytes, mode: int | None = None, beside: str = "") -> None:
        """The file, whole and on the disk when this returns. `mode`: other rights than a new file of ours has.

        It is written beside under a name that nobody can have laid a trap at, then takes the place of what has its own.
        `beside`: the name, where the folder is ours alone, so that a power cut leaves one such file and no more.
        """
        if beside:
            self.remove(beside)
        beside = beside or f".{os.urandom(8).hex()}.part"
        try:
            handle = os.open(beside, _NEW, 0o666 if mode is None else mode, dir_fd=self._handle)
            with open(handle, "wb") as file:
                file.write(content)
                file.flush()
                if mode is not None:
                    os.fchmod(handle, mode)
                os.fsync(handle)
            os.replace(beside, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        except OSError:
            self.remove(beside)
            raise
        self.sync()

    def remove(self, name: str) -> None:
        """Take the file or the link away, as far as that can be done."""
        with suppress(OSError):
            os.unlink(name, dir_fd=self._handle)

    def has(self, name: str) -> bool:
        """Whether anything has that name."""
        with suppress(FileNotFoundError):
            os.stat(name, dir_fd=self._handle, follow_symlinks=False)
            return True
        return False

    def is_folder(self, name: str) -> bool:
        """Whether a folder has that name, and no link to one."""
        with suppress(FileNotFoundError):
            return S_ISDIR(os.stat(name, dir_fd=self._handle, follow_symlinks=False).st_mode)
        return False

    def sync(self) -> None:
        """The names in it are on the disk when this returns."""
        try:
            os.fsync(self._handle)
        except OSError as error:
            if error.errno != errno.EINVAL:  # some file systems of sticks and shares cannot; the files are flushed
                raise

    def sweep(self, most: int) -> None:
        """Takes away what power cuts have left of files that were being written."""
        for name in self.names(most):
            if _PART.fullmatch(name):
                with suppress(OSError):
                    made = os.stat(name, dir_fd=self._handle, follow_symlinks=False).st_mtime
                    if abs(time.time() - made) > OLD:
                        os.unlink(name, dir_fd=self._handle)

    def _plain(self, name: str) -> int | None:
        """A descriptor of a plain file. It is looked at first: merely to open some devices does something."""
        try:
            if not S_ISREG(os.stat(name, dir_fd=self._handle, follow_symlinks=False).st_mode):
                return None
            handle = os.open(name, _READ, dir_fd=self._handle)
        except FileNotFoundError:
            return None
        if S_ISREG(os.fstat(handle).st_mode):
            return handle
        os.close(handle)
        return None
