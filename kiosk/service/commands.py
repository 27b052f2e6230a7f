"""What the command line may ask of the running service. Slow work (PINs, bundles) runs in a thread of its own."""

import logging
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError, UsageError
from kiosk.messages import Message, encode
from kiosk.report import Reports
from kiosk.service.enrolling import Enrolling
from kiosk.service.first_day import FirstDay, shown
from kiosk.service.journal import Journal
from kiosk.service.journal_commands import journal_action
from kiosk.service.keeping import Keeper
from kiosk.service.nightly import Nightly
from kiosk.service.parts import manager_action, report_action
from kiosk.service.peers import Peer
from kiosk.service.staff import Staff
from kiosk.service.ticket_desk import told
from kiosk.store.pins import Managers
from kiosk.translations import LANGUAGES, _, said_in
from kiosk.web.words import known

log = logging.getLogger(__name__)


class Commands:
    """One method per verb of the role `cli`."""

    def __init__(
        self,
        staff: Staff,
        managers: Managers,
        nightly: Nightly,
        keeper: Keeper,
        reports: Reports,
        privacy: Callable[[], Any],
        stop: Callable[[], None],
        updates: Callable[[], dict[str, Any]],
        first_day: FirstDay,
        health: Callable[[], dict[str, Any]] = dict,
        journal: Journal | None = None,
        enrolling: Enrolling | None = None,
    ) -> None:
        self._journal, self._enrolling = journal, enrolling
        self._health = health
        self._first_day = first_day
        self._staff, self._managers, self._nightly, self._stop = staff, managers, nightly, stop
        self._keeper, self._reports, self._privacy, self._updates = keeper, reports, privacy, updates

    def handlers(self) -> dict[str, Callable[[Peer, Message], None]]:
        """By verb."""
        return {
            "status": lambda peer, message: _reply(peer, message, self._status),
            "stop": lambda peer, message: _reply(peer, message, self._stop),
            "session": lambda peer, message: _reply(peer, message, lambda: self._session(message)),
            "make_ticket": _in_thread(self._ticket),
            "manager": _in_thread(self._manager),
            "backup": _in_thread(lambda message: self._keeper.backup(Path(message["to"]), "cli")),
            "report": _in_thread(
                lambda message: report_action(self._reports, **_fields(message), lang=_language(message))
            ),
            "privacy": _in_thread(lambda _message: self._privacy()),
            "journal": _in_thread(self._written),
            "enrol": _in_thread(self._enrol),
            "export": _in_thread(lambda message: self._nightly.action(**_fields(message))),
        }

    def _manager(self, message: Message) -> Any:
        if message["action"] == "code":
            return shown(self._first_day.code())
        return manager_action(self._managers, **_fields(message))

    def _written(self, message: Message) -> Any:
        assert self._journal is not None, "the service has one"
        return journal_action(self._journal, **_fields(message))

    def _enrol(self, message: Message) -> Any:
        assert self._enrolling is not None, "the service has one"
        return self._enrolling.action(**_fields(message))

    def _status(self) -> dict[str, Any]:
        return {**self._staff.status(), "updates": self._updates(), "health": self._health()}

    def _session(self, message: Message) -> None:
        action, minutes = message["action"], message.get("minutes")
        if action in ("print_release", "print_cancel"):
            self._staff.print_now(action.removeprefix("print_"), message.get("who") or "cli", None)
            return
        if action not in ("start", "extend", "finish", "accessible", "not_accessible"):
            raise UsageError("no such action")
        self._staff.do(action, message.get("who") or "cli", None if minutes is None else float(minutes))

    def _ticket(self, message: Message) -> dict[str, Any]:
        count = message.get("count")
        made = self._staff.ticket_desk.make(
            message.get("who") or "cli", message.get("minutes"), message.get("days"), 1 if count is None else count
        )
        return {**told(made), "site": self._staff.status()["site"], "station": self._staff.status()["station"]}


def _language(message: Message) -> str:
    """The language of the terminal that asks."""
    lang = message.get("lang")
    return lang if lang in LANGUAGES else "vi"


def _fields(message: Message) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name not in ("verb", "lang") and value is not None}


def _in_thread(work: Callable[[Message], Any]) -> Callable[[Peer, Message], None]:
    def begin(peer: Peer, message: Message) -> None:
        arguments = (peer, message, lambda: work(message))
        threading.Thread(target=_reply, args=arguments, name="command", daemon=True).start()

    return begin


def _reply(peer: Peer, asked: Message, work: Callable[[], Any]) -> None:
    """Send what came of it, in the asker's language. Refusals of the rules are message ids of the web catalogue."""
    lang = _language(asked)
    try:
        line = encode("reply", ok=True, data=said_in(lang, work()))
    except KioskError as error:
        line = _refused(lang, error)
    except Exception as error:  # the border: whatever is asked, the asker hears a sentence and the service goes on
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("a command failed: %s in %s:%s", type(error).__name__, *where[:2])
        message, hint = _("The command failed inside kiosk."), _("Look at the last lines of its log, then try again.")
        line = _refused(lang, KioskError(message, hint))
    peer.send(line)


def _refused(lang: str, error: KioskError) -> bytes:
    message, hint = known(lang, error.message), known(lang, error.hint) if error.hint else ""
    return encode("reply", ok=False, message=message, hint=hint, exit_code=error.exit_code)
