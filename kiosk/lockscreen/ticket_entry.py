"""The digits of a ticket as they are typed at the lock, and whether the service's answer is about them."""

from typing import Any

DIGITS = 8


class TicketEntry:
    """`typed` is what stands in the boxes. `sent`: the answer to it is awaited."""

    def __init__(self) -> None:
        self.typed = ""
        self.sent = False
        self._answered: object = None
        self._quiet = True

    def key(self) -> object:
        """To compare by."""
        return self.typed, self.sent, self._quiet

    @property
    def whole(self) -> bool:
        """Whether all digits are there."""
        return len(self.typed) == DIGITS

    def clear(self) -> None:
        """Another citizen, or another try; nothing said of the last one."""
        self.typed, self.sent, self._quiet = "", False, True

    def digit(self, digit: int) -> None:
        """One more, while there is room; what was said of the last number goes."""
        if not self.sent and not self.whole:
            self.typed, self._quiet = self.typed + str(digit), True

    def erase(self) -> None:
        """The last one again."""
        if not self.sent:
            self.typed, self._quiet = self.typed[:-1], True

    def hear(self, answer: dict[str, Any] | None) -> None:
        """The state's `ticket`: a new number is an answer to what was sent."""
        number = (answer or {}).get("number")
        if number == self._answered:
            return
        self._answered = number
        if self.sent and answer is not None:
            self.sent, self._quiet = False, False
            if answer.get("why_not") != "mistyped":
                self.typed = ""

    def why_not(self, answer: dict[str, Any] | None) -> str:
        """What to say beside the boxes; a wait is said as long as it lasts."""
        if answer is None:
            return ""
        why = str(answer.get("why_not") or "")
        return why if why == "wait" or not self._quiet else ""
