"""A real PostgreSQL of its own, in a folder of its own, on a unix socket: no port, nothing outside.

    with cluster() as one: psycopg.connect(one.url())

It refuses to run as root, so under root it runs as the user `postgres`, whom its Debian package makes.
"""

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Fast where nothing has to outlive the test, and small enough for two cores that others share.
SETTINGS = ("fsync=off", "full_page_writes=off", "shared_buffers=128MB", "work_mem=32MB", "max_connections=20")
GUARDED, PASSWORD = "guarded", "mot hai ba"


@dataclass(frozen=True)
class Cluster:
    """One that runs. `guarded` may come in by PASSWORD alone, everybody else without one."""

    place: Path
    tools: Path
    who: tuple[str, ...]

    def url(self, database: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """As psycopg wants it."""
        secret = f"&password={password.replace(' ', '%20')}" if password else ""
        return f"postgresql:///{database}?host={self.place}&user={user}{secret}"

    def control(self, *args: str) -> None:
        """pg_ctl."""
        self.run("pg_ctl", "-D", str(self.place / "data"), "-l", str(self.place / "log"), "-w", *args)

    def start(self, settings: Sequence[str] = ()) -> None:
        """With the settings of this file, or those of PostgreSQL's own (`settings=("",)`)."""
        chosen = " ".join(f"-c {one}" for one in (settings or SETTINGS) if one)
        self.control("start", "-o", f"-c listen_addresses= -k {self.place} {chosen}")

    def stop(self) -> None:
        """At once, as when the machine loses its power."""
        self.control("-m", "immediate", "stop")

    def run(self, tool: str, *args: str) -> None:
        """One of PostgreSQL's programs, as its user."""
        done = subprocess.run([*self.who, str(self.tools / tool), *args], capture_output=True, text=True, timeout=120,
                              cwd="/", stdin=subprocess.DEVNULL)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Started, and at the end stopped and gone."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    assert found, "there is no PostgreSQL here: apt install postgresql"
    # Sockets have short names: not below a test's own folder.
    place = Path(tempfile.mkdtemp(prefix="kiosk-pg-", dir="/tmp"))
    who = tuple[str, ...]()
    if os.geteuid() == 0:
        shutil.chown(place, "postgres")
        who = ("runuser", "-u", "postgres", "--")
    one = Cluster(place, Path(found[-1]).parent, who)
    try:
        one.run("initdb", "-D", str(place / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        hba = place / "data" / "pg_hba.conf"
        hba.write_text(f"local all {GUARDED} scram-sha-256\nlocal all all trust\n")
        one.start()
        try:
            one.run("psql", "-qX", "-h", str(place), "-U", "postgres", "-c",
                    f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")  # fmt: skip
            yield one
        finally:
            if (place / "data" / "postmaster.pid").exists():
                one.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)
