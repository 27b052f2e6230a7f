"""The menu's search page and its JSON."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pack_support import STARTER, pack, pages
from web_faces import Station

from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from tests.menu_shelf import grown_library


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture
def client(station: Station) -> FlaskClient:
    return create_menu(station, Library.of_folders(STARTER)).test_client()


def test_the_page_shows_what_was_found_with_its_accents_and_marks(client: FlaskClient) -> None:
    page = client.get("/search?q=pha+oresol").text
    assert 'href="/items/starter/health_oresol?back=%2Fsearch%3Fq%3Dpha%2Boresol"' in page
    assert "<mark>Oresol</mark>" in page and "<mark>Pha</mark>" in page
    assert 'value="pha oresol"' in page


def test_the_same_is_there_for_a_script(client: FlaskClient) -> None:
    found = client.get("/search.json?q=pha+oresol").get_json()
    assert found["hits"][0]["id"] == "starter/health_oresol" and found["did_you_mean"] == []
    titles = client.get("/suggest?q=trong+do").get_json()
    assert titles == [
        {
            "title": "Trống đồng Đông Sơn trên đất xứ Thanh",
            "language": "vi",
            "address": "/items/starter/culture_trong_dong",
        }
    ]


def test_nothing_found_is_said_and_something_close_is_offered(client: FlaskClient) -> None:
    page = client.get("/search?q=oresoll").text
    assert "Không tìm thấy" in page.replace("\u00a0", " ") and "/search?q=oresol" in page.replace("Oresol", "oresol")


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%00", "?q=" + "x" * 5_000, "?q=<script>alert(1)</script>", "?q=%ff%fe"]
)
def test_whatever_is_asked_is_answered_as_text(client: FlaskClient, query: str) -> None:
    for face in ("/search", "/search.json", "/suggest"):
        answer = client.get(face + query)
        assert answer.status_code == 200 and answer.mimetype == (
            "text/html" if face == "/search" else "application/json"
        )
        assert face != "/search" or "<script>alert" not in answer.text


def test_a_search_that_found_nothing_is_counted_once_and_its_words_are_not_kept(
    client: FlaskClient, station: Station
) -> None:
    for _ in range(3):
        client.get("/search?q=oresoll")
    client.get("/search?q=oresoll&again=1")
    client.get("/search?q=pha+oresol")
    client.get("/search?q=")
    client.get("/suggest?q=zzzz")
    client.get("/search.json?q=zzzz")
    client.get("/search?q=other+zzzz", headers={"Sec-Fetch-Site": "cross-site"})
    assert station.misses == 1
    client.get("/search?q=zzzz")
    assert station.misses == 2
    assert station.opened == [] and station.asked == []


def test_where_nothing_is_found_the_subjects_and_staff_are_offered(client: FlaskClient) -> None:
    page = client.get("/search?q=zzzz").text.replace("\u00a0", " ")
    assert page.count('href="/themes/') == 8
    assert "hỏi nhân viên" in page


def test_where_nothing_is_found_no_empty_subject_is_offered(station: Station, tmp_path: Path) -> None:
    manifest, files = pages("farm", {"lua": "Lúa\nCấy lúa."})
    pack(tmp_path / "farm", manifest, files)
    client = create_menu(station, Library.of_folders(tmp_path / "farm")).test_client()
    found = client.get("/search?q=zzzz").text
    assert found.count('href="/themes/') == 1 and 'href="/themes/agri"' in found


@pytest.mark.slow
def test_what_was_found_is_narrowed_by_format(station: Station) -> None:
    client = create_menu(station, grown_library()).test_client()
    page = client.get("/search?q=lua").text
    assert "/search?q=lua&amp;format=video" in page and "made/i1" in page
    page = client.get("/search?q=lua&format=video").text
    assert "made/i0" in page and "made/i1?" not in page and station.misses == 0


def test_a_title_that_begins_as_it_was_typed_is_offered_first(station: Station) -> None:
    client = create_menu(station, grown_library()).test_client()
    titles = [one["title"] for one in client.get("/suggest?q=trong").get_json()]
    assert [title.split()[0] for title in titles[:2]] == ["Trống", "Trồng"]
    assert "Tự học gõ mười ngón trong hai tuần" in titles[2:]


@pytest.mark.slow
def test_an_archive_whose_file_is_gone_stops_no_search(station: Station) -> None:
    """The made library has a ZIM without its file."""
    assert create_menu(station, grown_library()).test_client().get("/search?q=lua").status_code == 200
