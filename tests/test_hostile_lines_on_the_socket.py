"""Random and hostile lines from every role: the service goes on, answers, and never writes down what it was sent."""

import json
import os
import pwd
import random
import socket
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.messages import MAX_LINE, VERBS, encode
from kiosk.service import client
from kiosk.settings import Paths, load_site
from kiosk.supervisor import layout
from kiosk.supervisor.users import resolve
from tests.running import CITIZEN, CODE, SITE, free_port

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]

LINES = int(os.environ.get("KIOSK_TEST_LINES", "2000"))
CANARY = "canary-of-the-citizen"
# They would do what they say: end the station, or fill the disk with what was asked for.
NOT_SAID = {"stop", "stopping"}
HOSTILE: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 1e308, float("nan"), float("inf"), -(2**63), 10**400, "", CANARY, "\0", "\ud800", "é" * 999,
    "../../etc/passwd", "'; DROP TABLE live; --", "%s%n{0}", [], [[]], {}, {"first": ["FST_Y"]}, {"first": CANARY},
    {"person": ["SEX_F", "SEX_M"]}, {"groups": ["GRP_NONE", "GRP_POOR"]}, {CANARY: [CANARY]}, {"lang": CANARY},
    {"groups": [[CANARY]]}, {"lang": ["vi"], "large": "yes"}, "start", "extend", "finish", "run",
    "write", "add", "passwd", "list", "123456", "2026-02-30", "1" * 5000,
)  # fmt: skip
# What each role says last, and by what one sees that it was heard.
GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "lock": ("covered", {"marker": "0123456789abcdef"}),
    "bar": ("help", {}),
    "cli": ("session", {"action": "waiting"}),
    "supervisor": ("isolation", {"level": "users", "detail": "said last"}),
}
EFFECT: dict[str, Callable[[dict[str, Any]], bool]] = {
    "lock": lambda state: bool(state["marker"] == "0123456789abcdef"),
    "bar": lambda state: bool(state["help_asked"]),
    "cli": lambda state: bool(state["state"]),
    "supervisor": lambda state: bool(state["isolation"]["detail"] == "said last"),
}
BROKEN = (b"", b"{", b"[]", b"null", b'{"verb":1}', b"\xff\xfe\0", b'{"verb":"' + CANARY.encode() + b'"}', b"[" * 3000)


@pytest.fixture
def service(home: Path) -> Iterator["Service"]:
    """A real service whose supervisor is the test."""
    running = Service(home)
    yield running
    running.close()


class Service:
    """`python -m kiosk.service` as its own user, in a home that the supervisor's code has made."""

    def __init__(self, home: Path) -> None:
        self.paths, self.log_path = Paths(home), home.parent / "log.txt"
        site = SITE.format(panel=free_port(), menu=free_port(), citizen=CITIZEN)
        (home / "site.toml").write_text(site, encoding="utf-8")
        (home / "policy.toml").write_text("", encoding="utf-8")
        identities = resolve(load_site(self.paths).users)
        assert identities.isolated
        layout.prepare(self.paths, identities)
        self.paths.processes.write_text(json.dumps({"supervisor": {"pid": os.getpid()}}), encoding="utf-8")
        self._owner = identities.service
        self.start()

    def start(self) -> None:
        """Run it; also again."""
        env = {"PATH": os.environ["PATH"], "KIOSK_HOME": str(self.paths.home), "PYTHONPATH": CODE, "LANG": "C.UTF-8"}
        owner = self._owner
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "kiosk.service"],
                env=env, cwd="/", user=owner.uid, group=owner.gid, extra_groups=[], stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + 20
        while not client.running(self.paths):
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def log(self) -> str:
        """What it printed."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def connect(self) -> socket.socket:
        """A line of ours to it."""
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(self.paths.socket))
        line.settimeout(10)
        return line

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


def _lines(role: str, mixed: random.Random) -> Iterator[bytes]:
    for _number in range(LINES):
        kind = mixed.random()
        if kind < 0.1:
            yield mixed.choice(BROKEN) + b"\n"
        elif kind < 0.15:
            yield mixed.randbytes(mixed.randrange(1, 300)).replace(b"\n", b" ") + b"\n"
        elif kind < 0.155:
            yield b"x" * (MAX_LINE + mixed.randrange(1, 99)) + b"\n"
        else:
            yield _message(role, mixed)


def _message(role: str, mixed: random.Random) -> bytes:
    """Mostly a verb of the role with fields of the right type and hostile values; sometimes nothing is right."""
    verb = mixed.choice(
        sorted(set(VERBS[role] if mixed.random() < 0.9 else VERBS[mixed.choice(sorted(VERBS))]) - NOT_SAID)
    )
    fields: dict[str, Any] = {"verb": verb}
    for name, kind in VERBS[role].get(verb, {}).items():
        fitting = [value for value in HOSTILE if isinstance(value, kind)]
        fields[name.rstrip("?")] = mixed.choice(fitting if fitting and mixed.random() < 0.8 else HOSTILE)
    if mixed.random() < 0.1:
        fields["".join(mixed.choices(string.ascii_lowercase, k=4)) + CANARY] = mixed.choice(HOSTILE)
    return json.dumps(fields, ensure_ascii=True).encode() + b"\n"


# Says each line of its stdin over a connection of its own and waits until the service has heard it and hung up. A
# process of its own, because a screen is another one than the supervisor.
SPEAKER = """
import socket, sys
print("ready", flush=True)
said = 0
for text in sys.stdin.buffer:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(sys.argv[1])
        try:
            line.sendall(text)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536): pass
        except (BrokenPipeError, ConnectionResetError): pass
        said += 1
