"""The answers of the citizen before the lock, kept here only until they are sent.

A question of kind `one` turns the page when a tile is touched; `several` waits for Continue.
"""

from typing import Any

Question = dict[str, Any]


# Who says so is shown the house rules before going on.
FOR_NEWCOMERS = {"FST_Y", "FST_U"}


class Visit:
    """Which question is in front, and which tiles are chosen (numbers from 0) per question id."""

    def __init__(self) -> None:
        self.step = 0
        self.sent = False
        self.rules = ""  # "due": the house rules stand in front; "read": they have been
        self.chosen: dict[str, tuple[int, ...]] = {}
        self._codes: dict[str, list[str]] = {}

    def begin(self) -> None:
        """A new citizen: nothing chosen."""
        self.step, self.sent, self.rules = 0, False, ""
        self.chosen, self._codes = {}, {}

    leave = begin

    def key(self) -> object:
        """To compare by."""
        return self.step, self.sent, self.rules, tuple(self.chosen.items())

    def choose(self, questions: list[Question], number: int) -> str:
        """Choose or unchoose a tile; "turn" when that answers the question."""
        question = questions[min(self.step, len(questions) - 1)]
        options = question["options"]
        if not 0 <= number < len(options):
            return ""
        name = str(question["id"])
        if question["kind"] == "one":
            self._set(name, options, (number,))
            if not self.rules and set(options[number]["codes"]) & FOR_NEWCOMERS:
                self.rules = "due"
            return "turn"
        now = self.chosen.get(name, ())
        if number in now:
            self._set(name, options, tuple(n for n in now if n != number))
        else:
            kept = tuple(n for n in now if not _exclude(options[n], options[number]))
            self._set(name, options, tuple(sorted((*kept, number))))
        return ""

    def _set(self, name: str, options: list[dict[str, Any]], numbers: tuple[int, ...]) -> None:
        self.chosen[name] = numbers
        self._codes[name] = [code for n in numbers for code in options[n]["codes"]]

    def skip(self, questions: list[Question]) -> None:
        """Take back what was chosen here."""
        name = str(questions[min(self.step, len(questions) - 1)]["id"])
        self.chosen.pop(name, None)
        self._codes.pop(name, None)

    def forward(self, count: int) -> bool:
        """The next question; False after the last."""
        if self.step + 1 >= count:
            return False
        self.step += 1
        return True

    def back(self) -> bool:
        """The question before, or the one after which the rules came; False on the first."""
        if self.rules == "due":
            self.rules = ""
            return True
        if self.step == 0:
            return False
        self.step -= 1
        return True

    def answers(self) -> dict[str, list[str]]:
        """As `sign_in` carries them; a question without a choice is left out."""
        return {name: codes for name, codes in self._codes.items() if codes}


def _exclude(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two options cannot stand together, said by either of them ("*": by itself only)."""
    return any(
        "*" in (a.get("excludes") or ()) or set(a.get("excludes") or ()) & set(b["codes"])
        for a, b in ((one, other), (other, one))
    )
