"""Vietnamese is complete: every sentence has its translation, and no page shows English or a raw key."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from small_world import reports_of, small_world
from test_first_day import Empty
from web_faces import NOON, OWN_PAGE, People, Station, free, in_use

from kiosk.content.library import Library
from kiosk.service.menu import create_menu
from kiosk.service.panel import create_panel
from kiosk.service.panel.deeds import DETAILED, PLAIN, WITH_ROLE
from kiosk.service.refusals import SENTENCES
from kiosk.store import audit
from kiosk.translations import web_ui_dir

ROOT = web_ui_dir().parent
KEYWORDS: dict[str, Any] = {
    "_": None, "says": None, "say": None, "Sentence": None, "Theme": (2,), "label": None,
}  # fmt: skip
SOURCES = [
    *sorted((ROOT / "kiosk" / "web").glob("*.py")),
    *sorted((ROOT / "kiosk" / "service" / "menu").glob("*.py")),
    *sorted((ROOT / "kiosk" / "service" / "panel").glob("*.py")),
    *sorted((ROOT / "kiosk" / "service" / "menu" / "viewers").glob("*.py")),
    ROOT / "kiosk" / "service" / "printing.py",
    ROOT / "kiosk" / "service" / "starring.py",
    ROOT / "kiosk" / "rules" / "themes.py",
    ROOT / "kiosk" / "rules" / "indicator.py",
    ROOT / "kiosk" / "rules" / "indicators.py",
    ROOT / "kiosk" / "rules" / "reading_words.py",
    ROOT / "kiosk" / "rules" / "journal.py",
    ROOT / "kiosk" / "rules" / "journal_figures.py",
    ROOT / "kiosk" / "service" / "standing_in.py",
    *sorted((ROOT / "kiosk" / "report").glob("*.py")),
    *sorted((ROOT / "kiosk" / "province" / "indicators").glob("*.py")),
    *sorted((ROOT / "kiosk" / "province" / "outputs").glob("*.py")),
    *sorted((ROOT / "kiosk" / "province" / "board").glob("*.py")),
]
ENGLISH = re.compile(r"\b(the|and|is|are|you|your|please|of|sign|back|null|none|true|false|undefined)\b", re.IGNORECASE)
RAW_KEY = re.compile(r"\b[a-z]+\.[a-z_]+\b|\{\w*\}|\b[a-z]+_[a-z_]+\b")


# What speaks by the catalogue of commands and errors, of the rooms web, report and panel; so do errors of indicators.
OF_COMMANDS = ("server.py", "pages.py", "certificate.py", "xlsx.py", "province_troubles.py")


def sentences() -> set[str]:
    """Every English sentence that menu and panel can say."""
    found: set[str] = {text for pair in SENTENCES.values() for text in pair}
    for path in SOURCES:
        with path.open("rb") as file:
            by_commands = path.name in OF_COMMANDS or path.parent.name in ("indicators", "outputs", "board")
            imports_cli = b"from kiosk.translations import" in file.read() and by_commands
            file.seek(0)
            keywords = {key: value for key, value in KEYWORDS.items() if key != "_" or not imports_cli}
            found |= {str(message) for _, message, _, _ in extract("python", file, keywords)}
    for path in sorted((ROOT / "web_ui" / "templates").rglob("*.html")):
        with path.open("rb") as file:
            found |= {str(message) for _, message, _, _ in extract("jinja2.ext:babel_extract", file, KEYWORDS)}
    return found


@pytest.mark.slow
def test_every_sentence_has_its_vietnamese_and_no_vietnamese_is_left_over() -> None:
    with (ROOT / "web_ui" / "translations" / "vi" / "web.po").open("rb") as file:
        catalog = read_po(file, locale="vi")
    translated = {str(message.id) for message in catalog if message.id and message.string and not message.fuzzy}
    wanted = sentences()
    assert len(wanted) > 90
    # A refusal by a name that staff cannot reach by a button may stand in the catalogue of refusals alone.
    assert wanted - translated == set()
    assert translated - wanted <= {"This action is not known.", "Try again."}


def visible(page: str) -> str:
    """The text of a page that a reader sees or hears, without what is in another language on purpose."""
    page = re.sub(r"<(script|style|svg|code|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r'<a[^>]*lang="en"[^>]*>.*?</a>', " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', page)
    return " ".join([re.sub(r"<[^>]*>", " ", page), *spoken])


STATES = [
    free(), free(state="asking"), in_use(42, idle=40, help_asked=True), in_use(4, waiting=True), free(state="ending"),
    free(state="closed"), free(state="class"), free(resume={"minutes": 23}), free(state="out_of_order"),
    {"station": "03"},
    free(clock_trusted=False, clock={"offset": 1_795_000_000, "undated": {"visits": 3, "minutes": 90, "boots": 2}}),
    free(online=False, clock_trusted=False, isolation={"level": "none", "detail": ""}),
    free(isolation={"level": "users", "detail": ""}, export={"last_day": None, "waiting_days": 3, "trouble": None}),
]  # fmt: skip


def panel_pages() -> Iterator[tuple[str, str]]:
    """Every page of the panel in every state, as (address, page)."""
    station = Station()
    client = create_panel(station, People({"Lan": "274916", "Hùng": "1"}), now=lambda: NOON).test_client()
    yield "/sign-in", client.get("/sign-in").text
    yield "/sign-in wrong", client.post("/sign-in", data={"name": "Lan", "pin": "1"}, headers=OWN_PAGE).text
    client.post("/sign-in", data={"name": "Lan", "pin": "274916"}, headers=OWN_PAGE)
    for station.state in STATES:
        for address in ("/", "/s/03/finish", "/s/03/out_of_order", "/s/03/date", "/s/03/date/set", "/nothing"):
            yield address, client.get(address, follow_redirects=True).text
    for message, _hint in SENTENCES.values():
        station.refuse = message
        yield message, client.post("/waiting", headers=OWN_PAGE).text
        yield message, client.post("/s/03/date", data={"offset": "1"}, headers=OWN_PAGE).text
    yield from report_pages()
    yield from settings_pages()
    yield "nobody", create_panel(station, People({})).test_client().get("/sign-in").text


SETTINGS_TYPED = (
    ("week", {"monday_0_from": "8h"}),
    ("minutes", {"minutes": "45"}),
    ("minutes", {"minutes": "x"}),
    ("fee", {"vi": "", "en": "x"}),
    ("fee", {"vi": "In: 500 đồng một trang"}),
    ("days/2026-12-24", {"kind": "closed"}),
    ("days/2026-12-25", {"kind": "own"}),
    ("notice", {"vi": "", "en": "x", "begins": "x", "ends": "2026-11-01"}),
    ("notice", {"vi": "Nghỉ lễ", "begins": "2026-12-31", "ends": "2026-12-30"}),
    ("notice", {"vi": "Nghỉ lễ", "begins": "2026-12-31", "ends": "2027-01-02"}),
    ("questions", {"place_1": "first", "place_2": "first", "place_3": ""}),
    ("questions", {"place_1": "groups", "place_2": "first", "place_3": ""}),
    ("questions", {"place_1": "groups", "place_2": "first", "place_3": "person"}),
    ("name", {"site_name": ""}),
    ("name", {"site_name": "Nhà văn hóa thôn Bình Hòa"}),
    ("programs", {"place_0": "7", "vi_0": "", "command_1": "sh"}),
    ("programs", {"place_0": "2", "shown_1": ""}),
    ("sticks", {"sticks": "all"}),
    ("sticks", {"sticks": "none"}),
    ("print", {"mode": "", "pages_max": "x"}),
    ("print", {"mode": "free", "pages_max": "0"}),
)


def settings_pages() -> Iterator[tuple[str, str]]:
    """The first day and the settings: as they stand, what would change, and every mistake."""
    with TemporaryDirectory() as folder:
        new = Empty(Path(folder))
        yield "/begin", new.client.get("/begin").text
        for fields in ({"code": "0"}, {"again": "0"}, {"pin": "111111", "again": "111111"}, {"name": ""}):
            yield "/begin wrong", new.begin(**fields)[1]
        for _ in range(5):
            yield "/begin too often", new.begin(code="0")[1]
        new.now = replace(new.now, boot=new.now.boot + 999)
        new.begin()
        for address in ("/", "/first-day", "/first-day/site", "/s/03/settings", "/s/03/settings/days"):
            yield address, new.client.get(address).text
        yield "/first-day/site wrong", new.post("/first-day/site", code="?", name="", station="?")[1]
        names = {"code": "TH-077", "name": "Thư viện", "station": "05"}
        yield "/first-day/site sure", new.post("/first-day/site", **names)[1]
        yield "/first-day/site", new.post("/first-day/site", **names, sure="1")[1]
        for place, fields in SETTINGS_TYPED:
            address = f"/s/03/settings/{place}"
            page = new.client.get(address).text
            yield address, page
            shown = dict(re.findall(r'<input[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?', page))
            for more in ({}, {"sure": "1"}, {"version": "old"}):
                status, page = new.post(address, **{**shown, **fields, **more})
                if status != 303:
                    yield f"{address} {more}", page
        for address in ("/s/03/settings?done=1", "/s/03/settings/back", "/first-day"):
            yield address, new.client.get(address).text
        yield from people_pages(new)
        new.store.close()


def people_pages(new: Empty) -> Iterator[tuple[str, str]]:
    """Who may sign in, every change of it with its mistakes, and all that was ever done."""
    version = new.managers.version()
    good = {"name": "Bình", "role": "clerk", "pin": "582903", "again": "582903"}
    for fields in ({}, good, {**good, "again": "1", "version": version}, {**good, "role": "x", "version": version},
                   {**good, "pin": "1", "again": "1", "version": version}, {**good, "version": version}):  # fmt: skip
        status, page = new.post("/people/add", **fields)
        if status != 303:
            yield "/people/add", page
    yield "/people", new.client.get("/people?done=1").text
    for address in ("role", "pin", "remove"):
        for name in ("Bình", "Chị Hoa"):
            yield address, new.client.get(f"/people/{address}?who={name}", follow_redirects=True).text
    yield "the only one", new.post("/people/remove?who=Chị Hoa", version=new.managers.version())[1]
    for fields in ({"old": "1", "pin": "2"}, {"old": "274916", "pin": "1", "again": "1"}, *[{"old": "1"}] * 6):
        yield "/own-pin", new.post("/own-pin", **fields)[1]
    for action in (*PLAIN, *DETAILED, *WITH_ROLE, "settings", "never heard of"):
        for who, detail in (("cli", ""), ("kiosk", "12"), ("Lan", "Bình (clerk)")):
            new.store.run(audit.note, new.now.wall, who, action, detail)
    new.store.run(audit.note, new.now.wall, "Lan", "settings", "hours,session.minutes,fee")
    yield "/deeds", new.client.get("/deeds").text
    yield "/deeds?before=20", new.client.get("/deeds?before=20").text
    yield "/deeds?before=1", new.client.get("/deeds?before=1").text


def report_pages() -> Iterator[tuple[str, str]]:
    """Reports of every kind: full, not over, to come, without figures, of a date that is not certain."""
    with TemporaryDirectory() as folder, small_world(Path(folder)) as store:
        for trusted in (True, False):
            reports = reports_of(store, trusted=trusted)
            client = create_panel(Station(), People(), now=lambda: NOON, reports=reports).test_client()
            client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
            for period in ("", "2026-10", "2026", "2025-10", "2026-W41", "2026-10-30", "2027", "2026-Q4", "not one",
                           "2026-01..2026-09", "2025-10-01..2026-11-21"):  # fmt: skip
                yield period, client.get(f"/s/03/report?period={period}").text


def menu_pages() -> Iterator[tuple[str, str]]:
    """Every page of the menu, found by following its links."""
    station = Station()
    client: FlaskClient = create_menu(station, Library.of_folders(ROOT / "policies" / "starter")).test_client()
    for station.state in (free(), free(online=False)):
        waiting, met = ["/", "/nothing"], set[str]()
        while waiting:
            address = waiting.pop()
            elsewhere = ("/enter", "/static", "/inside", "http", "#")
            if address in met or address.startswith(elsewhere) or address.endswith("/save"):
                continue
            met.add(address)
            page = client.get(address).text
            yield address, page
            waiting += [unescape(part.split('"')[0]) for part in page.split('href="')[1:]]
        assert len(met) >= 18


@pytest.mark.slow
@pytest.mark.parametrize("pages", [panel_pages, menu_pages])
def test_no_vietnamese_page_shows_english_or_a_raw_key(pages: Any) -> None:
    count = 0
    english = {sentence for sentence in sentences() if sentence not in ("PIN", "Internet")}
    for address, page in pages():
        text = visible(page)
        if address.startswith("/items/"):  # a guide may name an English work that its facts rest on
            text = re.sub(r'<p class="source">.*?</p>', " ", page, flags=re.DOTALL)
            text = visible(text)
        assert '<html lang="vi"' in page
        assert not ENGLISH.search(text), (address, ENGLISH.findall(text))
        text = re.sub(r"\b[\w.]+\.(vn|gov|com|org)\b|\b(suoi_gao|khai_sinh_trang|don_xin_viec|cho_phien)", "", text)
        assert not RAW_KEY.search(text), (address, RAW_KEY.findall(text))
        assert not [sentence for sentence in english if len(sentence) > 6 and sentence in text], address
        count += 1
    assert count > 20


def test_english_pages_show_no_vietnamese_of_ours() -> None:
    client = create_panel(Station(), People(), now=lambda: NOON).test_client()
    client.get("/language/en")
    client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    text = visible(client.get("/").text)
    assert "Computer 03" in text and "Visits today" in text and "Friday, 20/11/2026" in text
    for word in ("Máy", "Lượt", "Hôm nay", "thứ"):
        assert word not in text.replace("Tiếng Việt", "")
