"""The SQL that makes up what sites tell in a month, of the tables `sites` and `stations` (board_stage.py)."""

from datetime import date, timedelta
from pathlib import Path

from kiosk.province.lake.edition import file_name
from kiosk.province.lake.rollups import COUNTS, ENDS
from kiosk.rules.journal import SUMS
from kiosk.rules.tallies import CHILDREN, ROOTS

ITEMS, WORDS = 40, 20
# What is not a small number for each PC.
ODD = {
    "pcs": "pcs", "pcs_planned": "CASE WHEN planned THEN pcs ELSE 0 END",
    "pcs_on": "CASE WHEN is_on THEN pcs ELSE 0 END", "pcs_working": "CASE WHEN working THEN pcs ELSE 0 END",
    "visits": "visits", "seconds": "visits * (600 + dice // 7 % 1800)", "minutes": "visits * (10 + dice // 7 % 30)",
    "planned_minutes": "CASE WHEN planned THEN 480 * pcs ELSE 0 END",
    "open_minutes": "CASE WHEN working THEN 470 * pcs ELSE 0 END",
    "internet_minutes": "CASE WHEN working THEN (dice // 11 % 470) * pcs ELSE 0 END",
    "boots": "CASE WHEN is_on THEN pcs ELSE 0 END",
    "site_planned_minutes": "CASE WHEN planned THEN 480 ELSE 0 END",
    "site_open_minutes": "CASE WHEN working THEN 470 ELSE 0 END",
    "end_signed_out": "visits",
}  # fmt: skip
RARE = ("unclean", *(f"end_{code}" for code in (*ENDS, "other") if code != "signed_out"), "clock_lost")


def of_month(month: date, edition: Path) -> dict[str, str]:
    """Table or rollup -> a SELECT of its rows of this month; the first is on the disk before the next are made."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = str(edition / file_name("site_days", f"{month:%Y-%m}"))
    return {
        "site_days": _site_days(month, last),
        "site_months": _site_months(month, days),
        "site_arrivals": f"SELECT site, day, pcs, (pcs - hash(site, day) % 2)::BIGINT AS pcs_in_3_days, pcs AS "
                         f"pcs_by_third FROM '{days}' ORDER BY day, site",
        "site_month_codes": _codes(month),
        "months": _months(month),
        "releases": _releases(month, last),
        "missed": _missed(month),
    }  # fmt: skip


def _site_days(first: date, last: date) -> str:
    told = ", ".join(f"({_count(name)})::BIGINT AS {name}" for name in COUNTS)
    return (
        "WITH drawn AS (SELECT *, hash(no, day) % 1000000007 AS dice, contains(week, isodow(day)::VARCHAR) AS planned "
        f"FROM sites, (SELECT unnest(generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY))::DATE AS day) "
        "WHERE opened <= day AND (closed IS NULL OR closed >= day)), "
        "states AS (SELECT *, planned AND dice % 25 > 0 AS is_on FROM drawn WHERE dice % 97 > no % 20), "
        "told AS (SELECT *, is_on AND dice % 23 > 0 AS working FROM states), "
        f"used AS (SELECT *, CASE WHEN working THEN pcs * (2 + dice % 4) * {100 + 3 * (first.year - 2017)} // 100 "
        f"ELSE 0 END AS visits FROM told) SELECT site, day, {told} FROM used ORDER BY day, site"
    )


def _count(name: str) -> str:
    if name in ODD:
        return ODD[name]
    return f"hash(no, day, '{name}') % {2 if name in RARE else 30}"


def _site_months(first: date, days: str) -> str:
    states = {"": "", "_planned": "> 0", "_on": "> 0 AND pcs_on > 0", "_working": "> 0 AND pcs_working > 0"}
    counted = ", ".join(
        f"{f'count_if(site_planned_minutes {state})' if state else 'count(*)'}::BIGINT AS days{name}"
        for name, state in states.items()
    )
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in COUNTS)
    return (
        f"SELECT site, DATE '{first}' AS month_first, {counted}, max(pcs)::BIGINT AS most_pcs, {sums} "
        f"FROM '{days}' GROUP BY site ORDER BY site"
    )


def _codes(first: date) -> str:
    items = f"SELECT 'open' AS kind, 'pack/item-' || n AS code, n AS k FROM range({ITEMS}) AS given(n)"
    journal = " UNION ALL ".join(f"SELECT 'journal', '{code}', {1000 + n}" for n, code in enumerate(SUMS))
    return (
        f"SELECT site, DATE '{first}' AS month_first, kind, code, (hash(no, k, '{first}') % 50)::BIGINT AS amount "
        f"FROM sites, ({items} UNION ALL {journal}) WHERE hash(no, k, '{first}', 1) % 3 = 0 AND opened <= '{first}' "
        "ORDER BY site, kind, code"
    )


def _keys(first: date) -> str:
    return f"site, station, DATE '{first}' AS day, lineage, 1::BIGINT AS revision"


def _months(first: date) -> str:
    """Told on the first day of the next month, of the month before."""
    about = (first - timedelta(days=1)).replace(day=1)
    sides = {("FST", "FST_Y"): 12, ("FST", "FST_N"): 40, ("FST", "FST_U"): 20, ("NO_PICTURE", "visits"): 15,
             ("GRP_U", "first"): 6, ("GRP_U", "not_first"): 12}  # fmt: skip
    rows = ", ".join(f"('{tally}', '{side}', {most})" for (tally, side), most in sides.items())
    return (
        f"SELECT {_keys(first)}, '{about:%Y-%m}' AS about_month, tally, side, "
        f"(hash(pc, '{about}', side) % most)::BIGINT AS visits "
        f"FROM stations, (VALUES {rows}) AS given(tally, side, most) "
        f"WHERE opened <= '{about}' AND (closed IS NULL OR closed >= '{first}') ORDER BY site, station, tally, side"
    )


def _releases(first: date, last: date) -> str:
    """Each PC and table now and then, of the three months before."""
    begin, end = (first - timedelta(days=80)).replace(day=1), first - timedelta(days=1)
    tables = ", ".join(f"('{one}', {number})" for number, one in enumerate((*ROOTS, *CHILDREN)))
    return (
        f"SELECT {_keys(first)}, left(md5(pc || tally || '{last}'), 16) AS release_id, tally, '{begin}' AS first_day, "
        f"'{end}' AS last_day, (5 + hash(pc, '{first}', k) % 60)::BIGINT AS yes_visits, "
        f"(5 + hash(pc, '{first}', k, 1) % 60)::BIGINT AS no_visits, tally || '-1' AS versions "
        f"FROM stations, (VALUES {tables}) AS given(tally, k) WHERE hash(pc, k, '{first}', 2) % 3 = 0 "
        f"AND opened <= '{begin}' AND (closed IS NULL OR closed >= '{first}') ORDER BY site, station, tally"
    )


def _missed(first: date) -> str:
    return (
        f"SELECT {_keys(first)}, 'từ tìm ' || (hash(pc, n, '{first}') % 5000) AS words, "
        f"(1 + hash(pc, n) % 5)::BIGINT AS searches FROM stations, range({WORDS}) AS given(n) WHERE one = 1 "
        f"AND opened <= '{first}' ORDER BY site, words"
    )
