"""Lines of the journal as they are typed and as tables hold them: right, or told what is wrong; never a crash."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import KioskError, UsageError
from kiosk.rules.journal import CODES, KINDS
from kiosk.rules.journal_columns import COLUMNS, KIND_NAMES, Found, found_in
from kiosk.rules.journal_entry import FIRST_DAY, WrongEntry, check, day_in, whole_number
from kiosk.rules.journal_figures import JOURNAL_FIGURES
from kiosk.service import journal_file
from tests.tries import tries

TODAY = date(2026, 11, 20)
DAYS = st.dates(FIRST_DAY, TODAY)
NAMES = [
    "day",
    "until",
    "words",
    "what",
    "begin",
    "end",
    *{one.name for kind in KINDS.values() for one in kind.numbers},
]
ANYTHING = st.one_of(st.text(max_size=30), st.integers(-9, 10**7), st.floats(allow_nan=True), st.none(), DAYS)


@settings(max_examples=tries(300), deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_whatever_is_typed_is_a_line_in_its_limits_or_names_its_fields(kind: str, typed: dict[str, object]) -> None:
    try:
        entry = check(kind, typed, TODAY)
    except WrongEntry as error:
        assert error.problems and all(words.strip() for words in error.problems.values())
        assert error.problems.keys() <= {*NAMES}
        return
    limits = {one.name: one.most for one in KINDS[kind].numbers}
    assert all(0 < count <= limits[name] for name, count in entry.numbers.items() if name in limits)
    assert entry.numbers.keys() <= limits.keys() and (entry.numbers or not limits)
    assert entry.until is None or entry.until >= entry.day
    again = check(kind, {**entry.numbers, **entry.words, "day": entry.day, "until": entry.until}, TODAY)
    assert again == entry, "what was kept can be typed again"


@given(st.integers(0, 10**9 - 1))
def test_a_number_is_read_the_same_in_every_way_people_write_it(number: int) -> None:
    grouped = [f"{number:,}".replace(",", mark) for mark in (".", ",", " ", "\u00a0")]
    for text in (str(number), f" {number} ", f"{number}.0", f"{number},00", *grouped):
        assert whole_number(text) == number, text


@pytest.mark.parametrize(
    "text", ["", "1.5", "1,23,4", "12a", "１２", "1e3", "0x1", "-4", "1.234.56", 1.234, float("nan"), True]
)
def test_what_is_no_whole_number_is_none(text: object) -> None:
    with pytest.raises((ValueError, OverflowError)):
        whole_number(text)


@given(DAYS)
def test_a_day_is_read_the_same_in_every_way_people_write_it(day: date) -> None:
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        assert day_in(day.strftime(form)) == day
    assert day_in(f"{day.day}/{day.month}/{day.year}") == day


def test_every_sum_has_a_definition_and_every_kind_a_name() -> None:
    assert {one.code for one in JOURNAL_FIGURES} == set(CODES)
    assert set(KIND_NAMES) == set(KINDS)


def table(rows: list[list[str]], mark: str = ";") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


HEADS = ["Loại việc", "Ngày", "Số người", "Nội dung"]
CELLS = st.one_of(
    st.text(max_size=12), st.integers(), st.floats(), st.none(), st.sampled_from(["Lớp hướng dẫn", "1/2/2025"])
)


@settings(max_examples=tries(200), deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_a_table_of_anything_is_lines_and_mistakes_and_each_row_is_one_of_both(rows: list[list[object]]) -> None:
    found = found_in([HEADS, *rows], TODAY)  # type: ignore[list-item]
    wrong = {one.row for one in found.mistakes}
    good = {row for row, _entry in found.entries}
    assert not wrong & good and len(wrong | good) == found.rows <= len(rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1258", "utf-16", "nfd"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_text_files_of_every_make_say_the_same(encoding: str, mark: str) -> None:
    import unicodedata

    rows = [
        ["SỔ GHI CỦA ĐIỂM"],
        [],
        HEADS,
        ["Lớp hướng dẫn", "05/10/2025", "1.234", "Kỹ năng số"],
        ["Tổng cộng", "", "1.234"],
    ]
    text = table(rows, mark).decode("utf-8-sig")
    if encoding in ("cp1258", "nfd"):  # cp1258 has tones as marks of their own
        text = "".join(_apart(one) for one in text) if encoding == "cp1258" else unicodedata.normalize("NFD", text)
    found = found_in(journal_file.rows_of(text.encode("utf-8" if encoding == "nfd" else encoding)), TODAY)
    [(row, entry)] = found.entries
    assert (row, entry.day, entry.numbers["people"], entry.words["words"]) == (4, date(2025, 10, 5), 1234, "Kỹ năng số")
    assert found.mistakes == ()


def _apart(letter: str) -> str:
    """A letter as cp1258 writes it: base letter with its hat, then the tone."""
    import unicodedata

    try:
        letter.encode("cp1258")
        return letter
    except UnicodeEncodeError:
        whole = unicodedata.normalize("NFD", letter)
        tones = [one for one in whole[1:] if one in "\u0300\u0301\u0303\u0309\u0323"]
        base = unicodedata.normalize("NFC", "".join(one for one in whole if one not in tones))
        return base + "".join(tones)


@settings(max_examples=tries(60), deadline=None)
@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_rows_or_a_refusal(content: bytes) -> None:
    try:
        rows = journal_file.rows_of(content)
        json.dumps(rows)
        assert isinstance(found_in(rows, TODAY), Found)
    except (KioskError, ValueError, zipfile.BadZipFile, csv.Error):
        pass  # in the child: an exit code, and the sentence of `read`


def bomb(size: int, parts: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * (size // parts))
    return out.getvalue()


def entities() -> bytes:
    """A workbook whose sheet names a file of this PC, and one entity of ten thousand."""
    out, sheet = (
        io.BytesIO(),
        b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
    <!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&f;&b;</t></is></c></row></sheetData></worksheet>""",
    )
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "_rels/.rels",
            rels.format(f'<Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'),
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            rels.format(f'<Relationship Id="r" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'),
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}">'
            '<sheets><sheet name="a" sheetId="1" r:id="r"/></sheets></workbook>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


@pytest.mark.parametrize(("content", "words"), [
    (bomb(60_000_000), "unpacks to far more"), (bomb(600_000, 600), "unpacks to far more"),
    (b"x" * (journal_file.MAX_BYTES + 1), "larger than"), (bomb(10_000), "cannot be read"),
    ((";" * 70 + "\n").encode() + b"a" * 10, "unpacks to far more"),
])  # fmt: skip
def test_bombs_are_refused_with_a_sentence_and_a_hint(content: bytes, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        journal_file.read(content)
    assert words in caught.value.message and caught.value.hint


def test_nothing_of_this_pc_is_read_into_a_table() -> None:
    try:
        told = json.dumps(journal_file.read(entities()))
    except UsageError as error:
        told = str(error)
    assert "root:" not in told and "aaaaaaaaaaaa" not in told


def test_a_table_with_too_many_rows_is_refused() -> None:
    rows = [HEADS, *(["Lớp hướng dẫn", (TODAY - timedelta(days=n % 900)).isoformat(), "3", ""] for n in range(2_001))]
    with pytest.raises(UsageError, match="more than 2000 rows"):
        found_in(rows, TODAY)
    assert len(found_in(rows[:-1], TODAY).entries) == 2_000 and len(COLUMNS) == 15
