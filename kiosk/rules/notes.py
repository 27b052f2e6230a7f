"""What staff write to the citizen at the PC: one short note at a time, shown on the bar until it is acknowledged.

It belongs to the session as the answers do: it stands in the live row, survives a restart with it and goes with it.
"""

import unicodedata
from dataclasses import dataclass

# What the bar can show in its largest type.
LONGEST = 160


@dataclass(frozen=True)
class Note:
    """One message. `sent` and `seen`: seconds since 1970 (UTC) of the clock then, trusted or not; 0: not seen."""

    id: str
    text: str
    sent: float
    seen: float = 0.0


def tidy(text: str) -> str:
    """The text as one line of plain words: NFC, without control and direction marks, no longer than LONGEST."""
    plain = unicodedata.normalize("NFC", text[: 8 * LONGEST])
    kept = "".join(one if one.isprintable() else " " for one in plain)
    return " ".join(kept.split())[:LONGEST].strip()
