"""What is ordered of the board's doors (orders.py): codes, tries, people, links. Each change is a deed, with who."""

import secrets
import sqlite3
import unicodedata
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kiosk.clock import Clock, Reading
from kiosk.errors import RefusedError, UsageError
from kiosk.province.indicators.ask import LINES
from kiosk.province.memory.rows import deed, seconds, utc
from kiosk.rules.wrong_tries import Limit, Row, judge
from kiosk.translations import _
from kiosk.web.roles import OFFICER, VIEWER

if TYPE_CHECKING:
    from kiosk.province.orders import Office

ROLES = (OFFICER, VIEWER)
CODE_HOURS = 24
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONGEST_NAME, LONGEST_LABEL = 40, 80
LINK_DAYS = (30, 90, 365)
ALL, CODES = " ", "#"  # rows of tries that no name can have
LIMITS = {ALL: Limit(40, 60.0, 900.0), CODES: Limit(10, 60.0, 3_600.0)}
LIMIT = Limit(5, 60.0, 4 * 3_600.0)


def code(office: "Office") -> dict[str, Any]:
    """A new one-time code; the one before is void."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(16))
    at = seconds(office.now())
    until = at + int(timedelta(hours=CODE_HOURS).total_seconds())
    with office.ledger.writing(keys=False) as db:
        db.execute("INSERT OR REPLACE INTO board_code VALUES (1, ?, ?)", (hashed(letters), until))
        deed(db, at, office.who, "board code", "", "")
    return {"code": "-".join(letters[n : n + 4] for n in range(0, 16, 4)), "until": utc(until)}


def begin(office: "Office", code: str, name: str, password_hash: str) -> dict[str, Any]:
    """Whoever has the code becomes an officer, or is one again with another password. `wait`: seconds, or 0."""
    name = clean_name(name)
    at, plain = seconds(office.now()), "".join(one for one in code.upper() if one in ALPHABET)
    with office.ledger.writing(keys=False) as db:
        wait = _count(db, [CODES])
        if wait[0]:
            return {"ok": False, "wait": wait[1]}
        row = db.execute("SELECT hash FROM board_code WHERE until > ?", (at,)).fetchone()
        if row is None or not secrets.compare_digest(bytes(row[0]), hashed(plain)):
            return {"ok": False, "wait": wait[1]}
        db.execute("DELETE FROM board_code")
        db.execute("DELETE FROM board_tries WHERE name IN (?, ?)", (CODES, _row_of(name)))
        db.execute(
            """INSERT INTO board_people VALUES (?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET hash = excluded.hash, role = excluded.role""",
            (name, password_hash, OFFICER, at),
        )
        deed(db, at, name, "board begin", name, "")
    return {"ok": True, "wait": 0}


def attempt(office: "Office", name: str) -> dict[str, Any]:
    """Counts a try before the password is looked at, so that pulling the plug does not give one back."""
    with office.ledger.writing(keys=False) as db:
        refused, wait = _count(db, [_row_of(name), ALL])
    return {"allowed": not refused, "wait": wait}


def right(office: "Office", name: str) -> dict[str, Any]:
    """The password was right: the next wrong one is the first."""
    with office.ledger.writing(keys=False) as db:
        db.execute("DELETE FROM board_tries WHERE name IN (?, ?)", (_row_of(name), ALL))
    return {}


def add(office: "Office", name: str, password_hash: str, role: str, who: str) -> dict[str, Any]:
    """Somebody new."""
    name, at = clean_name(name), seconds(office.now())
    _must_be_role(role)
    with office.ledger.writing(keys=False) as db:
        done = db.execute(
            "INSERT INTO board_people VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (name, password_hash, role, at)
        )
        if done.rowcount != 1:
            raise RefusedError(_("There is already somebody named {name}.", name=name), _("Choose another name."))
        deed(db, at, who, "board person add", name, role)
    return {}


def change(
    office: "Office", name: str, who: str, role: str = "", password_hash: str = "", remove: bool = False
) -> dict[str, Any]:
    """Another role, another password, or goodbye. RefusedError where no officer would be left."""
    at = seconds(office.now())
    if role:
        _must_be_role(role)
    with office.ledger.writing(keys=False) as db:
        if db.execute("SELECT 1 FROM board_people WHERE name = ?", (name,)).fetchone() is None:
            raise RefusedError(_("There is nobody named {name}.", name=name), _("Look at the list of people again."))
        if remove or role == VIEWER:
            _keep_one(db, name)
        if remove:
            db.execute("DELETE FROM board_people WHERE name = ?", (name,))
        if role:
            db.execute("UPDATE board_people SET role = ? WHERE name = ?", (role, name))
        if password_hash:
            db.execute("UPDATE board_people SET hash = ? WHERE name = ?", (password_hash, name))
            db.execute("DELETE FROM board_tries WHERE name = ?", (_row_of(name),))
        what = "remove" if remove else "password" if password_hash else "role"
        deed(db, at, who, f"board person {what}", name, role)
    return {}


def link(office: "Office", label: str, line: str, days: int, who: str) -> dict[str, Any]:
    """A new link; its secret is told here once and kept nowhere."""
    label = " ".join(unicodedata.normalize("NFC", label).split())
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        raise UsageError(_("Say for whom the link is, in 1 to {n} signs.", n=LONGEST_LABEL), _("Correct it."))
    if line not in ("", *LINES) or days not in LINK_DAYS:
        raise UsageError(_("Such a link cannot be made."), _("Choose one of those that are offered."))
    secret, at = secrets.token_urlsafe(24), seconds(office.now())
    until = at + int(timedelta(days=days).total_seconds())
    with office.ledger.writing(keys=False) as db:
        db.execute("INSERT INTO board_links (hash, label, line, made, who, until) VALUES (?, ?, ?, ?, ?, ?)",
                   (hashed(secret), label, line, at, who, until))  # fmt: skip
        deed(db, at, who, "board link", label, line)
    return {"secret": secret, "until": utc(until)}


def unlink(office: "Office", number: int, who: str) -> dict[str, Any]:
    """Nobody reads by that link any more."""
    at = seconds(office.now())
    if not 0 < number < 1 << 63:  # numbers of the ledger
        return {"ended": 0}
    with office.ledger.writing(keys=False) as db:
        done = db.execute("UPDATE board_links SET revoked = ? WHERE id = ? AND revoked IS NULL", (at, number))
        if done.rowcount:
            deed(db, at, who, "board unlink", str(number), "")
    return {"ended": done.rowcount}


def hashed(secret: str) -> bytes:
    """What is kept of a secret that nobody can guess: no slow hash is needed for it."""
    return sha256(secret.encode()).digest()


def clean_name(name: str) -> str:
    """A name as it is kept: NFC, trimmed, single spaces. UsageError when there is nothing usable in it."""
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(map(str.isalnum, cleaned)) or len(cleaned) > LONGEST_NAME or not cleaned.isprintable():
        raise UsageError(_("A name has 1 to {n} printable signs.", n=LONGEST_NAME), _("Choose another name."))
    return cleaned


def _row_of(name: str) -> str:
    """Where tries for a name are counted, whether anybody has it or not, so that a wait tells nobody who is here.

    One of 4,096: who makes up names fills no disk.
    """
    return f"name {sha256(name.encode()).hexdigest()[:3]}"


def _count(db: sqlite3.Connection, names: list[str]) -> tuple[bool, int]:
    """(whether the try is refused, seconds to wait now, or from now if this one is wrong)."""
    now: Reading = Clock().read()
    judged = {}
    for name in names:
        row: Row | None = db.execute(
            "SELECT tries, waits, boot_id, boot_from, wait FROM board_tries WHERE name = ?", (name,)
        ).fetchone()
        judged[name] = judge(row, now, LIMITS.get(name, LIMIT))
    refused = [wait for wait, row in judged.values() if row is None]
    if refused:
        return True, max(refused)
    for name, (_wait, row) in judged.items():
        assert row is not None
        db.execute("INSERT OR REPLACE INTO board_tries VALUES (?, ?, ?, ?, ?, ?)", (name, *row))
    return False, max(wait for wait, _row in judged.values())


def _must_be_role(role: str) -> None:
    if role not in ROLES:
        raise UsageError(_("{role} is no role.", role=role), _("Choose one of {roles}.", roles=", ".join(ROLES)))


def _keep_one(db: sqlite3.Connection, name: str) -> None:
    officers = [row[0] for row in db.execute("SELECT name FROM board_people WHERE role = 'officer'")]
    if officers == [name]:
        raise RefusedError(
            _("{name} is the only officer of this board.", name=name), _("Make somebody else an officer first.")
        )
