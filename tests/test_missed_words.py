"""What people look for in vain reaches panel and province once k sessions asked for it; nobody learns who, or when.

The attacker of these tests has every file of the store: database, write-ahead log, copies, and reads all their bytes.
"""

import hmac
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlite_utils import Database
from store_support import reading

from kiosk.export import bundle, formats
from kiosk.rules.station import State, Station
from kiosk.service.missed_words import MOST_OF_A_SESSION, MissedWords, subject
from kiosk.service.recorder import Recorder
from kiosk.store import Store, images, missed

K = 5
DAY = "2026-11-21"


class Visits:
    """A station whose sessions come and go as the test says, with the real recorder and store."""

    def __init__(self, path: Path, live: str | None = None) -> None:
        self.store = Store(path)
        self.recorder = Recorder(self.store, "03")
        if live:
            self.recorder.live = cast(Any, SimpleNamespace(session=live))
        self.session: str | None = live
        self.missed = MissedWords(self.recorder, K, self.station)

    def station(self) -> Station:
        if self.session is None:
            return Station()
        return cast(Station, SimpleNamespace(state=State.OPEN, session=SimpleNamespace(id=self.session)))

    def ask(self, session: str | None, *texts: str) -> None:
        self.session = session
        for text in texts:
            self.missed.heard(text)

    def bring(self, day: str = DAY, **how: Any) -> None:
        self.session = None
        self.missed.bring(reading(f"{day}T03:00:00+00:00"), **how)

    def listed(self) -> list[tuple[str, int]]:
        return self.store.run(missed.listed)

    def files(self) -> bytes:
        """Every byte that lies on the disk, once the store thread has emptied its log behind the last job."""
        self.store.run(lambda db: None)
        folder = self.store.path.parent
        return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def visits(tmp_path: Path) -> Iterator[Visits]:
    made = Visits(tmp_path / "store" / "kiosk.db")
    yield made
    made.store.close()


def test_words_are_told_when_the_fifth_session_asks_and_never_before(visits: Visits) -> None:
    for number in range(K - 1):
        visits.ask(f"s{number}", "Thuốc lào")
        visits.bring(f"2026-11-{number + 1:02}")
        assert visits.listed() == [] and b"thuoc" not in visits.files().lower()
    visits.ask("s9", "thuoc lao")
    visits.bring()
    assert visits.listed() == [("thuoc lao", K)]
    assert b"thuoc lao" in visits.files()  # the search of this test does find what is there
    assert visits.store.run(missed.of_day, DAY) == {"thuoc lao": K}
    visits.ask("s10", "THUỐC LÀO")
    visits.bring("2026-11-22")
    assert visits.listed() == [("thuoc lao", K + 1)] and visits.store.run(missed.of_day, "2026-11-22") == {
        "thuoc lao": 1
    }


def test_one_session_asks_once_however_often_it_looks_and_however_often_it_is_brought(visits: Visits) -> None:
    for _ in range(3 * K):
        visits.ask("s1", "nuôi ong", "nuoi ong")
        visits.missed.bring(reading())  # in the middle of it, as each hour
    visits.bring()
    assert visits.listed() == []
    assert visits.store.run(lambda db: db.execute("SELECT sessions FROM missed_hashes").fetchall()) == [(1,)]


def test_a_session_that_goes_on_after_a_restart_asks_no_second_time(tmp_path: Path) -> None:
    for _ in range(2 * K):
        again = Visits(tmp_path / "store" / "kiosk.db", live="s1")
        again.ask("s1", "nuôi ong")
        again.bring(all_of_it=True)
        again.store.close()
    again = Visits(tmp_path / "store" / "kiosk.db")
    assert again.listed() == []
    for number in range(K):
        again.ask(f"t{number}", "nuôi ong")
    again.bring()
    assert again.listed() == [("nuoi ong", K)]
    again.store.close()


def test_an_ordinary_end_keeps_what_waits_for_the_next_start(tmp_path: Path) -> None:
    for number in range(K):  # one visit a day, the PC switched off each evening
        day = Visits(tmp_path / "store" / "kiosk.db")
        day.ask(f"s{number}", "lịch tiêm chủng")
        day.session = f"s{number}"
        day.missed.bring(reading(), all_of_it=True)
        day.store.close()
    last = Visits(tmp_path / "store" / "kiosk.db")
    assert last.listed() == [("lich tiem chung", K)]
    last.store.close()


def test_where_nobody_is_signed_in_and_where_the_date_is_wrong_nothing_is_kept(visits: Visits) -> None:
    for _ in range(2 * K):
        visits.ask(None, "nuôi ong")
    for number in range(K):
        visits.ask(f"s{number}", "lá lốt")
        visits.session = None
        visits.missed.bring(reading(trusted=False))
    assert visits.listed() == [] and b"la lot" not in visits.files()
    visits.bring()  # when the date is known
    assert visits.listed() == [("la lot", K)]


