"""`kiosk province board`: the board as a process of its own, beside `serve` or without it, ended by SIGTERM."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import KioskError
from kiosk.province.board.app import create_board
from kiosk.province.board.desk import Desk
from kiosk.province.board.people import People
from kiosk.province.door.tls import Tls, names_of
from kiosk.province.home import load, must_be_home
from kiosk.province.orders import carry_out, utc_now
from kiosk.translations import _
from kiosk.web.hosts import Hosts, only_this_pc
from kiosk.web.limits import Limits
from kiosk.web.server import serve

if TYPE_CHECKING:
    import ssl

log = logging.getLogger("kiosk.province")

THREADS = 8
CHORES_EVERY = 3_600.0  # seconds
LIMITS = Limits(connections=512, per_peer=64, most_uploads=0)


@dataclass(frozen=True)
class Ready:
    """What is told when it serves. `code`: for the first officer, where there is nobody yet."""

    name: str
    url: str
    host: str
    port: int
    fingerprint: str
    code: str
    home: Path


def run(path: Path, listen: str, tell: Callable[[Ready], None], engine: str = "duckdb", url: str = "") -> None:
    """Serve until SIGTERM or SIGINT. KioskError where it cannot begin."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    with serving(path, listen, engine, url) as (ready, chores):
        tell(ready)
        while not ending.wait(CHORES_EVERY):
            chores()
        log.info("ending")


@contextmanager
def serving(
    path: Path, listen: str, engine: str = "duckdb", url: str = ""
) -> Iterator[tuple[Ready, Callable[[], None]]]:
    """While it lasts the board of the province at `path` is served; with what is to be done every hour."""
    home, settings = must_be_home(path), load(path)
    desk = Desk(home, engine=engine, url=url)
    people = People(desk)
    code = _first_code(path, people)
    with ExitStack() as ends:
        tls = None if only_this_pc(listen) else Tls(home, settings, listen, utc_now())
        hosts = Hosts(names_of(settings, listen))
        context: ssl.SSLContext | None = tls.context if tls else None
        server = serve(create_board(desk, people, hosts), listen, "board", THREADS, tls=context,
                       knows_host=hosts.knows, limits=LIMITS)  # fmt: skip
        _begin(server.start)
        ends.callback(server.stop)
        desk.start()
        ends.callback(desk.close)
        with suppress(KioskError):
            desk.sites()
        host, port = server.address
        shown = names_of(settings, listen)[0] if tls else host
        place = f"{'https' if tls else 'http'}://{f'[{shown}]' if ':' in shown else shown}:{port}/"
        ready = Ready(desk.name, place, host, port, tls.fingerprint if tls else "", code, home.path)
        yield ready, lambda: _renew(tls)


def _first_code(path: Path, people: People) -> str:
    """Opens the ledger's tables where they are missing; where nobody may sign in yet, a code for the first officer."""
    try:
        if people.any():
            return ""
    except KioskError:
        log.info("the ledger's tables for the board are made")
    code: str = carry_out(path, "board code")["code"]
    return code if not people.any() else ""


def _begin(start: Callable[[], None]) -> None:
    try:
        start()
    except KioskError as error:
        raise KioskError(error.message, _("Choose another address: --listen HOST:PORT.")) from error


def _renew(tls: Tls | None) -> None:
    """Once an hour the certificate, which may be another file or nearly over. What fails is said."""
    if tls is None:
        return
    try:
        tls.renew(utc_now())
    except KioskError as error:
        log.warning("%s", error)
