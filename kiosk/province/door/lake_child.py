"""The lake is brought up to date by a process of its own, at the lowest priority, some time after news has come.

One at a time; what it needs of memory is gone with it, and whatever happens to it does not reach the intake. Where it
fails that is said, and it is tried again, later each time.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.province.home import Home

log = logging.getLogger("kiosk.province")

CHILD = ("-P", "-m", "kiosk.province.door.lake_child")
QUIET, AT_LATEST = 10.0, 60.0  # seconds without news before a build begins; from the first news on
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3_600.0
ENDS_WITHIN = 5.0


class LakeKeeper:
    """Builds after `news`, in a thread of its own, until `close`."""

    def __init__(self, home: Home, quiet: float = QUIET) -> None:
        self._home, self._quiet = home, quiet
        self._changed = threading.Condition()
        self._first = self._last = 0.0
        self._ending = False
        self._child: subprocess.Popen[str] | None = None
        self._pause = FIRST_PAUSE
        self._thread = threading.Thread(target=self._keep, name="lake", daemon=True)

    def start(self) -> None:
        """Begin with what has come while nobody kept it."""
        self._thread.start()
        self.news()

    def news(self) -> None:
        """Something was stored. Costs nothing: called for every request."""
        now = time.monotonic()
        if self._last and now - self._last < 0.5:
            return
        with self._changed:
            self._first, self._last = self._first or now, now
            self._changed.notify()

    def close(self) -> None:
        """Ends a build that runs: what was published stays, the next one begins anew."""
        with self._changed:
            self._ending = True
            self._changed.notify()
            child = self._child
        if child is not None:
            with suppress(OSError):
                child.terminate()
            try:
                child.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                child.kill()
        if self._thread.ident is not None:
            self._thread.join()

    def _keep(self) -> None:
        while self._wait_for_news():
            if self._build():
                self._pause = FIRST_PAUSE
                continue
            with self._changed:
                self._first = self._last = self._first or time.monotonic()
                if not self._ending:
                    self._changed.wait_for(lambda: self._ending, self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _wait_for_news(self) -> bool:
        """True when a build is due, False at the end."""
        with self._changed:
            while not self._ending:
                now = time.monotonic()
                due = min(self._last + self._quiet, self._first + max(self._quiet, AT_LATEST)) if self._first else None
                if due is not None and now >= due:
                    self._first = self._last = 0.0
                    return True
                self._changed.wait(None if due is None else due - now)
            return False

    def _build(self) -> bool:
        try:
            with self._changed:
                if self._ending:
                    return True
                self._child = subprocess.Popen(
                    [sys.executable, *CHILD, str(self._home.path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, text=True, errors="replace", env={**os.environ, "PYTHONUTF8": "1"},
                    start_new_session=True,  # Ctrl+C is for the server, which ends it
                )  # fmt: skip
            _lowest(self._child.pid)
            said, trouble = self._child.communicate()
            failed = self._child.returncode != 0
        except OSError as error:
            said, trouble, failed = "", str(error), True
        finally:
            self._child = None
        if failed and not self._ending:
            log.warning("the lake could not be built, it is tried again: %s", trouble.strip()[-500:])
        elif not failed:
            log.info("lake: %s", said.strip())
        return not failed


def _lowest(pid: int) -> None:
    """Whatever else wants to run, runs first; yet on a machine that is never idle it ends, too."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, 19)


def main(home: Path) -> int:
    """Build; a failure is one line on standard error."""
    from kiosk.province.lake.lake import build

    try:
        built = build(Home(home), datetime.now(timezone.utc))
    except KioskError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    lost = f"; bundles that cannot be read, by day: {built.incomplete}" if built.incomplete else ""
    print(f"edition {built.edition}, {built.bundles} bundles, {built.seconds:.1f} s, {built.megabytes} MB{lost}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
