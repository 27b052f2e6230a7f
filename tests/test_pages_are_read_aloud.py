"""Who may have what read aloud on the menu, asked without a browser: only this PC's own pages, within bounds."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kiosk.content.imports import add
from kiosk.content.library import Library
from kiosk.content.shelves import Shelves
from kiosk.service.menu import create_menu
from kiosk.service.menu.listening_words import SENTENCES
from kiosk.service.menu.page_words import LONGEST as LONGEST_PIECE
from kiosk.service.menu.page_words import pieces
from kiosk.service.page_voice import LONGEST, MOST_PARTS
from tests.pack_support import pack, pdf
from tests.viewer_support import archive, library
from tests.web_faces import OWN_PAGE, Station, free, in_use

HELLO = [{"lang": "vi", "text": "Xin chào"}]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.of_folders(library(tmp_path_factory.mktemp("library") / "trial"))


@pytest.fixture
def station(monkeypatch: pytest.MonkeyPatch) -> Station:
    """Somebody is there, at a PC that can speak."""
    monkeypatch.setattr("kiosk.service.menu.listening.speaks", lambda: True)
    return Station(in_use(42))


@pytest.fixture
def client(station: Station, shelf: Library) -> Iterator[FlaskClient]:
    app = create_menu(station, shelf)
    app.testing = True
    yield app.test_client()


def ask(client: FlaskClient, path: str, sent: Any = None, far: str = "127.0.0.1", **headers: str) -> Any:
    """A request of our own page on this PC, or as told."""
    given: Any = {"headers": {"Host": "127.0.0.1", **OWN_PAGE, **headers}, "environ_base": {"REMOTE_ADDR": far}}
    return client.get(path, **given) if sent is None else client.post(path, json=sent, **given)


@pytest.mark.slow
def test_listen_is_offered_only_where_somebody_can_hear_it(
    client: FlaskClient, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = ("/", "/themes/health", "/search?q=tay", "/items/trial/wash", "/items/trial/game", "/items/trial/village")

    def offered(far: str = "127.0.0.1") -> set[bool]:
        return {"data-listen" in ask(client, page, far=far).get_data(as_text=True) for page in pages}

    assert offered() == {True}
    assert offered("192.168.1.20") == {False}, "a phone that looks at this menu"
    station.state = free()
    assert offered() == {False}, "nobody is there"
    station.state = in_use()
    monkeypatch.setattr("kiosk.service.menu.listening.speaks", lambda: False)
    assert offered() == {False}, "a mute PC"


def test_nothing_is_read_by_itself_before_it_was_asked_for(client: FlaskClient, station: Station) -> None:
    assert 'data-on="0"' in ask(client, "/").get_data(as_text=True)
    assert ask(client, "/voice/on", {}).status_code == 204
    assert 'data-on="1"' in ask(client, "/").get_data(as_text=True)
    assert ask(client, "/voice/off", {}).status_code == 204
    assert 'data-on="0"' in ask(client, "/").get_data(as_text=True) and station.told == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (HELLO, 200), (HELLO * MOST_PARTS, 200), (HELLO * (MOST_PARTS + 1), 400), ([], 400), ({}, 400), ("x", 400),
        ([1], 400), ([{"lang": "vi"} | {"text": 3}], 400), ([{"text": "a", "file": "/etc/passwd"}], 400),
        ([{"lang": "vi", "text": "a" * LONGEST}], 200), ([{"lang": "vi", "text": "a" * (LONGEST + 1)}], 413),
        ([{"lang": "vi", "text": "a", "name": "x" * 101}], 400),
    ],
)  # fmt: skip
def test_no_more_is_said_than_a_page_says(client: FlaskClient, station: Station, sent: Any, status: int) -> None:
    assert ask(client, "/voice", sent).status_code == status
    assert bool(station.told) is (status == 200)


def test_a_name_leads_to_a_recording_and_nowhere_else(client: FlaskClient, station: Station) -> None:
    said: list[Any] = []
    station.tell = lambda parts: said.append(parts) or 1  # type: ignore[func-returns-value]
    for name in ("starter_oresol", "../../etc/shadow", "/etc/shadow", ""):
        assert ask(client, "/voice", [{"lang": "xx", "text": "a", "name": name}]).status_code == 200
    assert [parts[0]["name"] for parts in said] == ["starter_oresol", "", "", ""]
    assert said[0][0]["lang"] == "vi"


@pytest.mark.parametrize("path", ["/voice", "/voice/hush", "/voice/on", "/voice/off", "/listen"])
def test_only_our_own_pages_on_this_pc_make_it_speak(client: FlaskClient, station: Station, path: str) -> None:
    for site in ("cross-site", "same-site", "none"):
        assert ask(client, path, HELLO, **{"Sec-Fetch-Site": site}).status_code == 403
    foreign = client.post(path, json=HELLO, headers={"Host": "127.0.0.1", "Origin": "http://evil.example"})
    assert foreign.status_code == 403
    assert ask(client, path, HELLO, far="192.168.1.20").status_code == 403
    assert station.told == [] and station.hushed == []
    assert station.state["prefs"].get("voice") is None


def test_what_the_voice_does_is_told_to_this_pc_only(client: FlaskClient) -> None:
    assert ask(client, "/voice").get_json().keys() == {"number", "speaking", "whole", "files", "direct"}
    assert ask(client, "/voice", far="192.168.1.20").status_code == 403


def test_where_it_is_too_much_the_page_is_told(client: FlaskClient, station: Station) -> None:
    station.state = free()
    answer = ask(client, "/voice", HELLO)
    assert answer.status_code == 429 and answer.get_json() == {"number": 0}


def test_without_scripts_a_page_is_read_piece_by_piece(client: FlaskClient, station: Station) -> None:
    page = ask(client, "/items/trial/wash").get_data(as_text=True)
    link = re.search(r'href="(/listen\?of=[^"]+)"', page)
    assert link is not None
    text = ask(client, link[1]).get_data(as_text=True)
    assert "Làm ướt tay" in text and "<script" not in text.split("<main", 1)[1].split("</main>")[0]
    form = {"of": "/items/trial/wash", "part": "1", "text": "something else"}
    headers = {"Host": "127.0.0.1", **OWN_PAGE}
    assert client.post("/listen", data=form, headers=headers).status_code == 303
    assert station.told == ["Sức khỏe"], "the words of the page, whatever the request says"
    for part in ("0", "999", "-1", "x"):
        assert client.post("/listen", data={**form, "part": part}, headers=headers).status_code == 404
    switched = client.post("/voice/on", data={"to": "/items/trial/wash"}, headers=headers)
    assert (switched.status_code, switched.headers["Location"]) == (303, "/items/trial/wash?again=1")
    assert station.opened == ["trial/wash"], "reading it is no other opening"


@pytest.mark.parametrize(
    "of", ["http://evil.example/", "//evil.example", "/inside/trial/game/game/index.html", "/voice"]
)
def test_only_pages_of_the_menu_are_read(client: FlaskClient, of: str) -> None:
    text = ask(client, f"/listen?of={of}").get_data(as_text=True)
    main = text.split("<main", 1)[1]
    assert "evil" not in main and "Sức khỏe" in main, "the first page instead"
    assert 'class="button way" href="/"' in text
    assert ask(client, "/listen?of=/listen?of=/").status_code == 404


def test_what_stands_in_a_frame_is_read_as_plain_text(client: FlaskClient) -> None:
    game = ask(client, "/items/trial/game/listen").get_data(as_text=True)
    assert "Đếm số" in game and "game.js" not in game and "onclick" not in game
    assert 'href="/items/trial/game/listen/game/more.html"' in game, "its links lead to the same view"
    more = ask(client, "/items/trial/game/listen/game/more.html").get_data(as_text=True)
    assert "Trang hai" in more and 'href="/items/trial/game/in/game/more.html"' in more
    frame = ask(client, "/items/trial/game/in/game/more.html").get_data(as_text=True)
    assert 'href="/items/trial/game/listen/game/more.html"' in frame
    rice = ask(client, "/items/trial/rice/listen").get_data(as_text=True)
    for place in ("../wash.html", "..%2fwash.html", "game/../../secret.svg", "wash.html", "game/game.js"):
        assert ask(client, f"/items/trial/game/listen/{place}").status_code == 404, place
    assert "Sổ tay trồng lúa" in rice


def test_a_guide_is_saved_as_one_file_that_needs_nothing(client: FlaskClient) -> None:
    saved = ask(client, "/items/trial/wash/save")
    text = saved.get_data(as_text=True)
    assert saved.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''R%E1%BB%ADa%20tay")
    assert "Làm ướt tay" in text and "data:image/svg+xml;base64," in text
    assert not re.search(r'(src|href)="(?!data:|#)', text) and "<script" not in text
    book = ask(client, "/items/trial/village/save")
    assert book.get_data()[:2] == b"PK" and ".epub" in book.headers["Content-Disposition"]
    assert ask(client, "/items/trial/rice/save").get_data()[:5] == b"%PDF-"
    assert "Trang hai" in ask(client, "/items/trial/game/save/game/more.html").get_data(as_text=True)
    assert ask(client, "/items/trial/film/save").status_code == 404, "too large for a home in memory"
    assert ask(client, "/items/trial/game/save/..%2fwash.html").status_code == 404


def test_a_text_is_cut_between_sentences_and_nothing_is_lost() -> None:
    text = "Một câu ngắn. " * 100 + "chữ " * 400 + "x" * 2000
    cut = list(pieces(text))
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert max(map(len, cut)) <= LONGEST_PIECE and len(cut) > 3
    assert list(pieces("  ")) == []


def test_who_listens_is_spoken_to_as_politely_as_who_reads() -> None:
    """Orders without "Quý vị", "Mời" or a plain name of a key are none of ours."""
    for name, sentence in SENTENCES.items():
        said = sentence.in_language("vi")
        assert said and said != sentence.text, name
        assert not re.search(r"\b(bạn|anh|chị|mày|hãy|nhấn)\b", said, re.IGNORECASE), (name, said)


def test_a_guide_that_the_site_has_recorded_is_heard_in_its_own_voice(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_HOME", str(tmp_path))
    recorded = tmp_path / "audio" / "vi" / "trial_wash.ogg"
    recorded.parent.mkdir(parents=True)
    recorded.write_bytes(b"no sound")
    assert "data-recorded" not in ask(client, "/items/trial/wash").get_data(as_text=True)
    recorded.write_bytes(b"OggS" + bytes(24) + b"\x01vorbis" + bytes(40))
    assert 'data-recorded="trial_wash"' in ask(client, "/items/trial/wash").get_data(as_text=True)
    assert "data-recorded" not in ask(client, "/items/trial/game/listen").get_data(as_text=True)


def test_pdfs_and_archives_are_read_by_their_words(station: Station, tmp_path: Path) -> None:
    words = [f"Trang so {number}: cach trong lua nuoc tren ruong bac thang.".encode() for number in range(1, 8)]
    manifest = 'id = "words"\ntitle = "Gói"\ntheme = "agri"\nsource = "Thử."\n'
    manifest += '[[item]]\ntitle = "Trồng lúa"\nfile = "rice.pdf"\n'
    made = pack(tmp_path / "words", manifest + '[[item]]\ntitle = "Bách khoa"\nfile = "small.zim"\n', {
        "rice.pdf": pdf(words),
    })  # fmt: skip
    archive(made / "small.zim")
    add(Shelves(tmp_path / "content"), made, "2026-11-20")
    shelf = Library(tmp_path / "content")
    client = create_menu(station, shelf).test_client()
    rice = ask(client, "/items/words/rice/listen").get_data(as_text=True)
    assert "Trang so 1:" in rice and "Trang so 6:" not in rice and 'href="/items/words/rice/listen?page=2"' in rice
    assert "Trang so 7:" in ask(client, "/items/words/rice/listen?page=2").get_data(as_text=True)
    first = ask(client, "/items/words/small/listen").get_data(as_text=True).split("<article", 1)[1]
    assert "<script" not in first.split("</article>")[0] and "<p" in first
    assert ask(client, "/items/words/small/listen/A/nothing").status_code == 404
    saved = ask(client, "/items/words/small/save")
    assert saved.mimetype == "text/html" and "<script" not in saved.get_data(as_text=True)
    shelf.close()
