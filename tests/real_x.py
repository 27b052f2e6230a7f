"""An X server that can be killed and comes back as its unit brings it back: the same number, a fresh cookie, the same
file for it.
"""

import os
import subprocess
import time
from pathlib import Path

from kiosk.supervisor import display, x_server


def quiet_number() -> int:
    """A display number that no -displayfd comes to: a server started beside us would take ours while it is dead."""
    return next(one for one in range(500 + os.getpid() % 5_000, 10_000) if not Path(f"/tmp/.X11-unix/X{one}").exists())


class Server:
    """One display. `cookie`: where its access cookie lies; None for a server that asks for none."""

    def __init__(self, name: str, cookie: Path | None = None) -> None:
        self.name, self.cookie = name, cookie
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        command = ["Xvfb", self.name, "-screen", "0", "1366x768x24", "-noreset", "-nolisten", "tcp"]
        if self.cookie is not None:
            x_server.write_cookie(self.cookie, self.name)
            command += ["-auth", str(self.cookie)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not display.alive(self.name):
            assert time.monotonic() < deadline and self.process.poll() is None, "Xvfb did not start"
            time.sleep(0.01)

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
