"""What a citizen may try in order to print without the staff. Each attack first works on the same CUPS without us."""

import os
import pwd
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.rules.policy import parse_policy
from kiosk.service.doctor.printing import printing
from kiosk.supervisor.printing import desk as print_desk
from kiosk.supervisor.printing import furniture
from kiosk.supervisor.printing.desk import Desk
from kiosk.supervisor.printing.ipp import GET_DEFAULT, Cups
from kiosk.supervisor.printing.printer import RealPrinter
from kiosk.supervisor.users import Identity
from tests.machine_cups import MachineCups, pdf
from tests.station_processes import CITIZEN

pytestmark = [pytest.mark.root, pytest.mark.slow]

QUEUE = furniture.NAMES["vi"]

IPP_PRINT = """{{
  OPERATION Print-Job
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR name requesting-user-name {name}
  ATTR mimeMediaType document-format application/pdf
  FILE $filename
  STATUS successful-ok
}}
"""
IPP_OWN_QUEUE = """{
  OPERATION CUPS-Create-Local-Printer
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR name requesting-user-name root
  GROUP printer-attributes-tag
  ATTR name printer-name mine
  ATTR uri device-uri paper:/
  STATUS successful-ok
}
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that the citizen and the user lp can reach, unlike tmp_path."""
    path = Path(tempfile.mkdtemp(prefix="kiosk-print-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def cups(folder: Path) -> Iterator[MachineCups]:
    """A machine's CUPS with a queue that anybody may use, as Debian sets it up."""
    cups = MachineCups(folder / "cups")
    cups.start()
    cups.add("real", default=True)
    cups.add("other")
    yield cups
    cups.stop()


@pytest.fixture
def page(folder: Path) -> str:
    """One page to print."""
    return str(pdf(folder / "page.pdf", 1))


def _ipptool(cups: MachineCups, text: str, page: str, where: str, **more: str) -> int:
    request = Path(page).with_name("request.test")
    request.write_text(text)
    request.chmod(0o644)
    return cups.tool("ipptool", "-q", "-f", page, where, str(request), user=CITIZEN, **more).returncode


Attack = Callable[[MachineCups, str], int]


def _lp(*words: str) -> Attack:
    return lambda cups, page: cups.tool("lp", *words, page, user=CITIZEN).returncode


def _ipp(name: str, port: bool) -> Attack:
    def attack(cups: MachineCups, page: str) -> int:
        # ipptool takes CUPS_SERVER's socket only for its own default; a name in the request is whatever one likes.
        where = f"ipp://localhost:{cups.port}/printers/real" if port else "ipp://localhost/printers/real"
        return _ipptool(cups, IPP_PRINT.format(name=name), page, where)

    return attack


ATTACKS: dict[str, Attack] = {
    "the real queue by lp": _lp("-d", "real"),
    "another queue": _lp("-d", "other"),
    "not held": _lp("-d", "real", "-o", "job-hold-until=no-hold"),
    "as root, says lp": _lp("-U", "root", "-d", "real"),
    "by the network port": lambda cups, page: (
        cups.tool("lp", "-h", f"localhost:{cups.port}", "-U", "root", "-d", "real", page, user=CITIZEN).returncode
    ),
    "own IPP request by the port, as root": _ipp("root", port=True),
    "own IPP request by the port, as lp": _ipp("lp", port=True),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_real_printer_refuses_the_citizen(name: str, cups: MachineCups, page: str) -> None:
    attack = ATTACKS[name]
    assert attack(cups, page) == 0, "the control: it prints without us"
    before = len(cups.papers(1))

    assert RealPrinter(Cups(str(cups.socket)), "", "test").close_to(CITIZEN) == 2
    assert attack(cups, page) != 0
    assert len(cups.papers(before)) == before
    # Root, which sends what was released, still prints; and what is closed is not changed again.
    RealPrinter(Cups(str(cups.socket)), "", "test").send(Path(page))
    assert len(cups.papers(before + 1)) == before + 1
    assert RealPrinter(Cups(str(cups.socket)), "", "test").close_to(CITIZEN) == 0


def test_a_job_that_was_held_before_is_not_released_and_not_moved(cups: MachineCups, page: str) -> None:
    """The control: held in one queue, moved to the other, it prints."""

    def held() -> str:
        done = cups.tool("lp", "-d", "other", "-H", "hold", page, user=CITIZEN)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()[3]

    def resumed(job: str) -> int:
        return cups.tool("lp", "-i", job, "-H", "resume", user=CITIZEN).returncode

    jobs = [held() for _ in range(4)]
    assert cups.tool("lpmove", jobs[0], "real", user=CITIZEN).returncode == 0
    assert resumed(jobs[0].replace("other", "real")) == 0
    assert resumed(jobs[1]) == 0
    cups.papers(2, all_over=False)

    RealPrinter(Cups(str(cups.socket)), "", "test").close_to(CITIZEN)
    assert cups.tool("lpmove", jobs[2], "real", user=CITIZEN).returncode != 0
    assert resumed(jobs[3]) != 0
    assert len(cups.papers(2)) == 2  # and nothing waits any more


def test_a_queue_of_ones_own_to_a_local_printer_prints_nothing(cups: MachineCups, page: str) -> None:
    """CUPS lets anybody add a passing queue, to any device; one that is no IPP printer never takes a job."""
    assert _ipptool(cups, IPP_OWN_QUEUE, page, f"ipp://localhost:{cups.port}/") == 0
    assert "mine" in cups.tool("lpstat", "-p").stdout
    RealPrinter(Cups(str(cups.socket)), "", "test").close_to(CITIZEN)
    for words in (("cupsaccept", "mine"), ("cupsenable", "mine"), ("lp", "-d", "mine", page)):
        assert cups.tool(*words, user=CITIZEN).returncode != 0, words
        assert cups.tool(words[0], "-h", f"localhost:{cups.port}", *words[1:], user=CITIZEN).returncode != 0, words
    assert not cups.papers(0)


def test_queues_that_their_owner_closed_already_keep_their_settings(cups: MachineCups, page: str) -> None:
    cups.add("owners", "-u", "deny:somebody")
    RealPrinter(Cups(str(cups.socket)), "", "test").close_to(CITIZEN)
    queue = cups.tool("lpstat", "-l", "-p", "owners").stdout
    assert "somebody" in queue and CITIZEN in queue


def test_what_a_killed_helper_left_is_purged_and_nothing_else(cups: MachineCups, page: str) -> None:
    (cups.paper / "jammed").touch()
    ours, earlier = (RealPrinter(Cups(str(cups.socket)), "", mark) for mark in ("0a0a0a0a", "0b0b0b0b"))
    kept, _left = ours.send(Path(page)), earlier.send(Path(page))
    assert cups.tool("lp", "-d", "other", "-H", "hold", "-t", "kiosk-of-the-owner", page, user="lp").returncode == 0
    assert ours.purge_strays(mine=False) == 1
    assert not ours.job(kept).over
    assert earlier.purge_strays(mine=False) == 1 and ours.job(kept).over
    assert "other-" in cups.tool("lpstat", "-o").stdout, "a job of somebody else's stays"
    (cups.paper / "jammed").unlink()


class TestDesk:
    """The citizen's own queue."""

    @pytest.fixture
    def desk(self, folder: Path) -> Iterator[Desk]:
        """A desk, open for the citizen."""
        user = pwd.getpwnam(CITIZEN)
        desk, citizen = Desk(folder / "desk"), Identity(user.pw_uid, user.pw_gid, (), "/")
        print_desk.lay(desk, citizen)
        furniture.furnish(desk, citizen, "vi")
        server = print_desk.start(desk)
        yield desk
        print_desk.stop(server)
        assert print_desk.wipe(desk) == []
        assert not any(desk.root.iterdir())
        with pytest.raises(OSError):
            furniture.furnish(desk, citizen, "vi")  # by a helper that comes too late
        assert not any(desk.root.iterdir())

    def test_one_printer_with_a_plain_name(self, desk: Desk, cups: MachineCups) -> None:
        seen = cups.tool("lpstat", "-l", "-p", "-d", user=CITIZEN, server=str(desk.socket)).stdout
        assert f"printer {QUEUE} is idle" in seen and seen.count("Description:") == 1
        assert f"default destination: {QUEUE}" in seen
        (queue,) = Cups(str(desk.socket)).ask(GET_DEFAULT).groups
        assert queue["media-default"] == ["iso_a4_210x297mm"]

    @pytest.mark.parametrize(
        ("options", "pages"),
        [
            ((), 3),
            (("-n", "2"), 6),
            (("-o", "number-up=2"), 2),
            (("-n", "4", "-P", "1-2"), 8),
            (("-o", "raw"), 3),
            (("-o", "document-format=application/vnd.cups-pdf", "-n", "2"), 3),
            (("-o", "collate=false", "-n", "3"), 9),
        ],
    )
    def test_pages_are_counted_as_they_will_lie_on_paper(
        self, desk: Desk, cups: MachineCups, folder: Path, options: tuple[str, ...], pages: int
    ) -> None:
        document = pdf(folder / "three.pdf", 3, "Canary-Title")
        done = cups.tool("lp", "-t", "Canary-Job", *options, str(document), user=CITIZEN, server=str(desk.socket))
        assert done.returncode == 0, done.stderr
        (found,) = _arrived(desk, 1)
        assert found.name.endswith(f".{pages}.pdf"), found.name
        told = cups.tool("pdfinfo", str(found)).stdout
        assert f"Pages:           {pages}" in told

    def test_a_false_count_of_pages_inside_the_document_is_not_believed(
        self, desk: Desk, cups: MachineCups, folder: Path
    ) -> None:
        liar = pdf(folder / "liar.pdf", 30)
        liar.write_text(liar.read_text().replace("/Count 30", "/Count 01"))
        for options in ((), ("-o", "raw")):
            cups.tool("lp", *options, str(liar), user=CITIZEN, server=str(desk.socket))
        cups.tool("lp", str(pdf(folder / "good.pdf", 1)), user=CITIZEN, server=str(desk.socket))
        told = {path.name.split(".")[1] for path in _arrived(desk, None)}
        assert told <= {"30", "1"} and "1" in told, told

    def test_what_is_no_document_never_arrives(self, desk: Desk, cups: MachineCups, folder: Path) -> None:
        junk = folder / "junk.pdf"
        junk.write_bytes(b"%PDF-1.4\n" + os.urandom(5000))
        cups.tool("lp", str(junk), user=CITIZEN, server=str(desk.socket))
        junk.write_bytes(b"\x1b%-12345X@PJL\n" + os.urandom(500))
        cups.tool("lp", "-o", "raw", str(junk), user=CITIZEN, server=str(desk.socket))
        cups.tool("lp", str(pdf(folder / "good.pdf", 1)), user=CITIZEN, server=str(desk.socket))
        assert len(_arrived(desk, 1)) == 1

    def test_nobody_else_comes_through_the_door_and_the_citizen_sees_no_inbox(
        self, desk: Desk, cups: MachineCups
    ) -> None:
        assert cups.tool("lpstat", "-d", user="kiosk-screen", server=str(desk.socket)).stdout.count(QUEUE) == 0
        for place in ("inbox", "spool", "tmp"):
            assert cups.tool("ls", str(desk.inner / place), user=CITIZEN).returncode != 0

    def test_the_citizen_changes_nothing_at_the_desk(self, desk: Desk, cups: MachineCups) -> None:
        here = {"user": CITIZEN, "server": str(desk.socket)}
        assert cups.tool("lpadmin", "-p", QUEUE, "-v", "file:///tmp/x", **here).returncode != 0
        assert cups.tool("lpadmin", "-U", "root", "-p", "mine", "-v", "socket://10.0.0.1", **here).returncode != 0
        assert cups.tool("cupsdisable", QUEUE, **here).returncode != 0


def _arrived(desk: Desk, count: int | None) -> list[Path]:
    """The finished jobs, once there are so many; None: those of four seconds."""
    deadline = time.monotonic() + (4 if count is None else 15)
    while True:
        found = sorted(desk.inbox.glob("*.pdf"))
        if len(found) == count or time.monotonic() > deadline:
            time.sleep(0.3)
            found = sorted(desk.inbox.glob("*.pdf"))
            assert count in (None, len(found)), sorted(desk.inbox.iterdir())
            return found
        time.sleep(0.05)


def test_kiosk_check_says_what_printing_lacks(cups: MachineCups, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(cups.socket))

    def found(**section: object) -> list[str]:
        return [one.state for one in printing(parse_policy({"print": section})) if "ipp-usb" not in one.message]

    assert found(mode="off") == []
    assert found(mode="staff") == ["good"] and found(mode="free", queue="other") == ["good"]
    assert found(mode="staff", queue="gone") == ["bad"]
    cups.tool("lpadmin", "-x", "real")
    assert found(mode="staff") == ["bad"], "no default printer"
    cups.stop()
    assert found(mode="staff") == ["bad"], "CUPS does not run"
