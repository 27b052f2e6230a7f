"""`kiosk province board` as a process: it begins with a one-time code, reads beside a server that runs, and ends."""

import json
import re
import shutil
import signal
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.province import home as homes
from kiosk.province.board.desk import Desk
from kiosk.province.board.people import People
from kiosk.province.board.serving import serving
from kiosk.province.home import Home
from tests.board_province import NOW
from tests.board_stage import PASSWORD, board_of, page_of
from tests.small_province import Server, kiosk, start

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return homes.init(tmp_path / "home", "Tỉnh thử", ["https://127.0.0.1:8443"], NOW).path


@contextmanager
def running(home: Path, listen: str = "127.0.0.1:0") -> Iterator[tuple[dict[str, Any], "subprocess.Popen[str]"]]:
    """The command, and what it said when it was ready."""
    process = start("-m", "kiosk", "province", "board", "--home", str(home), "--listen", listen, "--json")
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline()), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def get(url: str, **more: Any) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=30, **more) as answer:
        return answer.status, answer.read().decode()


def test_it_begins_with_a_code_says_healthz_and_ends_at_once(home: Path) -> None:
    with running(home) as (ready, process):
        assert re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", ready["code"])
        assert get(f"{ready['url']}healthz") == (200, "ok\n")
        status, page = get(ready["url"])
        assert status == 200 and "Cán bộ đầu tiên" in page
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_beyond_this_machine_it_speaks_tls_with_the_provinces_certificate(home: Path) -> None:
    with serving(home, "0.0.0.0:0") as (ready, _chores):
        assert ready.url.startswith("https://") and ready.fingerprint
        trusted = ssl.create_default_context(cafile=str(home / "keys" / "authority.pem"))
        assert get(f"https://127.0.0.1:{ready.port}/healthz", context=trusted) == (200, "ok\n")


def test_an_address_that_no_engine_would_look_at_is_refused(home: Path) -> None:
    words = ("province", "board", "--home", str(home), "--engine-url", "postgresql://h/x")
    process = start("-m", "kiosk", *words, errors=subprocess.PIPE)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 2 and "--engine postgres" in said and "Traceback" not in said and not out


def test_the_code_makes_one_officer_and_never_a_second(home: Path) -> None:
    code = kiosk("province", "board", "--home", home, "--code")["code"]
    people = People(Desk(Home(home)))
    assert people.begin("AAAA-AAAA-AAAA-AAAA", "Lan", PASSWORD).kind == "wrong"
    told = people.begin(code.lower().replace("-", " "), "Lan", PASSWORD)
    assert (told.kind, told.role) == ("ok", "officer")
    assert people.begin(code, "Kẻ gian", PASSWORD).kind == "wrong"
    assert people.listed() == [("Lan", "officer")]
    assert people.check("Lan", PASSWORD).kind == "ok"


def test_codes_cannot_be_tried_for_long(home: Path) -> None:
    people = People(Desk(Home(home)))
    kinds = [people.begin(f"{n:04}", "X", PASSWORD).kind for n in range(12)]
    assert kinds[0] == "wrong" and kinds[-1] == "locked"


def test_it_reads_and_orders_beside_a_server_that_runs(tmp_path: Path) -> None:
    server = Server(tmp_path / "home")
    server.start()
    try:
        with board_of(tmp_path / "home") as board:
            assert board.of("officer").get("/silent").status_code == 200
            assert kiosk("province", "station", "list", "--home", tmp_path / "home") == []
    finally:
        server.close()


def test_where_no_lake_is_yet_it_says_so_and_shows_the_sites(home: Path) -> None:
    with board_of(home) as board:
        officer = board.of("officer")
        page = page_of(officer, "/")
        assert "Các bước để có số liệu đầu tiên" in page and "None" not in page
        assert "Chưa nhập danh sách điểm" in page_of(officer, "/grid")


def test_another_ledger_put_in_its_place_is_read_at_once(home: Path, tmp_path: Path) -> None:
    other = homes.init(tmp_path / "other", "Tỉnh khác", ["https://127.0.0.1:8443"], NOW).path
    with board_of(home) as board:
        assert len(board.people.listed()) == 2
        for name in ("ledger.db-wal", "ledger.db-shm"):
            (home / name).unlink(missing_ok=True)
        shutil.copy(other / "ledger.db", home / "ledger.db")
        assert board.people.listed() == []
