"""The province's content, fetched by itself: a thread that asks now and then what is due, and a child that does it.

The child is a process of the lowest priority, which loads what this one must not (TUF, TLS) and gives all memory back.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kiosk.clock import LOCAL, Reading
from kiosk.content.updates import progress
from kiosk.content.updates.given import POLICY
from kiosk.rules.fetch_times import Fetched, due, soonest
from kiosk.rules.policy_of_the_office import ContentPolicy
from kiosk.service import given_policy
from kiosk.settings import Paths

log = logging.getLogger(__name__)

# Soon after the start of the service, then every minute; fetch_times.py lets a PC that was just switched on settle.
FIRST_LOOK, LOOK_EVERY = 10.0, 60.0
COMMAND = ("-P", "-m", "kiosk", "content", "update", "--by-itself")


class Updates:
    """`shown` is what panel, status and check tell. Without an address it only shows."""

    def __init__(
        self, paths: Paths, address: str, content: ContentPolicy, read: Callable[[], Reading], language: str = "vi"
    ) -> None:
        self._paths, self._address, self._content, self._read = paths, address, content, read
        self._spoken = spoken(language)
        self._stop = threading.Event()
        self._tried_boot: float | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="updates", daemon=True)

    def start(self) -> None:
        """Begin to look, where there is an address to look at."""
        if self._address:
            self._thread.start()

    def stop(self) -> None:
        """Stop; what the child has fetched so far is kept."""
        self._stop.set()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        pause = FIRST_LOOK
        while not self._stop.wait(pause):
            pause = LOOK_EVERY
            if due(self._content, self._read(), self.fetched()) and not progress.running(self._paths.content):
                self.fetch(self._read())

    def fetch(self, now: Reading) -> int:
        """One update in a child, to its end; its exit code."""
        self._tried_boot = now.boot
        command = [sys.executable, *COMMAND, *(["--trusted"] if now.trusted else [])]
        self._child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, **self._spoken, "KIOSK_HOME": str(self._paths.home)},
        )  # fmt: skip
        _out, said = self._child.communicate()
        if self._child.returncode and not self._stop.is_set():
            log.warning("update: %s", said.decode(errors="replace").strip()[-500:])
        return self._child.returncode

    def fetched(self) -> Fetched:
        """What is known of earlier updates."""
        told = progress.read(self._paths.content)
        return Fetched(_moment(told.get("tried")), _moment(told.get("good")), self._tried_boot)

    def shown(self) -> dict[str, Any]:
        """What runs, what came last, what is next."""
        return facts(self._paths, self._address, self._content, self._read(), self.fetched())


def spoken(language: str) -> dict[str, str]:
    """The environment in which a child says its sentences in that language."""
    return {"LC_ALL": "vi_VN.UTF-8" if language == "vi" else "C.UTF-8", "PYTHONUTF8": "1"}


def facts(
    paths: Paths, address: str, content: ContentPolicy, now: Reading, fetched: Fetched | None = None
) -> dict[str, Any]:
    """The state of updates as data; `next` is local time, "" where nothing comes by itself."""
    told = progress.read(paths.content)
    known = fetched or Fetched(_moment(told.get("tried")), _moment(told.get("good")))
    when = soonest(content, now, known) if address and now.trusted else None
    return {
        "from": address, "run": told.get("run"), "good": told.get("good"), "tried": told.get("tried"),
        "next": f"{when.astimezone(LOCAL):%Y-%m-%d %H:%M}" if when else "",
        "trusted": (paths.content / "trust" / "root.json").exists(),
        "policy_waits": content.take_policy and (paths.content / "given" / POLICY).exists()
        and given_policy.waiting(paths),
    }  # fmt: skip


def _moment(one: dict[str, Any] | None) -> datetime | None:
    try:
        return datetime.fromisoformat((one or {})["at"])
    except (KeyError, ValueError, TypeError):
        return None
