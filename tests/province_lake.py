"""The lake of a test's home: built in this process, hashed, and its figures as the plain model has them."""

import hashlib
import json
from collections import Counter
from datetime import date
from typing import Any

from kiosk.province.home import Home
from kiosk.province.lake import lake
from kiosk.province.lake.editions import Editions
from tests.province_home import NOW
from tests.province_model import Model

# When bundles came is in these, so they are another one in another order.
ARRIVAL = ("arrivals/", "site_arrivals/")


def lake_hash(home: Home, everything: bool = False) -> str:
    """Builds what is new, and hashes all files that do not tell when something came."""
    lake.build(home, NOW, everything)
    edition = Editions(home.lake).current()
    assert edition is not None and not edition.about.incomplete
    files = {name: file.sha256 for name, file in edition.about.files.items() if not name.startswith(ARRIVAL)}
    assert all(edition.is_whole(name, thoroughly=True) for name in edition.about.files)
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def site_days(home: Home) -> dict[tuple[str, str], dict[str, int]]:
    """The published figures by site and day."""
    rows = lake.figures(home, date(2020, 1, 1), date(2100, 1, 1))
    return {(row.pop("site"), row.pop("day").isoformat()): row for row in rows}


def figures_agree(home: Home, model: Model) -> None:
    """Asserts that every figure which the model knows of a site and day is the published one."""
    found, expected = site_days(home), model.site_days()
    assert set(found) == set(expected)
    for name, sums in expected.items():
        other = {code: (found[name].get(code, 0), count) for code, count in sums.items()
                 if found[name].get(code, 0) != count}  # fmt: skip
        assert not other, (name, other)


def rows(home: Home, table: str) -> list[dict[str, Any]]:
    """All rows of a table of the lake."""
    import pyarrow.parquet as pq

    found: list[dict[str, Any]] = []
    with lake.reading(home) as edition:
        for path in edition.files(table):
            found += pq.read_table(path, use_threads=False).to_pylist()
    return found


def total(home: Home, table: str, column: str) -> Counter[str]:
    """Sums of a column of a table by site."""
    sums: Counter[str] = Counter()
    for row in rows(home, table):
        sums[row["site"]] += row[column]
    return sums
