"""The whole panel is crawled, with the mistakes of its forms: in Vietnamese no English, in English no Vietnamese.

It finds the pages by the address map and by their links, so that a new page is read without being named here. A page
shows no raw key, no "None", "null" or "undefined", and only composed letters (NFC).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from small_world import SITE, small_world
from store_support import reading
from test_panel_walk import of, ways
from test_web_words import RAW_KEY, STATES
from web_faces import OWN_PAGE, Station, free, in_use
from whole_panel import whole_panel

from kiosk.rules.journal import WHATS
from kiosk.store import Store, journal
from kiosk.translations import web_ui_dir

NOT_CRAWLED = {"static", "moved", "language", "sign_out", "healthz", "leaving", "stay"}
# Words that no Vietnamese sentence has; "to", "in", "an", "on", "can", "no" are left out, for they are Vietnamese too.
ENGLISH = re.compile(
    r"\b(the|and|is|are|was|were|you|your|please|of|for|from|with|without|this|that|these|there|not|will|must|may|back|"
    r"which|when|what|who|has|have|been|its|their|here|save|sign|none|null|true|false|undefined|nan|error|days?|hours?|"
    r"minutes|month|year|visits?|people|computer|station|report|change|choose|write|add|remove|yes)\b", re.IGNORECASE,
)  # fmt: skip
NOTHING = re.compile(r"\b(null|undefined|NaN)\b")
VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ]", re.IGNORECASE)
# Names, what people typed, and commands: shown as they are, in whatever language.
NAMES = re.compile(
    f"{SITE.name}|Điểm truy nhập Internet công cộng|Thanh Hóa|Tiếng Việt|English|kiosk (content|manager) [a-z]+|"
    "kiosk (check|backup|restore)|kiosk|PIN", re.IGNORECASE,
)  # fmt: skip
JUNK = {"words": "", "reason": "", "note": "?", "day": "31/2/2026", "number": "x", "minutes": "x", "count": "-1",
        "pin": "1", "again": "2", "name": "", "code": "?", "session": "c0ffee", "version": "0",
        "people": "x"}  # fmt: skip
MOST_PAGES = 400


def visible(page: str) -> str:
    """What a reader sees or hears, without what is in another language on purpose, or a command to type."""
    page = re.sub(r"<(script|style|svg|code|pre)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"<html[^>]*>", "", page)
    page = re.sub(r'<input[^>]*type="(?:hidden|radio|checkbox)"[^>]*>', "", page)
    page = re.sub(r'<(\w+)\b[^>]*\blang="\w+"[^>]*>.*?</\1>', " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt|value)="([^"]*)"', page)
    shown = [one for one in spoken if " " in one or not re.fullmatch(r"[\w.:@+/-]*", one)]
    text = unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *shown]))
    return " ".join(NAMES.sub(" ", text).split())


@cache
def pieces_of_english() -> tuple[str, ...]:
    """Parts of every English sentence of the catalogues that are long enough to be told from anything else."""
    found = set[str]()
    for domain in ("web", "cli"):
        with (web_ui_dir() / "translations" / "vi" / f"{domain}.po").open("rb") as file:
            for message in read_po(file, locale="vi"):
                texts = message.id if isinstance(message.id, tuple) else (message.id,)
                for text in texts:
                    parts = re.split(r"\{\w*\}", text)
                    found |= {part.strip(" .,:;") for part in parts if len(part) > 10 and part.strip().count(" ") >= 2}
    return tuple(sorted(found))


def crawl(client: FlaskClient, station: Station) -> Iterator[tuple[str, str]]:
    """(what was asked, the page): the address map in every state, then what the pages link to, then wrong forms."""
    app, waiting, met = client.application, list[str](), set[str]()
    shown, same = dict[str, str](), set[str]()
    for number, state in enumerate([in_use(), free(), *STATES]):
        station.state = state
        for way in ways(app):
            if way.method == "GET" and way.endpoint not in NOT_CRAWLED and way.url not in same:
                for name, page in asked(client, f"{number} {way.url}", way.url, waiting):
                    yield name, page
                    if number == 1 and shown.get(way.url) == page:
                        same.add(way.url)  # it does not speak of the station
                    shown[way.url] = page
    station.state = free()
    while waiting and len(met) < MOST_PAGES:
        address = waiting.pop()
        pattern = re.sub(r"\d+", "0", address)
        if pattern not in met:
            met.add(pattern)
            yield from asked(client, address, address, waiting)
    for state in (in_use(), free(), free(state="class", **{"class": {"title": "Tin học", "began": "08:00"}})):
        for way in ways(app):
            if way.method == "POST" and way.endpoint not in NOT_CRAWLED:
                for fields in ({}, JUNK, typed_wrongly(client, way.url)):
                    station.state = state
                    answer = client.post(way.url, data=fields, headers=OWN_PAGE)
                    if answer.mimetype == "text/html" and answer.status_code != 303:
                        yield f"POST {way.url} {sorted(fields)}", answer.text


def asked(client: FlaskClient, name: str, address: str, waiting: list[str]) -> Iterator[tuple[str, str]]:
    with client.get(address, follow_redirects=True) as answer:
        if answer.mimetype != "text/html":
            return
        page = answer.text
        assert answer.status_code != 500, name
        links = [unescape(one).partition("#")[0] for one in re.findall(r'href="([^"]*)"', page)]
        waiting += [one for one in links if one.startswith("/") and not re.match("/(static|language|sign-out)", one)]
        yield name, page


def typed_wrongly(client: FlaskClient, address: str) -> dict[str, str]:
    """The form that stands at an address, with something wrong in every field that somebody types into."""
    answer = client.get(address)
    fields = dict[str, str]()
    for tag in re.findall(r"<input\b[^>]*>", answer.text if answer.mimetype == "text/html" else ""):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            hidden = 'type="hidden"' in tag or 'type="radio"' in tag or 'type="checkbox"' in tag
            fields[name[1]] = unescape(value[1]) if hidden and value else "#?"
    return fields


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a line of every kind that a page can show."""
    with small_world(tmp_path) as made:
        now = reading("2026-11-20T09:00:00+07:00").wall
        for what in WHATS:
            made.run(journal.open_fault, what, "?", "Lan", now)
        yield made


