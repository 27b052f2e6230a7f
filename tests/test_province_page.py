"""The panel's page of the province: what it says, what it lets staff do, and that a look costs nearly nothing."""

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_province import CODE, Province, province
from flask.testing import FlaskClient
from province_support import (
    QUIET,
    URL,
    WAITING,
    FakeCarrying,
    FakeNightly,
    card,
    days_told,
    desk_of,
    join,
)
from small_world import SITE, small_world
from test_panel_walk import of
from web_faces import OWN_PAGE, Station, free
from whole_panel import whole_panel

from kiosk.errors import UsageError
from kiosk.export import enrolment
from kiosk.export.handshake import code_in, with_code
from kiosk.export.receipts import Receipt
from kiosk.export.signing import Key
from kiosk.rules.roles import CLERK, TECHNICIAN
from kiosk.service.by_hand import ByHand
from kiosk.service.carrying import Carried
from kiosk.service.panel.stick_words import FAILED, STICK
from kiosk.settings import Paths, Site
from kiosk.store import Store, acknowledged

PAGE = "/s/03/province"


@dataclass
class Stage:
    """The panel of a station at its province, and what stands behind the page."""

    client: FlaskClient
    nightly: FakeNightly
    carrying: FakeCarrying
    paths: Paths
    store: Store

    def page(self, path: str = "") -> str:
        answer = self.client.get(PAGE + path)
        assert answer.status_code == 200, answer.status
        return answer.text.replace("\u00a0", " ").replace("\u2011", "-")

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(PAGE + path, data=fields, headers=OWN_PAGE)


