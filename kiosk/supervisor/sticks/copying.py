"""A citizen's documents onto their stick: copied by a helper with their own rights, and told when they lie there.

States meanwhile: saving (detail "done/of" in kilobytes), saved (detail: the folder), trouble (detail: a word).
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kiosk.clock import LOCAL
from kiosk.messages import LARGEST
from kiosk.supervisor import wall_clock
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.session.belongings import belongings
from kiosk.supervisor.session.session import Session
from kiosk.supervisor.sticks import work as stick_work
from kiosk.supervisor.sticks.stick import Stick

WRITTEN_WITHIN = 60.0
MOST_FOLDERS = 1000
FOLDERS = {"vi": "Tệp của tôi", "en": "My files"}
# What the copying may call its trouble: it runs as the citizen, who can speak in its place.
TROUBLES = ("nothing", "full", "too_big", "read_only", "failed")


class Copying:
    """`is_in`: whether a stick was not pulled out meanwhile; `tell`: that something changed."""

    def __init__(
        self,
        keeper: Keeper,
        chores: Chores,
        read_only: Callable[[], bool],
        is_in: Callable[[Stick], bool],
        tell: Callable[[], None],
    ) -> None:
        self._keeper, self._chores, self._read_only = keeper, chores, read_only
        self._citizen, self._is_in, self._tell = keeper.maker.citizen, is_in, tell

    def save(self, session: Session, stick: Stick) -> None:
        """Copy their documents to a new folder on the stick, as the citizen."""
        if not stick.place or stick.saving is not None:
            return
        if stick.closed:
            stick.now("trouble", stick.closed)
            self._tell()
            return
        home, folder = session.station.paths.citizen_home, folder_name(session.wishes.lang, time.time())
        command = [sys.executable, "-P", "-m", "kiosk.supervisor.sticks.saving", str(home), stick.place, folder]
        hears, tells = os.pipe()
        os.set_blocking(hears, False)
        try:
            process = stick.saving = session.helper("save", command, tells)
        except OSError as error:
            os.close(hears)
            log(f"saving cannot be started: {error.strerror}")
            stick.now("trouble", "failed")
            self._tell()
            return
        finally:
            os.close(tells)
        stick.heard, stick.folder, stick.taken = b"", folder, belongings(home)
        stick.now("saving")
        self._keeper.loop.watch(hears, lambda: self._hear(stick, hears))
        self._keeper.take(process, lambda _status: self._saved(stick, hears))
        self._tell()

    def _hear(self, stick: Stick, hears: int) -> None:
        """How far it is. What runs as the citizen may say anything: only numbers are taken from it."""
        try:
            heard = os.read(hears, 4096)
        except BlockingIOError:
            return
        stick.heard = (stick.heard + heard)[-4096:]
        if not heard:
            self._keeper.loop.forget(hears)
            return
        said = _last(stick.heard)
        done, of = said.get("done"), said.get("of")
        if isinstance(done, int) and isinstance(of, int) and 0 <= done <= of < LARGEST:
            stick.detail = f"{done}/{of}"
            self._tell()

    def _saved(self, stick: Stick, hears: int) -> None:
        if self._keeper.loop.watches(hears):
            self._hear(stick, hears)
        if self._keeper.loop.watches(hears):
            self._keeper.loop.forget(hears)
        os.close(hears)
        stick.saving = None
        if not self._is_in(stick):
            return
        said = _last(stick.heard)
        if isinstance(said.get("files"), int):
            number = said.get("number")
            if isinstance(number, int) and 1 < number < MOST_FOLDERS:
                stick.folder += f" ({number})"
            self._write_out(stick)
        else:
            trouble = said.get("trouble")
            self._failed(stick, trouble if trouble in TROUBLES else "failed")

    def _failed(self, stick: Stick, word: str) -> None:
        """Why nothing could be written is looked up here: the one who copied only knows that it was refused."""
        device, place = stick.device, stick.place

        def told(why: str | None) -> None:
            stick.closed = why or ""
            stick.now("trouble", why or "failed")
            self._tell()

        def work() -> str:
            return stick_work.why_closed(device, place, self._citizen, self._read_only())

        if word == "read_only":
            self._chores.do("stick", work, told, WRITTEN_WITHIN)
        else:
            stick.now("trouble", word)
            self._tell()

    def _write_out(self, stick: Stick) -> None:
        """Saved is said when it lies on the stick, not in memory."""
        place = stick.place

        def done(free_mb: int | None) -> None:
            session = self._keeper.session
            if free_mb is not None and session is not None:
                session.saved |= stick.taken
            stick.free_mb = stick.free_mb if free_mb is None else free_mb
            stick.now(*("saved", stick.folder) if free_mb is not None else ("trouble", "failed"))
            self._tell()

        def work() -> int | None:
            return stick_work.room_on(place) if stick_work.sync([place]) else None

        self._chores.do("sync", work, done, WRITTEN_WITHIN)


def folder_name(lang: str, now: float) -> str:
    """A name that its owner will know again; with the date, where the PC's clock can be right at all."""
    name = FOLDERS.get(lang, FOLDERS["vi"])
    if now < wall_clock.EARLIEST:
        return name
    return f"{name} {datetime.fromtimestamp(now, LOCAL):%Y-%m-%d %H-%M}"


def _last(heard: bytes) -> dict[str, Any]:
    """The last whole line that is a JSON object."""
    for line in reversed(heard.split(b"\n")[:-1]):
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(said, dict):
            return said
    return {}
