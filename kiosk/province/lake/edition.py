"""One edition of the lake: what lake.json says of it, its files, and whether they are as they were made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

from kiosk.province.lake.tables import VERSION

SPEC = "kiosk-lake/1"
ABOUT = "lake.json"
EMPTY = "none.parquet"  # of every table a file without rows: whoever reads all files of a table finds its columns


@dataclass(frozen=True)
class File:
    """What a file of an edition must be."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class About:
    """lake.json: of what an edition was made. `through`: the ledger's number, `stamp` what stood there; `built`: UTC.

    `files`: by their paths in the edition. `incomplete`: days of which bundles could not be read -> how many.
    """

    ledger: str
    through: int
    stamp: str
    built: str
    version: int = VERSION
    spec: str = SPEC
    files: Mapping[str, File] = field(default_factory=dict)
    incomplete: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """A whole edition. Its files never change; `table` and `month` name one of them."""

    path: Path
    about: About

    @property
    def number(self) -> int:
        """Its place among the editions."""
        return int(self.path.name)

    @property
    def months(self) -> list[str]:
        """Its months, in order."""
        return sorted({name.partition("month=")[2][:7] for name in self.about.files if "/month=" in name})

    def file(self, table: str, month: str) -> Path:
        """The rows of a table and month."""
        return self.path / file_name(table, month)

    def is_whole(self, name: str, thoroughly: bool) -> bool:
        """Whether a file is there as it was made: by its size, or by its bytes."""
        path, meant = self.path / name, self.about.files[name]
        try:
            if path.stat().st_size != meant.bytes:
                return False
            return not thoroughly or digest(path) == meant.sha256
        except OSError:
            return False


def file_name(table: str, month: str) -> str:
    """Where a table's month lies in an edition."""
    return f"{table}/month={month}.parquet"


def digest(path: Path) -> str:
    """The sha256 of a file."""
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def edition_at(path: Path) -> Edition | None:
    """The edition in a folder; None where there is none, or one that cannot be read."""
    try:
        told = json.loads((path / ABOUT).read_bytes())
        files = {name: File(**one) for name, one in told.pop("files").items()}
        fields = {name: told[name] for name in About.__dataclass_fields__ if name in told}
        return Edition(path, About(**fields, files=files))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
