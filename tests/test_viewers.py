"""What the pages of items say and refuse, asked without a browser."""

import zipfile
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_faces import OWN_PAGE, Station, free

from kiosk.content import zim
from kiosk.content.imports import add
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.service.menu import create_menu
from tests.pack_support import pack
from tests.viewer_support import CAPTIONS, library


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack, imported once."""
    home = tmp_path_factory.mktemp("library")
    add(Shelves(home / "content"), library(home / "trial"), "2026-11-20")
    (home / "trial" / "secret.svg").write_text("<svg/>")
    return home


@pytest.fixture
def station() -> Station:
    return Station()


@pytest.fixture(params=["imported", "as it lies"])
def client(request: pytest.FixtureRequest, folder: Path, station: Station) -> Iterator[FlaskClient]:
    found = Library(folder / "content") if request.param == "imported" else Library.of_folders(folder / "trial")
    app = create_menu(station, found)
    app.testing = True
    yield app.test_client()
    found.close()


def get(client: FlaskClient, path: str, **headers: str) -> tuple[int, str]:
    answer = client.get(path, headers={"Host": "127.0.0.1", **OWN_PAGE, **headers}, buffered=True)
    return answer.status_code, answer.get_data().decode(errors="replace")


@pytest.mark.parametrize(
    "place",
    [
        "game/game/../wash.html", "game/wash.html", "game/village.epub", "game/pack.toml", "game/..%2frice.pdf",
        "game/%2e%2e/rice.pdf", "game//etc/passwd", "game/game//etc/passwd", "game/game/%2e%2e/pack.toml",
        "wash/wash.html", "wash/pack.toml", "wash/../../../../../etc/passwd", "wash/game/game.js", "rice/village.epub",
        "rice/pack.toml", "film/rice.pdf", "village/OEBPS/secret.txt", "village/OEBPS/text/c1.xhtml",
        "village/../village.epub", "village/OEBPS/../OEBPS/secret.txt", "village/META-INF/container.xml",
        "small/..%2f..%2fetc/passwd", "small/A/../A/first", "small/nothing", "small/%00", "nothing/x", "portal/x",
    ],
)  # fmt: skip
def test_nothing_but_what_belongs_to_an_item_is_given_out(client: FlaskClient, place: str) -> None:
    status, text = get(client, f"/inside/trial/{place}")
    assert status == 404 or (status == 308 and "//" in place), place
    assert "root:" not in text and "secret" not in text.replace("secret.svg", "") and "Gói thử" not in text


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("wash/dot.svg", "image/svg+xml"), ("game/game/index.html", "text/html; charset=utf-8"),
        ("game/game/game.js", "text/javascript"), ("rice/rice.pdf", "application/pdf"),
        ("film/film.webm", "video/webm"),
        ("film/dot.svg", "image/svg+xml"), ("tale/tale.ogg", "audio/ogg"),
        ("village/OEBPS/img/dot.svg", "image/svg+xml"),
        ("small/A/first", "text/html"), ("small/I/dot.svg", "image/svg+xml"),
        ("small/A/%C4%90%E1%BA%A5t%20%28n%C3%B4ng%20nghi%E1%BB%87p%29%3F", "text/html"),
    ],
)  # fmt: skip
def test_each_file_has_its_kind_and_runs_nothing(client: FlaskClient, place: str, kind: str) -> None:
    answer = client.get(f"/inside/trial/{place}", headers={"Host": "127.0.0.1"}, buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == kind.partition(";")[0]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy and "default-src 'none'" in policy
    assert policy.startswith("sandbox") or kind == "application/pdf"
    assert "allow-same-origin" not in policy and "allow-popups" not in policy and "allow-top" not in policy


def test_a_redirect_inside_an_archive_leads_to_its_page(client: FlaskClient) -> None:
    answer = client.get("/inside/trial/small/A/old", headers={"Host": "127.0.0.1"}, buffered=True)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inside/trial/small/A/page_2")
    assert get(client, "/items/trial/small/in/A/old")[1].count("/inside/trial/small/A/page_2") >= 1


def test_a_page_that_did_not_change_is_not_sent_twice(client: FlaskClient) -> None:
    for place in (
        "small/A/first",
        "small/I/dot.svg",
        "game/game/index.html",
        "game/game/game.js",
        "village/OEBPS/img/dot.svg",
    ):
        tag = client.get(f"/inside/trial/{place}", headers={"Host": "127.0.0.1"}, buffered=True).headers["ETag"]
        assert get(client, f"/inside/trial/{place}", **{"If-None-Match": tag})[0] == 304, place


def test_captions_are_given_as_webvtt_whatever_they_were(client: FlaskClient) -> None:
    assert get(client, "/captions/trial/film") == (200, CAPTIONS)
    status, text = get(client, "/captions/trial/tale")
    assert status == 200 and text == "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nNgày xưa\n"
    assert get(client, "/captions/trial/wash")[0] == 404


def test_a_chapter_is_harmless_and_leads_to_its_neighbours(client: FlaskClient) -> None:
    status, text = get(client, "/items/trial/village?chapter=1&again=1")
    assert status == 200 and "Làng ở ven sông." in text
    assert "owned" not in text and "<script>" not in text
    assert 'src="/inside/trial/village/OEBPS/img/dot.svg"' in text
    assert "/items/trial/village?chapter=2&amp;again=1#mai" in text
    status, text = get(client, "/items/trial/village?chapter=2&again=1")
    assert 'id="mai"' in text and "chapter=1&amp;again=1" in text and "chapter=3&amp;again=1" in text
    for wrong in ("0", "4", "-1", "x", "99999999", "%C2%B2"):
        assert get(client, f"/items/trial/village?chapter={wrong}")[0] == 404


def test_only_the_first_look_at_an_item_is_an_opening(client: FlaskClient, station: Station) -> None:
    for path in (
        "village",
        "village?chapter=2&again=1",
        "village",
        "film",
        "film?t=3&again=1",
        "small",
        "small/in/A/page_3",
    ):
        assert get(client, f"/items/trial/{path}")[0] == 200
    for path in ("inside/trial/film/film.webm", "inside/trial/small/A/page_4", "captions/trial/film"):
        assert get(client, f"/{path}", Range="bytes=0-9")[0] in (200, 206)
    assert station.opened == ["trial/village", "trial/film", "trial/small"]


def test_a_link_leads_out_only_while_there_is_internet(client: FlaskClient, folder: Path, station: Station) -> None:
    answer = client.get("/items/trial/portal", headers={"Host": "127.0.0.1", **OWN_PAGE})
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://dichvucong.gov.vn/")
    station.state = free(online=False)
    status, text = get(client, "/items/trial/portal?lang=vi")
    assert status == 404 and "chưa có mạng" in text and "/themes/health" in text
    closed = create_menu(Station(), Library(folder / "content"), internet="").test_client()
    assert get(closed, "/items/trial/portal")[0] == 404


def test_without_its_reader_an_archive_says_why(
    client: FlaskClient, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = util.find_spec
    monkeypatch.setattr(zim, "find_spec", lambda name: None if name == "libzim" else real(name))
    status, text = get(client, "/items/trial/small?lang=vi")
    assert status == 404 and "chưa đọc được bộ bài này" in text and "/themes/health" in text
    assert station.opened == []


@pytest.mark.parametrize("ending", ["pdf", "epub", "zim"])
def test_a_broken_file_is_told_with_the_way_back(ending: str, tmp_path: Path) -> None:
    manifest = f'id = "bad"\ntheme = "agri"\n[[item]]\ntitle = "Hỏng"\nfile = "one.{ending}"\n'
    pack(tmp_path, manifest, {f"one.{ending}": b"no such thing " * 100})
    station = Station()
    client = create_menu(station, Library.of_folders(tmp_path)).test_client()
    status, text = get(client, "/items/bad/one?lang=vi")
    assert status == 404 and "không mở được" in text and 'href="/themes/agri"' in text
    assert station.opened == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["wash", "game", "rice", "village", "film", "tale", "small"])
def test_a_file_that_is_gone_is_told_with_the_way_back(name: str, folder: Path, tmp_path: Path) -> None:
    add(Shelves(tmp_path / "content"), folder / "trial", "2026-11-20")
    for path in (tmp_path / "content" / "objects").glob("??/*"):
        path.unlink()
    found = Library(tmp_path / "content")
    status, text = get(create_menu(Station(), found).test_client(), f"/items/trial/{name}?lang=vi")
    assert status == 404 and "không mở được" in text and 'href="/themes/health"' in text
    found.close()


@pytest.mark.slow
def test_a_book_that_is_locked_or_a_bomb_is_not_opened(tmp_path: Path) -> None:
    manifest = 'id = "bad"\ntheme = "agri"\n[[item]]\ntitle = "Khóa"\nfile = "one.epub"\n'
    pack(tmp_path, manifest, {"one.epub": b""})
    with zipfile.ZipFile(tmp_path / "one.epub", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("META-INF/container.xml", b"<a>" + b" " * 200_000_000 + b"</a>")
    client = create_menu(Station(), Library.of_folders(tmp_path)).test_client()
    assert get(client, "/items/bad/one")[0] == 404


def test_a_host_that_would_widen_the_policy_is_refused(client: FlaskClient) -> None:
    for host in ("127.0.0.1:80;", "127.0.0.1:80 *", "127.0.0.1:80,*"):
        answer = client.get("/inside/trial/game/game/index.html", headers={"Host": host})
        assert answer.status_code == 400, host
