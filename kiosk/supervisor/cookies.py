"""X access cookies, lent: an X server that asks for one keeps it in a file that only its owner reads.

Each of our users gets a copy of its own, made anew at every start of a process, because the server may have a new one.
"""

import os
from pathlib import Path

from kiosk.supervisor.users import Identity

NAME = "XAUTHORITY"


def lend(display: dict[str, str], target: Path, owner: Identity) -> dict[str, str]:
    """DISPLAY and XAUTHORITY for a process of `owner`; `target` is where its copy of the cookie may lie.

    Where all run as one user, or where there is no cookie, the display as it is. OSError when it cannot be copied.
    """
    source = display.get(NAME)
    if source is None or owner.uid is None or owner.gid is None:
        return display
    cookie = Path(source).read_bytes()
    target.unlink(missing_ok=True)
    # Never through a link, and readable by nobody for a moment: made anew, closed, then given away.
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(cookie)
        os.fchown(file.fileno(), owner.uid, owner.gid)
    return {**display, NAME: str(target)}
