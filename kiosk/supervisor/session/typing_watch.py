"""Whether the citizen types Vietnamese: asked of fcitx5 as the citizen, ordered by the bar, told to the service.

One small program every two seconds (2.4 ms of processor) is cheaper than a bus client of our own, and what it says is
read as one digit: nothing that a citizen runs can say more to the supervisor than that.
"""

import os
import time
from collections.abc import Callable

from kiosk.loop import Loop
from kiosk.supervisor.event_log import log
from kiosk.supervisor.processes import Process
from kiosk.supervisor.session.session import Session

LOOK_EVERY = 2.0
ANSWER_WITHIN = 3.0
# What fcitx5-remote prints: 0 no window has the keyboard, 1 plain letters, 2 the input method.
SAYS = {b"1": "en", b"2": "vi"}
SWITCH = {"en": "-c", "vi": "-o"}


class Typing:
    """`say` reports to the service: a verb and its fields. At most one question is under way."""

    def __init__(self, loop: Loop, say: Callable[..., bool], session: Callable[[], Session | None]) -> None:
        self._loop, self._say, self._session = loop, say, session
        self._round = 0
        self._lang = ""
        self._asking: tuple[Process, int, float] | None = None

    def expect(self, session: Session) -> None:
        """A session begins: told before its programs start, so that the bar has its choice from the first draw."""
        self._lang = ""
        if session.station.programs.input_method is not None:
            self._lang = "vi" if session.wishes.lang == "vi" else "en"
            self._say("typing", lang=self._lang)

    def begin(self) -> None:
        """Its programs were started, or it was taken over."""
        self._round += 1
        number = self._round
        self._loop.after(LOOK_EVERY / 2, lambda: self._look(number))

    def say_again(self) -> None:
        """To a service that has just come."""
        if self._lang and self._session() is not None:
            self._say("typing", lang=self._lang)

    def switch(self, lang: str) -> None:
        """Type Vietnamese ("vi") or plain letters ("en") from now on; anything else is no order."""
        if lang in SWITCH:
            self._ask([SWITCH[lang]])
            # Fcitx5 has taken the order when its little program ends; a moment later it also says so.
            self._loop.after(0.1, lambda: self._ask([]))

    def _look(self, number: int) -> None:
        session = self._session()
        if session is None or session.station.programs.input_method is None or number != self._round:
            return
        self._ask([])
        self._loop.after(LOOK_EVERY, lambda: self._look(number))

    def _ask(self, words: list[str]) -> None:
        session = self._session()
        if session is None or session.station.programs.input_method is None:
            return
        if self._asking is not None:
            if time.monotonic() - self._asking[2] < ANSWER_WITHIN and not words:
                return
            self._forget()
        reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            process = session.spawn("typing_remote", ["fcitx5-remote", *words], writing)
        except OSError as error:
            log(f"fcitx5-remote cannot be started: {error.strerror}")
            os.close(reading)
            return
        finally:
            os.close(writing)
        self._asking = (process, reading, time.monotonic())
        self._loop.watch(reading, self._hear)

    def _hear(self) -> None:
        if self._asking is None:
            return
        try:
            answer = os.read(self._asking[1], 16).strip()
        except OSError:
            answer = b""
        self._forget()
        lang = SAYS.get(answer, "")
        if lang and lang != self._lang and self._session() is not None:
            self._lang = lang
            self._say("typing", lang=lang)

    def _forget(self) -> None:
        """Its answer was read, or it came too late."""
        if self._asking is not None:
            process, reading, _since = self._asking
            self._asking = None
            self._loop.forget(reading)
            os.close(reading)
            process.kill()
            process.close()
