"""What officers order of the years before kiosk (orders.py): figures are written, corrected, taken out, loaded.

Whoever corrects or takes out says why. Who, when and why stays written of everything.
"""

import re
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kiosk.clock import LOCAL
from kiosk.errors import RefusedError, UsageError
from kiosk.province.indicators.baseline import CODES, FIRST_YEAR, MOST, PROVINCE, WHOLE_NUMBERS
from kiosk.province.memory.rows import deed, seconds
from kiosk.province.register.register import known_site
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.orders import Office

Row = tuple[int, str, str, str]  # year, site, code, value as it was typed
GROUPED = re.compile(r"\d{1,3}(?:[.,  ]\d{3})+(?:[.,]\d)?")
PLAIN = re.compile(r"\d{1,10}(?:[.,]\d)?")


def set_figure(
    office: "Office", year: int, code: str, value: str, site: str = PROVINCE, why: str = "", who: str = ""
) -> dict[str, Any]:  # fmt: skip
    """Writes one figure; `changed` 0 where it is so already. RefusedError where a correction has no reason."""
    return load(office, [(year, site, code, value)], f"{year} {site or '*'} {code}", why, who, "baseline set")


def load(
    office: "Office", rows: Sequence[Row], subject: str, why: str = "", who: str = "", what: str = "baseline load"
) -> dict[str, Any]:  # fmt: skip
    """Writes many, all of them or none."""
    this_year = office.now().astimezone(LOCAL).year
    with office.ledger.writing(keys=False) as db:
        meant = {(year, site, code): checked(db, year, site, code, value, this_year)
                 for year, site, code, value in rows}  # fmt: skip
        before = {name: _known(db, *name) for name in meant}
        changed = {name: value for name, value in meant.items() if before[name] != value}
        if any(before[name] is not None for name in changed):
            _must_say_why(why)
        if changed:
            number = _note(db, office, what, subject, why, who)
            for name, value in changed.items():
                db.execute(
                    """INSERT INTO baseline (year, site, code, value, deed) VALUES (?, ?, ?, ?, ?)
                       ON CONFLICT DO UPDATE SET value = excluded.value, deed = excluded.deed""",
                    (*name, value, number),
                )
                _change(db, number, name, before[name], value)
    return {"changed": len(changed), "new": sum(before[name] is None for name in changed)}


def remove(
    office: "Office", year: int, code: str, site: str = PROVINCE, why: str = "", who: str = ""
) -> dict[str, Any]:  # fmt: skip
    """Takes one out. RefusedError where it is not there."""
    with office.ledger.writing(keys=False) as db:
        before = _known(db, year, site, code)
        if before is None:
            raise RefusedError(
                _("There is no such figure of {year}.", year=year), _("See them all: kiosk province baseline list")
            )
        _must_say_why(why)
        number = _note(db, office, "baseline remove", f"{year} {site or '*'} {code}", why, who)
        db.execute("DELETE FROM baseline WHERE year = ? AND site = ? AND code = ?", (year, site, code))
        _change(db, number, (year, site, code), before, None)
    return {"year": year, "site": site, "code": code, "value": before}


def checked(db: sqlite3.Connection, year: int, site: str, code: str, value: str, this_year: int) -> str:
    """The value as it is kept. UsageError says what of it cannot be."""
    if code not in CODES:
        raise UsageError(
            _("No figure {code} can be written.", code=code), _("One of: {names}.", names=", ".join(CODES))
        )
    if not FIRST_YEAR <= year <= this_year:
        raise UsageError(
            _("{year} is no year of the time before kiosk.", year=year),
            _("Name a year from {first} to {last}.", first=FIRST_YEAR, last=this_year),
        )
    if site != PROVINCE and not known_site(db, site):
        raise UsageError(_("{code} is not in the register.", code=site), _("All sites: kiosk province sites list"))
    return amount(value, code)


def amount(text: str, code: str) -> str:
    """A number as people write it, 12.000 or 4512,5, as it is kept: 12000, 4512.5. UsageError where it is none."""
    text = " ".join(text.split())
    plain = text.replace(",", ".") if PLAIN.fullmatch(text) else _ungrouped(text) if GROUPED.fullmatch(text) else ""
    if not plain or Decimal(plain) > MOST or (code in WHOLE_NUMBERS and "." in plain):
        raise UsageError(
            _("“{written}” is no number that can stand here.", written=text[:40]),
            _("Write a whole number such as 12000; hours may have one decimal, such as 4512,5."),
        )
    return str(Decimal(plain)) if not plain.endswith(".0") else str(int(Decimal(plain)))


def _ungrouped(text: str) -> str:
    whole, decimal = (text[:-2], text[-1]) if text[-2] in ".," else (text, "")
    digits = re.sub(r"\D", "", whole)
    return f"{digits}.{decimal}" if decimal else digits


def _must_say_why(why: str) -> None:
    if not any(one.isalpha() for one in why):
        raise RefusedError(
            _("The reason is missing."), _("Write why: --reason “…”; what stood there stays written with it.")
        )


def _known(db: sqlite3.Connection, year: int, site: str, code: str) -> str | None:
    row = db.execute(
        "SELECT value FROM baseline WHERE year = ? AND site = ? AND code = ?", (year, site, code)
    ).fetchone()
    return None if row is None else str(row[0])


def _note(db: sqlite3.Connection, office: "Office", what: str, subject: str, why: str, who: str) -> int:
    name = f"{who.strip()} ({office.who})" if who.strip() not in ("", office.who) else office.who
    deed(db, seconds(office.now()), name, what, subject[:200], " ".join(why.split())[:500])
    return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def _change(
    db: sqlite3.Connection, number: int, name: tuple[int, str, str], before: str | None, after: str | None
) -> None:  # fmt: skip
    db.execute(
        "INSERT INTO baseline_changes (deed, year, site, code, before, after) VALUES (?, ?, ?, ?, ?, ?)",
        (number, *name, before, after),
    )
