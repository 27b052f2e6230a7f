"""The end of a month, lived on a real store: visits, a power cut, the journal, the lock, a late change.

Report, paper, workbook, CSV and bundles then tell the same numbers as the expectation, which was written by hand.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from dated_station import POLICY, DatedStation, World
from spreadsheet import opened
from web_faces import NOON, OWN_PAGE, People, Station

from kiosk.clock import LOCAL
from kiosk.export import formats
from kiosk.export.outbox import Identity
from kiosk.export.run import Exporter, export_run
from kiosk.report import Report, Reports
from kiosk.report.formats import as_csv, as_json
from kiosk.report.xlsx import as_xlsx
from kiosk.rules.answers import Answers
from kiosk.rules.journal_entry import check
from kiosk.service import meter
from kiosk.service.month_locking import MonthLocks
from kiosk.service.panel import create_panel
from kiosk.settings import Site
from kiosk.store import facts, journal, journal_lines

pytestmark = pytest.mark.slow

NEW_WOMAN = Answers("FST_Y", "SEX_F", "AGE_31_59", frozenset({"GRP_U"}))
MAN = Answers("FST_N", "SEX_M", "AGE_31_59", frozenset({"GRP_U"}))
SILENT = Answers("FST_U", "SEX_U", "AGE_UNK", frozenset({"GRP_U"}))
WHY = "Ghi thiếu ba người đến muộn"

# November 2026, by hand. Visits: 2 on the 2nd of 10 and 20 minutes; 22 on the 10th of 10 minutes, 12 women who are new
# and 10 men who are not; 1 on the 17th, cut off by the power after 5 minutes. 600 + 1,200 + 22 x 600 + 300 = 15,300 s.
FIGURES = {
    "VISITS": "25",
    "PC_HOURS": "4.3",  # 15,300 / 3,600 = 4.25, or 10 s less by the last heartbeat: 4.2
    "TOO_SHORT": "0",
    "ASSISTED": "0",
    "EXTENSIONS": "0",
    "UNCLEAN": "1",  # the start after the cut
    "FIRST": "12",
    "USERS": "14",  # F 12, R 10, U 3: 12 + 3 x 12 / 22 = 13.6
    "OPEN_DAYS": "4",  # the 2nd, 5th, 10th and 17th
    "PLANNED_DAYS": "30",
    "REPORTED_DAYS": "30",
    "ACTIVE_MONTHS": "0",  # open on 4 of 30 planned days
}
ENDS = {"signed_out": 24, "power": 1}
ANSWERS = {"SEX_F": 12, "SEX_M": 10}
JOURNAL = {"classes": 1, "class_people": 12, "books_in": 52, "titles_in": 40, "books_on_hand": 52, "faults_opened": 1,
           "faults_closed": 1}  # fmt: skip
LATE = {"class_people": 15}


@dataclass
class Month:
    """What was there after it all: the report, its page, its paper and its bundles."""

    report: Report
    page: str
    paper: str
    bundles: dict[str, list[formats.Line]]
    folder: Path


def goes_off(station: DatedStation, until: str) -> None:
    """The PC is shut down in the regular way, and switched on again at that time."""
    station.store.run(meter.mark_clean_stop)
    station.world.reboot(datetime.fromisoformat(f"{until}+07:00") - station.world.true)
    station.world.follow()
    station.start()
    station.run(60)


def visit(station: DatedStation, seconds: int, answers: Answers) -> None:
    station.open(answers)
    station.run(seconds)
    station.finish()
    station.run(20)


def november(station: DatedStation) -> None:
    """What happens, day by day."""
    for seconds in (600, 1_200):
        visit(station, seconds, SILENT)
    goes_off(station, "2026-11-05T09:00:00")
    write(station, "books", {"titles_in": 40, "copies_in": 52})
    goes_off(station, "2026-11-10T07:00:00")
    for number in range(22):
        visit(station, 600, NEW_WOMAN if number < 12 else MAN)
    goes_off(station, "2026-11-17T09:00:00")
    station.open(SILENT)
    station.run(300)
    station.world.reboot(datetime.fromisoformat("2026-11-17T11:30:00+07:00") - station.world.true)
    station.start()
    station.run(60)
    write(station, "class", {"people": 12})
    station.store.run(journal.open_fault, "printer", "Kẹt giấy", "Lan", station.clock.read().wall)
    station.run(60)
    station.store.run(journal.close_fault, "printer", "Lan", station.clock.read().wall)


def write(station: DatedStation, kind: str, fields: dict[str, object]) -> None:
    now = station.clock.read()
    station.store.run(journal_lines.add, kind, now.local.date(), fields, "Lan", now.wall)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("month")
    station = DatedStation(folder, World(datetime(2026, 11, 2, 9, 0, tzinfo=LOCAL)))
    station.store.run(facts.put, "first_use", "2026-11-01")
    station.run(60)
    reports = Reports(
        station.store, Site(code="TH-012", name="Thư viện xã", station="01"), POLICY, lambda: station.clock.read(), {}
    )
    locks = MonthLocks(station.store, reports)
    exporter = Exporter(
        station.store, folder / "outbox", Identity("TH-012", "01", "0.1.0", ""), "23:30", lambda _day: 1_440
    )
    november(station)
    for moment in ("2026-12-01T08:00:00", "2026-12-02T23:40:00", "2026-12-03T08:00:00", "2026-12-09T09:00:00"):
        goes_off(station, moment)
        export_run(exporter, station.clock.read())
        before = reports.make("2026-11")
        assert bool(before.locks) == (moment > "2026-12-03T12"), "locked by the look of the third"
        locks.look()
    mend(station)
    locks.look()
    goes_off(station, "2026-12-10T09:00:00")
    export_run(exporter, station.clock.read())
    panel = create_panel(Station(), People(), now=lambda: NOON, reports=reports).test_client()
    panel.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE)
    yield Month(
        reports.make("2026-11"),
        panel.get("/s/03/report?period=2026-11").text,
        panel.get("/s/03/report/print?period=2026-11").text,
        {path.name.split("_")[2]: list(formats.read(path.read_bytes()).lines) for path in newest(folder / "outbox")},
        folder,
    )
    station.store.close()


def newest(outbox: Path) -> list[Path]:
    """The last revision of each day."""
    return sorted(outbox.glob("*.jsonl.gz"), key=lambda path: int(path.name.split("_r")[1].split(".")[0]))


def mend(station: DatedStation) -> None:
    """Three more people came to the class of November: written on 9 December, with the reason."""
    now = station.clock.read()
    [line] = station.store.run(journal_lines.lines, date(2026, 11, 1), date(2026, 11, 30), "class")
    entry = check("class", {**line.given, "people": 15}, now.local.date())
    station.store.run(journal_lines.edit, line.id, line.version, entry, "Lan", now.wall, WHY)


def test_the_report_is_the_one_reckoned_by_hand(lived: Month) -> None:
    now = {line.code: str(line.now.value) for line in lived.report.lines}
    told = {code: now[code] for code in FIGURES}
    assert told in (FIGURES, FIGURES | {"PC_HOURS": "4.2"})
    assert {part.code: part.value for part in lived.report.ends} == ENDS
    assert {part.code: part.value for part in lived.report.journal if part.value} == JOURNAL | LATE
    released = {part.code: part.value for parts in lived.report.answers.values() for part in parts if part.value}
    # 3 without a picture; nobody answered question 3.
    assert released == {**ANSWERS, "NO_ANSWER": 25}
    assert [part.value for part in lived.report.answers["SEX"] if part.code == "NO_ANSWER"] == [3]


def test_it_is_locked_on_the_third_as_it_was_and_the_late_change_has_its_reason(lived: Month) -> None:
    [lock] = lived.report.locks
    assert lock.at.astimezone(LOCAL).date() == date(2026, 12, 3)
    assert lock.told["VISITS"] == "25" and lock.told["JOURNAL:class_people"] == "12"
    assert [(one.code, one.before, one.after, one.cause, one.reason) for one in lived.report.revisions] == [
        ("JOURNAL:class_people", "12", "15", "journal", WHY)
    ]


def test_page_and_paper_say_it_too(lived: Month) -> None:
    for page in (lived.page, lived.paper):
        text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
        assert "Chốt số liệu: 03/12/2026" in text and WHY in text and "12 → 15" in text
        assert re.search(r"Số lượt người sử dụng 25 ", text) and "Nữ 12 Nam 10" in text
        assert "Số người sử dụng (ước tính) 14 (12–15)" in text and "Số người học các lớp hướng dẫn 15" in text
        assert "Số cuốn nhận về 52" in text and "Dưới 16 tuổi giữ kín" in text
    assert "Thủ trưởng đơn vị (ký, họ tên, đóng dấu)" in lived.paper and "bản 1.0" in lived.paper


def test_workbook_and_table_are_the_same_number_by_number(lived: Month) -> None:
    book = lived.folder / "november.xlsx"
    book.write_bytes(as_xlsx(lived.report, "vi"))
    sheets = opened(book, lived.folder / "read")

    def told(sheet: str, key: str, value: str) -> dict[str, str]:
        heads, *rows = sheets[sheet]
        return {row[heads.index(key)]: row[heads.index(value)] for row in rows}

    data: dict[str, Any] = json.loads(as_json(lived.report))
    table = [row for row in csv.DictReader(io.StringIO(as_csv(lived.report, "vi").removeprefix("\ufeff")))]
    by_code = {(row["section"], row["code"]): row["value"] for row in table}
    figures = told("Chỉ tiêu", "Mã", "Kỳ này")
    for code, value in FIGURES.items():
        if code != "PC_HOURS":
            assert figures[code] == value == by_code["figures", code] == str(data["lines"][code]["now"]["value"])
    assert {
        code: int(value) for code, value in told("Ghi sổ", "Mã", "Số lượng").items() if value != "0"
    } == JOURNAL | LATE
    assert {code: int(value) for code, value in told("Kết thúc", "Mã", "Số lượng").items()} == ENDS
    assert told("Thay đổi sau khi chốt", "Mã", "Lý do") == {"JOURNAL:class_people": WHY}
    assert by_code["revision", "JOURNAL:class_people"] == "15" and by_code["journal", "class_people"] == "15"


def test_the_bundles_of_its_days_sum_up_to_it(lived: Month) -> None:
    days = {day: lines for day, lines in lived.bundles.items() if day.startswith("2026-11")}
    assert len(days) == 30
    lines = [line for found in days.values() for line in found]
    assert sum(line["visits"] for line in lines if line["kind"] == "day") == 25
    ends = Counter[str]()
    for line in lines:
        if line["kind"] == "end":
            ends[line["code"]] += line["count"]
    assert ends == ENDS
    written = Counter[str]()
    for line in lines:
        if line["kind"] == "journal" and line["code"] not in ("books_on_hand", "services_offered"):
            written[line["code"]] += line["count"]
    assert +written == {code: count for code, count in (JOURNAL | LATE).items() if code != "books_on_hand"}
    first = lived.bundles["2026-12-01"]
    assert {line["side"]: line["count"] for line in first if line["kind"] == "month" and line["table"] == "FST"} == {
        "FST_Y": 12, "FST_N": 10, "FST_U": 3,
    }  # fmt: skip
    assert [(line["yes"], line["no"]) for line in first if line["kind"] == "release" and line["table"] == "SEX"] == [
        (12, 10)
    ]
    [lock] = [line for line in lived.bundles["2026-12-03"] if line["kind"] == "lock"]
    assert (lock["month"], lock["figures"]["VISITS"]) == ("2026-11", "25")
    [late] = [line for line in lived.bundles["2026-12-09"] if line["kind"] == "revision"]
    assert (late["code"], late["before"], late["after"], late["reason"]) == ("JOURNAL:class_people", "12", "15", WHY)
