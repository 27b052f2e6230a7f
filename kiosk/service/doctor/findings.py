"""One line of `kiosk check`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `bad` keeps the station from working, `warn` weakens it."""

    name: str
    state: Literal["good", "warn", "bad"]
    message: str
    hint: str = ""
