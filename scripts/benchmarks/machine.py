"""On what the figures were measured: a number without its machine says nothing."""

import os
import platform
import sqlite3
from pathlib import Path
from typing import Any


def machine(home: Path) -> dict[str, Any]:
    """Processor, memory, load, kernel, and the file system that the stations' homes lie on."""
    return {
        "cpu": _first("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": os.cpu_count(),
        "ram_mb": int((_first("/proc/meminfo", "MemTotal") or "0").split()[0]) // 1024,
        "load": [round(one, 2) for one in os.getloadavg()],
        "kernel": platform.release(),
        "file_system": file_system(home),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "user": "root, with the station's own users" if os.geteuid() == 0 else "an ordinary user, nothing isolated",
    }


def line(found: dict[str, Any]) -> str:
    """The machine in one line."""
    load = " ".join(f"{one:.2f}" for one in found["load"])
    return (
        f"{found['cpu']}, {found['cores']} cores, {found['ram_mb']} MB, load {load}, Linux {found['kernel']}, "
        f"{found['file_system']}, Python {found['python']}, SQLite {found['sqlite']}, {found['user']}"
    )


def file_system(path: Path) -> str:
    """The kind of the file system that holds `path`."""
    best, kind = "", "?"
    for entry in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _device, where, found, *_rest = entry.split()
        if (f"{path}/".startswith(where.rstrip("/") + "/")) and len(where) >= len(best):
            best, kind = where, found
    return kind


def _first(path: str, field: str) -> str:
    for entry in Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, value = entry.partition(":")
        if name.strip() == field:
            return value.strip()
    return ""
