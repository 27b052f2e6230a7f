"""Reads the lock's screens aloud: once when Listen is touched, and from then on each new screen by itself.

Any touch stops it. Never reads while the session is seen, so that nobody hears a voice they did not ask for.
"""

import time
from typing import TYPE_CHECKING, NamedTuple

from kiosk.lockscreen.screens import called
from kiosk.lockscreen.voice.voice import Part, Voice, can_speak
from kiosk.settings import Paths, home_dir

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


# Who cannot see tries keys: after this many that mean nothing on START, within so many seconds, one sentence helps.
STRAY_KEYS, STRAY_SECONDS, HINT_EVERY = 3, 10.0, 60.0


class Seen(NamedTuple):
    """What the citizen has before them: when `place` changes it is another screen, else a change on the same one."""

    place: tuple[object, ...] = ()
    chosen: tuple[int, ...] = ()
    typed: int = 0
    told: bool = False


class Reader:
    """The lock's voice. `follow` is called after each drawing, `touched` before each touch is obeyed."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self._voice = Voice(lock.tk, Paths(home_dir()).audio, lock.redraw_soon)
        self._seen = Seen()
        self._before = ""  # what the touch that turns the page is answered with, before the new page is read
        self._cut = False  # this touch has stopped the voice
        self._strays: list[float] = []
        self._hinted = -HINT_EVERY
        self._called: int | None = None

    @property
    def offered(self) -> bool:
        """Whether there is anything to speak with."""
        return self.speaking or can_speak()

    @property
    def speaking(self) -> bool:
        """Whether it reads just now."""
        return self._voice.speaking

    def touched(self) -> None:
        """A key, a click or a finger: silence."""
        if self.speaking:
            self._voice.stop()
            self._cut = True

    def obeyed(self) -> None:
        """What was touched is done."""
        self._cut = False

    def stop(self) -> None:
        """Silence, at once."""
        self._voice.stop()

    def listen(self) -> None:
        """The button Listen, or Stop while it reads: then the next screens are not read either."""
        if not self.offered:
            return
        self._lock.citizen.listen(not self._cut)
        if not self._cut:
            self._read()

    def answer(self, name: str) -> None:
        """Answer a touch shortly: before the next page where it turns the page, else now."""
        self._before = name

    def strayed(self) -> None:
        """A key that means nothing was pressed: perhaps by somebody who cannot see START."""
        now = time.monotonic()
        self._strays = [*(then for then in self._strays if now - then < STRAY_SECONDS), now]
        wanted = self._lock.page == "start" and not self._lock.prefs.voice and not self._lock.deaf
        if wanted and len(self._strays) >= STRAY_KEYS and now - self._hinted >= HINT_EVERY and can_speak():
            from kiosk.lockscreen.voice import spoken

            self._hinted = now
            self._say(spoken.short(self._lock, "hint"))

    def follow(self) -> None:
        """Read the screen if it is a new one, or say what changed on it."""
        had, self._seen = self._seen, self._look()
        before, self._before = self._before, ""
        if self._seen.place != had.place:
            # Who has left may hear the farewell to its end.
            if had.place[1:2] != ("goodbye",) or self._lock.page != "start":
                self._voice.stop()
            if self._may_read():
                self._read(before)
            self._call()
        elif self._may_read() and (before or self._seen != had):
            self._say_change(had, before)

    def _call(self) -> None:
        """Where the site wants it, a called number is said to the room, once, also to people who read the screen."""
        lock, state = self._lock, self._lock.state
        now = called.number(lock) if lock.page == "start" else self._called
        had, self._called = self._called, now
        wanted = now is not None and now != had and (state.get("queue") or {}).get("spoken")
        if wanted and lock.cover.covered and not lock.cover.yielding and not lock.prefs.voice and can_speak():
            from kiosk.lockscreen.voice import spoken

            self._say(spoken.call(lock))

    def _look(self) -> Seen:
        lock, state = self._lock, self._lock.state
        place: tuple[object, ...] = (lock.cover.covered, lock.page, lock.prefs.lang)
        chosen: tuple[int, ...] = ()
        if lock.page == "start":
            place += (state.get("start_refused"), state.get("ticket_refused"), called.number(lock))
        elif lock.page == "ticket":
            place += (lock.ticket.sent, lock.ticket.why_not(state.get("ticket")))
        elif lock.page == "question" and state.get("questions"):
            step = min(lock.visit.step, len(state["questions"]) - 1)
            place += (step,)
            chosen = lock.visit.chosen.get(str(state["questions"][step]["id"]), ())
        return Seen(place, chosen, len(lock.ticket.typed), bool(state.get("help_asked")))

    def _may_read(self) -> bool:
        """Covered, asked for, and not the old lock, which a fresh one relieves after each session."""
        cover = self._lock.cover
        return self._lock.prefs.voice and cover.covered and not cover.yielding and can_speak()

    def _read(self, before: str = "") -> None:
        from kiosk.lockscreen.voice import spoken

        first = spoken.short(self._lock, before) if before else []
        self._say([*first, *spoken.page(self._lock)])

    def _say_change(self, had: Seen, before: str) -> None:
        from kiosk.lockscreen.voice import spoken

        now, parts = self._seen, spoken.short(self._lock, before) if before else []
        if now.chosen != had.chosen:
            parts += spoken.choice(self._lock, bool(set(now.chosen) - set(had.chosen)), len(now.chosen))
        if now.typed != had.typed:
            parts += spoken.typed(self._lock)
        if now.told and not had.told:
            parts += spoken.short(self._lock, "told")
        if parts:
            self._say(parts)

    def _say(self, parts: list[Part]) -> None:
        self._voice.say(self._lock.prefs.lang, parts)
        self._lock.redraw_soon()
