"""A disk that is full, a store that is damaged or closed: the panel opens, signs staff in, and every page says it."""

import re
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_world import fill as fill_world
from store_support import on_small_disk
from test_panel_walk import of, ways
from web_faces import OWN_PAGE, Station, in_use
from whole_panel import whole_panel

from kiosk.errors import KioskError
from kiosk.service.panel.day import TROUBLES
from kiosk.service.panel.trouble import WHAT
from kiosk.service.standing_in import page as standing_in
from kiosk.settings import Site
from kiosk.store import Store
from kiosk.store.failures import StoreReadOnly, StoreUnreadable, damaged, full_disk, read_only
from kiosk.store.jobs import untransacted
from kiosk.supervisor import linux
from kiosk.translations import translate
from tests.fault_support import add_manager, codes, fill, panel_says
from tests.running import LONG, RunningStation

PIN = "274916"


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]*>", " ", unescape(page), flags=re.DOTALL).split())


def pages(app: Flask, client: FlaskClient) -> Iterator[tuple[str, int, str]]:
    """(address, status, words) of every page that can be asked for."""
    for way in ways(app):
        if way.method == "GET" and way.endpoint not in ("static", "moved", "language"):
            with client.get(way.url) as answer:
                yield way.url, answer.status_code, words_of(answer.text) if "html" in answer.mimetype else ""


def every_page_says_why(app: Flask, client: FlaskClient, error: KioskError, least: int) -> None:
    told = next(pair for kind, pair in WHAT.items() if isinstance(error, kind))
    shown = 0
    for url, status, words in pages(app, client):
        assert status != 500 and "Chưa làm được" not in words, url
        if status == 503 and words:
            shown += 1
            for sentence in told:
                assert translate("vi", "web", sentence.text) in words, url
        else:
            assert status in (200, 204, 303, 307, 404, 409), (url, status)
    assert shown >= least, "pages that need the store"


@contextmanager
def spoilt(folder: Path) -> Iterator[tuple[Store, Flask]]:
    """A store whose file was overwritten in the middle under its feet, and the panel over it."""
    with Store(folder / "kiosk.db") as store:
        store.run(fill_world)
    with Store(folder / "kiosk.db") as store:
        app = whole_panel(Station(in_use()), store, folder / "home")
        store.run(untransacted(lambda db: db.execute("PRAGMA shrink_memory")))  # what was read once is read anew
        size = (folder / "kiosk.db").stat().st_size
        with (folder / "kiosk.db").open("r+b") as file:
            for at in range(4096, size, 4096):
                file.seek(at)
                file.write(b"\xa5" * 4096)
        yield store, app


@pytest.mark.slow
def test_every_page_over_a_damaged_store_says_so_in_words(tmp_path: Path) -> None:
    with spoilt(tmp_path) as (store, app):
        every_page_says_why(app, of(app), damaged(tmp_path), 3)
        assert store.damaged, "the control: it was met"


@pytest.mark.slow
@pytest.mark.parametrize("error", [full_disk, read_only, lambda path: StoreUnreadable("x", "y")])
def test_every_page_that_needs_a_store_that_refuses_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Callable[[Path], KioskError]
) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        store.run(fill_world)
        app = whole_panel(Station(in_use()), store, tmp_path / "home")
        client = of(app)

        def refuse(*_arguments: object) -> None:
            raise error(tmp_path)

        for name in ("run", "submit", "submit_later"):
            monkeypatch.setattr(store, name, refuse)
        every_page_says_why(app, client, error(tmp_path), 3)
        assert client.get("/").status_code == 200 and client.get("/s/03/equipment").status_code == 200
        polled = client.get("/s/03/report", headers={"HX-Request": "true"})
        assert (polled.status_code, polled.text) == (503, "")


def test_in_english_too(tmp_path: Path) -> None:
    with spoilt(tmp_path) as (_store, app):
        client = of(app)
        client.get("/language/en")
        assert "The memory of this computer is damaged" in words_of(client.get("/s/03/report").text)


FULL = """
import re
import subprocess
import urllib.error
import urllib.request
from small_world import fill
from store_support import reading
from test_panel_walk import of
from test_store_in_trouble_on_the_panel import PIN, every_answer
from web_faces import OWN_PAGE, Station, in_use
from whole_panel import whole_panel
from kiosk.store import Store
from kiosk.store.pins import Managers
from pathlib import Path
import tempfile

with Store(disk / "kiosk.db") as store:
    store.run(fill)
    managers = Managers(store, reading)
    managers.add("Lan", PIN)
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        for size in (4096, 512, 1):
            try:
                while True:
                    ballast.write(b"x" * size)
            except OSError:
                pass
    try:
        store.run(lambda db: db.execute("INSERT INTO facts VALUES ('big', ?)", ("x" * 400_000,)))
        print("the control failed: it was written")
    except Exception as error:
        print("control", type(error).__name__)
    with tempfile.TemporaryDirectory() as home:
        every_answer(whole_panel(Station(in_use()), store, Path(home), people=managers), print)
"""


