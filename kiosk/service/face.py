"""What the web faces may ask of the running station, and nothing else: start reading here for menu and panel.

The service passes one object of each kind to `create_menu` and `create_panel`; tests pass their own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from kiosk.rules.queue import Act

# What staff may order; anything else is refused.
STAFF_ACTIONS = (
    "helped", "start", "extend", "finish", "accessible", "not_accessible", "waiting", "not_waiting", "out_of_order",
    "in_service",
)  # fmt: skip


class Face(Protocol):
    """The station as the web faces see it."""

    def status(self) -> dict[str, Any]:
        """The `state` message, from memory: no SQL, no fsync, so that polling costs nothing."""
        ...

    def staff(self, action: str, who: str, minutes: float | None = None, reason: str = "") -> None:
        """Do one of STAFF_ACTIONS in the name of manager `who`; `minutes` only with extend, `reason` with out_of_order.

        RefusedError when the state of the station does not allow it. Its message is an English sentence of the
        `web` catalogue (no values filled in), so that the panel shows it in the language of its reader.
        """
        ...

    def numbers(self, act: Act, number: int | None = None) -> None:
        """A step with the waiting numbers; `number` is the one that staff saw. RefusedError like staff()."""
        ...

    def count_open(self, item_id: str) -> None:
        """Count that a content item was opened: per day and item, never per session."""
        ...

    def count_miss(self, text: str) -> None:
        """Count that a search of the menu found nothing: a sum of the day, and its words as missed_words.py says."""
        ...

    def missed_words(self) -> list[tuple[str, int]]:
        """What at least k sessions of the last 90 days looked for in vain, folded, with how many did."""
        ...

    def stars(self) -> Mapping[str, bool]:
        """Items that a manager put forward on the menu (True) or took off (False), the newest first; from memory."""
        ...

    def star(self, item: str, on: bool, who: str) -> None:
        """Put an item forward, or take it off, in the name of manager `who`. RefusedError like staff()."""
        ...

    def run_program(self, command: str) -> None:
        """Start a program in the citizen's session, named by its command in the policy. RefusedError without one."""
        ...

    def wish(self, lang: str, large: bool, contrast: bool) -> None:
        """The citizen chose on the menu how to read: their bar follows. Nothing where nobody is there."""
        ...

    def read_aloud(self, on: bool) -> None:
        """The citizen wants bar and pages read aloud from now on, or no longer. Nothing where nobody is there."""
        ...

    def tell(self, parts: Sequence[Mapping[str, str]]) -> int:
        """Have these parts of a page (`lang`, `text`, perhaps `name` of a recording) said in the citizen's session,
        instead of what is being said; the number under which `heard` knows them. RefusedError where nobody is there,
        or where too much is asked for.
        """
        ...

    def hush(self, number: int = 0) -> None:
        """Silence, where the page's voice is saying something; with a `number`, only where it is saying just that."""
        ...

    def heard(self) -> dict[str, Any]:
        """The page's voice: `number` of the last words, whether it is `speaking`, whether they were said `whole`;
        how many `files` lie in the citizen's home; `direct`: the browser prints without a dialog. From memory.
        """
        ...

    def print_order(self, action: str, who: str, job: int | None) -> None:
        """`release` or `cancel` a job that waits to be printed, or None: all of them. RefusedError where none waits."""
        ...

    def confirm_date(self, who: str, offset: float) -> None:
        """Manager `who` says that the date is right; `offset` is that of the state message whose date was shown.

        RefusedError like staff().
        """
        ...

    def set_date(self, who: str, wall: datetime) -> None:
        """Set the PC's clock to `wall` in the name of `who`. RefusedError like staff(); status() tells the rest."""
        ...


class Outcome(Protocol):
    """What became of a PIN. Any object with these attributes serves."""

    @property
    def kind(self) -> str:
        """`ok`, `wrong`, `locked` (too many tries) or `nobody` (no manager was added yet)."""
        ...

    @property
    def seconds(self) -> int:
        """With `locked`: seconds until the next try is allowed. Else 0."""
        ...

    @property
    def role(self) -> str:
        """With `ok`: what this person is, one of rules/roles.py. Else empty."""
        ...


class Managers(Protocol):
    """The people who may sign in to the panel. Names and PIN hashes live in the store, with the throttle."""

    def names(self) -> list[str]:
        """All managers, in the order in which the panel lists them."""
        ...

    def check(self, name: str, pin: str) -> Outcome:
        """Whether `pin` is that of `name`; counts the try. An unknown name takes as long and reads as `wrong`."""
        ...
