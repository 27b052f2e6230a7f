"""What the panel may tell of a long import in another process: content/work.json, rewritten while it goes on.

{"pid", "name", "step", "at", "done", "whole"}: `name` of the pack, `at` what is just being worked on; done and whole
in bytes where the step counts bytes. Nobody waits for it, and a disk that takes nothing only loses the words.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.content.shelf_making import Told

NAME = "work.json"
EVERY = 1.0  # seconds between two writes


@contextmanager
def noted(content: Path, name: str, told: Told) -> Iterator[Told]:
    """`told` that also writes down what it hears. To be used by the one process that changes the library."""
    written = time.monotonic()

    def heard(step: str, at: str, done: int, whole: int) -> None:
        nonlocal written
        told(step, at, done, whole)
        if (now := time.monotonic()) - written >= EVERY:
            written = now
            _write(content, {"pid": os.getpid(), "name": name, "step": step, "at": at, "done": done, "whole": whole})

    try:
        yield heard
    finally:
        (content / NAME).unlink(missing_ok=True)


def _write(content: Path, data: dict[str, Any]) -> None:
    beside = content / f".{NAME}"
    try:
        beside.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        os.chmod(beside, 0o640)
        os.replace(beside, content / NAME)
    except OSError:
        return


def read(content: Path) -> dict[str, Any] | None:
    """What is going on; None when nothing is, also after a process that was killed."""
    try:
        found = json.loads((content / NAME).read_text(encoding="utf-8"))
        alive = Path(f"/proc/{int(found['pid'])}").exists()
        return {**found, "done": int(found["done"]), "whole": int(found["whole"])} if alive else None
    except (OSError, ValueError, TypeError, KeyError):
        return None
