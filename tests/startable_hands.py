"""A citizen's programs, in the session and around it, and the files that they write."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.running import CITIZEN, RunningStation


def said(start: Callable[[int], "subprocess.Popen[bytes]"]) -> str:
    """What a program says until it ends; what it has started may go on."""
    with tempfile.TemporaryFile() as output, start(output.fileno()) as process:
        process.wait(60)
        output.seek(0)
        return output.read().decode()


def around(station: RunningStation, home: Path, *command: str) -> str:
    """A citizen's program outside of the session's room, and what it says."""
    in_home = ("env", "-u", "BROWSER", f"HOME={home}", "timeout", "-k", "1", "40", *command)
    return said(lambda output: station.as_citizen(*in_home, stdout=output))


def inside(station: RunningStation, *command: str) -> str:
    """A citizen's program in the session, and what it says."""
    return said(lambda output: station.as_citizen("timeout", "-k", "1", "40", *command, stdout=output, room=True))


def put(home: Path, name: str, text: str) -> None:
    """As the citizen would: a file of theirs in their home."""
    path = home / name
    for folder in (*reversed(path.parents), path):
        if home in folder.parents:
            if folder == path:
                path.write_text(text, encoding="utf-8")
            else:
                folder.mkdir(exist_ok=True)
            os.chown(folder, pwd.getpwnam(CITIZEN).pw_uid, pwd.getpwnam(CITIZEN).pw_gid)
