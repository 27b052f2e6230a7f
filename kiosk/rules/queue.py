"""Waiting numbers: 1 to 99, given by staff, begun anew each day. A value; each step gives the next. Start at `Queue`.

A number is nobody's name: it is told or printed on a slip, called on the screen of a free PC, and forgotten when
somebody has sat down or the day is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

MOST = 99

Act = Literal["give", "call", "skip", "back", "take_off", "clear", "undo"]
ACTS: tuple[Act, ...] = ("give", "call", "skip", "back", "take_off", "clear", "undo")


@dataclass(frozen=True)
class Queue:
    """`last`: the number given last, 0 for none. `waiting` in their order. `held`: staff have put somebody back, so
    nobody is called by itself until a hand calls again. `before`: what the last step can be undone to, one step deep.
    """

    day: str = ""
    last: int = 0
    waiting: tuple[int, ...] = ()
    called: int | None = None
    held: bool = False
    before: "Queue | None" = None

    @property
    def next(self) -> int | None:
        """Whose turn comes."""
        return self.waiting[0] if self.waiting else None

    @property
    def anybody(self) -> bool:
        """Whether somebody waits, or was called and has not sat down yet."""
        return bool(self.waiting) or self.called is not None

    @property
    def new_number(self) -> int | None:
        """The number that would be given now; None where all are in people's hands."""
        taken = {*self.waiting, self.called}
        following = ((self.last + step) % MOST + 1 for step in range(MOST))
        return next((number for number in following if number not in taken), None)

    def on(self, day: str) -> "Queue":
        """The numbers of that day: those of another are forgotten; given without a date, of the first known."""
        if self.day == day or (not self.day and not self.last):
            return self
        return Queue() if self.day else replace(self, day=day)

    def seated(self) -> "Queue":
        """Somebody sat down: who was called, it is taken."""
        if self.called is None and not self.held:
            return self
        return replace(self, called=None, held=False, before=None)

    def step(self, act: Act, number: int | None) -> "Queue | None":
        """What staff do. `number` is the one that they saw, or None: None comes back where it is not so any more."""
        if number is not None and number != self._meant(act, number):
            return None
        after = self._stepped(act, number)
        if after is None or act == "undo":
            return after
        return replace(after, before=replace(self, before=None))

    def _meant(self, act: Act, number: int) -> int | None:
        match act:
            case "give":
                return self.new_number
            case "skip" | "back":
                return self.called
            case "call" | "take_off":
                return number if number in self.waiting else None
            case _:
                return number

    def _stepped(self, act: Act, number: int | None) -> "Queue | None":
        match act:
            case "give":
                new = self.new_number
                return None if new is None else replace(self, last=new, waiting=(*self.waiting, new))
            case "call":
                return self.call(number)
            case "skip":
                return None if self.called is None else replace(self, called=None, held=False).call()
            case "back":
                return None if self.called is None else self._put_back()
            case "take_off":
                return None if number is None else replace(self, waiting=self._without(number))
            case "clear":
                return replace(self, waiting=(), called=None, held=False)
            case "undo":
                return None if self.before is None else replace(self.before, held=True)

    def call(self, number: int | None = None) -> "Queue":
        """Call this one, or the next. Who was called before it and did not come is called no more."""
        called = self.next if number is None else number
        rest = self.waiting if called is None else self._without(called)
        return replace(self, waiting=rest, called=called, held=False)

    def _put_back(self) -> "Queue":
        back = () if self.called is None else (self.called,)
        return replace(self, waiting=(*back, *self.waiting), called=None, held=True)

    def _without(self, number: int) -> tuple[int, ...]:
        return tuple(one for one in self.waiting if one != number)

    def as_fact(self) -> dict[str, Any]:
        """To be kept as JSON."""
        own = {"day": self.day, "last": self.last, "waiting": list(self.waiting), "called": self.called}
        return {**own, "held": self.held, "before": self.before.as_fact() if self.before else None}


def of_fact(kept: Mapping[str, Any]) -> Queue:
    """What was kept. Whatever is not understood is no number."""
    numbers = [one for one in kept.get("waiting") or [] if _is_number(one)]
    called, last = kept.get("called"), kept.get("last")
    before = kept.get("before")
    return Queue(
        day=str(kept.get("day") or ""),
        last=last if _is_number(last) and isinstance(last, int) else 0,
        waiting=tuple(dict.fromkeys(one for one in numbers if one != called)),
        called=called if _is_number(called) and isinstance(called, int) else None,
        held=kept.get("held") is True,
        before=of_fact({**before, "before": None}) if isinstance(before, Mapping) else None,
    )


def _is_number(one: object) -> bool:
    return isinstance(one, int) and not isinstance(one, bool) and 1 <= one <= MOST
