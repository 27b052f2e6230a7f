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
from kiosk.service.keeping import Keeper
from kiosk.service.nightly import Nightly
from kiosk.service.parts import manager_action, report_action
from kiosk.service.peers import Peer
from kiosk.service.staff import Staff
from kiosk.store.pins import Managers
from kiosk.translations import _, translate

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
    ) -> None:
        self._staff, self._managers, self._nightly, self._stop = staff, managers, nightly, stop
        self._keeper, self._reports, self._privacy = keeper, reports, privacy

    def handlers(self) -> dict[str, Callable[[Peer, Message], None]]:
        """By verb."""
        return {
            "status": lambda peer, _message: _reply(peer, self._staff.status),
            "stop": lambda peer, _message: _reply(peer, self._stop),
            "session": lambda peer, message: _reply(peer, lambda: self._session(message)),
            "manager": lambda peer, message: _in_thread(
                peer, lambda: manager_action(self._managers, **_fields(message))
            ),
            "backup": lambda peer, message: _in_thread(peer, lambda: self._keeper.backup(Path(message["to"]), "cli")),
            "report": lambda peer, message: _in_thread(peer, lambda: report_action(self._reports, **_fields(message))),
            "privacy": lambda peer, _message: _in_thread(peer, self._privacy),
            "export": lambda peer, message: _in_thread(peer, lambda: self._nightly.action(**_fields(message))),
        }

    def _session(self, message: Message) -> None:
        action, minutes = message["action"], message.get("minutes")
        if action not in ("start", "extend", "finish"):
            raise UsageError("no such action")
        try:
            self._staff.do(action, message.get("who") or "cli", None if minutes is None else float(minutes))
        except KioskError as error:
            # Refusals are message ids of the web catalogue; the terminal's language is the asker's.
            lang = message.get("lang") or "vi"
            raise type(error)(translate(lang, "web", error.message), translate(lang, "web", error.hint)) from None


def _fields(message: Message) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "verb" and value is not None}


def _in_thread(peer: Peer, work: Callable[[], Any]) -> None:
    threading.Thread(target=_reply, args=(peer, work), name="command", daemon=True).start()


def _reply(peer: Peer, work: Callable[[], Any]) -> None:
    try:
        line = encode("reply", ok=True, data=work())
    except KioskError as error:
        line = encode("reply", ok=False, message=error.message, hint=error.hint, exit_code=error.exit_code)
    except Exception as error:  # the border: whatever is asked, the asker hears a sentence and the service goes on
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("a command failed: %s in %s:%s", type(error).__name__, *where[:2])
        message, hint = _("The command failed inside kiosk."), _("Look at the last lines of its log, then try again.")
        line = encode("reply", ok=False, message=message, hint=hint, exit_code=1)
    peer.send(line)
