"""Couriers of this service (export/courier.py): started for one errand, heard line by line, never left alone."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from kiosk.errors import KioskError
from kiosk.translations import _, reason, said_again

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "kiosk.export.courier")
Word = dict[str, Any]


class ErrandFailed(KioskError):
    """What went wrong, in words; `wait`: seconds that the other side wants to be left alone."""

    def __init__(self, message: str, hint: str = "", wait: float = 0.0, code: str = "") -> None:
        super().__init__(message, hint, code)
        self.wait = wait


class Errands:
    """Runs couriers, each in the thread that asks; `stop` ends them all and lets no other begin."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self.stopped = False

    def run(self, job: Word, heard: Callable[[Word], None]) -> Word:
        """The courier's last word, once it has ended well; every word before it went to `heard`. ErrandFailed else.

        What was heard is good also where the errand failed.
        """
        child = self._start(job)
        last: Word = {}
        try:
            assert child.stdout is not None, "a pipe"
            for line in child.stdout:
                last = _word(line)
                if last["tell"] not in ("end", "trouble", ""):
                    heard(last)
        finally:
            child.kill()  # it has ended, or what it says cannot be kept
            child.wait()
            assert child.stdout is not None, "a pipe"
            child.stdout.close()
            with self._gate:
                self._running.discard(child)
        if last.get("tell") == "trouble":
            message, hint = said_again(last["message"]), said_again(last["hint"])
            raise ErrandFailed(message, hint, float(last["wait"]), str(last.get("code", "")))
        if last.get("tell") != "end":
            raise ErrandFailed(_("Sending was cut off."), _("It goes on from there by itself."))
        return last

    def stop(self) -> None:
        """End what runs: whatever it has told is kept, the rest is done next time."""
        with self._gate:
            self.stopped = True
            for child in self._running:
                child.kill()

    def _start(self, job: Word) -> "subprocess.Popen[str]":
        with self._gate:
            if self.stopped:
                raise ErrandFailed(_("The station is stopping."), _("It goes on from there by itself."))
            try:
                child = subprocess.Popen(
                    COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
                    errors="replace", env={**os.environ, "PYTHONUTF8": "1"},
                )  # fmt: skip
            except OSError as error:
                message = _("Nothing can be sent: the computer starts no program: {reason}.", reason=reason(error))
                raise ErrandFailed(message, _("It tries again by itself.")) from None
            self._running.add(child)
        try:
            assert child.stdin is not None, "a pipe"
            with child.stdin:
                child.stdin.write(json.dumps(job, ensure_ascii=False) + "\n")
        except BrokenPipeError:
            log.warning("a courier ended before it was told anything")
        return child


def _word(line: str) -> Word:
    """What a line says; one that was cut by a kill says nothing."""
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    return said if isinstance(said, dict) and "tell" in said else {"tell": ""}
