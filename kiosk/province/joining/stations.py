"""The PCs of a province: who they are, when they were last heard, what of theirs waits; and revoking a key."""

import sqlite3
from dataclasses import asdict, dataclass, field
from typing import Any

from kiosk.errors import RefusedError
from kiosk.province.memory.rows import day_text, deed, seconds, utc
from kiosk.province.orders import Office
from kiosk.translations import _

RECENT = 100  # days, as numbers of the ledger count them, in which the last day of most PCs is found


@dataclass
class Row:
    """A PC's place. Times UTC, days as the PC counts them; `waiting`: bundles here before one that precedes them."""

    site: str
    station: str
    key: str = ""
    state: str = "none"  # good, retired, revoked, none (never joined)
    since: str = ""
    last_heard: str = ""
    way: str = ""
    last_day: str = ""
    waiting: int = 0
    new_key: str = ""
    code_until: str = ""
    alarms: list[dict[str, Any]] = field(default_factory=list)


def list_all(office: Office, site: str = "", station: str = "") -> list[dict[str, Any]]:
    """Every place for which there is a key or a code, by site and station; or those of a site, or one."""
    with office.ledger.reading() as db:
        return all_of(db, seconds(office.now()), site, station)


def show(office: Office, site: str, station: str) -> dict[str, Any]:
    """One place with all its keys and what was done about it. RefusedError where there is none."""
    with office.ledger.reading() as db:
        return one_of(db, seconds(office.now()), site, station)


def all_of(db: sqlite3.Connection, at: int, site: str = "", station: str = "") -> list[dict[str, Any]]:
    """As `list_all`, by whoever only reads."""
    rows = _places(db, site, station)
    _fill_in_series(db, rows)
    _fill_in_days(db, rows)
    _fill_in_alarms(db, rows)
    found = list(rows.values())
    known = {(one.site, one.station): one for one in found}
    found += _fill_in_codes(db, known, at, site, station)
    return [asdict(one) for one in sorted(found, key=lambda one: (one.site, one.station))]


def one_of(db: sqlite3.Connection, at: int, site: str, station: str) -> dict[str, Any]:
    """As `show`, by whoever only reads."""
    found = all_of(db, at, site, station)
    if not found:
        raise _unknown(site, station)
    keys = db.execute(
        "SELECT key, state, keys.since, until, reason FROM keys JOIN stations ON stations.id = keys.station"
        " WHERE site = ? AND stations.station = ? ORDER BY keys.since, key", (site, station)
    ).fetchall()  # fmt: skip
    deeds = db.execute(
        "SELECT at, who, deed, why FROM deeds WHERE subject = ? ORDER BY id", (f"{site} {station}",)
    ).fetchall()
    told = [{"key": key, "state": state, "since": utc(since), "until": until and utc(until), "reason": reason}
            for key, state, since, until, reason in keys]  # fmt: skip
    done = [{"at": utc(at), "who": who, "deed": what, "why": why} for at, who, what, why in deeds]
    return found[0] | {"keys": told, "deeds": done}


def revoke(office: Office, site: str, station: str, reason: str) -> dict[str, Any]:
    """From now on nothing counts that a key of this place signs, nor a code that was given for it."""
    if not reason.strip():
        raise RefusedError(_("A key is not revoked without a reason."), _("Say it: --reason TEXT."))
    at = seconds(office.now())
    with office.ledger.writing() as db:
        number = db.execute("SELECT id FROM stations WHERE site = ? AND station = ?", (site, station)).fetchone()
        codes = db.execute("SELECT count(*) FROM enrol_codes WHERE site = ? AND station = ? AND secret IS NOT NULL",
                           (site, station)).fetchone()[0]  # fmt: skip
        keys = [] if number is None else [
            row[0] for row in db.execute("SELECT key FROM keys WHERE station = ? AND state <> 'revoked'", number)
        ]  # fmt: skip
        if not keys and not codes:
            raise (
                _unknown(site, station)
                if number is None
                else RefusedError(
                    _("PC {station} of {site} has no key and no code that still counts.", site=site, station=station),
                    _("See what was done: kiosk province station show {site} {station}", site=site, station=station),
                )
            )
        db.execute("DELETE FROM enrol_codes WHERE site = ? AND station = ? AND used IS NULL", (site, station))
        db.execute("UPDATE enrol_codes SET secret = NULL WHERE site = ? AND station = ?", (site, station))
        for key in keys:
            db.execute("UPDATE keys SET state = 'revoked', until = ?, reason = ? WHERE key = ?", (at, reason, key))
            db.execute("DELETE FROM new_keys WHERE key = ?", (key,))
        deed(db, at, office.who, "revoke", f"{site} {station}", reason)
    return {"site": site, "station": station, "keys": keys, "codes": codes}


