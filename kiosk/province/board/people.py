"""Who may sign in to the board, as the ledger has them; every change is an order."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kiosk.errors import UsageError
from kiosk.province.board.entry_orders import clean_name, hashed
from kiosk.province.memory.rows import seconds, utc
from kiosk.web.passwords import hash_password, is_right

if TYPE_CHECKING:
    from kiosk.province.board.desk import Desk

Kind = Literal["ok", "wrong", "locked"]


@dataclass(frozen=True)
class Outcome:
    """What became of a password. `seconds`: how long no further try is allowed. `name`, `role` only with `ok`."""

    kind: Kind
    seconds: int = 0
    name: str = ""
    role: str = ""


@dataclass(frozen=True)
class Link:
    """A department's link. Times UTC; `state`: good, over or revoked."""

    number: int
    label: str
    line: str
    made: str
    who: str
    until: str
    state: str


class People:
    """The people and the links of one province."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def listed(self) -> list[tuple[str, str]]:
        """(name, role) of all, officers first."""
        with self._desk.reading() as db:
            return list(db.execute("SELECT name, role FROM board_people ORDER BY role, name"))

    def any(self) -> bool:
        """Whether there is anybody."""
        return bool(self.listed())

    def check(self, name: str, password: str) -> Outcome:
        """Whether that is the password; counts the try. An unknown name takes as long, and reads as `wrong`."""
        try:
            name = clean_name(name)
        except UsageError:
            name = ""
        told = self._desk.order("board attempt", name=name)
        if not told["allowed"]:
            return Outcome("locked", told["wait"])
        with self._desk.reading() as db:
            row = db.execute("SELECT hash, role FROM board_people WHERE name = ?", (name,)).fetchone()
        if is_right(row and row[0], password):
            self._desk.order("board right", name=name)
            return Outcome("ok", name=name, role=row[1])
        return Outcome("wrong", told["wait"])

    def standing(self, name: str) -> tuple[str, str]:
        """(role, mark) of somebody as the ledger has them now, "" for nobody; the mark is another with each password.

        Asked at every page: the terminal, or another board, may have changed them meanwhile.
        """
        with self._desk.reading() as db:
            row = db.execute("SELECT role, hash FROM board_people WHERE name = ?", (name,)).fetchone()
        return ("", "") if row is None else (row[0], hashed(row[1]).hex())

    def begin(self, code: str, name: str, password: str) -> Outcome:
        """By the code of the terminal somebody becomes an officer. UsageError for a name that cannot be."""
        name = clean_name(name)
        told = self._desk.order("board begin", code=code[:40], name=name, password_hash=hash_password(password))
        if told["ok"]:
            return Outcome("ok", name=name, role="officer")
        return Outcome("locked" if told["wait"] else "wrong", told["wait"])

    def links(self) -> list[Link]:
        """All of them, the newest first."""
        now = seconds(self._desk.now())
        with self._desk.reading() as db:
            rows = db.execute(
                "SELECT id, label, line, made, who, until, revoked FROM board_links ORDER BY id DESC"
            ).fetchall()
        return [
            Link(number, label, line, utc(made), who, utc(until),
                 "revoked" if revoked else "over" if until <= now else "good")
            for number, label, line, made, who, until, revoked in rows
        ]  # fmt: skip

    def by_link(self, secret: str) -> tuple[str, int] | None:
        """(line, seconds left) of a link that is good; None for any other. Asked at every page: an end ends at once."""
        now = seconds(self._desk.now())
        with self._desk.reading() as db:
            row = db.execute(
                "SELECT line, until FROM board_links WHERE hash = ? AND revoked IS NULL AND until > ?",
                (hashed(secret), now),
            ).fetchone()
        return None if row is None else (row[0], row[1] - now)
