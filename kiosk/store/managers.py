"""The people who may sign in to the panel: names, PIN hashes, and what wrong PINs cost. Nothing of it leaves the PC."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kiosk.clock import Reading
from kiosk.errors import RefusedError, UsageError
from kiosk.lean_sqlite import Database
from kiosk.rules.roles import MANAGER
from kiosk.store import throttle
from kiosk.store.throttle import Limit, Row
from kiosk.translations import _

NAME_LENGTH = 40
# Doubling stops here: 5 tries in 4 hours are 30 a day, some ninety years for all PINs of six digits.
LONGEST_WAIT = 4 * 3600.0
# All tries on this PC together, whatever the name: a row that no name can have. It stops whoever walks from name to
# name; it waits less long, so that a citizen's hands on the sign-in page keep staff out for minutes, not for hours.
STATION, STATION_TIMES, LONGEST_STATION_WAIT = " ", 4, 1800.0

NOTHING: Mapping[str, Row] = {}


@dataclass(frozen=True)
class Try:
    """A try that was counted before its PIN is looked at. `hash` None: no manager of that name.

    `wait`: seconds to wait now (`allowed` is False), or from now if this PIN is wrong (`allowed`).
    """

    allowed: bool
    wait: int = 0
    hash: str | None = None
    role: str = ""
    nobody: bool = False
    left: int = 0  # if this PIN is wrong: tries before there is a wait


def clean_name(name: str) -> str:
    """A name as it is stored: NFC, trimmed, single spaces. UsageError when there is nothing usable in it."""
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not cleaned or len(cleaned) > NAME_LENGTH or not cleaned.isprintable():
        raise UsageError(
            _("A manager's name has 1 to {n} printable characters.", n=NAME_LENGTH), _("Choose another name.")
        )
    return cleaned


def check_pin(pin: str, digits: int) -> None:
    """UsageError unless `pin` has at least `digits` ASCII digits and is not one that everybody tries first."""
    if not re.fullmatch(rf"[0-9]{{{digits},20}}", pin):
        raise UsageError(_("A PIN has at least {n} digits, and nothing else.", n=digits), _("Choose another PIN."))
    steps = {(int(after) - int(before)) % 10 for before, after in zip(pin, pin[1:], strict=False)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise UsageError(
            _("This PIN is too easy to guess."), _("Do not repeat one digit, and do not count up or down.")
        )


def add(db: Database, name: str, pin_hash: str, role: str, created: datetime) -> None:
    """A new manager. RefusedError when the name is taken."""
    done = db.execute(
        "INSERT INTO managers (name, pin_hash, role, created) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
        (name, pin_hash, role, created.isoformat()),
    )
    if done.rowcount != 1:
        raise RefusedError(
            _("There is already a manager named {name}.", name=name),
            _("Choose another name, or give this one a new PIN with kiosk manager passwd."),
        )


def set_role(db: Database, name: str, role: str) -> None:
    """Another role. RefusedError for a name that nobody has, and where no manager would be left."""
    _keep_one(db, name, role)
    if db.execute("UPDATE managers SET role = ? WHERE name = ?", (role, name)).rowcount != 1:
        raise _nobody(name)


def remove(db: Database, name: str) -> None:
    """Nobody of that name may sign in any more. RefusedError like set_role."""
    _keep_one(db, name, "")
    if db.execute("DELETE FROM managers WHERE name = ?", (name,)).rowcount != 1:
        raise _nobody(name)
    throttle.forgive(db, name)


def set_pin(db: Database, name: str, pin_hash: str) -> None:
    """A new PIN; it also ends a wait, for whoever may set one has proved more than a PIN."""
    if db.execute("UPDATE managers SET pin_hash = ? WHERE name = ?", (pin_hash, name)).rowcount != 1:
        raise _nobody(name)
    forgive(db, name)


def names(db: Database) -> list[str]:
    """All managers, in the order in which they were added."""
    return [row[0] for row in db.execute("SELECT name FROM managers ORDER BY rowid")]


def listed(db: Database) -> list[tuple[str, str]]:
    """(name, role) of all, in the same order."""
    return [(row[0], row[1]) for row in db.execute("SELECT name, role FROM managers ORDER BY rowid")]


def version(db: Database) -> str:
    """A short name of who there is, with what role and PIN: equal names, nothing was changed."""
    rows = db.execute("SELECT name, role, pin_hash FROM managers ORDER BY rowid").fetchall()
    return sha256(repr(rows).encode()).hexdigest()[:12]


def begin_try(
    db: Database, name: str, now: Reading, tries: int, wait: float, unwritten: Mapping[str, Row] = NOTHING
) -> Try:
    """Counts a try for `name` before the PIN is looked at, so that pulling the plug does not give one back.

    After `tries` wrong ones there is a wait of `wait` seconds, twice as long each time until a right PIN. Names that
    nobody has share one throttle, and all names together have one more. `unwritten`: what a disk did not take.
    """
    attempt, rows = judge(db, name, now, tries, wait, unwritten)
    for key, row in rows.items():
        throttle.keep(db, key, row)
    return attempt


def judge(
    db: Database, name: str, now: Reading, tries: int, wait: float, unwritten: Mapping[str, Row]
) -> tuple[Try, dict[str, Row]]:
    """The try, and what is to be kept of it under which names. Writes nothing."""
    found = db.execute("SELECT pin_hash, role FROM managers WHERE name = ?", (name,)).fetchone()
    if found is None and not names(db):
        return Try(allowed=False, nobody=True), {}
    limits = {
        name if found else "": Limit(tries, wait, LONGEST_WAIT),
        STATION: Limit(STATION_TIMES * tries, wait, LONGEST_STATION_WAIT),
    }
    judged = {
        key: throttle.judge(unwritten.get(key) or throttle.read(db, key), now, limit) for key, limit in limits.items()
    }
    if any(row is None for _seconds, row in judged.values()):
        return Try(allowed=False, wait=max(seconds for seconds, row in judged.values() if row is None)), {}
    longest = max(seconds for seconds, _row in judged.values())
    left = 0 if longest else min(limits[key].tries - row[0] for key, (_wait, row) in judged.items() if row is not None)
    known = Try(allowed=True, wait=longest, hash=found and found[0], role=found[1] if found else "", left=left)
    return known, {key: row for key, (_seconds, row) in judged.items() if row is not None}


def forgive(db: Database, name: str) -> None:
    """The PIN was right, or was set anew: the next wrong one is the first."""
    throttle.forgive(db, name)
    throttle.forgive(db, STATION)


def _keep_one(db: Database, name: str, role: str) -> None:
    """Somebody must be left who may change settings and people."""
    managers = [one for one, its in listed(db) if its == MANAGER]
    if managers == [name] and role != MANAGER:
        raise RefusedError(
            _("{name} is the only manager of this station.", name=name),
            _("Make somebody else a manager first, with kiosk manager add or kiosk manager role."),
        )


def _nobody(name: str) -> RefusedError:
    return RefusedError(_("There is no manager named {name}.", name=name), _("kiosk manager list shows who there is."))
