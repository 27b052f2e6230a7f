"""What many tests share: a home and X servers of their own; and the order: fast ones first, none skipped in silence."""

import gc
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.tries import choose_profile

if TYPE_CHECKING:
    from receiver import Receiver

choose_profile()
Screen = Callable[..., str]


def _has_loop_devices() -> bool:
    """Whether the kernel gives us one: some containers have neither the device nor the right to it."""
    if os.geteuid() or not os.path.exists("/sbin/mkfs.ext4"):
        return False
    found = subprocess.run(["/sbin/losetup", "--find"], capture_output=True, text=True, timeout=10, check=False)
    return found.returncode == 0 and os.path.exists(found.stdout.strip())


# Why tests with this mark cannot run here; None where they can.
NEEDS = {
    "root": None if os.geteuid() == 0 else "needs root: the station's users and their isolation",
    "fuse": None if os.geteuid() == 0 and os.path.exists("/dev/fuse") else "needs root and FUSE: a disk that fails",
    "loop": None if _has_loop_devices() else "needs a loop device and mkfs.ext4: a disk that fails",
    "engines": None if "KIOSK_SPARK" in os.environ else "needs a PostgreSQL and Spark: scripts/test --engines",
}
left_out: dict[str, list[str]] = {}


def pytest_configure() -> None:
    """A run that is ended by SIGTERM, as by `timeout`, still takes away what its tests set up.

    With KIOSK_TEST_ALL, as in CI, a machine that cannot run all of them runs none: a smaller run would look green.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    missing = [why for mark, why in NEEDS.items() if why and mark != "engines"]
    if missing and os.environ.get("KIOSK_TEST_ALL"):
        raise pytest.UsageError(f"KIOSK_TEST_ALL is set, and this machine cannot run all: {'; '.join(missing)}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests last; what this machine cannot run is left out and named at the end, never skipped."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
    for mark, why in NEEDS.items():
        if why is None:
            continue
        gone = [item for item in items if item.get_closest_marker(mark)]
        if gone:
            left_out[why] = [item.nodeid for item in gone]
            config.hook.pytest_deselected(items=gone)
            items[:] = [item for item in items if item not in gone]


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector of garbage need not look through all of it again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not run on this machine, and why."""
    for why, names in left_out.items():
        terminalreporter.write_sep("-", f"not run on this machine, {why}")
        terminalreporter.write_line("\n".join(names))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each of several processes knows what it left out; one of them says it."""
    left_out.update(getattr(node, "workeroutput", {}).get("left_out", {}))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test is a failed run: what nobody sees run protects nobody."""
    gc.unfreeze()  # else libraries count what was frozen as leaks, at length, after everything that was told
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["left_out"] = left_out
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty KIOSK_HOME, also for the processes that the test starts; other users can reach it, unlike tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-test-"))
    folder.chmod(0o755)
    path = folder / "home"
    path.mkdir()
    monkeypatch.setenv("KIOSK_HOME", str(path))
    yield path
    let_go(folder)
    shutil.rmtree(folder)


@pytest.fixture
def theirs(tmp_path: Path) -> "Iterator[Receiver]":
    """A province's end that receives for real, for a station that sends to it."""
    from receiver import receiving

    with receiving(tmp_path / "province") as found:
        yield found


def let_go(folder: Path) -> None:
    """Unmount whatever a test that failed half-way left mounted below `folder`."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    # Blanks and the like stand there as \040.
    places = [re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split()[4]) for line in lines]
    for place in reversed([place for place in places if place.startswith(f"{folder}/")]):
        subprocess.run(["umount", "-l", place], check=False, capture_output=True)


def write_cookie(path: Path, number: str) -> None:
    """An Xauthority file that only its owner reads: one fixed test cookie for any display, and for this host's."""
    entries = b""
    for family, address, display in ((0xFFFF, b"", b""), (256, socket.gethostname().encode(), number.encode())):
        entries += struct.pack(">H", family)
        for part in (address, display, b"MIT-MAGIC-COOKIE-1", bytes(range(16))):
            entries += struct.pack(">H", len(part)) + part
    path.touch(mode=0o600)
    path.write_bytes(entries)


@contextmanager
def servers() -> Iterator[Screen]:
    """What starts X servers, which end with it."""
    running: list[subprocess.Popen[bytes]] = []

    def start(size: str = "1366x768", cookie: Path | None = None, without: str = "") -> str:
        reading, writing = os.pipe()
        # -displayfd lets the server choose a free number and say which; a guessed one collides with other runs.
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-noreset", "-nolisten", "tcp"]
        if without:
            command += ["-extension", without]
        if cookie is not None:
            write_cookie(cookie, "")
            command += ["-auth", str(cookie)]
        running.append(subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL))
        os.close(writing)
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        if cookie is not None:
            write_cookie(cookie, number)
        return f":{number}"

    try:
        yield start
    finally:
        for server in running:
            server.terminate()
            server.wait(10)


@pytest.fixture
def xvfb() -> Iterator[Screen]:
    """Start X servers, which end with the test: `xvfb()`, `xvfb("1024x768", cookie=file, without="RECORD")`."""
    with servers() as start:
        yield start
