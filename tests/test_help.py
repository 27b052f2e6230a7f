"""Help: every page of the panel has one sentence and one picture, and a "?" that leads to them, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_world import small_world
from test_panel_walk import of, ways
from web_faces import Station, free, in_use
from whole_panel import whole_panel

from kiosk.rules.roles import ROLES
from kiosk.service.panel.help_words import HELP
from kiosk.translations import translate, web_ui_dir
from kiosk.web.roles import PANEL, allowed

DRAWINGS = web_ui_dir() / "drawings" / "help"


@pytest.fixture
def station() -> Station:
    return Station(in_use())


@pytest.fixture
def app(station: Station, tmp_path: Path) -> Iterator[Flask]:
    with small_world(tmp_path) as store:
        yield whole_panel(station, store, tmp_path / "home")


def pages(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Every endpoint that answers with a page of its own to somebody who is signed in, with that page."""
    found: dict[str, str] = {}
    for way in ways(app):
        if way.method == "GET" and way.endpoint not in found:
            with client.get(way.url) as answer:
                if answer.status_code == 200 and answer.mimetype == "text/html" and "<html" in answer.text:
                    found[way.endpoint] = answer.text
    return found


@pytest.mark.slow
def test_every_page_has_its_sentence_and_its_picture_and_the_sign_leads_there(app: Flask, station: Station) -> None:
    client, found = of(app), dict[str, str]()
    for station.state in (in_use(), free(), free(state="class", session="c0ffee"), free(to_write={"begin": "08:00"})):
        found |= pages(app, client)
    assert len(found) > 30
    missing = sorted(set(found) - set(HELP) - {"help"})
    assert missing == [], "without help: write them into kiosk/service/panel/help_words.py"
    shown = client.get("/help").text
    for endpoint, page in found.items():
        if endpoint in ("help", "sign_in", "begin") or '<header class="head">' not in page:
            continue  # nobody is signed in yet, or it is a sheet of paper
        sign = re.search(r'<a class="ask" href="/help#(\w+)" aria-label="([^"]+)">\?</a>', page)
        assert sign and sign[1] == endpoint and sign[2] == "Trợ giúp về trang này", endpoint
        assert f'id="{endpoint}"' in shown, endpoint


def test_a_part_is_of_something_that_exists(app: Flask) -> None:
    gone = {name for name, one in HELP.items() if (one.of or name) not in app.view_functions}
    assert gone == set()


def test_each_is_one_sentence_in_both_languages() -> None:
    for name, one in HELP.items():
        for lang in ("en", "vi"):
            said = translate(lang, "web", one.words.text)
            assert re.fullmatch(r"[^.!?\n]{20,190}\.", said), (name, lang, said)
            assert translate(lang, "web", one.title.text).strip(".") == translate(lang, "web", one.title.text)


def test_each_picture_is_there_drawn_in_our_colours_with_no_words_in_it() -> None:
    drawn = {path.stem for path in DRAWINGS.glob("*.svg")}
    assert drawn == {one.drawing for one in HELP.values()}
    for path in DRAWINGS.glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        assert 'viewBox="0 0 160 160"' in svg and "<text" not in svg and "href" not in svg, path.name
        colours = set(re.findall(r"#[0-9A-F]{6}", svg))
        assert colours <= {"#0E2A26", "#FFFFFF", "#0B4A43", "#DCE9E3", "#F6C445", "#7DBE8C", "#7FB2E0", "#D9A066",
                           "#C9483A", "#EFC9A0", "#2F2623", "#6E8580", "#8C1D13"}, path.name  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_of_a_page_that_is_not_theirs(tmp_path: Path, role: str) -> None:
    with small_world(tmp_path) as store:
        client = of(whole_panel(Station(in_use()), store, tmp_path / "home", role))
        shown = set(re.findall(r'<li class="part" id="(\w+)"', client.get("/help").text))
    assert shown == {name for name, one in HELP.items() if allowed(PANEL, one.of or name, role)}


def test_the_page_is_small_and_its_pictures_come_from_here(app: Flask) -> None:
    client = of(app)
    page = client.get("/help").text
    assert len(page.encode()) < 60_000
    sources = set(re.findall(r'<img src="([^"]+)"', page))
    assert len(sources) > 20
    for source in sources:
        answer = client.get(source)
        assert answer.status_code == 200 and answer.mimetype == "image/svg+xml", source
        answer.close()
