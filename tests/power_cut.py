"""Power that fails under a whole station, and a PC that boots again: all is killed at once, and the boot is another.

The new boot has its own id and its own age, as the kernel would have it: a file over /proc's, in the station's own view
of the files, and a time namespace whose CLOCK_BOOTTIME begins anew.
"""

import os
import pwd
import signal
import time
import uuid
from pathlib import Path

from kiosk.supervisor import linux, marked
from tests.running import CITIZEN, RunningStation

BOOT_ID = "/proc/sys/kernel/random/boot_id"
# How old the new boot is when kiosk starts, and how long it was dark before: no boot has begun before the cut.
SECONDS_OLD, DARK_SECONDS = 1, 3


class PoweredStation(RunningStation):
    """A station whose power can be cut."""

    def cut(self) -> None:
        """Nothing of it lives on, and nobody was told."""
        assert self.supervisor is not None
        citizen = pwd.getpwnam(CITIZEN).pw_uid
        for pid in self.living():
            os.kill(pid, signal.SIGKILL)
        self.supervisor.wait(10)
        marked.kill_all(lambda: marked.owned_by(citizen))
        self.wait(lambda: not self.living(), "all is dark")
        # A home in memory is gone with the power.
        while linux.unmount(str(self.paths.citizen_home)):
            pass
        self.paths.processes.unlink(missing_ok=True)

    def boot(self) -> None:
        """The PC starts again, as another boot that is young."""
        name = self.home.parent / f"boot-{uuid.uuid4()}"
        time.sleep(DARK_SECONDS)
        name.write_text(f"{uuid.uuid4()}\n", encoding="ascii")
        back = SECONDS_OLD - int(time.clock_gettime(time.CLOCK_BOOTTIME))
        enter = f'mount --bind "{name}" {BOOT_ID} && exec "$@"'
        self.within = ["unshare", "--mount", "--time", "--fork", "--boottime", str(back), "sh", "-c", enter, "sh"]
        self.start()

    def _end(self) -> None:
        # What `unshare` forked hears nothing of a signal to its parent.
        if self.within:
            for pid in self.living("supervisor"):
                os.kill(pid, signal.SIGTERM)
            self.wait(lambda: not self.living("supervisor"), "the station has ended")
        super()._end()


def boot_id_of(pid: int) -> str:
    """The boot that a process believes in."""
    return Path(f"/proc/{pid}/root{BOOT_ID}").read_text(encoding="ascii").strip()
