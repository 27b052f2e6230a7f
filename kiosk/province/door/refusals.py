"""What the province answers when it does not do what it was asked: a status, a code for machines, a sentence."""

import errno
import json
import sqlite3

from kiosk.errors import DamagedError, KioskError, RefusedError
from kiosk.translations import _

SOON, LATER = 30, 600  # seconds after which asking again may help


class Refusal(Exception):
    """An answer that is no yes. `retry`: after how many seconds asking again may help; None: it does not."""

    def __init__(self, status: int, code: str, sentence: str, retry: int | None = None) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence, self.retry = status, code, sentence, retry

    @property
    def body(self) -> bytes:
        """As it is sent."""
        return json.dumps({"code": self.code, "detail": self.sentence}, ensure_ascii=False).encode() + b"\n"


def refusal_of(error: KioskError) -> Refusal:
    """How an error of ours is told to a station: what it can do about it is to come again."""
    if isinstance(error, RefusedError):
        return Refusal(429, "TOO_MUCH", error.message, LATER)
    if _no_room(error):
        return Refusal(507, "NO_ROOM", error.message, LATER)
    return Refusal(503, "DAMAGED" if isinstance(error, DamagedError) else "DISK", error.message, LATER)


def busy() -> Refusal:
    """More is sent at once than is taken."""
    return Refusal(503, "BUSY", _("Many stations are sending now; please come again in a moment."), SOON)


def broken() -> Refusal:
    """A mistake of ours."""
    return Refusal(500, "FAULT", _("The province's server made a mistake; it is in its log."), LATER)


def _no_room(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False
