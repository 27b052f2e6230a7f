"""An ear for tests: in place of the loudspeaker a program that keeps what is played, at the pace of speech.

`python ear.py FOLDER SPEED` reads a WAV and plays it SPEED times as fast. FOLDER then has each sound as `<time>.pcm`,
and `two` if another one was still playing. `Ear` also puts a program before espeak-ng that keeps what it is given.
"""

import array
import fcntl
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

Sound = Sequence[int]  # 16-bit samples
RATE = 22_050
HEADER = 44


class Ear:
    """`environment` is what to start a lock or a bar with."""

    def __init__(self, folder: Path, speed: float = 1.0) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        programs = folder / "programs"
        programs.mkdir(exist_ok=True)
        (folder / "words").touch()
        shim, real = programs / "espeak-ng", shutil.which("espeak-ng")
        # It becomes the voice, so that it is one process with one pid, as in earnest.
        kept = f'given=$(mktemp -p "{folder}")\ncat >"$given"\ncat "$given" >>"{folder}/words"\n'
        shim.write_text(f'#!/bin/sh\n{kept}exec {real} "$@" <"$given"\n', encoding="utf-8")
        shim.chmod(0o755)
        player = f"{sys.executable} {Path(__file__).resolve()} {folder} {speed}"
        self.environment = {"KIOSK_PLAYER": player, "PATH": f"{programs}:{os.environ['PATH']}"}

    def words(self) -> str:
        """All that the voice was given to say since `forget`."""
        return (self.folder / "words").read_text(encoding="utf-8")

    def forget(self) -> None:
        """Begin anew."""
        (self.folder / "words").write_text("", encoding="utf-8")
        for sound in self.folder.glob("*.pcm"):
            sound.unlink()

    def sounds(self) -> list[Sound]:
        """What was heard, sound by sound."""
        return [samples(path.read_bytes()) for path in sorted(self.folder.glob("*.pcm"))]

    def heard_two(self) -> bool:
        """Whether two spoke at the same time."""
        return (self.folder / "two").exists()


def samples(data: bytes) -> Sound:
    """Bytes as 16-bit samples."""
    return array.array("h", data[: len(data) // 2 * 2])


def loudness(sound: Sound) -> float:
    """Root of the mean square; speech of espeak-ng has some thousands, silence 0."""
    return (sum(one * one for one in sound) / max(1, len(sound))) ** 0.5


def _kept(folder: Path) -> Path:
    """Where a sound is kept; nowhere for a program of a session, which writes to its own places alone."""
    return folder / f"{time.monotonic_ns()}.pcm" if os.access(folder, os.W_OK) else Path(os.devnull)


def listen(folder: Path, speed: float) -> None:
    """Play to the end of the input."""
    busy_file = folder / "busy"
    with busy_file.open("r" if busy_file.exists() else "w") as busy:
        try:
            fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with (folder / "two").open("ab") as two:  # a file, or a pipe
                two.write(b"2")
        sys.stdin.buffer.read(HEADER)
        with _kept(folder).open("wb", buffering=0) as kept:
            while heard := sys.stdin.buffer.read(RATE // 10 * 2):
                kept.write(heard)
                time.sleep(len(heard) / 2 / RATE / speed)


if __name__ == "__main__":
    listen(Path(sys.argv[1]), float(sys.argv[2]))