def every_answer(app: Flask, tell: Callable[..., object]) -> None:
    """Sign in by the real PIN, and look at every page."""
    client = app.test_client()
    signed = client.post("/sign-in", data={"name": "Lan", "pin": PIN}, headers=OWN_PAGE)
    tell("signed in", signed.status_code)
    for url, status, _words in pages(app, client):
        tell(status, url)


@pytest.mark.slow
def test_on_a_disk_without_a_byte_left_staff_sign_in_and_every_page_answers(tmp_path: Path) -> None:
    done = on_small_disk(FULL, tmp_path / "disk", "1500k")
    assert done.returncode == 0, done.stderr[-3000:]
    control, signed, *found = done.stdout.splitlines()
    assert control == "control StoreFull" and signed == "signed in 303"
    assert len(found) > 40
    assert not [line for line in found if line.startswith("5") and not line.startswith("503")]
    for page in ("200 /", "200 /s/03/equipment", "200 /s/03/report", "200 /help"):
        assert page in found, "reading needs no room"


def test_a_station_that_cannot_start_says_why_at_the_panels_address(tmp_path: Path) -> None:
    client = standing_in(Site(name="Thư viện xã"), damaged(tmp_path / "kiosk.db")).test_client()
    for address in ("/", "/sign-in", "/s/03/report?period=2026"):
        answer = client.get(address)
        assert answer.status_code == 503 and answer.headers["Refresh"] == "10"
        words = words_of(answer.text)
        assert "Dữ liệu lưu của máy này bị hư" in words and "Thư viện xã" in words
        assert "PIN" not in words and str(tmp_path) not in answer.text
    assert client.post("/sign-in", data={"pin": PIN}, headers=OWN_PAGE).status_code == 405


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.faults
def test_a_real_station_whose_store_cannot_be_opened_is_covered_and_its_panel_says_why(
    home: Path, xvfb: Callable[..., str]
) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.wait_state("free")
    store = str(home / "store")
    subprocess.run(["mount", "--bind", store, store], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", store], check=True)
        station.start()
        told = translate("vi", "web", WHAT[StoreReadOnly][0].text)
        station.wait(lambda: told in _asked(station.panel), "the panel says why", 20)
        assert station.living("lock")
    finally:
        subprocess.run(["umount", "-l", store], check=True)
    try:
        station.wait_state("free")
        station.wait(lambda: "PIN" in _asked(station.panel), "it is the panel again", 20)
    finally:
        station.stop()


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.faults
def test_a_pc_that_is_switched_on_with_a_full_disk_serves_and_says_so_on_now_and_equipment(
    home: Path, xvfb: Callable[..., str]
) -> None:
    linux.mount_tmpfs(str(home), "size=16m,mode=0755")
    ballast = home / "ballast"
    station = RunningStation(home, xvfb(), LONG)
    try:
        with station:
            add_manager(station)
            station.wait_state("free")
        with sqlite3.connect(station.paths.store) as db:  # as if another boot had been the last one
            db.execute("UPDATE facts SET value = 'another' WHERE key = 'boot'")
        db.close()
        fill(ballast)
        station.start()
        station.wait_state("free")
        station.wait(lambda: "not_written" in codes(station), "the start itself could not be written")
        assert "not_written" in panel_says(station, TROUBLES["not_written"])
        lamps = {lamp["thing"]: lamp for lamp in station.status()["health"]["lamps"]}
        assert lamps["disk"]["light"] == "bad" and "full" in lamps["disk"]["reason"]
        ballast.unlink()
        station.wait(lambda: "not_written" not in codes(station), "written when there is room", 30)
        station.stop()
        counted = station.rows("SELECT sum(count) FROM day_totals WHERE code = 'boots'")
        assert counted == [(2,)], "this boot, which was counted late, and the one before"
    finally:
        station.stop()
        linux.unmount(str(home))


def _asked(port: int) -> str:
    """What the first page says; nothing while nobody is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return words_of(answer.read().decode())
    except urllib.error.HTTPError as error:
        return words_of(error.read().decode())
    except OSError:
        return ""
