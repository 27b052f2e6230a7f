"""What panel and check tell of updates: what runs, how much, cuts, the last one, the next one, the last trouble."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tree_stage import NOW, reading
from web_faces import NOON, OWN_PAGE, People, Station

from kiosk.content.library import Library
from kiosk.content.updates import progress
from kiosk.content.updates.progress import Diary, alone
from kiosk.content.updates.refusals import not_taken
from kiosk.content.updates.sources import source_of
from kiosk.rules.policy_of_the_office import ContentPolicy
from kiosk.service import updates
from kiosk.service.commands import Commands
from kiosk.service.panel import create_panel
from kiosk.service.updates import Updates
from kiosk.service.words import update_lines
from kiosk.settings import Paths
from kiosk.translations import Said, _, together

EMPTY = Library.of_folders()
GOOD = {"edition": 7, "published": NOW.isoformat(), "items": 9, "moved": 5, "cuts": 0, "warnings": []}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = Paths(tmp_path)
    (made.content / "trust").mkdir(parents=True)
    (made.content / "trust" / "root.json").touch()
    return made


def facts(paths: Paths, address: str = "https://tree.example/x") -> dict[str, Any]:
    return Updates(paths, address, ContentPolicy(), reading).shown()


@pytest.fixture
def panel(paths: Paths) -> FlaskClient:
    address = ["https://tree.example/x"]
    made = create_panel(
        Station(), People(), library=EMPTY, updates=lambda: facts(paths, address[0]), now=lambda: NOON
    ).test_client()
    made.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    return made


def test_a_run_is_shown_while_it_goes_on_and_only_then(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    diary = Diary(paths.content)
    with alone(paths.content):
        diary.begin("https://tree.example/x", NOW.isoformat())
        diary.told("fetch", "farm", 30, 100)
        diary.cut(2)
        run = facts(paths)["run"]
        assert (run["done"], run["whole"], run["cuts"], run["name"]) == (30, 100, 2, "farm")
    # The process died and could not say so: its lock went with it.
    assert facts(paths)["run"] is None


def test_the_last_good_one_the_last_trouble_and_the_next_are_kept(paths: Paths) -> None:
    diary = Diary(paths.content)
    diary.begin("x", (NOW - timedelta(hours=2)).isoformat())
    diary.good(GOOD)
    diary = Diary(paths.content)
    diary.begin("x", NOW.isoformat())
    diary.bad("Đường truyền bị ngắt.")
    shown = facts(paths)
    assert shown["good"]["edition"] == 7 and shown["tried"]["trouble"] == "Đường truyền bị ngắt."
    assert shown["next"] == "2026-11-22 18:00"  # an hour after the trouble; 17:00 to 24:00 is in its hours


def test_the_panel_tells_it_in_both_languages_and_polls_cheaply(
    panel: FlaskClient, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    with alone(paths.content):
        diary = Diary(paths.content)
        diary.begin("x", NOW.isoformat())
        diary.told("fetch", "farm", 30_000_000, 100_000_000)
        diary.cut(1)
        page = panel.get("/s/03/library").text
        assert "Đang tải nội dung mới: 30 trong 100 MB." in page and 'value="30"' in page and "Bị ngắt 1 lần" in page
        panel.set_cookie("lang", "en")
        page = panel.get("/s/03/library").text
        assert "New content is being fetched: 30 of 100 MB." in page
        part = panel.get("/s/03/library/updates").text
        seen = part.partition("seen=")[2].partition('"')[0]
        assert panel.get(f"/s/03/library/updates?seen={seen}").status_code == 204
        diary.told("fetch", "farm", 40_000_000, 100_000_000)
        assert "40 of 100" in panel.get(f"/s/03/library/updates?seen={seen}").text
        diary.good({**GOOD, "warnings": ["stale"]})
    page = panel.get("/s/03/library").text
    assert "edition 7 of 22/11/2026" in page and "was not renewed since 22/11/2026" in page
    assert "Next look for new content" in page


def test_a_trouble_is_told_in_the_language_of_who_reads_it(
    panel: FlaskClient, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")  # as the child speaks that the service starts
    trouble = not_taken(source_of("/media/usb"), _("a file is not what was signed"))
    diary = Diary(paths.content)
    diary.begin("x", NOW.isoformat())
    diary.bad(together(trouble.message, trouble.hint))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # as the service itself does
    page = panel.get("/s/03/library").text
    assert "có tệp không đúng với chữ ký" in page
    panel.set_cookie("lang", "en")
    page = panel.get("/s/03/library").text
    assert "The update from /media/usb was not taken: a file is not what was signed." in page
    assert "The library stays as it was. Tell the province." in page and "không đúng" not in page


def test_status_tells_of_updates_and_of_nothing_where_there_are_none(paths: Paths, tmp_path: Path) -> None:
    assert update_lines(facts(Paths(tmp_path / "none"), "")) == []
    diary = Diary(paths.content)
    diary.begin("x", NOW.isoformat())
    diary.good(GOOD)
    assert update_lines(facts(paths)) == ["The library is edition 7 of 22/11/2026, last compared on 22/11/2026 17:00."]
    diary.begin("x", NOW.isoformat())
    with alone(paths.content):
        assert update_lines(facts(paths))[0] == "An update of the library is running."
    diary.bad(together(_("The update was stopped.")))
    last = update_lines(facts(paths))[-1]
    assert isinstance(last, Said) and last.endswith("did not succeed: The update was stopped.")
    assert "dừng" in last.in_language("vi")
    commands = Commands(*[None] * 7, lambda: facts(paths), None)  # type: ignore[arg-type]
    commands._staff = Standing()  # type: ignore[assignment]
    assert commands._status()["updates"]["good"]["edition"] == 7


class Standing:
    """A station of which only the state is asked."""

    def status(self) -> dict[str, Any]:
        return {"state": "free"}


def test_a_trouble_cannot_bring_its_own_markup(panel: FlaskClient, paths: Paths) -> None:
    diary = Diary(paths.content)
    diary.begin("x", NOW.isoformat())
    diary.bad("<script>alert(1)</script>")
    assert "<script>alert(1)" not in panel.get("/s/03/library").text


def test_strangers_see_nothing_of_it(paths: Paths) -> None:
    app = create_panel(Station(), People(), library=EMPTY, updates=lambda: facts(paths), now=lambda: NOON)
    assert app.test_client().get("/s/03/library/updates").status_code == 303


def test_a_site_without_a_province_sees_no_card(tmp_path: Path) -> None:
    app = create_panel(
        Station(), People(), library=EMPTY, updates=lambda: facts(Paths(tmp_path), ""), now=lambda: NOON
    ).test_client()
    app.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    assert 'id="updates" hidden' in app.get("/s/03/library").text


@pytest.mark.parametrize("text", ["", "{", "[]", '{"run": 5}', '{"good": {"at": 7}}', "\0"])
def test_a_torn_diary_costs_nothing_but_its_words(paths: Paths, text: str) -> None:
    (paths.content / progress.NAME).write_text(text, encoding="utf-8")
    assert facts(paths)["run"] is None
    diary = Diary(paths.content)
    diary.begin("x", NOW.isoformat())
    diary.good(GOOD)
    assert facts(paths)["good"]["edition"] == 7


@pytest.mark.slow
def test_the_service_fetches_by_itself_when_it_is_due_and_not_again(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "FIRST_LOOK", 0.01)
    monkeypatch.setattr(updates, "LOOK_EVERY", 0.01)
    made, fetched = Updates(paths, "https://tree.example/x", ContentPolicy(), reading), threading.Event()
    runs: list[float] = []

    def fetch(now: Any) -> int:
        diary = Diary(paths.content)
        diary.begin("x", now.wall.isoformat())
        diary.good(GOOD)
        runs.append(now.boot)
        fetched.set()
        return 0

    monkeypatch.setattr(made, "fetch", fetch)
    made.start()
    assert fetched.wait(30)
    looks = time.monotonic() + 0.5
    while time.monotonic() < looks:
        time.sleep(0.05)
    made.stop()
    assert len(runs) == 1
    idle = Updates(paths, "", ContentPolicy(), reading)
    idle.start()
    assert not idle._thread.is_alive()
    idle.stop()
