"""What lies on the Internet is on the menu only while the Internet is there; the page that is open follows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect
from web_faces import Station, browser, free, in_use, look, served

from kiosk.content.imports import add
from kiosk.content.items import Facets
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.service.menu import create_menu

PACK = """
id = "tinh"
title = "Của tỉnh"
language = "vi"
[[item]]
id = "cong"
url = "https://example.org/"
title = "Cổng thông tin điện tử của tỉnh"
theme = "gov"
summary = "Tin tức và văn bản."
featured = true
[[item]]
id = "bao"
url = "https://example.org/bao"
title = "Báo của tỉnh trên mạng"
theme = "law"
[[item]]
file = "bai.html"
title = "Văn bản của tỉnh đã lưu ở đây"
theme = "gov"
"""
LINK, LAW, TEXT = "tinh/cong", "tinh/bao", "tinh/bai"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.toml").write_text(PACK, encoding="utf-8")
    (pack / "bai.html").write_text("<p>Một văn bản đã lưu.</p>", encoding="utf-8")
    add(Shelves(tmp_path / "content"), pack, "2026-11-21")
    made = Library(tmp_path / "content")
    yield made
    made.close()


def test_the_library_leaves_links_out_of_every_list(library: Library) -> None:
    for links in (True, False):
        there = {LINK, LAW, TEXT} if links else {TEXT}
        assert {item.id for item in library.newest(9, links)} == there
        assert {item.id for item in library.featured(links)} == there & {LINK}
        assert {item.id for item in library.page("gov", links=links)[0]} == there & {LINK, TEXT}
        assert library.page("gov", links=links)[1] == len(there & {LINK, TEXT})
        assert library.page("law", Facets(format="link"), links=links)[1] == int(links)
        assert library.counts(links) == ({"gov": 2, "law": 1} if links else {"gov": 1})
        assert ("link" in library.facets("gov", links)["format"]) == links
        for text in ("của tỉnh", "cua tinh", "van ban"):
            assert {hit.item.id for hit in library.search(text, links=links).hits} <= there
        assert LINK in {hit.item.id for hit in library.search("cong thong tin").hits}  # the last question hides nothing
        found = library.search("cong thong tin dien tu", links=links)
        assert (LINK in {hit.item.id for hit in found.hits}) == links
        assert all(item.id in there for item in found.near)
        assert {item.id for item in library.suggest("bao c", links=links)} == there & {LAW}
        assert {item.id for item in library.suggest("c", links=links)} <= there
    assert library.search("cong thong tn", links=False).did_you_mean == ()


def pages(client: FlaskClient) -> str:
    addresses = ("/", "/themes/gov", "/search?q=cua+tinh", "/suggest?q=cong")
    return "".join(client.get(address).text for address in addresses)


def test_the_menu_shows_links_while_the_internet_is_there(library: Library) -> None:
    station = Station(free(online=True), starred={LAW: True})
    client = create_menu(station, library).test_client()
    assert f"/items/{LINK}" in pages(client) and f"/items/{LAW}" in pages(client)
    assert "/themes/law" in client.get("/").text
    station.state = free(online=False)
    assert f"/items/{LINK}" not in pages(client) and f"/items/{LAW}" not in pages(client)
    assert f"/items/{TEXT}" in pages(client) and "/themes/law" not in client.get("/").text
    kept = client.get(f"/items/{LINK}")  # an address that somebody kept still has a sentence
    assert kept.status_code == 404 and "chưa có mạng" in kept.text.replace("\u00a0", " ").lower()
    assert station.opened == []


@pytest.mark.slow
def test_where_citizens_may_not_go_there_links_are_never_shown(library: Library) -> None:
    client = create_menu(Station(free(online=True)), library, internet="").test_client()
    assert f"/items/{LINK}" not in pages(client) and f"/items/{TEXT}" in pages(client)


@pytest.mark.slow
def test_an_open_page_follows_and_keeps_focus_and_what_was_written(library: Library) -> None:
    station = Station(in_use(online=False))
    with served(create_menu(station, library)) as address, browser(1024, 704) as page:
        complaints = look(page, address)
        page.goto(f"{address}/themes/gov")
        expect(page.get_by_role("link", name="Văn bản của tỉnh")).to_be_visible()
        page.get_by_role("searchbox").or_(page.locator("#q")).first.fill("nuoi ong")
        page.get_by_role("link", name="Văn bản của tỉnh").focus()
        expect(page.get_by_text("Cổng thông tin")).to_have_count(0)
        station.state = in_use(online=True)
        expect(page.get_by_role("link", name="Cổng thông tin")).to_be_visible()
        expect(page.get_by_role("link", name="Văn bản của tỉnh")).to_be_focused()
        assert page.locator("#q").input_value() == "nuoi ong"
        station.state = in_use(online=False)
        expect(page.get_by_text("Cổng thông tin")).to_have_count(0)
        expect(page.get_by_role("link", name="Văn bản của tỉnh")).to_be_focused()
        page.goto(address)
        expect(page.locator("p.away")).to_be_visible()
        station.state = in_use(online=True)
        expect(page.get_by_role("link", name="Vào Internet")).to_be_visible()
    assert complaints == [] and station.opened == []
