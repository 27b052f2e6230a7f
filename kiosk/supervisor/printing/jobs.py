"""The jobs of one session: waiting at the desk, with the printer, or done; and the pages of them that count.

A page counts when the printer has taken its job. It is taken back when that job is cancelled or fails there before the
session ends, less the sheets that the printer says it has made.
"""

import contextlib
import json
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.supervisor.printing.ipp import IppError
from kiosk.supervisor.printing.printer import COMPLETED, RealPrinter

MOST_REPORTED = 40


@dataclass
class Waiting:
    """A job that lies at the desk. `since`: seconds since boot. `kept`: only a word of the staff lets it print."""

    path: Path
    pages: int
    size: int
    since: float
    kept: bool = False
    over: bool = False


class Jobs:
    """What lies in `inbox` and what `printer` was given. `freely`: print what comes, within `pages_max`."""

    def __init__(self, inbox: Path, printer: RealPrinter, pages_max: int, freely: bool) -> None:
        self._inbox, self._printer, self._freely = inbox, printer, freely
        self._max = pages_max
        self._book = inbox.with_name("state") / "pages"
        self._waiting: dict[int, Waiting] = {}
        self._last = 0
        self.trouble = ""
        self._pages, self._printing = self._read_book()

    def look(self, may_print: bool) -> None:
        """Find new jobs, print those that may, and see what became of those that the printer has."""
        self._find()
        self._follow()
        for number, job in list(self._waiting.items()):
            if self._freely and may_print and not job.kept and not self._would_pass(job):
                self._print(number)
        for job in self._waiting.values():
            job.over = self._would_pass(job)

    def release(self, number: int | None) -> None:
        """The staff let a job print, also one that passes the limit; None: all that do not."""
        for one, job in list(self._waiting.items()):
            if one == number or (number is None and not self._would_pass(job)):
                self._print(one)

    def cancel(self, number: int | None) -> None:
        """The staff, or the citizen through them, want a job no more; None: all that wait."""
        for one in [one for one in self._waiting if number in (one, None)]:
            self._waiting.pop(one).path.unlink(missing_ok=True)

    def still_printing(self) -> bool:
        """Whether the printer still has something of ours."""
        self._follow()
        return bool(self._printing)

    def report(self) -> dict[str, Any]:
        """Numbers only: no title is known here."""
        jobs = [
            {"id": number, "pages": job.pages, "kb": -(-job.size // 1024), "since": round(job.since), "over": job.over}
            for number, job in sorted(self._waiting.items())
        ]
        return {"waiting": len(jobs), "pages": self._pages, "jobs": jobs[:MOST_REPORTED]}

    def _would_pass(self, job: Waiting) -> bool:
        return bool(self._max) and self._pages + job.pages > self._max

    def _find(self) -> None:
        try:
            found = [(entry.stat(follow_symlinks=False), Path(entry.path)) for entry in os.scandir(self._inbox)]
        except OSError:
            return  # it is being wiped, or a job just left
        known = {job.path for job in self._waiting.values()}
        for info, path in sorted(found, key=lambda one: one[0].st_mtime):
            _name, pages, ending = ([*path.name.split("."), "", ""])[:3]
            if ending == "pdf" and pages.isdecimal() and path not in known and stat.S_ISREG(info.st_mode):
                self._last += 1
                since = time.clock_gettime(time.CLOCK_BOOTTIME)
                self._waiting[self._last] = Waiting(path, int(pages), info.st_size, since)

    def _print(self, number: int) -> None:
        """Give it to the printer, and the pages to the count. A printer that does not take it leaves it waiting."""
        job = self._waiting[number]
        try:
            self._printing[self._printer.send(job.path)] = job.pages
        except OSError:
            self.trouble = self._printer.trouble() or "refused"
            job.kept = True  # not tried again and again: the staff see why, and release it when that is mended
            return
        self.trouble = ""
        self._pages += job.pages
        self._write_book()
        del self._waiting[number]
        job.path.unlink(missing_ok=True)

    def _follow(self) -> None:
        for number, pages in list(self._printing.items()):
            try:
                job = self._printer.job(number)
                if not job.over:
                    continue
                self._printer.purge(number)
            except IppError:
                continue
            del self._printing[number]
            if job.state != COMPLETED:
                self._pages -= pages - min(pages, job.impressions)
            self._write_book()

    def _read_book(self) -> tuple[int, dict[int, int]]:
        """What an earlier helper of this session had counted."""
        try:
            book = json.loads(self._book.read_text(encoding="utf-8"))
            return int(book["pages"]), {int(number): int(pages) for number, pages in book["printing"].items()}
        except (OSError, ValueError, KeyError):
            return 0, {}

    def _write_book(self) -> None:
        # After the session's end the desk is gone, and nobody reads it any more.
        with contextlib.suppress(OSError):
            self._book.write_text(json.dumps({"pages": self._pages, "printing": self._printing}), encoding="utf-8")
