"""The station's enrolment at its province: what is known of it, in memory, and the child of a moment that changes it.

The child loads what this process must not (cryptography, TLS as a client): it is asked on its standard input, so that
no code stands among the arguments of a process, and answers with one JSON object.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import ANOTHER_PLACE, STAYS_BEHIND, KioskError, UsageError
from kiosk.export import enrolment
from kiosk.export.addresses import address_and_code
from kiosk.export.enrolment import Enrolled
from kiosk.service.client import KINDS
from kiosk.service.site_names import is_shipped
from kiosk.settings import Paths, Site
from kiosk.translations import _, said_again, terminal_language

CHILD = ("-P", "-m", "kiosk.service.enrolling_child")
CHILD_SECONDS = 120
JOIN, ROTATE, FORGET, STATUS = "join", "rotate", "forget", "status"


@dataclass(frozen=True)
class Changed:
    """`renamed`: site or number are others from the next start of the service on. `enrolled`: None after leaving."""

    enrolled: Enrolled | None
    renamed: bool = False


class Enrolling:
    """`enrolled` is read once and after each change: whoever polls asks no disk. `trouble`: why it cannot be read.

    `changed` is told of each change, by whom, once it counts.
    """

    def __init__(
        self,
        paths: Paths,
        site: Callable[[], Site],
        read: Callable[[], Reading],
        changed: Callable[[str, str, Changed], None] = lambda _action, _who, _changed: None,
        waiting_days: Callable[[], int] = lambda: 0,
    ) -> None:
        self._paths, self._site, self._read, self._changed = paths, site, read, changed
        self._waiting_days = waiting_days
        self._one_at_a_time = threading.Lock()
        self.enrolled: Enrolled | None = None
        self.trouble: KioskError | None = None
        self.look()

    def look(self) -> Enrolled | None:
        """Read it anew: the courier may have taken a newer card."""
        try:
            self.enrolled, self.trouble = enrolment.load(self._paths), None
        except KioskError as error:
            self.enrolled, self.trouble = None, error
        return self.enrolled

    def join(self, url: str, code: str, take_over: bool, who: str, leave_behind: bool = False) -> Changed:
        """Join by a code. KioskError of every kind, in words, and nothing is changed."""
        address_and_code(url, code)  # what is mistyped is said at once
        return self._do(JOIN, who, url=url, code=code, take_over=take_over, leave_behind=leave_behind)

    def rotate(self, who: str) -> Changed:
        """Another key."""
        return self._do(ROTATE, who)

    def forget(self, who: str) -> Changed:
        """Leave the province."""
        return self._do(FORGET, who)

    def action(
        self,
        action: str,
        url: str = "",
        code: str = "",
        take_over: bool = False,
        leave_behind: bool = False,
        who: str = "cli",
    ) -> Any:
        """What a command asks."""
        match action:
            case "join":
                renamed = self.join(url, code, take_over, who, leave_behind).renamed
                return {**self.facts(), "renamed": renamed}
            case "rotate":
                self.rotate(who)
            case "forget":
                self.forget(who)
            case "status":
                self.look()
            case _:
                raise UsageError("no such action")
        return self.facts()

    def facts(self) -> dict[str, Any]:
        """As a command shows it; DamagedError where what is kept cannot be read."""
        if self.trouble is not None:
            raise self.trouble
        return facts_of(self.enrolled)

    def _do(self, action: str, who: str, **asked: Any) -> Changed:
        with self._one_at_a_time:
            station = about(self._site(), self._read(), self._waiting_days())
            told = _child(self._paths, {"action": action, **asked, **station})
            found = Changed(self.look(), bool(told.get("renamed")))
        if self.trouble is not None:
            raise self.trouble
        self._changed(action, who, found)
        return found


def is_of_another_place(error: KioskError) -> bool:
    """Whether a code was refused because it is for another computer: then it may be that this one has moved."""
    return error.code == ANOTHER_PLACE


def leaves_something_behind(error: KioskError) -> bool:
    """Whether it was refused because days wait under the name that the computer would give up."""
    return error.code == STAYS_BEHIND


def about(site: Site, now: Reading, waiting_days: int) -> dict[str, Any]:
    """What the child must know of the station."""
    at = now.wall.isoformat(timespec="seconds")
    return {"site": site.code, "station": site.station, "name": site.name, "unnamed": is_shipped(site), "now": at,
            "waiting_days": waiting_days}  # fmt: skip


def facts_of(enrolled: Enrolled | None) -> dict[str, Any]:
    """The enrolment as data, without keys."""
    if enrolled is None:
        return {"enrolled": False}
    return {
        "enrolled": True, "province": enrolled.name, "site": enrolled.site, "station": enrolled.station,
        "urls": list(enrolled.urls), "key": enrolled.key, "at": enrolled.at, "way": enrolled.way,
        "card": enrolled.version,
    }  # fmt: skip


def _child(paths: Paths, asked: dict[str, Any]) -> dict[str, Any]:
    sentence = _("The station could not speak to the province: a part of kiosk failed.")
    hint = _("Look at the last lines of its log, then try again.")
    spoken = "vi_VN.UTF-8" if terminal_language() == "vi" else "C.UTF-8"
    try:
        done = subprocess.run(
            [sys.executable, *CHILD], input=json.dumps(asked), capture_output=True, text=True, timeout=CHILD_SECONDS,
            env={**os.environ, "KIOSK_HOME": str(paths.home), "LC_ALL": spoken, "PYTHONUTF8": "1"}, check=False,
        )  # fmt: skip
        told = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise KioskError(
            _("The province's server takes too long to answer."), _("The network may be slow; try again later.")
        ) from error
    except (OSError, ValueError, IndexError) as error:
        raise KioskError(sentence, hint) from error
    if not isinstance(told, dict):
        raise KioskError(sentence, hint)
    if told.get("ok"):
        return told
    kind = KINDS.get(told.get("exit_code", 1), KioskError)
    failed = kind(said_again(told.get("message")) or sentence, said_again(told.get("hint")))
    failed.code = str(told.get("code", ""))
    raise failed
