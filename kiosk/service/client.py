"""How a command asks the running service: one line out, one line back, over the service's socket."""

import socket
from typing import Any

from kiosk.errors import DamagedError, KioskError, RefusedError, SettingsError, UsageError
from kiosk.messages import LineBuffer, decode, encode
from kiosk.settings import Paths
from kiosk.translations import _, terminal_language

KINDS: dict[int, type[KioskError]] = {
    kind.exit_code: kind for kind in (KioskError, UsageError, SettingsError, RefusedError, DamagedError)
}


def running(paths: Paths) -> bool:
    """Whether a service listens in this home."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(paths.socket))
        except PermissionError:
            return True
        except OSError:
            return False
        return True


def ask(paths: Paths, verb: str, timeout: float = 30.0, **fields: Any) -> Any:
    """The service's answer; its refusal as the KioskError it was there. RefusedError when no service runs.

    It is told the language of this terminal and answers in it; its own is nobody's.
    """
    lines = LineBuffer()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        try:
            connection.connect(str(paths.socket))
            connection.sendall(encode(verb, **{"lang": terminal_language(), **fields}))
            while data := connection.recv(65_536):
                for line in lines.feed(data):
                    answer = decode(line)
                    if answer["verb"] == "reply":
                        return _answer(answer)
        except PermissionError:
            raise RefusedError(
                _("You may not speak to this station's service."), _("Run the command as root or as the user kiosk.")
            ) from None
        except TimeoutError:
            raise KioskError(
                _("The service does not answer."), _("It restarts by itself when it hangs; try again in a minute.")
            ) from None
        except OSError:
            raise RefusedError(
                _("No kiosk is running in {home}.", home=paths.home), _("Start it with kiosk run (or scripts/run).")
            ) from None
    raise KioskError(_("The service ended before it answered."), _("It restarts by itself; try again."))


def _answer(answer: dict[str, Any]) -> Any:
    if answer.get("ok"):
        return answer.get("data")
    kind = KINDS.get(answer.get("exit_code", 1), KioskError)
    raise kind(str(answer.get("message", "")), str(answer.get("hint", "")))
