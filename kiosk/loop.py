"""One thread's loop: it wakes for a readable descriptor, a due timer or a signal, and calls what was asked for."""

import heapq
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping
from itertools import count

Action = Callable[[], None]


class Loop:
    """Descriptors, timers and signals of one process. Seconds are monotonic."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Action]] = []
        self._order = count()
        self._running = True
        self._asked: deque[Action] = deque()
        self._heard, self._knock = socket.socketpair()
        self._heard.setblocking(False)
        self._knock.setblocking(False)
        self.watch(self._heard.fileno(), self._answer_knock)

    def watch(self, fd: int, action: Action) -> None:
        """Call `action` whenever `fd` is readable."""
        self._selector.register(fd, selectors.EVENT_READ, action)

    def forget(self, fd: int) -> None:
        """Stop watching; must come before the descriptor is closed."""
        self._selector.unregister(fd)

    def watches(self, fd: int) -> bool:
        """Whether `fd` is being watched."""
        return fd in self._selector.get_map()

    def after(self, seconds: float, action: Action) -> None:
        """Call `action` once, later."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), action))

    def every(self, seconds: float, action: Action) -> None:
        """Call `action` now and then again and again."""
        action()
        self.after(seconds, lambda: self.every(seconds, action))

    def call_soon(self, action: Action) -> None:
        """Call `action` in the loop, as soon as it is free. The one method that other threads may use."""
        self._asked.append(action)
        try:
            self._knock.send(b"\0")
        except BlockingIOError:
            pass  # the loop is being woken anyway

    def _answer_knock(self) -> None:
        self._heard.recv(4096)
        while self._asked:
            self._asked.popleft()()

    def on_signals(self, actions: Mapping[signal.Signals, Action]) -> None:
        """Handle signals inside the loop, where nothing else is half done."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno())
        self._wakeup = (ours, theirs)

        def drain() -> None:
            for number in ours.recv(64):
                if number in actions:
                    actions[signal.Signals(number)]()

        for number in actions:
            signal.signal(number, lambda *_: None)
        self.watch(ours.fileno(), drain)

    def stop(self) -> None:
        """Leave `run` after the current step."""
        self._running = False

    def close(self) -> None:
        """Give back what it holds; for a loop that does not end with its process."""
        self._selector.close()
        self._heard.close()
        self._knock.close()

    def run(self, after_each: Action) -> None:
        """Run until `stop`; `after_each` is called after every wake-up."""
        while self._running:
            pause = max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None
            for key, _events in self._selector.select(pause):
                # An earlier action of this round may have closed and forgotten this descriptor.
                if key.fd in self._selector.get_map():
                    key.data()
            while self._timers and self._timers[0][0] <= time.monotonic():
                heapq.heappop(self._timers)[2]()
            after_each()
