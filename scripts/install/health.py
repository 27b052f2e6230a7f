"""Whether the station that was just started is well: its own words, its pages, and that it is the right version."""

import http.client
import json
import ssl
import subprocess
import time
import tomllib
from pathlib import Path
from typing import Any

import version

HOME = Path("/var/lib/kiosk")
SITE = Path("/etc/kiosk/site.toml")
# Well for so long, without a restart: a service that falls over its first work is not well.
STEADY = 5.0


def status(of: str) -> dict[str, Any] | None:
    """What `kiosk status` says, asked by the program of a version; None where nobody answers."""
    command = [version.OPT / of / "bin" / "kiosk", "status", "--json"]
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "KIOSK_HOME": str(HOME)}
    try:
        done = subprocess.run(command, env=env, capture_output=True, timeout=15, stdin=subprocess.DEVNULL)
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return found if isinstance(found, dict) else None


def somebody_here(of: str) -> bool:
    """Whether a citizen or staff use this PC just now."""
    return (status(of) or {}).get("state") in ("asking", "open", "ending", "class")


def service(of: str) -> int:
    """The process of the service, if it runs from this version; 0 else."""
    try:
        known = json.loads((HOME / "run" / "supervisor" / "processes.json").read_text(encoding="utf-8"))
        [pid] = [int(one["pid"]) for one in known["processes"] if one["role"] == "service"]
    except (OSError, ValueError, KeyError):
        return 0
    return pid if pid in version.processes(of) else 0


def trouble(of: str) -> str:
    """What is not as it should be just now; "" where all is well."""
    if not service(of):
        return "service"
    told = status(of)
    if told is None:
        return "status"
    if not told.get("marker") and told.get("state") not in ("open", "class"):
        return "cover"
    settings = tomllib.loads(SITE.read_text(encoding="utf-8")) if SITE.exists() else {}
    for name, port in (("menu", "127.0.0.1:8081"), ("panel", "127.0.0.1:8080")):
        if not _answers(str(settings.get(name, {}).get("listen", port))):
            return f"{name}/healthz"
    return ""


def _answers(listen: str) -> bool:
    host, _, port = listen.rpartition(":")
    local = host.strip("[]") in ("127.0.0.1", "::1", "localhost")
    address = ("127.0.0.1" if not local else host.strip("[]"), int(port))
    # Its certificate is its own; that it answers is all we ask.
    connection = (
        http.client.HTTPConnection(*address, timeout=5)
        if local
        else http.client.HTTPSConnection(*address, timeout=5, context=ssl._create_unverified_context())
    )
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def becomes_well(of: str, within: float) -> str:
    """Wait until it is well, and stays so; "" then, else what was wrong at the end."""
    until, since, pid, wrong = time.monotonic() + within, 0.0, 0, "service"
    while time.monotonic() < until:
        now, running, wrong = time.monotonic(), service(of), trouble(of)
        if wrong or running != pid:
            since, pid = now, running
        elif now - since >= STEADY:
            return ""
        time.sleep(0.3)
    return wrong or "restarts"
