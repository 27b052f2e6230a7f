"""A manager's star puts an item on the menu's first page: kept over a restart, told in the journal, six at most."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from dated_station import MORNING, DatedStation, World
from flask.testing import FlaskClient
from web_faces import OWN_PAGE, People, Station

from kiosk.errors import RefusedError
from kiosk.service.panel import create_panel
from kiosk.service.staff import Staff
from kiosk.service.starring import MOST
from kiosk.store import audit, usage
from tests.menu_shelf import grown_library


@pytest.fixture
def real(tmp_path: Path) -> Iterator[DatedStation]:
    made = DatedStation(tmp_path, World())
    made.world.follow()
    made.run(2)
    yield made
    made.store.close()


def today(station: DatedStation) -> str:
    return station.clock.read().local.date().isoformat()


def test_a_star_outlives_a_restart_and_the_journal_says_whose_it_is(real: DatedStation) -> None:
    staff = Staff(real.service)
    staff.star("starter/health_oresol", True, "Lan")
    staff.star("made/i0", True, "Hùng")
    staff.star("starter/health_oresol", False, "Lan")
    assert list(staff.stars().items()) == [("starter/health_oresol", False), ("made/i0", True)]
    real.start()
    assert Staff(real.service).stars() == staff.stars()
    told = [(one.who, one.action, one.detail) for one in real.store.run(audit.latest)]
    assert told[:3] == [
        ("Lan", "no_star", "starter/health_oresol"),
        ("Hùng", "star", "made/i0"),
        ("Lan", "star", "starter/health_oresol"),
    ]


def test_a_seventh_star_is_refused_and_changes_nothing(real: DatedStation) -> None:
    staff = Staff(real.service)
    for number in range(MOST):
        staff.star(f"p/{number}", True, "Lan")
    with pytest.raises(RefusedError, match="put forward already"):
        staff.star("p/seventh", True, "Lan")
    assert "p/seventh" not in staff.stars()
    staff.star("p/0", True, "Lan")  # again is no seventh
    staff.star("p/1", False, "Lan")
    staff.star("p/seventh", True, "Lan")
    assert sum(staff.stars().values()) == MOST


def test_a_search_that_found_nothing_is_a_number_of_its_day(real: DatedStation) -> None:
    staff = Staff(real.service)
    for _ in range(3):
        staff.count_miss("lúa nổi")
    real.run(2)
    assert real.store.run(usage.totals, today(real))["searches_missed"] == 3


def test_without_a_date_it_waits_for_one(tmp_path: Path) -> None:
    station = DatedStation(tmp_path, World())
    station.world.reboot(timedelta(hours=1), datetime(2010, 1, 1, tzinfo=MORNING.tzinfo))
    station.start()
    Staff(station.service).count_miss("lúa nổi")
    station.run(2)
    assert station.store.run(usage.totals, "2010-01-01") == {}
    station.world.follow()
    station.run(2)
    assert station.store.run(usage.totals, today(station))["searches_missed"] == 1
    station.store.close()


@pytest.fixture
def face() -> Station:
    return Station()


@pytest.fixture
def panel(face: Station) -> FlaskClient:
    client = create_panel(face, People(), library=grown_library()).test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    return client


@pytest.mark.slow
def test_the_panel_shows_the_library_and_stars_by_one_touch(panel: FlaskClient, face: Station) -> None:
    assert 'href="/s/03/library"' in panel.get("/").text
    page = panel.get("/s/03/library").text
    assert f"Tất cả các bài: {len(grown_library().items())}" in page
    shown = page.count("<span>Nêu lên trang đầu</span>")
    assert shown >= 20 and page.count('aria-label="Nêu lên trang đầu: ') == shown  # each says of what
    assert 'aria-label="Nêu lên trang đầu: Sơ cứu khi bị rắn cắn"' in page
    answer = panel.post("/s/03/library/made/i0/star", data={"star": "1"}, headers=OWN_PAGE)
    assert (answer.status_code, answer.location) == (303, "/s/03/library")
    assert face.asked == [("star", "Lan", None, "made/i0")]
    page = panel.get("/s/03/library").text
    assert page.index("Bỏ khỏi trang đầu") < page.index("Tất cả các bài")
    panel.post("/s/03/library/made/i0/star", data={"star": "0"}, headers=OWN_PAGE)
    assert face.asked[-1] == ("no_star", "Lan", None, "made/i0")


@pytest.mark.slow
def test_the_panel_shows_what_people_looked_for_in_vain(panel: FlaskClient, face: Station) -> None:
    assert "Bà con tìm mà chưa có" not in panel.get("/s/03/library").text
    face.wanted = [("nuoi ong", 7), ("<b>la lot", 5)]
    page = panel.get("/s/03/library").text.replace("\u00a0", " ")
    assert "Bà con tìm mà chưa có" in page and "nuoi ong" in page and "7 lượt" in page
    assert "&lt;b&gt;la lot" in page and page.index("nuoi ong") < page.index("la lot")


@pytest.mark.slow
def test_the_panel_finds_an_item_and_says_where_there_is_none(panel: FlaskClient) -> None:
    found = panel.get("/s/03/library?q=ran+can").text
    assert "Sơ cứu khi bị rắn cắn" in found and "Tìm: ran can" in found
    assert "Không có bài nào có các từ này." in panel.get("/s/03/library?q=zzzz").text


@pytest.mark.slow
def test_what_is_not_there_or_not_ours_is_not_starred(panel: FlaskClient, face: Station) -> None:
    assert panel.post("/s/03/library/made/none/star", data={"star": "1"}, headers=OWN_PAGE).status_code == 404
    assert panel.post("/s/03/library/made/i0/star", data={"star": "1"}).status_code == 403
    face.refuse = "Six items are put forward already. Please take one off first."
    answer = panel.post("/s/03/library/made/i0/star", data={"star": "1"}, headers=OWN_PAGE)
    assert answer.status_code == 409 and "Đã có sáu bài được nêu trên trang đầu." in answer.text
    assert "Project-Id-Version" not in answer.text
    assert face.asked == []
