"""Bundles to a folder that somebody names, and receipts out of one: a stick, `kiosk export write`, files by hand.

Each answer has `written` (names), `confirmed` and `refused` (bundles, by the receipts there), `waiting` (bundles,
still), `unproved` (receipts that the province did not sign) and `unsigned` (bundles there that no province takes,
because this station has joined none).
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.export.delivery import export_write_to
from kiosk.export.run import Exporter
from kiosk.service.way_up import WayUp
from kiosk.store import bundles


class ByFolder:
    """`exporter` as it is now; `one_at_a_time` holds back those who make bundles; `changed`: something may be told."""

    def __init__(
        self,
        exporter: Callable[[], Exporter],
        way_up: WayUp,
        one_at_a_time: threading.Lock,
        changed: Callable[[], None],
    ) -> None:
        self._exporter, self._way_up = exporter, way_up
        self._one_at_a_time, self._changed = one_at_a_time, changed

    def write_to(self, folder: Path) -> dict[str, Any]:
        """Bring bundles there; with a province what it has not confirmed, after its receipts there were read."""
        return self._brought(folder, mark=True)

    def copy_to(self, folder: Path) -> dict[str, Any]:
        """The same, and none of them counts as carried: whether they ever go anywhere is not known."""
        return self._brought(folder, mark=False)

    def read_from(self, folder: Path) -> dict[str, Any]:
        """Only read the receipts there."""
        try:
            if self._way_up.enrolled() is None:
                return self._nothing()
            return self._nothing() | self._way_up.carry_to(str(folder), mark=False, bring=False)
        finally:
            self._changed()

    def _brought(self, folder: Path, mark: bool) -> dict[str, Any]:
        try:
            if self._way_up.enrolled() is not None:
                return self._nothing() | self._way_up.carry_to(str(folder), mark)
            with self._one_at_a_time:
                exporter = self._exporter()
                written = export_write_to(exporter, folder, mark)
                there = len(exporter.store.run(bundles.files))
            return self._nothing() | {"written": written, "unsigned": there}
        finally:
            self._changed()

    @staticmethod
    def _nothing() -> dict[str, Any]:
        return {"written": [], "confirmed": 0, "refused": 0, "waiting": 0, "unproved": 0, "unsigned": 0}
