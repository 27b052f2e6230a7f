"""The store thread: it alone owns the connection and runs short jobs from a queue, each in one transaction.

Threads sharing a connection broke each other's transactions when tried, and two connections meet SQLite's WAL-reset
bug (3.7.0 to 3.51.2). So callers hand over a function and wait; an exception comes back to them.
"""

import itertools
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from kiosk.errors import DamagedError, RefusedError
from kiosk.lean_sqlite import Database
from kiosk.store.commit_times import CommitTimes
from kiosk.store.connection import mark_damaged, open_database
from kiosk.store.facts import touch
from kiosk.store.failures import explain
from kiosk.store.images import take
from kiosk.store.jobs import untransacted
from kiosk.translations import _

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

FIRST, LATER, LAST = 0, 1, 2  # a sign-in goes before a slice of a report, and closing after everything
LOG_LIMIT = 2_000_000  # bytes of write-ahead log after which it is emptied as soon as nobody waits

Task = tuple[int, int, Callable[[Database], Any] | None, Future[Any], bool, bool]


class Store:
    """The station's memory at `path`. Opening raises KioskError where the file cannot serve; `close` before exit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log_file = path.with_name(path.name + "-wal")
        self._queue: queue.PriorityQueue[Task] = queue.PriorityQueue()
        self._count = itertools.count()
        self._closed = False
        self._gate = threading.Lock()
        self._forget = False
        self.commits = CommitTimes()
        self.damaged = False  # found while it was used: the owner should end, for the next start restores a copy
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._serve, args=(opened,), name="store", daemon=True)
        self._thread.start()
        opened.result()

    def run(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The job's result, once it is committed and on the disk; or its exception, with nothing of it kept."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a job may not wait for another job")
        return self._put(FIRST, job, *args, **kwargs).result()

    def submit(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Like run, without waiting."""
        return self._put(FIRST, job, *args, **kwargs)

    def submit_later(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Like submit, behind everything that is urgent: for slices of a report (keep each under 20 ms)."""
        return self._put(LATER, job, *args, **kwargs)

    def image(self) -> sqlite3.Connection:
        """All of it as of one moment, in memory: taken in small steps, between which everything urgent runs."""
        return self._put(LATER, untransacted(lambda db: take(db.conn, lambda: self._let_urgent_pass(db)))).result()

    def close(self) -> None:
        """Finishes what was handed over, empties the log and gives the file free. Twice does no harm."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put((LAST, next(self._count), None, Future(), False, False))
        self._thread.join()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _put(
        self, urgency: int, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        future: Future[T] = Future()
        marks = getattr(job, "__dict__", {})
        with self._gate:
            if self._closed:
                raise RefusedError(_("The store is closed."), _("Start kiosk again."))
            self._queue.put(
                (
                    urgency,
                    next(self._count),
                    lambda db: job(db, *args, **kwargs),
                    future,
                    bool(marks.get("untransacted")),
                    bool(marks.get("forgetting")),
                )
            )
        return future

    def _serve(self, opened: Future[None]) -> None:
        try:
            db = open_database(self.path)
        except BaseException as error:
            self._closed = True
            opened.set_exception(error)
            return
        opened.set_result(None)
        try:
            self._empty_log(db)
            while self._step(db):
                pass
        finally:
            db.close()

    def _step(self, db: Database) -> bool:
        """One task; False when it was the last."""
        _urgency, _number, work, future, untransacted, forgetting = self._queue.get()
        if work is None:
            self._empty_log(db)
            return False
        if future.set_running_or_notify_cancel():
            try:
                result = work(db) if untransacted else _in_transaction(db, work, self.commits)
            except (sqlite3.Error, UnicodeDecodeError) as error:
                future.set_exception(self._told(error))
            except BaseException as error:  # the border of the loop: the caller hears of it, the thread lives on
                future.set_exception(error)
            else:
                self._forget = self._forget or forgetting
                future.set_result(result)
        if self._forget or (self._queue.empty() and self._log_is_long()):
            self._empty_log(db)
        return True

    def _let_urgent_pass(self, db: Database) -> None:
        """Runs what is urgent in the middle of a long task that is in no transaction."""
        while self._urgent():
            self._step(db)

    def _urgent(self) -> bool:
        with self._queue.mutex:
            return bool(self._queue.queue) and self._queue.queue[0][0] == FIRST

    def _told(self, error: sqlite3.Error | UnicodeDecodeError) -> Exception:
        """The error in our words. Damage that shows only now is marked, so that the next start restores a copy."""
        told = explain(error, self.path)
        if isinstance(told, DamagedError):
            self.damaged = True
            mark_damaged(self.path)
        return told

    def _log_is_long(self) -> bool:
        try:
            return self._log_file.stat().st_size > LOG_LIMIT
        except OSError:
            return False

    def _empty_log(self, db: Database) -> None:
        """Moves the log into the file and truncates it; tried again after the next job when the disk refuses.

        The first write into an empty log costs a second fsync, for the log's head. It is made here, with a row that
        says nothing, while nobody waits: so that the next sign-in costs one.
        """
        try:
            db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._forget = False
            if not self._closed:
                touch(db)
        except sqlite3.Error as error:
            log.warning("the write-ahead log could not be emptied: %s", getattr(error, "sqlite_errorname", "?"))


def _in_transaction(db: Database, work: Callable[[Database], T], commits: CommitTimes) -> T:
    """The work between BEGIN IMMEDIATE and COMMIT. A job that only reads costs no fsync by it."""
    db.conn.execute("BEGIN IMMEDIATE")
    before = db.conn.total_changes
    try:
        result = work(db)
        with commits.measured(db.conn.total_changes != before):
            db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
    return result
