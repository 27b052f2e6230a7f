"""Programs that will not be ended, or take all of the machine: `python -c THIS NAME MARK`, as a program of a session.

MARK stands in the command line of what stays. Each prints `up`, where nothing else is said; what is done stays done
until it is ended.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

PTRACE_TRACEME, PTRACE_ATTACH, PTRACE_CONT = 0, 16, 7
PR_SET_NAME, PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 15, 1, 36
IGNORING = "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 15, 20)]; time.sleep(600)"

_libc = ctypes.CDLL(None, use_errno=True)


def aside(do: Callable[[], object]) -> int:
    """In a process of its own, of nobody's session."""
    child = os.fork()
    if child == 0:
        os.setsid()
        do()
        os._exit(0)
    return child


def becomes(mark: str, name: str = "", code: str = IGNORING) -> None:
    """Another program, without the environment in which it was begun."""
    os.execve(sys.executable, [name or sys.executable, "-c", code, mark], {})


def stay() -> None:
    """Until it is ended."""
    print("up", flush=True)
    while True:
        time.sleep(60)


def stops_itself(mark: str) -> None:
    """Stopped processes hear nothing; whoever lets them go on finds them stopped again."""
    code = "import os, signal\nwhile True: os.kill(os.getpid(), signal.SIGSTOP)"
    for _one in range(5):
        aside(lambda: becomes(mark, code=code))
    stay()


def traces_its_children(mark: str) -> None:
    """Five that are held by a sixth, which looks at every signal first and gives none on."""

    def hold() -> None:
        for _one in range(5):
            child = os.fork()
            if child == 0:
                _libc.ptrace(PTRACE_TRACEME, 0, None, None)
                becomes(mark)
        while True:
            with contextlib.suppress(ChildProcessError, ProcessLookupError):
                pid, status = os.waitpid(-1, 0)
                sent = os.WSTOPSIG(status) if os.WIFSTOPPED(status) else 0
                _libc.ptrace(PTRACE_CONT, pid, None, 0 if sent in (1, 2, 15) else 0)

    aside(hold)
    stay()


def takes_our_names(mark: str) -> None:
    """Called like the lock, the bar and the supervisor, word for word, in a home called like ours."""
    home = os.environ.get("KIOSK_HOME", "/var/lib/kiosk")
    for words in ("kiosk.lockscreen lock", "kiosk.lockscreen bar", "kiosk.supervisor", "kiosk.service"):
        name = ["python3", "-P", "-m", *words.split()]
        code = f"import sys, time; sys.argv = {name}; time.sleep(600)"

        def posing(code: str = code, words: str = words) -> None:
            _libc.prctl(PR_SET_NAME, b"python3", 0, 0, 0)
            os.execve(sys.executable, ["python3", "-c", code, "-P", "-m", *words.split(), mark], {"KIOSK_HOME": home})

        aside(posing)
    stay()


def leaves_its_group(mark: str) -> None:
    """Whichever control group can be entered, of whatever kind, is entered; prints `got …`, or `refused`."""
    told, tells = os.pipe()

    def flee() -> None:
        own = Path("/proc/self/cgroup")
        before = own.read_text()
        for where, _folders, names in os.walk("/sys/fs/cgroup"):
            for name in {"cgroup.procs", "tasks"} & set(names):
                with contextlib.suppress(OSError):
                    Path(where, name).write_text("0")
        for made in ("/sys/fs/cgroup/own", "/sys/fs/cgroup/unified/own"):
            with contextlib.suppress(OSError):
                os.mkdir(made)
        os.write(tells, b"refused" if own.read_text() == before else b"got another group")
        becomes(mark)

    aside(flee)
    print(os.read(told, 100).decode(), flush=True)
    while True:
        time.sleep(60)


def leaves_zombies(mark: str) -> None:
    """Three hundred dead children of a parent that never looks, and that hears of nothing."""

    def bear() -> None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        for _one in range(300):
            if os.fork() == 0:
                os._exit(0)
        becomes(mark)

    aside(bear)
    stay()


def takes_the_processor(mark: str) -> None:
    """Fifty that never rest, each as far to the front as the kernel lets it."""

    def burn() -> None:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, -20)
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text("-20")
        becomes(mark, code="while True: pass")

    for _one in range(50):
        aside(burn)
    stay()


def takes_the_memory(mark: str) -> None:
    """Four times eighty megabytes that are written to without pause, none of which the kernel may take first."""
    code = "import mmap, os\nheld = mmap.mmap(-1, 80 << 20)\nwhile True:\n for at in range(0, len(held), 4096):"
    code += " held[at] = 1"

    def grow() -> None:
        for score in ("-1000", "0"):
            with contextlib.suppress(OSError):
                Path("/proc/self/oom_score_adj").write_text(score)
        becomes(mark, code=code)

    for _one in range(4):
        aside(grow)
    stay()


def kills_all_it_may(mark: str) -> None:
    """Every process that it is allowed to, twice a second; it alone stays."""
    print("up", flush=True)
    while True:
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
        time.sleep(0.5)


def begins_with_every_program(mark: str) -> None:
    """In every file that some program reads when it starts."""
    home = Path(os.environ["HOME"])
    line = f"{sys.executable} -c 'import time; time.sleep(600)' {mark} &\n"
    for name in (".profile", ".bashrc", ".bash_profile", ".xsession", ".xinitrc", ".pam_environment", ".Kiosk-lock.tcl",
                 ".Kiosk-lock.py", ".config/openbox/autostart", ".config/openbox/environment",
                 ".config/autostart/own.desktop", ".config/systemd/user/own.service"):  # fmt: skip
        path = home / name
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"export LD_PRELOAD=/tmp/{mark}.so\n{line}")
    Path(f"/tmp/{mark}.so").write_bytes(b"no library")
    aside(lambda: becomes(mark))
    stay()


ATTACKS: dict[str, Callable[[str], None]] = {
    made.__name__: made
    for made in (
        stops_itself, traces_its_children, takes_our_names, leaves_its_group, leaves_zombies, takes_the_processor,
        takes_the_memory, kills_all_it_may, begins_with_every_program,
    )
}  # fmt: skip


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    ATTACKS[sys.argv[1]](sys.argv[2])
