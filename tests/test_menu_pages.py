"""What a citizen gets from the menu, as plain pages."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from web_faces import Station, free

from kiosk.content.items import THEMES
from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from kiosk.service.menu.opens import Opens
from kiosk.translations import web_ui_dir

STARTER = web_ui_dir().parent / "policies" / "starter"


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture
def menu(station: Station) -> Flask:
    return create_menu(station, Library.of_folders(STARTER))


def test_home_opens_eight_subjects_and_the_internet(menu: Flask) -> None:
    page = menu.test_client().get("/").text
    assert "<h1>Quý vị muốn làm gì?</h1>" in page
    for theme in THEMES:
        assert f'href="/themes/{theme.code}"' in page
    assert 'href="https://www.google.com/?hl=vi" rel="noopener noreferrer"' in page


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("health_oresol", "Mix and drink oral rehydration salts"),
        ("na_va_chiec_may", "Na and the machine that asks no name"),
        ("giot_nuoc_di_dau", "Where does the drop of water go?"),
    ],
)
def test_who_found_a_thing_by_its_english_title_sees_it_again_when_it_opens(menu: Flask, name: str, title: str) -> None:
    client = menu.test_client()
    shown = f'<p class="subject" lang="en">{title}</p>'
    assert shown not in client.get(f"/items/starter/{name}").text
    assert shown in client.get(f"/items/starter/{name}?lang=en").text


def test_without_a_network_the_internet_is_shown_as_away_and_is_no_link(menu: Flask, station: Station) -> None:
    station.state = free(online=False)
    page = menu.test_client().get("/").text
    assert "https://" not in page
    assert "Chưa có mạng" in page and "Vào Internet" in page


def test_a_site_without_internet_has_no_such_door(station: Station) -> None:
    station.state = free(online=False)
    page = create_menu(station, Library.of_folders(), internet="").test_client().get("/").text
    assert "Internet" not in page and "Chưa có mạng" not in page


@pytest.mark.slow
def test_every_item_is_reached_from_its_subject_and_goes_back_there(menu: Flask) -> None:
    client = menu.test_client()
    for item in Library.of_folders(STARTER).items():
        assert f'href="/items/{item.id}"' in client.get(f"/themes/{item.theme}").text
        page = client.get(f"/items/{item.id}").text
        assert re.search(rf"<h1[^>]*>{re.escape(item.title)}</h1>", page)
        assert page.count(f'href="/themes/{item.theme}"') == 1
        assert item.source in page or item.format == "pdf"  # whose page belongs to the frame


def test_an_opened_text_is_counted_once_however_it_is_then_read(menu: Flask, station: Station) -> None:
    client = menu.test_client()
    client.get("/items/starter/health_oresol")
    larger = client.get("/enter?large=1&to=/items/starter/health_oresol")
    assert client.get(larger.headers["Location"]).status_code == 200
    client.head("/items/starter/health_oresol")
    client.get("/items/starter/nothing")
    assert station.opened == ["starter/health_oresol"]


def test_what_is_chosen_on_the_menu_is_told_to_the_bar_and_what_a_stranger_links_to_is_not(
    menu: Flask, station: Station
) -> None:
    client = menu.test_client()
    client.get("/enter?lang=en&large=1&contrast=0")
    client.get("/enter?lang=en&large=1&contrast=0", headers={"Sec-Fetch-Site": "cross-site"})
    assert station.wished is None
    client.get("/enter?lang=vi&contrast=1", headers={"Sec-Fetch-Site": "same-origin"})
    assert station.wished == ("vi", True, True)


def test_enter_keeps_the_wishes_of_the_sign_in(menu: Flask) -> None:
    client = menu.test_client()
    answer = client.get("/enter?lang=en&large=1&contrast=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    page = client.get("/").text
    assert '<html lang="en" class="large contrast">' in page
    assert "What would you like to do?" in page
    client.get("/enter?lang=vi&large=0&contrast=0")
    assert '<html lang="vi" class="">' in client.get("/").text


def test_a_wish_changes_only_itself(menu: Flask) -> None:
    client = menu.test_client()
    client.get("/enter?lang=en&large=1&contrast=0")
    client.get("/enter?contrast=1")
    assert '<html lang="en" class="large contrast">' in client.get("/").text


ELSEWHERE = """//evil.example
https://evil.example/
/\\evil.example
evil
/items//evil.example/
/themes/x
/items/a/b%0d%0aSet-Cookie:x
/enter"""


@pytest.mark.parametrize("to", ELSEWHERE.splitlines())
def test_enter_leads_nowhere_else(menu: Flask, to: str) -> None:
    answer = menu.test_client().get("/enter", query_string={"to": to})
    target = urlsplit(answer.headers["Location"])
    assert (target.scheme, target.netloc) == ("", "")
    assert target.path == "/" or target.path.startswith("/items/")
    assert not answer.headers["Location"].startswith("//")


def test_a_language_in_the_address_wins_and_nonsense_is_vietnamese(menu: Flask) -> None:
    client = menu.test_client()
    assert '<html lang="en"' in client.get("/?lang=en").text
    assert '<html lang="vi"' in client.get("/?lang=<script>").text
    client.set_cookie("lang", "xx")
    client.set_cookie("large", "<b>")
    assert '<html lang="vi" class="">' in client.get("/").text


def test_an_empty_subject_says_so(station: Station) -> None:
    page = create_menu(station, Library.of_folders()).test_client().get("/themes/health").text
    assert "Mục này chưa có bài." in page


def test_a_text_that_vanished_is_a_friendly_page(station: Station, tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text('id = "p"\n[[item]]\ntitle = "A"\nfile = "a.html"\ntheme = "gov"\n')
    (tmp_path / "a.html").write_text("<p>x</p>")
    client = create_menu(station, Library.of_folders(tmp_path)).test_client()
    (tmp_path / "a.html").unlink()
    answer = client.get("/items/p/a")
    assert answer.status_code == 404 and "không mở được" in answer.text.replace("\u00a0", " ")
    assert station.opened == []


def test_every_wish_link_names_the_page_it_came_from(menu: Flask) -> None:
    client = menu.test_client()
    for address in ("/themes/health", "/items/starter/health_oresol"):
        page = client.get(address).text
        links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
        wishes = [link for link in links if link.startswith("/enter")]
        assert len(wishes) == 3
        for link in wishes:
            assert parse_qs(urlsplit(link).query)["to"] == [address]
            assert client.get(link).headers["Location"].startswith(address)


def test_a_page_elsewhere_cannot_make_numbers_and_reading_again_at_once_is_one_reading(
    menu: Flask, station: Station
) -> None:
    client = menu.test_client()
    for site in ("cross-site", "same-site"):
        assert client.get("/items/starter/health_oresol", headers={"Sec-Fetch-Site": site}).status_code == 200
    assert station.opened == []
    for site in ("same-origin", "none", "same-origin"):
        client.get("/items/starter/health_oresol", headers={"Sec-Fetch-Site": site})
    assert station.opened == ["starter/health_oresol"]


def test_a_minute_later_the_same_text_counts_again(menu: Flask) -> None:
    now = [0.0]
    opens = Opens(lambda: now[0])
    found = []
    for now[0] in (5.0, 64.9, 65.1):
        with menu.test_request_context("/items/a/b"):
            found.append(opens.counts("a/b"))
    assert found == [True, False, True]
