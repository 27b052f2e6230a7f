"""What the lake must say of a plain model: the rows of every table, and the figures by site, by loops over dicts."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from tests.province_model import Model

Row = dict[str, Any]

# Table -> kind of line, and column -> field of it where they are called otherwise.
PLAIN: dict[str, tuple[str, dict[str, str]]] = {
    "days": ("day", {}),
    "ends": ("end", {"sessions": "count"}),
    "months": ("month", {"about_month": "month", "tally": "table", "visits": "count"}),
    "reasons": ("reason", {"times": "count"}),
    "opens": ("open", {"times": "count"}),
    "missed": ("missed", {"searches": "count"}),
    "prints": ("print", {}),
    "health": ("health", {}),
    "revisions": ("revision", {"about_month": "month", "noted_at": "at", "figure_before": "before",
                               "figure_after": "after", "why": "reason"}),
    "journal": ("journal", {"amount": "count"}),
    "journal_before": ("journal_before", {"about_month": "month", "amount": "count"}),
}  # fmt: skip
RELEASE = {"release_id": "id", "tally": "table", "yes_visits": "yes", "no_visits": "no"}
LEVELS = {"books_on_hand", "services_offered"}
ENDS = ("signed_out", "time_up", "idle", "closing", "manager", "power", "fault")


def lake_rows(edition: Path, table: str) -> list[Row]:
    """All rows of a table as they lie in its files, month by month."""
    import pyarrow.parquet as pq

    paths = sorted((edition / table).glob("month=*.parquet"))
    return [row for path in paths for row in pq.read_table(path, use_threads=False).to_pylist()]


def expected(model: Model, table: str, columns: list[str]) -> list[Row]:
    """The rows of a table that stands for lines of one kind, sorted by day, site, station and lineage."""
    kind, names = PLAIN[table]
    found = [
        {column: _value(column, line[names.get(column, column)]) for column in columns} for line in model.rows(kind)
    ]
    return sorted(found, key=_place)


def releases(model: Model, columns: list[str]) -> list[Row]:
    """Every release once, as it was first told by the lowest revision of a lineage, whatever counts now."""
    found: dict[tuple[str, ...], Row] = {}
    for one in sorted(
        model.known.values(), key=lambda one: (one.day, one.site, one.station, one.lineage, one.revision)
    ):
        for line in one.lines:
            name = (one.day, one.site, one.station, str(line.get("id")), str(line.get("table")))
            if line["kind"] == "release" and name not in found:
                whose = {"site": one.site, "station": one.station, "day": one.day, "lineage": one.lineage,
                         "revision": one.revision}  # fmt: skip
                said = whose | line
                found[name] = {column: _value(column, said[RELEASE.get(column, column)]) for column in columns}
    return sorted(found.values(), key=_place)


def locks(model: Model) -> list[Row]:
    """(day, site, station, month, code, figure) of every figure of every lock."""
    return sorted(
        ({"day": date.fromisoformat(line["day"]), "site": line["site"], "station": line["station"],
          "about_month": line["month"], "code": code, "figure": figure}
         for line in model.rows("lock") for code, figure in line["figures"].items()),
        key=repr,
    )  # fmt: skip


def site_days(model: Model) -> dict[tuple[str, str], Counter[str]]:
    """Figures by site and day."""
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    pcs: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for line in model.rows("day"):
        here, counts = (line["site"], line["day"]), _counts(line)
        sums[here].update(counts)
        one = pcs[line["site"], line["day"], line["station"]]
        one["planned"] = max(one["planned"], line["planned_minutes"])
        one["open"] += line["open_minutes"]
        one["on"] += sum(count for name, count in counts.items() if name not in ("planned_minutes", "internet_minutes"))
    for (site, day, _station), one in pcs.items():
        found = sums[site, day]
        found.update(pcs=1, pcs_planned=one["planned"] > 0, pcs_on=one["on"] > 0, pcs_working=one["open"] > 0)
        found["site_planned_minutes"] = max(found["site_planned_minutes"], one["planned"])
        found["site_open_minutes"] = max(found["site_open_minutes"], one["open"])
    for line in model.rows("end"):
        code = line["code"] if line["code"] in ENDS else "other"
        sums[line["site"], line["day"]][f"end_{code}"] += line["count"]
    for kind, field, name in (("print", "pages", "pages"), ("open", "count", "content_opens"),
                              ("missed", "count", "missed_searches")):  # fmt: skip
        for line in model.rows(kind):
            sums[line["site"], line["day"]][name] += line[field]
    for line in model.rows("health"):
        sums[line["site"], line["day"]].update(_counts(line))
    for site, day, _station in {(line["site"], line["day"], line["station"]) for line in model.rows("health")}:
        sums[site, day]["pcs_looked"] += 1
    return dict(sums)


def site_months(model: Model) -> dict[tuple[str, str], Counter[str]]:
    """Figures by site and month."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (site, day), one in site_days(model).items():
        sums, planned = found[site, day[:7]], one["site_planned_minutes"] > 0
        sums.update(one)
        sums.update(days=1, days_planned=planned, days_on=planned and one["pcs_on"] > 0,
                    days_working=planned and one["pcs_working"] > 0)  # fmt: skip
        sums["most_pcs"] = max(sums["most_pcs"], one["pcs"])
    return dict(found)


def site_codes(model: Model) -> Counter[tuple[str, str, str, str]]:
    """(site, month, kind, code): opens of items, sums of the journal, levels as of each PC's last day in the month."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    last: dict[tuple[str, str, str], str] = {}
    for line in model.rows("day"):
        pc = (line["site"], line["station"], line["day"][:7])
        last[pc] = max(last.get(pc, ""), line["day"])
    for line in model.rows("open"):
        found[line["site"], line["day"][:7], "open", line["item"]] += line["count"]
    for line in model.rows("journal"):
        month = line["day"][:7]
        if line["code"] not in LEVELS or last[line["site"], line["station"], month] == line["day"]:
            found[line["site"], month, "journal", line["code"]] += line["count"]
    return found


def _counts(line: Row) -> dict[str, int]:
    return {name: value for name, value in line.items() if type(value) is int and name != "revision"}


def _value(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column == "day" else value


def _place(row: Row) -> tuple[Any, ...]:
    return row["day"], row["site"], row["station"], row["lineage"], repr(row)
