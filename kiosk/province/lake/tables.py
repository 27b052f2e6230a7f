"""The tables of the lake: one for each kind of line, and `arrivals`. Plain types, names that no engine reserves.

Every row begins with whose and of when it is: `site, station, day, lineage, revision`. A PC's truth of a day is the sum
over its lineages; of each lineage only the highest revision is in the lake (of releases: every id once, as it was first
told, because a release stands). Nothing in these tables says when it came, so they are the same in whatever order
bundles came; that is in `arrivals` alone. A number that a bundle does not tell is null, never 0.

Fields and kinds that this version does not know are left out; they stay in the archive. When a later version knows
them (or reckons a rollup in another way), VERSION goes up by one: the next build makes the whole lake anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kiosk.export.formats import KINDS

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 1

Type = Literal["text", "whole", "day"]


@dataclass(frozen=True)
class Column:
    """A column; `field` is what it is called in a bundle's line."""

    name: str
    type: Type
    field: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the lines of one `kind`; "" for what comes from no line."""

    name: str
    kind: str
    own: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """All of them, in their order in the files."""
        return KEYS + self.own


def _texts(**names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "text", field) for name, field in names.items())


def _counted(**names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "whole", field) for name, field in names.items())


def wholes(*names: str) -> tuple[Column, ...]:
    """Columns of whole numbers, called as in a bundle's line."""
    return tuple(Column(name, "whole", name) for name in names)


KEYS = (*_texts(site="", station=""), Column("day", "day"), *_texts(lineage=""), *_counted(revision=""))

_ALL = (
    Table("days", "day", wholes(*KINDS["day"][1])),
    Table("ends", "end", _texts(code="code") + _counted(sessions="count")),
    Table("months", "month",
          _texts(about_month="month", tally="table", side="side") + _counted(visits="count")),
    Table("releases", "release", _texts(release_id="id", tally="table", first_day="first_day", last_day="last_day")
          + _counted(yes_visits="yes", no_visits="no") + _texts(versions="versions")),
    Table("reasons", "reason", _texts(code="code") + _counted(times="count")),
    Table("opens", "open", _texts(item="item") + _counted(times="count")),
    Table("missed", "missed", _texts(words="words") + _counted(searches="count")),
    Table("prints", "print", _counted(pages="pages")),
    Table("health", "health", wholes(*KINDS["health"][1])),
    # A lock has a row for each of its figures.
    Table("locks", "lock", _texts(about_month="month", first_day="first_day", last_day="last_day", locked_at="at",
                                  code="code", figure="figure", version="version")),
    Table("revisions", "revision", _texts(about_month="month", code="code", noted_at="at", figure_before="before",
                                          figure_after="after", cause="cause", why="reason")),
    Table("journal", "journal", _texts(code="code") + _counted(amount="count")),
    Table("journal_before", "journal_before", _texts(about_month="month", code="code") + _counted(amount="count")),
)  # fmt: skip

# Of every (site, station, day, lineage) one row: when its first bundle came and when the one that counts (UTC, and the
# local date), how many revisions are stored, and what the manifest says of the PC's software.
ARRIVALS = Table(
    "arrivals", "",
    _texts(first_received="") + (Column("first_received_on", "day"),) + _texts(received="")
    + (Column("received_on", "day"),) + _counted(revisions="", bytes="")
    + _texts(epoch="epoch") + _counted(sequence="sequence") + _texts(created="created", software="software",
                                                                     policy="policy"),
)  # fmt: skip

TABLES: Mapping[str, Table] = {one.name: one for one in (*_ALL, ARRIVALS)}
BY_KIND: Mapping[str, Table] = {one.kind: one for one in _ALL}


def arrow_schema(columns: tuple[Column, ...]) -> "pa.Schema":
    """The types as the files have them."""
    import pyarrow as pa

    types = {"text": pa.string(), "whole": pa.int64(), "day": pa.date32()}
    return pa.schema([(column.name, types[column.type]) for column in columns])


def described(tables: Mapping[str, tuple[Column, ...]]) -> dict[str, dict[str, str]]:
    """Tables, columns and types as the schema file says them: string, int64, date."""
    names = {"text": "string", "whole": "int64", "day": "date"}
    return {name: {column.name: names[column.type] for column in columns} for name, columns in tables.items()}
