"""Takes what lies in a folder, on a stick or behind an fsspec URL; writes the receipts beside it where it may."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.province.intake import Intake


@dataclass(frozen=True, slots=True)
class Counts:
    """Bundles by what became of them: inputs = stored + duplicates + quarantined; `replaced` is a part of stored."""

    stored: int = 0
    duplicates: int = 0
    replaced: int = 0
    quarantined: int = 0
    receipts: int = 0


def ingest(intake: Intake, source: str, now: datetime) -> Counts:
    """Takes every bundle (`*.jsonl.gz`, its line in `*.jsonl.gz.sig`) of a folder or URL, also of its subfolders.

    Receipts go into `receipts/` there. KioskError when the place cannot be read.
    """
    raise NotImplementedError
