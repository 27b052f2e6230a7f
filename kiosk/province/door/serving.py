"""`kiosk province serve`: the whole receiving end in one process, made ready by itself, ended by SIGTERM.

It holds the home (home.the_one) as long as it runs. Whatever it has answered is on the disk: it may be killed at any
time, and what was not answered comes again.
"""

import logging
import re
import resource
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.export.batch import MAX_BODY
from kiosk.export.files import trouble
from kiosk.province.door.card import card_now, kept_card
from kiosk.province.door.collector import MAX_SMALL, create_collector
from kiosk.province.door.desk import Desk
from kiosk.province.door.key_change import finish, next_key
from kiosk.province.door.lake_child import QUIET, LakeKeeper
from kiosk.province.door.refusals import SOON, Refusal, busy
from kiosk.province.door.server_clock import newest
from kiosk.province.door.tls import Tls, names_of
from kiosk.province.home import Home, load, must_be_home, the_one
from kiosk.province.intake.intake import open_intake
from kiosk.province.joining.enrol_codes import erase_secrets
from kiosk.province.memory.rows import seconds
from kiosk.province.orders import Office, utc_now
from kiosk.province.orders_door import OrdersDoor
from kiosk.province.settings import Settings
from kiosk.translations import _
from kiosk.web.hosts import Hosts
from kiosk.web.limits import Limits
from kiosk.web.server import Server, serve

log = logging.getLogger("kiosk.province")

THREADS = 8
MOST_CONNECTIONS = 2_048
SPARE_FILES = 128  # segments, the ledger, libraries
CHORES_EVERY = 60.0  # seconds


def limits_of(connections: int) -> Limits:
    """What the door takes at once: stations of a nation, over lines that bring 2 kB a second, in 300 MB of memory.

    The bodies of PCs that send one night are small and need no place; those that catch up have 48 of them. Many
    stations share one address, behind the routers of the networks that they use.
    """
    return Limits(
        connections=connections,
        per_peer=connections // 2,
        request_seconds=15,
        handshake_seconds=10.0,
        body=MAX_SMALL,
        upload=MAX_BODY,
        uploads=re.compile(rb"^PUT /v1/batches/[0-9a-f]{64} HTTP/1\.[01]\r?$", re.MULTILINE),
        most_uploads=48,
        peer_uploads=40,
        steady=2_000,
        hurried=20_000,
        answers=3,
        linger=2.0,
        refusal=_refusal,
    )


@dataclass(frozen=True)
class Ready:
    """What is told when it serves."""

    name: str
    host: str
    port: int
    urls: tuple[str, ...]
    fingerprint: str
    own_certificate: bool
    key: str
    card: int
    home: Path


def run(path: Path, listen: str, tell: Callable[[Ready], None], quiet: float = QUIET) -> None:
    """Serve until SIGTERM or SIGINT. KioskError where it cannot begin."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    with serving(path, listen, quiet) as (ready, chores):
        tell(ready)
        while not ending.wait(CHORES_EVERY):
            chores()
        log.info("ending")


@contextmanager
def serving(path: Path, listen: str = "", quiet: float = QUIET) -> Iterator[tuple[Ready, Callable[[], None]]]:
    """While it lasts the province at `path` serves; with what is to be done every minute."""
    home = must_be_home(path)
    settings = load(path)
    address = listen or settings.serve.listen
    with the_one(home), ExitStack() as ends:
        finish(home)
        now, intake = utc_now(), open_intake(home)
        ends.callback(intake.close)
        tls = Tls(home, settings, address, now)
        card = card_now(home, settings, intake.key, tls.certificate, now, next_key(home))
        with intake.ledger.writing(keys=False) as db:
            erase_secrets(db, seconds(now))
            last = newest(db)
        lake = LakeKeeper(home, quiet)
        desk = Desk(intake, card, utc_now, last, lake.news)
        server = _server(desk, address, settings, tls.context)
        _begin(server)
        ends.callback(lake.close)
        ends.callback(server.stop)
        office = Office(home, settings, intake, "", utc_now, lambda: _changed(desk, home), lake.news)
        try:
            ends.callback(OrdersDoor(office).close)
        except OSError as error:
            raise trouble(home.path, error) from error
        lake.start()
        host, port = server.address
        yield Ready(settings.province.name, host, port, settings.province.urls, tls.fingerprint,
                    bool(settings.serve.certificate), intake.key.id, card.version, home.path
                    ), lambda: _chores(desk, tls)  # fmt: skip


def _server(desk: Desk, address: str, settings: Settings, context: ssl.SSLContext) -> Server:
    hosts = Hosts(names_of(settings, address))
    return serve(create_collector(desk), address, "province", THREADS, tls=context, knows_host=hosts.knows,
                 limits=limits_of(_connections()))  # fmt: skip


def _begin(server: Server) -> None:
    try:
        server.start()
    except KioskError as error:
        raise KioskError(error.message, _("Choose another address: --listen, or [serve] in province.toml.")) from error


def _connections() -> int:
    """As many as we want, or as the system lets us have files open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, soft - SPARE_FILES)


def _changed(desk: Desk, home: Home) -> None:
    """An order has changed what the desk goes by."""
    desk.card = kept_card(home) or desk.card
    with desk.ledger.reading() as db:
        desk.newest = newest(db)


def _chores(desk: Desk, tls: Tls) -> None:
    """Once a minute. What fails is said, and done the next time; it keeps nothing else from being done."""
    for chore in (_renew, _erase):
        try:
            chore(desk, tls, utc_now())
        except KioskError as error:
            log.warning("%s", error)
        except Exception:  # the border of a step: stations are served on
            log.exception("a chore failed")


def _renew(_desk: Desk, tls: Tls, now: datetime) -> None:
    if tls.renew(now):
        log.info("the certificate was renewed: %s", tls.fingerprint)


def _erase(desk: Desk, _tls: Tls, now: datetime) -> None:
    with desk.ledger.writing(keys=False) as db:
        erase_secrets(db, seconds(now))


def _refusal(status: bytes) -> bytes:
    """What never reaches the collector is answered as it answers."""
    number = int(status[:3])
    known = {
        411: ("LENGTH", _("The length of what is sent must be told first.")),
        413: ("TOO_BIG", _("That is more than may be sent at once.")),
    }
    refusal = Refusal(number, *known[number]) if number in known else busy()
    retry = f"Retry-After: {SOON}\r\n" if refusal.retry else ""
    head = f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(refusal.body)}\r\n"
    return b"HTTP/1.1 " + status + f"\r\n{head}{retry}Connection: close\r\n\r\n".encode() + refusal.body