@pytest.fixture
def stage_of(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    with small_world(tmp_path) as store:
        store.run(days_told, refused=("2026-11-02", "2026-11-03"))

        def made(joined: bool = True, role: str = "manager", site: Site = SITE, **shown: Any) -> Stage:
            home = tmp_path / f"home-{time.monotonic_ns()}"
            nightly, carrying = FakeNightly({**WAITING, **shown}), FakeCarrying()
            if joined:
                join(Paths(home))
            Paths(home).enrolment.mkdir(parents=True, exist_ok=True)
            Paths(home).chosen.parent.mkdir(parents=True, exist_ok=True)
            desk = desk_of(store, home, site, nightly, carrying)
            app = whole_panel(Station(free()), store, home / "panel", role, site=site, province=desk)
            return Stage(of(app), nightly, carrying, Paths(home), store)

        yield made


def test_it_tells_whose_it_is_what_waits_and_why_in_vietnamese(stage_of: Callable[..., Stage]) -> None:
    page = stage_of().page()
    for words in ("Đã kết nối với Thanh Hóa từ 01/10/2026: điểm TH-017, máy 03", "Còn 9 ngày chờ gửi",
                  "Máy chủ của tỉnh không trả lời.",
                  "Máy sẽ tự gửi lại lúc 20/11/2026 10:15",
                  "Lần nhận gần nhất: 10/11/2026 23:52", "03/11/2026", "ngày ghi trong gói chưa tới",
                  "Gửi ngay", "Chép sang USB", "Tải tệp", "Đọc biên nhận"):  # fmt: skip
        assert words in page, words


def test_thirty_days_are_strokes_and_are_told_to_who_does_not_see_them(stage_of: Callable[..., Stage]) -> None:
    page = stage_of().page()
    strip = page[page.index('viewBox="0 0 270 28"') : page.index("</svg>", page.index('viewBox="0 0 270 28"'))]
    count = {kind: len(re.findall(f'<path class="{kind}"', strip)) for kind in ("received", "waits", "refused")}
    assert count == {"received": 18, "waits": 9, "refused": 2}, "of thirty days, today has nothing yet"
    told = "Số ngày tỉnh đã nhận: 18; chờ gửi: 9; tỉnh tạm giữ: 2; không có số liệu: 1"
    assert f'aria-label="Từ 22/10 đến 20/11: {told}"' in page or told in page


def test_without_a_province_there_is_one_line_and_the_way_to_join(stage_of: Callable[..., Stage]) -> None:
    nothing = {"way": "none", "province": None, "refused": [], "refused_days": 0, "waiting_days": 12}
    page = stage_of(joined=False, **nothing).page()
    assert "Máy này chưa kết nối với tỉnh. Số liệu của 12 ngày vẫn được giữ trong máy." in page
    assert "/s/03/province/join" in page and "Chép sang USB" not in page and "Gửi ngay" not in page
    clerk = stage_of(joined=False, role=CLERK, **nothing).page()
    assert "/s/03/province/join" not in clerk, "a clerk sees it and joins nothing"
    assert "/s/03/province/join" in stage_of(joined=False, role=TECHNICIAN, **nothing).page()


def test_damaged_files_are_said_and_joining_again_is_offered(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of()
    (stage.paths.enrolment / enrolment.FILE).write_bytes(b"{")
    desk = desk_of(stage.store, stage.paths.home, SITE, FakeNightly({**QUIET, "province": None, "way": "none"}))
    client = of(whole_panel(Station(free()), stage.store, stage.paths.home / "again", site=SITE, province=desk))
    page = client.get(PAGE).text
    assert "Không xác định được máy này đang kết nối với tỉnh nào." in page and "mã mới" in page
    assert "/s/03/province/join" in page


@pytest.mark.slow
def test_a_poll_asks_no_memory_and_costs_less_than_five_milliseconds(
    stage_of: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of()
    seen = re.search(r'hx-get="([^"]+province/state[^"]+)"', stage.page())
    assert seen is not None
    monkeypatch.setattr(Store, "run", lambda *_words: pytest.fail("a poll asked the store"))
    rounds = 200
    for address, status in ((seen[1], 204), (seen[1].partition("?")[0], 200)):
        begun = time.thread_time()
        for _round in range(rounds):
            assert stage.client.get(address).status_code == status
        took = (time.thread_time() - begun) / rounds * 1000
        print(f"{status}: {took:.2f} ms of CPU a poll, {rounds} polls")
        assert took < 5


def test_strokes_are_asked_for_again_when_something_came(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of()
    assert stage.page("/state").count('<path class="waits"') == 9 + 1, "and one in the legend"
    stage.store.run(lambda db: db.execute("UPDATE bundles SET acknowledged = '2026-11-20T00:00:00+00:00'"))
    stage.nightly.shown |= {"waiting_bundles": 0, "waiting_days": 0, "confirmed_day": "2026-11-19"}
    assert stage.page("/state").count('<path class="waits"') == 0


def test_send_now_sends_and_shows_how_far_it_is(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of()
    assert stage.post("/send").status_code == 303
    end = time.monotonic() + 5
    while not stage.nightly.sent:
        assert time.monotonic() < end
        time.sleep(0.01)
    stage.nightly.shown |= {"sending": {"done": 3, "of": 9}}
    page = stage.page("/state")
    assert "Đang gửi: 3/9 gói số liệu." in page and "Gửi ngay" not in page and 'hx-trigger="every 1s"' in page


def test_a_stick_is_asked_for_in_the_readers_name_and_refused_in_words(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of(role=CLERK)
    assert stage.post("/stick").status_code == 303 and stage.carrying.asked == ["Lan"]
    stage.carrying.refuse = "Somebody is using this computer."
    answer = stage.post("/stick")
    assert answer.status_code == 409 and "Có người đang dùng máy này." in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("word", [*STICK, "silent", "failed", "of-a-later-version"])
def test_whatever_happens_to_a_stick_has_its_sentence(stage_of: Callable[..., Stage], word: str) -> None:
    stage = stage_of()
    stage.carrying.shown = Carried("trouble", word=word)
    said = STICK.get(word, FAILED)
    vietnamese = said.in_language("vi")
    assert vietnamese != said.text and f"<span>{vietnamese}" in stage.page("/state").replace("&#39;", "'")


def test_while_a_stick_is_written_there_is_no_button_and_the_page_looks_often(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of()
    for phase, words in (("opening", "Đang mở USB"), ("writing", "xin đừng rút"), ("closing", "xin đừng rút")):
        stage.carrying.shown = Carried(phase)  # type: ignore[arg-type]
        page = stage.page("/state")
        assert words in page and 'id="copy"' not in page and 'hx-trigger="every 1s"' in page
    stage.carrying.shown = Carried("done", written=18, confirmed=4, refused=1, unproved=2)
    page = stage.page("/state")
    assert "Đã chép 18 tệp. Quý vị rút USB ra được rồi." in page and "thêm 4 gói số liệu được xác nhận" in page
    assert "2 biên nhận không phải của tỉnh này" in page and 'id="copy"' in page


def test_what_waits_is_one_file_and_nothing_of_it_stays_behind(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of()
    stage.nightly.written = {"a.jsonl.gz": b"bundle", "a.jsonl.gz.sig": b"line", "b.jsonl.gz": b"x" * 200_000}
    with stage.client.get(f"{PAGE}/waiting.zip") as answer:
        assert answer.mimetype == "application/zip" and "attachment" in answer.headers["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            assert packed.testzip() is None
            assert {name: packed.read(name) for name in packed.namelist()} == stage.nightly.written
    assert not (stage.paths.home / "aside/by_hand").exists()
    stage.nightly.refuse = "Somebody is using this computer."
    assert stage.client.get(f"{PAGE}/waiting.zip").status_code == 409
    assert not (stage.paths.home / "aside/by_hand").exists()


@pytest.mark.slow
def test_where_nothing_waits_there_is_no_file_to_take(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of(**{**QUIET, "refused": [], "refused_days": 0})
    assert 'id="take"' not in stage.page() and "không có tệp để tải" in stage.page()
    answer = stage.client.get(f"{PAGE}/waiting.zip")
    assert answer.status_code == 409 and "không có tệp để tải" in answer.text
    assert 'id="take"' in stage_of().page(), "the control"


def test_a_folder_without_a_province_is_said_to_get_them_unsigned(stage_of: Callable[..., Stage]) -> None:
    nothing = {"province": None, "way": "place", "to": "/srv/so-lieu", "unsigned": True, "refused": []}
    page = stage_of(joined=False, **nothing).page()
    assert "/srv/so-lieu" in page and "Số liệu chưa có chữ ký vì máy này chưa kết nối với tỉnh" in page
    assert "chữ ký" not in stage_of(to="/srv/so-lieu").page()


def packed(**files: bytes) -> bytes:
    """A ZIP; `__` in a name parts folders."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def receipt(site: str = "TH-017", station: str = "03", number: int = 1) -> bytes:
    """One by some province: whether it is the right one is proved elsewhere."""
    return Receipt(site, station, "2026-11-20T00:00:00+00:00", (f"{number:064x}",)).sealed(Key.make()).encode()


def test_receipts_come_back_in_a_zip_or_one_by_one_whatever_they_are_called(stage_of: Callable[..., Stage]) -> None:
    stage, one, two = stage_of(), receipt(), receipt(number=2)
    stage.nightly.told = {"confirmed": 4}
    whole = packed(
        **{"a__receipts__1.json": one, "b__receipts__1.json": two, "c.json": receipt(station="04"), "d": b"x"}
    )
    for name, sent, found in (("r.zip", whole, [one, two]), ("biên nhận (1).json", one, [one])):
        answer = stage.post("/receipts", receipts=(io.BytesIO(sent), name))
        assert answer.status_code == 200 and "thêm 4 gói số liệu được xác nhận" in answer.text
        assert sorted(stage.nightly.seen.values()) == sorted(found), "and of this computer alone"
        assert all(name.startswith("TH-017_03_") for name in stage.nightly.seen)
        stage.nightly.seen = {}
    stage.nightly.told = {}
    assert "không có gì mới" in stage.post("/receipts", receipts=(io.BytesIO(one), "x.json")).text


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [("", b"", "không có biên nhận"), ("a.zip", b"PK\x03\x04 nonsense", "bị hỏng"),
     ("a.txt", b"hello", "không có biên nhận"), ("a.zip", packed(a=receipt()), "không có biên nhận"),
     ("a.json", b"[" * 9, "không có biên nhận"), ("a.json", b"{}", "không có biên nhận"),
     ("a.json", receipt(site="TH-018"), "Biên nhận trong tệp này là của máy khác. Xin chọn tệp của điểm TH-017")],
)  # fmt: skip
def test_what_are_no_receipts_is_said(stage_of: Callable[..., Stage], name: str, sent: bytes, words: str) -> None:
    stage = stage_of()
    answer = stage.post("/receipts", receipts=(io.BytesIO(sent), name))
    assert answer.status_code == 409 and words in answer.text.replace("\u00a0", " ") and stage.nightly.seen == {}


@pytest.mark.slow
def test_a_hostile_zip_writes_nowhere_else_and_fills_nothing(tmp_path: Path) -> None:
    nightly = FakeNightly()
    hand = ByHand(tmp_path / "in" / "aside", nightly, lambda: ("TH-017", "03"))
    evil = ("../../evil.json", "/etc/evil.json", "a\\..\\b.json", ".hidden.json", "x" * 300 + ".json")
    hand.take({"x.zip": packed(**{name: receipt(number=number) for number, name in enumerate(evil)})})
    assert sorted(nightly.seen) == [f"TH-017_03_{number}.json" for number in range(len(evil))]
    assert {path.name for path in tmp_path.rglob("*")} == {"in", "aside"}, "and nothing of it stays"
    bomb = packed(**{f"{number}.json": b"{" + b" " * 1_048_000 for number in range(60)})
    assert len(bomb) < 100_000
    many = packed(**{f"{number}.json": b"{}" for number in range(2_100)})
    for sent in (bomb, many):
        with pytest.raises(UsageError, match="too large"):
            hand.take({"sent.zip": sent})


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path / "province", site="TH-017") as found:
        yield found


@pytest.mark.slow
def test_a_manager_joins_by_what_a_scanner_types(stage_of: Callable[..., Stage], theirs: Province) -> None:
    stage = stage_of(joined=False)
    answer = stage.post("/join", url=with_code(theirs.url, code_in(CODE)), code="")
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    found = enrolment.load(stage.paths)
    assert found is not None and found.key in theirs.stations
    assert "Đã kết nối với Thanh Hóa" in stage.page()
    assert theirs.url in stage.page("/join"), "a new code is for the same province as a rule"


def test_a_computer_without_a_name_takes_it_and_starts_anew(stage_of: Callable[..., Stage], theirs: Province) -> None:
    stage = stage_of(joined=False, site=Site(station="03"))
    answer = stage.post("/join", url=theirs.url, code=CODE.lower().replace("-", " "))
    assert (
        answer.status_code == 200 and "url=/" in answer.text and "Máy đang nhận tên mới" in answer.text or answer.text
    )
    assert 'code = "TH-017"' in stage.paths.chosen_site.read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_is_wrong_is_said_what_was_typed_stays_and_moving_is_offered(
    stage_of: Callable[..., Stage], theirs: Province
) -> None:
    stage = stage_of(joined=False)
    theirs.site = "TH-099"
    answer = stage.post("/join", url=theirs.url, code=CODE)
    assert answer.status_code == 409 and "TH-099" in answer.text and "TH-017" in answer.text
    assert CODE in answer.text and 'name="take_over"' in answer.text and enrolment.load(stage.paths) is None
    days = stage.store.run(acknowledged.waiting_days, "TH-017", "03")
    behind = stage.post("/join", url=theirs.url, code=CODE, take_over="1")
    assert behind.status_code == 409 and days and f": {days}." in behind.text and "TH-017" in behind.text
    assert 'name="leave_behind" value="1">' in behind.text and "checked" in behind.text, "what was ticked stays"
    assert enrolment.load(stage.paths) is None
    assert stage.post("/join", url=theirs.url, code=CODE, take_over="1", leave_behind="1").status_code == 200
    found = enrolment.load(stage.paths)
    assert found is not None and found.site == "TH-099"


def test_a_mistyped_code_is_told_at_once_without_asking_anybody(
    stage_of: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_words, **_named: pytest.fail("a process was started"))
    stage = stage_of(joined=False)
    for url, code, words in ((URL, "7K2M-9QRT", "mã gồm 20 chữ cái và chữ số"), ("x y", CODE, "không phải"),
                             ("http://tinh.example.vn", CODE, "bắt đầu bằng https")):  # fmt: skip
        answer = stage.post("/join", url=url, code=code)
        assert answer.status_code == 409 and words in answer.text, answer.text
        assert "take_over" not in answer.text, "nobody has moved"


@pytest.mark.parametrize(
    ("export", "tone", "words"),
    [(dict(QUIET), "met", "Đã gửi số liệu đến hết ngày 19/11/2026."),
     (dict(WAITING), "soon", "Tỉnh tạm giữ số liệu của 2 ngày."),
     ({**QUIET, "waiting_days": 5}, "soon", "Số liệu của 5 ngày đang chờ gửi."),
     ({**QUIET, "waiting_days": 9}, "soon", "Chưa gửi được 9 ngày. Kiểm tra mạng hoặc xuất ra USB."),
     ({**QUIET, "way": "none", "waiting_days": 40}, "no-report",
      "Chưa kết nối với tỉnh; số liệu của 40 ngày được giữ trong máy.")],
)  # fmt: skip
def test_beside_the_stations_one_line_tells_it_and_leads_there(
    stage_of: Callable[..., Stage], export: dict[str, Any], tone: str, words: str
) -> None:
    stage = stage_of()
    station = Station(free(export=export))
    desk = desk_of(stage.store, stage.paths.home, SITE, stage.nightly, stage.carrying)
    page = of(whole_panel(station, stage.store, stage.paths.home / "now", site=SITE, province=desk)).get("/side").text
    line = re.search(r'<a class="line ([\w-]+)" href="/s/03/province">.*?<span>(.*?)</span>', page, re.DOTALL)
    assert line is not None and line[1] == tone and words in line[2], page


def test_a_card_of_another_province_is_told_by_its_name(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of()
    found = enrolment.load(stage.paths)
    assert found is not None
    key = Key.make()
    sealed = card(key, name="Nghệ An")
    enrolment.put(stage.paths, enrolment.Enrolled(**{**vars(found), "card": enrolment.card_in([key.public], sealed)}))
    desk = desk_of(stage.store, stage.paths.home, SITE, stage.nightly, stage.carrying)
    client = of(whole_panel(Station(free()), stage.store, stage.paths.home / "two", site=SITE, province=desk))
    assert "Đã kết nối với Nghệ An" in client.get(PAGE).text.replace("\u00a0", " ")


def test_a_computer_that_was_renamed_since_is_told_so_and_a_newer_card_is_shown(stage_of: Callable[..., Stage]) -> None:
    stage = stage_of(site=Site(code="TH-018", station="03"))
    assert "Máy này đã đổi thành máy 03 của điểm TH-018 nên tỉnh chưa nhận số liệu." in stage.page()
    assert "nay mang tên" not in stage_of().page()
    found = enrolment.load(stage.paths)
    assert found is not None
    key = Key.make()
    newer = enrolment.card_in([key.public], card(key, version=2, name="Thanh Hóa mới"))
    enrolment.put(stage.paths, enrolment.Enrolled(**{**vars(found), "card": newer}))
    assert "Đã kết nối với Thanh Hóa mới" in stage.page(), "the courier has brought it"
