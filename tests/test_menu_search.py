"""The menu's search page and its JSON."""

import pytest
from flask.testing import FlaskClient
from pack_support import STARTER
from web_faces import Station

from kiosk.content.library import Library
from kiosk.service.menu import create_menu


@pytest.fixture
def client() -> FlaskClient:
    return create_menu(Station(), Library.of_folders(STARTER)).test_client()


def test_the_page_shows_what_was_found_with_its_accents_and_marks(client: FlaskClient) -> None:
    page = client.get("/search?q=pha+oresol").text
    assert 'href="/items/starter/health_oresol"' in page
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
