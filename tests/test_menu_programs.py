"""Programs of the policy on the menu: shown where installed, started by a touch in a session and by nothing else."""

from pathlib import Path

import pytest
from flask import Flask
from pack_support import STARTER
from playwright.sync_api import expect
from web_faces import OWN_PAGE, Station, browser, free, in_use, look, served

from kiosk.content.library import Library
from kiosk.rules.policy import parse_policy
from kiosk.service.menu import create_menu

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>'


def policy(icon: str) -> dict[str, object]:
    def one(vi: str, en: str, command: str, icon: str) -> dict[str, object]:
        return {"name": {"vi": vi, "en": en}, "command": command, "icon": icon}

    return {
        "program": [
            one("Không có", "Not there", "no-such-program-here --new", "programs/write"),
            one("Soạn <b>thảo</b>", "Write", "sh -c true", "programs/write"),
            one("Hình riêng", "Own picture", "/bin/true", icon),
            one("Hình lạ", "Unknown drawing", "true", "programs/nothing"),
        ]
    }


@pytest.fixture
def station() -> Station:
    return Station(in_use())


@pytest.fixture
def menu(station: Station, tmp_path: Path) -> Flask:
    icon = tmp_path / "icon.svg"
    icon.write_bytes(PICTURE)
    return create_menu(station, Library.of_folders(), offered=parse_policy(policy(str(icon))).program)


def test_only_installed_programs_are_shown_under_their_place_and_name(menu: Flask) -> None:
    page = menu.test_client().get("/").text
    assert "Không có" not in page and 'action="/programs/0"' not in page
    assert 'action="/programs/1"' in page and "Soạn &lt;b&gt;thảo&lt;/b&gt;" in page
    assert "Hình lạ" in page
    english = menu.test_client().get("/?lang=en").text
    assert "Write" in english and "Own picture" in english


def test_a_touch_starts_the_one_at_its_place_and_says_so(menu: Flask, station: Station) -> None:
    client = menu.test_client()
    answer = client.post("/programs/1", headers=OWN_PAGE)
    assert (answer.status_code, answer.location) == (303, "/?opening=1")
    assert station.asked == [("run", "sh -c true", None, "")]
    assert "Đang mở Soạn &lt;b&gt;thảo&lt;/b&gt;. Xin Quý vị chờ một chút." in client.get("/?opening=1").text
    assert "Đang mở" not in client.get("/?opening=0").text + client.get("/?opening=x").text


@pytest.mark.parametrize("place", ["0", "4", "99999999999999999999", "-1", "1.0", "x"])
def test_a_place_without_an_installed_program_starts_nothing(menu: Flask, station: Station, place: str) -> None:
    assert menu.test_client().post(f"/programs/{place}", headers=OWN_PAGE).status_code == 404
    assert station.asked == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://example.org"}],
)
def test_a_page_from_elsewhere_starts_nothing(menu: Flask, station: Station, headers: dict[str, str]) -> None:
    assert menu.test_client().post("/programs/1", headers=headers).status_code == 403
    assert menu.test_client().get("/programs/1").status_code == 405
    assert station.asked == []


def test_without_a_session_nothing_is_started(menu: Flask, station: Station) -> None:
    station.state = free()
    answer = menu.test_client().post("/programs/1", headers=OWN_PAGE)
    assert answer.status_code == 403
    assert "Chương trình chỉ mở được khi có người đang dùng máy." in answer.text


def test_the_sites_own_picture_is_shown_and_no_other_file(menu: Flask, tmp_path: Path) -> None:
    client = menu.test_client()
    assert '<img class="picture" src="/programs/2/picture" alt="">' in client.get("/").text
    picture = client.get("/programs/2/picture")
    assert (picture.data, picture.mimetype) == (PICTURE, "image/svg+xml")
    assert client.get("/programs/1/picture").status_code == 404
    (tmp_path / "icon.svg").unlink()
    assert client.get("/programs/2/picture").status_code == 404
    assert "/programs/2/picture" not in client.get("/").text


@pytest.mark.slow
def test_eleven_doors_are_seen_at_once_and_a_touch_leaves_no_trace_in_the_tab(station: Station) -> None:
    """The tab keeps one step of history: else the page could not close itself when the menu is opened anew."""
    offered = [
        {"name": {"vi": name, "en": name}, "command": "true", "icon": f"programs/{icon}"}
        for name, icon in (("Soạn văn bản", "write"), ("Bảng tính", "sheet"))
    ]
    menu = create_menu(station, Library.of_folders(STARTER), offered=parse_policy({"program": offered}).program)
    with served(menu) as address, browser(1366, 616) as page:
        complaints = look(page, address)
        page.goto(address)
        doors = page.locator(".tiles .tile:not(.jump)")
        assert doors.count() == 11
        assert all(box and box["y"] + box["height"] <= 616 for box in (one.bounding_box() for one in doors.all()))
        before = page.evaluate("history.length")
        page.get_by_role("button", name="Bảng tính").click()
        expect(page.get_by_role("status")).to_have_text("Đang mở Bảng tính. Xin Quý vị chờ một chút.")
        assert page.evaluate("history.length") == before
    assert station.asked == [("run", "true", None, "")] and complaints == []


@pytest.mark.slow
def test_a_touch_starts_a_program_without_scripts_too(menu: Flask, station: Station) -> None:
    with served(menu) as address, browser(1366, 704, java_script_enabled=False) as page:
        page.goto(address)
        page.get_by_role("button", name="Hình riêng").click()
        expect(page.get_by_role("status")).to_have_text("Đang mở Hình riêng. Xin Quý vị chờ một chút.")
    assert station.asked == [("run", "/bin/true", None, "")]