@pytest.mark.parametrize(
    "text",
    ["0912345678", "căn cước 038123456789", "hoa@example.org", "hoa gmail.com/login", "a", "?!", "x" * 41,
     "một hai ba bốn năm sáu bảy", "ngày 5", "пароль", "https://example.org"],
)  # fmt: skip
def test_what_could_be_a_person_or_a_secret_is_never_remembered(visits: Visits, text: str) -> None:
    assert subject("Bệnh tiểu đường") == "benh tieu duong"
    for number in range(2 * K):
        visits.ask(f"s{number}", text)
    visits.bring()
    assert visits.listed() == []
    assert visits.store.run(lambda db: db.execute("SELECT count(*) FROM missed_hashes").fetchone()) == (0,)


def test_a_session_cannot_fill_the_memory(visits: Visits) -> None:
    letters = "abcdefghiklmnop"
    visits.ask("s1", *(f"tim {one}{other}" for one in letters for other in letters))
    visits.bring()
    count = visits.store.run(lambda db: db.execute("SELECT count(*) FROM missed_hashes").fetchone())
    assert count == (MOST_OF_A_SESSION,)


def test_the_key_goes_with_its_hashes_so_that_no_dictionary_helps_any_more(visits: Visits) -> None:
    visits.ask("s1", "nuôi ong")
    visits.bring(DAY)

    def guessed(db: Database, key: bytes) -> bool:
        token = hmac.digest(key, b"nuoi ong", "sha256")[:16]
        return db.execute("SELECT 1 FROM missed_hashes WHERE hash = ?", (token,)).fetchone() is not None

    key = visits.store.run(lambda db: bytes(db.execute("SELECT key FROM missed_key").fetchone()[0]))
    assert visits.store.run(guessed, key)  # what the documentation says: with file and key a guess can be tried
    assert key in visits.files()
    later = date.fromisoformat(DAY) + timedelta(days=missed.KEPT_DAYS)
    visits.bring(later.isoformat())
    assert key not in visits.files() and not visits.store.run(guessed, key)
    for number in range(K - 1):  # what was asked before it does not count any more
        visits.ask(f"t{number}", "nuôi ong")
    visits.bring(later.isoformat())
    assert visits.listed() == []


def test_words_are_forgotten_after_ninety_days(visits: Visits) -> None:
    for number in range(K):
        visits.ask(f"s{number}", "nuôi ong")
    visits.bring(DAY)
    day = date.fromisoformat(DAY)
    visits.bring((day + timedelta(days=missed.KEPT_DAYS - 1)).isoformat())
    assert visits.listed() == [("nuoi ong", K)]
    visits.bring((day + timedelta(days=missed.KEPT_DAYS)).isoformat())
    assert visits.listed() == [] and b"nuoi ong" not in visits.files()


def test_rows_say_nothing_of_when_or_who_and_two_looks_at_the_file_show_no_words(visits: Visits) -> None:
    for number, text in enumerate(("nuôi ong", "lá lốt", "thuốc lào")):
        visits.ask(f"whose-{number}", text)
        visits.bring()
        assert f"whose-{number}".encode() not in visits.files()
    columns = visits.store.run(lambda db: [one.name for one in db["missed_hashes"].columns])  # type: ignore[union-attr]
    assert columns == ["hash", "sessions"]
    rows = visits.store.run(lambda db: db.execute("SELECT hash FROM missed_hashes").fetchall())
    assert rows == sorted(rows)  # by themselves, not by when they came
    for words in (b"nuoi ong", b"la lot", b"thuoc lao"):
        assert words not in visits.files()


def test_no_copy_holds_words_hashes_or_key(visits: Visits) -> None:
    for number in range(K):
        visits.ask(f"s{number}", "nuôi ong", *(["lá lốt"] if number == 0 else []))
    visits.bring()
    assert visits.listed() and not {"missed_words", "missed_hashes", "missed_key"} & images.COPIED
    image = visits.store.image()
    images.strip(image, DAY, leaves=False)
    for table in ("missed_words", "missed_hashes", "missed_key"):
        assert image.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    image.close()


def test_the_days_bundle_says_them(visits: Visits) -> None:
    for number in range(K):
        visits.ask(f"s{number}", "nuôi ong")
    visits.bring()
    lines = visits.store.run(bundle.body, DAY)
    assert {"kind": "missed", "words": "nuoi ong", "count": K} in lines
    assert formats.KINDS["missed"] == (("words",), ("count",))
