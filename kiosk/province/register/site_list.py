"""The list of sites as stations fetch it: sites.csv, made from the register. Pure.

Columns `code`, `name`, `policy` (kiosk/content/updates/sites.py reads them), and what else a station may want to know.
A site that is to open is in it; one whose last day is past is not.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from kiosk.errors import KioskError
from kiosk.province.register.planned_days import CLOSED, exceptions
from kiosk.province.register.site_history import WEEK, SiteRow, row_on
from kiosk.province.register.state import Register
from kiosk.translations import _

NEEDED = ("code", "name", "policy")
COLUMNS = (
    *NEEDED, "type", "owner", "department", "status", "commune", "commune_name", "district",
    "district_name", "province", "difficult", "pcs", "opened", "last", *WEEK, "exceptions",
)  # fmt: skip


def published_rows(register: Register, today: date) -> list[SiteRow]:
    """The sites of the list, as they are today, or on the day on which they will open."""
    there = [one for one in register.sites.values() if one.last is None or one.last >= today]
    return [row_on(one, register.units, max(today, one.opened or today)) for one in there]


def written(rows: Sequence[SiteRow], register: Register, today: date, most: int) -> bytes:
    """The file. The same register and day are the same bytes.

    Stations take `most` bytes of it: where all columns are more, only those that stations need are written.
    """
    whole = _table(rows, register, today, COLUMNS)
    return whole if len(whole) <= most else _table(rows, register, today, NEEDED)


def _table(rows: Iterable[SiteRow], register: Register, today: date, columns: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for row in rows:
        table.writerow(_line(row, register, max(today, row.opened or today)))
    return text.getvalue().encode()


def _line(row: SiteRow, register: Register, day: date) -> dict[str, str]:
    site, district = register.sites[row.code], row.units.get("district", "")
    plan = {name: site.value(name, day) for name in WEEK}
    return plan | {
        "code": row.code, "name": row.name, "policy": row.policy, "type": row.type, "owner": row.owner,
        "department": row.department, "status": row.status, "commune": row.unit, "commune_name": row.unit_name,
        "district": district, "district_name": register.units.name(district, day),
        "province": row.units.get("province", ""), "pcs": "" if row.pcs is None else str(row.pcs),
        "difficult": {True: "yes", False: "no", None: ""}[row.difficult], "opened": str(row.opened or ""),
        "last": str(row.last or ""), "exceptions": _coming(site.value("exceptions", day), day),
    }  # fmt: skip


def _coming(text: str, day: date) -> str:
    """The exceptions that are not past: what is past would make every list another one for nothing."""
    coming = [(one, hours) for one, hours in exceptions(text).items() if one >= day]
    return "; ".join(f"{one}: {hours or CLOSED}" for one, hours in coming)


def check_policies(rows: Sequence[SiteRow], names: set[str]) -> None:
    """Every policy that a site names must be there: a station would have none, and nobody would hear of it.

    KioskError names those that are missing, and whose they are.
    """
    missing: dict[str, list[str]] = {}
    for row in rows:
        if row.policy and row.policy not in names and row.code not in names:
            missing.setdefault(row.policy, []).append(row.code)
    if missing:
        told = "; ".join(f"policies/{name}.toml ({', '.join(codes)})" for name, codes in sorted(missing.items()))
        raise KioskError(
            _("Policies that sites of the register have are missing: {names}.", names=told),
            _("Put them there, or correct the register; nothing was published."),
        )
