"""Debian's real X server with monitors that nobody sees (the dummy driver): for `with real_xorg(folder) as name`.

Unlike Xvfb it zooms, pans and has several outputs. Needs root, and touches no console. It has no input devices.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONF = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
Section "Device"
  Identifier "nobody sees it"
  Driver "dummy"
  VideoRam 64000
EndSection
Section "Monitor"
  Identifier "any"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
EndSection
Section "Screen"
  Identifier "screen"
  Device "nobody sees it"
  Monitor "any"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1024x768" "800x600"
    Virtual 2048 2048
  EndSubSection
EndSection
"""


@contextmanager
def real_xorg(folder: Path) -> Iterator[str]:
    """Its name, such as ":7", once it takes connections; ended afterwards."""
    conf, log = folder / "xorg.conf", folder / "xorg.log"
    conf.write_text(CONF)
    told, theirs = os.pipe()
    command = [
        "Xorg", "-displayfd", str(theirs), "-config", conf, "-logfile", log, "-noreset", "-nolisten", "tcp",
        "-novtswitch", "-sharevts", "vt7",
    ]  # fmt: skip
    process = subprocess.Popen(command, pass_fds=[theirs], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    os.close(theirs)
    try:
        with os.fdopen(told) as answer:
            number = answer.readline().strip()  # nothing when it ends instead
        assert number, log.read_text(errors="replace")[-2000:]
        yield f":{number}"
    finally:
        process.terminate()
        deadline = time.monotonic() + 10
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.kill()
        process.wait(10)
