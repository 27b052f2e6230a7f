"""What officers order of a province: done by whichever process has the home, so that no order waits for another's end.

While `serve` runs, an order goes to it over a socket in the home (orders_door.py) and is done there; else the command
takes the home itself. An order is a function whose first argument is the Office; the others, and what it returns, are
what JSON can carry. To add one: its name and place in ORDERS, then `carry_out(home, "name", field=...)` in its command.
"""

import getpass
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any

from kiosk.errors import DamagedError, KioskError, RefusedError, SettingsError, UsageError
from kiosk.export.signing import Key
from kiosk.province.home import Home, load, must_be_home, the_one
from kiosk.province.intake.intake import Intake, open_intake
from kiosk.province.memory.ledger import Ledger
from kiosk.province.settings import Settings
from kiosk.translations import _, kept, said_again

# Name -> module and function.
ORDERS = {
    "station list": "kiosk.province.joining.stations:list_all",
    "station show": "kiosk.province.joining.stations:show",
    "station revoke": "kiosk.province.joining.stations:revoke",
    "station seen": "kiosk.province.joining.stations:seen",
    "station code": "kiosk.province.joining.code_sheet:give",
    "ingest": "kiosk.province.intake.orders:take_in",
    "quarantine release": "kiosk.province.intake.orders:release",
    "clock": "kiosk.province.door.server_clock:look",
    "clock confirm": "kiosk.province.door.server_clock:confirm",
    "key rotate": "kiosk.province.door.key_change:rotate",
    "sites import": "kiosk.province.register.orders:take",
    "sites merge": "kiosk.province.register.orders:merge",
    "sites rename": "kiosk.province.register.orders:rename",
    "sites freeze": "kiosk.province.register.orders:freeze_list",
    "task add": "kiosk.province.task_orders:add",
    "task edit": "kiosk.province.task_orders:edit",
    "task move": "kiosk.province.task_orders:move",
    "guides add": "kiosk.province.guide_orders:take",
    "baseline set": "kiosk.province.baseline_orders:set_figure",
    "baseline load": "kiosk.province.baseline_orders:load",
    "baseline remove": "kiosk.province.baseline_orders:remove",
    "board code": "kiosk.province.board.entry_orders:code",
    "board begin": "kiosk.province.board.entry_orders:begin",
    "board attempt": "kiosk.province.board.entry_orders:attempt",
    "board right": "kiosk.province.board.entry_orders:right",
    "board person add": "kiosk.province.board.entry_orders:add",
    "board person change": "kiosk.province.board.entry_orders:change",
    "board link": "kiosk.province.board.entry_orders:link",
    "board unlink": "kiosk.province.board.entry_orders:unlink",
}
SOCKET = "serve.sock"
MAX_ORDER = 64 << 20  # bytes: a nation's list of sites with its history
PATIENCE = 5.0  # seconds in which a server that begins or ends has done so
KINDS: dict[int, type[KioskError]] = {
    kind.exit_code: kind for kind in (KioskError, UsageError, SettingsError, RefusedError, DamagedError)
}


def utc_now() -> datetime:
    """The machine's time."""
    return datetime.now(timezone.utc)


@dataclass
class Office:
    """An open home, and who orders. `changed` and `news` tell the server: of card, key or clock; of bundles."""

    home: Home
    settings: Settings
    intake: Intake
    who: str
    now: Callable[[], datetime] = utc_now
    changed: Callable[[], None] = field(default=lambda: None)
    news: Callable[[], None] = field(default=lambda: None)

    @property
    def ledger(self) -> Ledger:
        """Its ledger."""
        return self.intake.ledger

    @property
    def key(self) -> Key:
        """The province's own."""
        return self.intake.key


def carry_out(path: Path, name: str, /, **fields: Any) -> Any:
    """The result of an order on the home at `path`. KioskError as the order raised it, in this terminal's language."""
    home, until = must_be_home(path), time.monotonic() + PATIENCE
    while True:
        asked, result = _asked(home, name, fields)
        if asked:
            return result
        try:
            with the_one(home), _office(home) as office:
                return run(office, name, fields)
        except RefusedError:
            # Somebody has the home: a server between its begin and its socket, or another command.
            if _is_free(home) or time.monotonic() > until:
                raise
            time.sleep(0.1)


def run(office: Office, name: str, fields: dict[str, Any]) -> Any:
    """Do it here and now. KeyError for an order that is none."""
    module, _colon, function = ORDERS[name].partition(":")
    return getattr(import_module(module), function)(office, **fields)


def who_asks() -> str:
    """The person at this terminal, as the machine knows them: also behind sudo."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def outcome(error: KioskError) -> dict[str, Any]:
    """An error as it goes over the socket."""
    return {"ok": False, "exit_code": error.exit_code, "message": kept(error.message), "hint": kept(error.hint)}


@contextmanager
def socket_address(home: Home) -> Iterator[str]:
    """The socket's path in few letters, however long the home's is: the system takes no more than 107."""
    handle = os.open(home.path, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)


@contextmanager
def _office(home: Home) -> Iterator[Office]:
    settings = load(home.path)
    intake = open_intake(home)
    try:
        yield Office(home, settings, intake, who_asks())
    finally:
        intake.close()


def _is_free(home: Home) -> bool:
    try:
        with the_one(home):
            return True
    except RefusedError:
        return False


def _asked(home: Home, name: str, fields: dict[str, Any]) -> tuple[bool, Any]:
    """Whether a server was there to be asked, and what it answered."""
    line = json.dumps({"order": name, "who": who_asks(), "fields": fields}).encode() + b"\n"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            with socket_address(home) as address:
                connection.connect(address)
        except OSError:
            return False, None
        try:
            connection.sendall(line)
            with connection.makefile("rb") as file:
                answer = json.loads(file.read() or b"{}")
        except (OSError, ValueError):
            answer = {}
    if answer.get("ok"):
        return True, answer.get("data")
    if not answer:
        raise KioskError(
            _("The province's server ended before it answered."), _("Look whether it was done; if not, try again.")
        )
    kind = KINDS.get(answer.get("exit_code", 1), KioskError)
    raise kind(said_again(answer.get("message")), said_again(answer.get("hint")))