def panel(store: Store, home: Path, lang: str) -> tuple[FlaskClient, Station]:
    station = Station(in_use())
    client = of(whole_panel(station, store, home))
    client.get(f"/language/{lang}")
    return client, station


def faults(page: str, lang: str) -> list[str]:
    """What no page in that language may show."""
    text, found = visible(page), NOTHING.findall(page)
    if "<html" in page and f'<html lang="{lang}"' not in page:
        found.append("another language")
    if not unicodedata.is_normalized("NFC", unescape(page)):
        found.append("decomposed letters")
    if lang == "en":
        return found + [word for word in re.sub(r"“[^”]*”", " ", text).split() if VIETNAMESE.search(word)]
    found += [*ENGLISH.findall(text), *RAW_KEY.findall(text)]
    return found + [piece for piece in pieces_of_english() if piece in text]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_speaks_one_language(store: Store, tmp_path: Path, lang: str) -> None:
    wrong, count = dict[str, list[str]](), 0
    for name, page in crawl(*panel(store, tmp_path / "home", lang)):
        count += 1
        if found := faults(page, lang):
            wrong[name] = sorted(set(found))[:12]
    print(f"{count} pages")
    assert count > 250
    assert wrong == {}


def test_the_control_each_fault_is_found() -> None:
    for text, fault in (
        ("Xin chọn: Please choose", "Please"), ("giá trị None", "None"), ("<b>null</b>", "null"), ("{n} phút", "{n}"),
        ("order_extend", "order_extend"), ("Ngày giờ".replace("à", "a\u0300"), "decomposed letters"),
        ('<input type="text" value="Sign out">', "Sign out"),
        ("Its battery: Have the technician run kiosk check.", "Have the technician"),
        ('<html lang="en">', "another language"),
    ):  # fmt: skip
        assert any(fault.startswith(one) or one.startswith(fault) for one in faults(text, "vi")), text
    assert faults("Chọn ngày", "en") and faults('<p lang="vi">Chọn ngày</p> Choose a day', "en") == []
    assert faults('<a lang="en">Sign out</a> Đăng xuất, kiosk check', "vi") == []
