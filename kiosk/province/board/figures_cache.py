"""Answers reckoned by one worker beside the pages, each once: kept for one edition of the lake at a time.

A page asks `told(figures, ask, codes)`. What is there is answered at once; what is not is put in the line, and after a
moment NotYet is raised: the page then says that it is being reckoned, and comes by itself. When a new edition or
another register is there, what was read last is reckoned anew beside the old answers, which are told until then.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar, TypeVarTuple

from kiosk.errors import KioskError
from kiosk.province.board.figures_shelf import Key, Shelf
from kiosk.province.indicators.world import World

LOG = logging.getLogger("kiosk.province")
MOST = 96  # answers kept
RENEWED = 24  # of them are reckoned anew for a new edition before it is shown
MOST_WAIT = 48  # asks in the line; who comes later waits before it, so that no script keeps the worker for hours
MOMENT = 0.35  # seconds that a page waits before it says that it waits
LOOK_EVERY = 2.0  # seconds
WRONG_KEPT = 10.0  # seconds that an error is told before it is tried again
GUESS = 3.0  # seconds, where nothing of the kind was reckoned before

Ts = TypeVarTuple("Ts")
T = TypeVar("T")
_NEVER = (Exception(), 0.0)


class NotYet(Exception):
    """It is being reckoned. `done`: how much of it, guessed, from 0 to 1; `ahead`: its place in the line, 0: now."""

    def __init__(self, done: float, ahead: int) -> None:
        super().__init__(done, ahead)
        self.done, self.ahead = done, ahead


class FiguresCache:
    """Keeps and reckons. `open_world()` opens the newest; `state()` says, cheaply, what is the newest."""

    def __init__(
        self, open_world: Callable[[], AbstractContextManager[World]], state: Callable[[], Hashable],
        moment: float = MOMENT, look_every: float = LOOK_EVERY,
    ) -> None:  # fmt: skip
        self._open, self._state, self._moment, self._every = open_world, state, moment, look_every
        self._news = threading.Condition()
        self._line: deque[Key] = deque()
        self._begun: tuple[Key, float] | None = None
        self._took: dict[Callable[..., Any], float] = {}
        self._shelf: Shelf | None = None
        self._next: Shelf | None = None
        self._due: list[Key] = []
        self._trouble: tuple[Exception, Hashable, float] | None = None
        self._looked, self._ending = 0.0, False
        self._thread = threading.Thread(target=self._work, name="figures", daemon=True)

    def start(self) -> None:
        """Begin to reckon."""
        self._thread.start()

    def close(self) -> None:
        """End; what is being reckoned is not waited for longer than a moment."""
        with self._news:
            self._ending = True
            self._news.notify_all()
        self._thread.join(5)

    def told(self, work: "Callable[[World, *Ts], T]", *args: *Ts) -> T:
        """What `work(world, *args)` says. NotYet; KioskError where nothing is to reckon with; or what it raised."""
        answer: T = self._found((work, args))
        return answer

    def world(self) -> World:
        """Of what the answers are now made: for its name, edition and register, not to reckon with."""
        until = time.monotonic() + self._moment
        with self._news:
            while self._shelf is None:
                if self._trouble is not None:
                    raise self._trouble[0]
                if not self._news.wait(until - time.monotonic()) and time.monotonic() >= until:
                    raise NotYet(0.0, 0)
            return self._shelf.world

    def _found(self, key: Key) -> Any:
        until = time.monotonic() + self._moment
        with self._news:
            while True:
                if self._shelf is not None and key in self._shelf.answers:
                    self._shelf.answers.move_to_end(key)
                    return self._shelf.answers[key]
                if self._shelf is not None and time.monotonic() < self._shelf.wrong.get(key, _NEVER)[1]:
                    raise self._shelf.wrong[key][0]
                if self._shelf is None and self._trouble is not None:
                    raise self._trouble[0]
                if key not in self._line and (self._begun is None or self._begun[0] != key):
                    if len(self._line) >= MOST_WAIT:
                        raise NotYet(0.0, MOST_WAIT + 1)
                    self._line.append(key)
                    self._news.notify_all()
                left = until - time.monotonic()
                if left <= 0:
                    raise self._not_yet(key)
                self._news.wait(left)

    def _not_yet(self, key: Key) -> NotYet:
        if self._begun is None or self._begun[0] != key:
            return NotYet(0.0, self._line.index(key) + 1 if key in self._line else 0)
        return NotYet(min(0.95, (time.monotonic() - self._begun[1]) / self._took.get(key[0], GUESS)), 0)

    def _work(self) -> None:
        while True:
            with self._news:
                if self._ending:
                    break
                asked = self._line.popleft() if self._line and self._shelf is not None else None
                idle = not self._due and self._next is None
                if asked is None and idle and (left := self._looked + self._every - time.monotonic()) > 0:
                    self._news.wait(left)
                    continue
                if asked is not None:
                    self._begun = (asked, time.monotonic())
            try:
                self._step(asked)
            except Exception:  # the border of a step: the next is tried all the same
                LOG.exception("figures were not reckoned")
                self._looked = time.monotonic()
        for shelf in (self._shelf, self._next):
            if shelf is not None:
                shelf.ends.close()

    def _step(self, asked: Key | None) -> None:
        """One thing at a time: what a page waits for; what is due for the next edition; a look whether there is one."""
        if asked is not None and self._shelf is not None:
            self._reckon(self._shelf, asked)
        elif self._next is not None and self._due:
            self._reckon(self._next, self._due.pop())
        elif self._next is not None:
            self._swap(self._next)
        else:
            self._look()

    def _reckon(self, shelf: Shelf, key: Key) -> None:
        begun = time.monotonic()
        wrong: Exception | None = None
        try:
            answer = key[0](shelf.world, *key[1])
        except KioskError as error:
            wrong, shelf.state = error, None  # the engine may be away: it is opened anew
        except Exception as error:
            LOG.exception("%s was not reckoned", key[0].__name__)
            wrong = error
        with self._news:
            self._took[key[0]] = time.monotonic() - begun
            if wrong is None:
                shelf.answers[key] = answer
            else:
                shelf.wrong[key] = (wrong, time.monotonic() + WRONG_KEPT)
            while len(shelf.answers) > MOST:
                shelf.answers.popitem(last=False)
            self._begun = None
            self._news.notify_all()

    def _look(self) -> None:
        self._looked = time.monotonic()
        try:
            state = self._state()
        except KioskError as error:  # no ledger to be had: what is known is told on, else why there is nothing
            self._tell_trouble(error, None)
            return
        if self._shelf is not None and self._shelf.state == state:
            return
        if self._trouble is not None and self._trouble[1] == state and self._looked < self._trouble[2]:
            return
        ends = ExitStack()
        try:
            opened = Shelf(state, ends.enter_context(self._open()), ends)
        except Exception as error:
            if not isinstance(error, KioskError):
                LOG.exception("the lake was not opened")
            ends.close()
            self._tell_trouble(error, state)
            return
        self._next = opened
        self._due = list(self._shelf.answers)[-RENEWED:] if self._shelf is not None else []

    def _tell_trouble(self, error: Exception, state: Hashable) -> None:
        with self._news:
            self._trouble = (error, state, self._looked + WRONG_KEPT)
            self._line.clear()
            self._news.notify_all()

    def _swap(self, shelf: Shelf) -> None:
        with self._news:
            before, self._shelf, self._next, self._trouble = self._shelf, shelf, None, None
            self._news.notify_all()
        if before is not None:
            before.ends.close()
