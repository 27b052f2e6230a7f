"""What the panel and `kiosk check` read of updates: content/update.json, rewritten while one runs.

{"run": {"step", "name", "done", "whole", "cuts", "from", "since"} or null,       done and whole in bytes
 "tried": {"at", "from", "trouble"},  "good": {"at", "from", "edition", "published", "moved", "items", "warnings"}}

It imports nothing of TUF: the idle service reads it. Lost in a power cut it costs nothing but the words.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.clock import LOCAL
from kiosk.errors import RefusedError
from kiosk.translations import _, kept, said_again

NAME, LOCK = "update.json", "update.lock"
EVERY = 1.0  # seconds between two writes


def read(content: Path) -> dict[str, Any]:
    """What there is; `run` only while somebody really runs."""
    try:
        found = json.loads((content / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    if isinstance(tried := found.get("tried"), dict):
        tried["trouble"] = said_again(tried.get("trouble"))
    return found if found.get("run") is None or running(content) else {**found, "run": None}


def running(content: Path) -> bool:
    """Whether an update is going on: its lock ends with it, however it ends."""
    try:
        handle = os.open(content / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def alone(content: Path) -> Iterator[None]:
    """Be the one update. RefusedError when another runs."""
    content.mkdir(mode=0o750, parents=True, exist_ok=True)
    handle = os.open(content / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RefusedError(_("An update is running already."), _("Wait until it has ended.")) from None
        yield
    finally:
        os.close(handle)


def in_words(code: str, published: datetime) -> str:
    """A warning about the province's tree as a sentence."""
    date = f"{published.astimezone(LOCAL):%d/%m/%Y}"
    sentences = {
        "undated": _(
            "This PC's date cannot be trusted, so how old the content is cannot be judged: it is of {date}.", date=date
        ),
        "expired": _("The province's signatures have run out; its content was not renewed since {date}.", date=date),
        "stale": _("The province's content was not renewed since {date}.", date=date),
    }
    return sentences.get(code, code)


class Diary:
    """Writes it."""

    def __init__(self, content: Path) -> None:
        self._content, self._data, self._written = content, read(content), 0.0

    def begin(self, source: str, at: str) -> None:
        """An update starts."""
        self._data["run"] = {"step": "look", "name": "", "done": 0, "whole": 0, "cuts": 0, "from": source, "since": at}
        self._data["tried"] = {"at": at, "from": source, "trouble": ""}
        self._write()

    def told(self, step: str, name: str, done: int, whole: int) -> None:
        """How far it is."""
        if (now := time.monotonic()) - self._written >= EVERY:
            self._data["run"] |= {"step": step, "name": name, "done": done, "whole": whole}
            self._written = now
            self._write()

    def cut(self, cuts: int) -> None:
        """How often it was cut so far."""
        self._data["run"]["cuts"] = cuts
        self._write()

    def good(self, facts: dict[str, Any]) -> None:
        """It went well."""
        self._data |= {
            "run": None,
            "good": {**facts, "at": self._data["tried"]["at"], "from": self._data["tried"]["from"]},
        }
        self._write()

    def bad(self, trouble: str) -> None:
        """It did not; the sentence says why."""
        self._data["run"] = None
        self._data["tried"]["trouble"] = kept(trouble)
        self._write()

    def _write(self) -> None:
        beside = self._content / f".{NAME}"
        try:
            beside.write_text(json.dumps(self._data, ensure_ascii=False), encoding="utf-8")
            os.replace(beside, self._content / NAME)
        except OSError:
            pass  # a full disk: the update itself tells of it
