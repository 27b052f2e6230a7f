"""Reads the lock's screens aloud: once when Listen is touched, and from then on each new screen by itself.

Any touch stops it. Never reads while the session is seen, so that nobody hears a voice they did not ask for.
"""

from typing import TYPE_CHECKING

from kiosk.lockscreen.voice import Part, Voice, can_speak
from kiosk.settings import Paths, home_dir

if TYPE_CHECKING:
    from kiosk.lockscreen.lock import Lock


class Reader:
    """The lock's voice. `follow` is called after each drawing, `touched` before each touch is obeyed."""

    def __init__(self, lock: "Lock") -> None:
        self._lock = lock
        self._voice = Voice(lock.tk, Paths(home_dir()).audio, lock.redraw_soon)
        self._place: tuple[object, ...] = ()
        self._chosen: tuple[int, ...] = ()
        self._told = False
        self._before = ""  # what the touch that turns the page is answered with, before the new page is read
        self._cut = False  # this touch has stopped the voice

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

    def follow(self) -> None:
        """Read the screen if it is a new one, or say what changed on it."""
        place, chosen, told = self._now()
        had, self._place = self._place, place
        taken, self._chosen = self._chosen, chosen
        before, self._before = self._before, ""
        news, self._told = told and not self._told, told
        if place != had:
            # Who has left may hear the farewell to its end.
            if had[1:2] != ("goodbye",) or place[1] != "start":
                self._voice.stop()
            if self._may_read():
                self._read(before)
        elif self._may_read() and (chosen != taken or before or news):
            self._say_change(set(taken), before, news)

    def _now(self) -> tuple[tuple[object, ...], tuple[int, ...], bool]:
        """Where the citizen is (when that changes, a new screen is in front of them), what is chosen, staff told."""
        lock, state = self._lock, self._lock.state
        refused = state.get("start_refused") if lock.page == "start" else None
        place = lock.cover.covered, lock.page, lock.visit.step, refused, lock.prefs.lang
        questions = state.get("questions") if lock.page == "question" else None
        if not questions:
            return place, (), bool(state.get("help_asked"))
        name = str(questions[min(lock.visit.step, len(questions) - 1)]["id"])
        return place, lock.visit.chosen.get(name, ()), bool(state.get("help_asked"))

    def _may_read(self) -> bool:
        """Covered, asked for, and not the old lock, which a fresh one relieves after each session."""
        cover = self._lock.cover
        return self._lock.prefs.voice and cover.covered and not cover.yielding and can_speak()

    def _read(self, before: str = "") -> None:
        from kiosk.lockscreen import spoken

        first = spoken.short(self._lock, before) if before else []
        self._say([*first, *spoken.page(self._lock)])

    def _say_change(self, taken: set[int], before: str, news: bool) -> None:
        from kiosk.lockscreen import spoken

        parts = spoken.short(self._lock, before) if before else []
        if set(self._chosen) != taken:
            parts += spoken.choice(self._lock, bool(set(self._chosen) - taken), len(self._chosen))
        if news:
            parts += spoken.short(self._lock, "told")
        self._say(parts)

    def _say(self, parts: list[Part]) -> None:
        self._voice.say(self._lock.prefs.lang, parts)
        self._lock.redraw_soon()
