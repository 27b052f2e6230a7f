"""What a measurement hands back, and how it is shown: an aligned table, or JSON with every sample."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured number. `budget` (at most this much) is DESIGN.md's, None where it sets none; `known`: the peers'.

    `samples` are all that `value` was made of; `note` says how it was measured.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None
    known: str = ""
    note: str = ""
    samples: Sequence[float] = field(default_factory=tuple)

    @property
    def verdict(self) -> str:
        """Whether the budget is kept; empty where there is none."""
        if self.budget is None:
            return ""
        return "good" if self.value <= self.budget else "MISSES"

    @property
    def spread(self) -> str:
        """Smallest and largest sample, and how many there were."""
        if len(self.samples) < 2:
            return ""
        low, high = (short(edge(self.samples)) for edge in (min, max))
        return f"{low}–{high} (n={len(self.samples)})"

    def row(self) -> tuple[str, ...]:
        """As the table prints it."""
        budget = "" if self.budget is None else f"≤ {short(self.budget)} {self.unit}"
        return self.name, f"{short(self.value)} {self.unit}", budget, self.verdict, self.spread, self.known

    def as_json(self) -> dict[str, Any]:
        """As the JSON file holds it."""
        return {**asdict(self), "samples": list(self.samples), "verdict": self.verdict or None}


@dataclass(frozen=True)
class Failure:
    """A measurement that could not be made, and why."""

    name: str
    why: str

    def row(self) -> tuple[str, ...]:
        """As the table prints it."""
        return self.name, "not measured", "", "FAILED", "", self.why

    def as_json(self) -> dict[str, Any]:
        """As the JSON file holds it."""
        return {"name": self.name, "failed": self.why}


HEAD = ("measured", "here", "budget", "", "samples", "known of peers and trials")


def median(name: str, samples: Sequence[float], unit: str, budget: float | None = None, **more: str) -> Figure:
    """The figure that is the median of its samples."""
    return Figure(name, statistics.median(samples), unit, budget, samples=tuple(samples), **more)


def largest(name: str, samples: Sequence[float], unit: str, budget: float | None = None, **more: str) -> Figure:
    """The figure that is the worst of its samples."""
    return Figure(name, max(samples), unit, budget, samples=tuple(samples), **more)


def short(value: float) -> str:
    """Three digits that matter, whole numbers whole."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"


def table(rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as their widest cell."""
    lines = [HEAD, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def notes(results: Iterable[Figure | Failure]) -> str:
    """How each figure was measured, for the reader below the table."""
    told = [f"· {one.name}: {one.note}" for one in results if isinstance(one, Figure) and one.note]
    return "\n".join(told)


def write_json(path: Path, machine: dict[str, Any], results: Iterable[Figure | Failure]) -> None:
    """Everything that was measured, with every sample."""
    content = {"machine": machine, "figures": [one.as_json() for one in results]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