print(said, flush=True)
"""


@pytest.mark.timeout(120 + LINES / 25)
@pytest.mark.parametrize("role", sorted(VERBS))
def test_thousands_of_hostile_lines_of_a_role(service: Service, role: str) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"\n{role}: seed {seed}, {LINES} lines")
    text = [*_lines(role, random.Random(seed)), encode(GOOD[role][0], **GOOD[role][1])]
    with service.connect() as supervisor:
        supervisor.sendall(encode("sync", session=""))
        assert _say(service, supervisor, role, b"".join(text)) == len(text)
    assert service.process.poll() is None, service.log()[-3000:]
    # The control: it was heard in this role to the last line. What is shown is made anew every second.
    deadline = time.monotonic() + 20
    while not EFFECT[role](_still_answers(service)):
        assert time.monotonic() < deadline, service.log()[-3000:]
    log = service.log()
    assert "Traceback" not in log, log[log.find("Traceback") :][:2000]
    # What the supervisor, which is ours and root, calls a trouble is meant to be written down.
    assert role == "supervisor" or not [word for word in (CANARY, "DROP TABLE", "passwd") if word in log]
    assert " failed: " not in log, f"a handler raised:\n{log[-3000:]}"
    assert len([line for line in log.splitlines() if "a peer was dropped" in line]) > LINES / 10


def _say(service: Service, supervisor: socket.socket, role: str, text: bytes) -> int:
    """Let another process say all of it in that role; how many lines the service has heard."""
    process = subprocess.Popen(
        [sys.executable, "-c", SPEAKER, str(service.paths.socket)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    if role == "supervisor":
        service.paths.processes.write_text(json.dumps({"supervisor": {"pid": process.pid}}), encoding="utf-8")
    elif role != "cli":
        supervisor.sendall(encode("peer", role=role, pid=process.pid, uid=os.getuid()))
        time.sleep(0.3)
    answer, _nothing = process.communicate(text, timeout=30 + LINES / 50)
    return int(answer)


def _still_answers(service: Service) -> dict[str, Any]:
    """`status` as a command asks it; our own pid may be the supervisor's here, so a process of its own asks."""
    command = [sys.executable, "-m", "kiosk", "status", "--json"]
    env = {**os.environ, "KIOSK_HOME": str(service.paths.home), "PYTHONPATH": CODE}
    answer = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30)
    assert answer.returncode == 0, answer.stderr
    state: dict[str, Any] = json.loads(answer.stdout)
    return state


def test_the_citizens_user_cannot_connect(service: Service) -> None:
    citizen = pwd.getpwnam(CITIZEN)
    code = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
    command = [sys.executable, "-c", code, str(service.paths.socket)]
    assert subprocess.run(command, timeout=20).returncode == 0, "the control: root can"
    refused = subprocess.run(
        command, user=citizen.pw_uid, group=citizen.pw_gid, extra_groups=[], capture_output=True, text=True, timeout=20
    )
    assert refused.returncode == 1 and "PermissionError" in refused.stderr