def seen(office: Office, site: str, station: str, reason: str = "", who: str = "") -> dict[str, Any]:
    """An officer has looked at the alarms of a place: they are told no longer, until they come again.

    `who`: who says so at the board; the book also has whose process it is.
    """
    at, name = seconds(office.now()), f"{who} ({office.who})" if who not in ("", office.who) else office.who
    with office.ledger.writing() as db:
        count = db.execute(
            """UPDATE alarms SET seen = ? WHERE seen IS NULL AND station IN
               (SELECT id FROM stations WHERE site = ? AND station = ?)""", (at, site, station)
        ).rowcount  # fmt: skip
        if count:
            deed(db, at, name, "seen", f"{site} {station}", reason)
    return {"site": site, "station": station, "alarms": count}


def _places(db: sqlite3.Connection, site: str, station: str) -> dict[int, Row]:
    """By number; of a place with several keys the good one, and of those the newest."""
    found: dict[int, Row] = {}
    for number, of, name, key, state, since, new in db.execute(
        """SELECT stations.id, site, stations.station, keys.key, state, keys.since, new_keys.key FROM stations
           LEFT JOIN keys ON keys.station = stations.id LEFT JOIN new_keys ON new_keys.key = keys.key
           WHERE (?1 = '' OR site = ?1) AND (?2 = '' OR stations.station = ?2)
           ORDER BY state = 'good', keys.since, keys.key""",
        (site, station),
    ):
        row = found.setdefault(number, Row(of, name))
        if key is None or (new and row.state == "good"):
            row.new_key = key or ""
            continue
        row.key, row.state, row.since = key, state, utc(since)
    return found


def _fill_in_series(db: sqlite3.Connection, rows: dict[int, Row]) -> None:
    for number, heard, way in db.execute("SELECT station, max(heard), way FROM series GROUP BY station"):
        if number in rows:
            rows[number].last_heard, rows[number].way = utc(heard), way
    for number, count in db.execute(
        "SELECT station, count(*) FROM ahead JOIN series ON series.id = ahead.series GROUP BY station"
    ):
        if number in rows:
            rows[number].waiting = count


def _fill_in_days(db: sqlite3.Connection, rows: dict[int, Row]) -> None:
    """By the index of days: the few that were silent for months are looked for through all of it."""
    last = db.execute("SELECT max(day) FROM bundles").fetchone()[0] or 0
    for since in (last - RECENT, 0):
        if all(row.last_day or not row.last_heard for row in rows.values()):
            return
        for number, day in db.execute(
            "SELECT station, max(day) FROM bundles WHERE day >= ? GROUP BY station", (since,)
        ):
            if number in rows:
                rows[number].last_day = day_text(day)


def _fill_in_alarms(db: sqlite3.Connection, rows: dict[int, Row]) -> None:
    for number, code, detail, last, times in db.execute(
        "SELECT station, code, detail, last, times FROM alarms WHERE station IS NOT NULL AND seen IS NULL ORDER BY last"
    ):
        if number in rows:
            rows[number].alarms.append({"code": code, "detail": detail, "last": utc(last), "times": times})


def _fill_in_codes(
    db: sqlite3.Connection, known: dict[tuple[str, str], Row], at: int, site: str, station: str
) -> list[Row]:
    """Note the codes that may still be used, or are locked; the places that have nothing but a code."""
    more = []
    for of, name, expires, find, secret in db.execute(
        """SELECT site, station, max(expires), find, secret FROM enrol_codes
           WHERE used IS NULL AND (secret IS NOT NULL OR wrong > 0) AND expires > ?1
           AND (?2 = '' OR site = ?2) AND (?3 = '' OR station = ?3) GROUP BY site, station""",
        (at, site, station),
    ):
        row = known.get((of, name))
        if row is None:
            row = Row(of, name)
            more.append(row)
        if secret is not None:
            row.code_until = utc(expires)
        else:
            row.alarms.append({"code": "CODE_LOCKED", "detail": find, "last": "", "times": 1})
    return more


def _unknown(site: str, station: str) -> RefusedError:
    return RefusedError(
        _("The province knows no PC {station} at site {site}.", site=site, station=station),
        _("Look at the list: kiosk province station list."),
    )
