"""Codes for the PCs of a site: made together, with what has to be typed or scanned at each."""

import re
import sqlite3
from typing import Any

from kiosk.errors import UsageError
from kiosk.export.formats import SITE_CODE, STATION_NAME
from kiosk.export.handshake import with_code
from kiosk.province.joining.enrol_codes import make_code
from kiosk.province.memory.rows import seconds, utc
from kiosk.province.orders import Office
from kiosk.province.register.register import any_site, known_site
from kiosk.translations import _


def give(office: Office, site: str, station: str, days: int = 30, count: int = 1, reason: str = "") -> dict[str, Any]:
    """Codes for `count` PCs of a site, numbered on from `station`. UsageError where no such place can be."""
    stations = names_from(station, count)
    if not SITE_CODE.fullmatch(site) or not all(STATION_NAME.fullmatch(one) for one in stations):
        raise UsageError(
            _("{site} {station} is no site and number of a PC.", site=site, station=station),
            _("Write for example: kiosk province station code BDVHX-0417 03"),
        )
    at, url = seconds(office.now()), office.settings.province.urls[0]
    codes = []
    with office.ledger.writing() as db:
        for one in stations:
            code = make_code(db, site, one, at, office.who, reason, days)
            codes.append({"station": one, "code": code.shown, "command": f"kiosk enrol {url} {code.shown}",
                          "qr": with_code(url, code), "joined": _joined(db, site, one)})  # fmt: skip
        registered = known_site(db, site) or not any_site(db)
    return {"province": office.settings.province.name, "url": url, "site": site, "expires": utc(at + days * 86_400),
            "registered": registered, "codes": codes}  # fmt: skip


def _joined(db: sqlite3.Connection, site: str, station: str) -> str | None:
    """Since when a PC has this place, which gives way to the one that will use the code."""
    row = db.execute(
        """SELECT max(keys.since) FROM keys JOIN stations s ON s.id = keys.station
           WHERE site = ? AND s.station = ? AND state = 'good'""",
        (site, station),
    ).fetchone()
    return None if row[0] is None else utc(row[0])


def names_from(station: str, count: int) -> list[str]:
    """`count` names, counted on from one that ends in a number: 01, 02, ... UsageError for one that does not."""
    if count == 1:
        return [station]
    found = re.fullmatch(r"(.*?)(\d+)", station)
    if found is None:
        raise UsageError(
            _("{station} does not end in a number to count on from.", station=station),
            _("Write for example: kiosk province station code BDVHX-0417 01 --count 10"),
        )
    begin, digits = found[1], found[2]
    return [f"{begin}{int(digits) + more:0{len(digits)}d}" for more in range(count)]
