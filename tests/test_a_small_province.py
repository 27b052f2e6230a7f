"""Three sites, two PCs each, forty days, for real: processes, HTTPS, a stick, power cuts; every total as it must be.

The days are played once (tests/small_province_days.py). Then the lake is counted by DuckDB alone, and an officer reads
the board in Chromium and takes its files along, while the server goes on receiving: every figure is the one that plain
arithmetic finds in the plan of visits (tests/small_province_truth.py).
"""

import json
import random
import shutil
import signal
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tests.conftest import let_go
from tests.small_province import kiosk
from tests.small_province_days import SEED, Province, killer
from tests.small_province_lake import days_in, first_in, over, rows
from tests.small_province_officer import LIST, Officer, officer, plain, register, vi
from tests.small_province_truth import FOURTH, Truth

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
FIRST_YEAR = "Chưa so sánh được: chưa có số liệu của năm trước."
NOT_OVER = "Số này chỉ có theo tháng dương lịch đã hết."
NOTHING_TOLD = "Chưa có điểm nào báo cáo cho thời gian này."
VISITS, COMPLETENESS = "Số lượt người sử dụng", "Tỷ lệ ngày có báo cáo (%)"
GROWTHS = ("VISITS_GROWTH", "USERS_GROWTH", "TARGET_VISITS_GROWTH", "TARGET_USERS_GROWTH")


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    """After its forty days: the server runs, the sites are in the register, the lake is built anew of the archive."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-test-"))
    folder.chmod(0o755)
    made = Province(folder)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KIOSK_HOME", str(folder))
            made.begin()
            with killer(made.server, random.Random(SEED + 2)):
                made.go_on()
            made.settle()
            register(Truth(made.plan, made.days), made.server.home, folder)
            kiosk("province", "rebuild", "--home", made.server.home)
            yield made
    finally:
        made.close()
        let_go(folder)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def truth(province: Province) -> Truth:
    return Truth(province.plan, province.days)


@pytest.fixture(scope="module")
def lan(province: Province) -> Iterator[Officer]:
    """The first officer, by the code of the terminal."""
    with officer(province.server.home) as signed_in:
        yield signed_in


def test_a_small_province_counts_forty_days_of_power_cuts_to_the_last_visit(province: Province) -> None:
    kills = sum(pc.killed for pc in province.pcs.values())
    print(f"seed {SEED}: server killed {province.server.killed} times, PCs {kills}; stick {dict(province.ingested)}")
    assert province.server.killed >= 5 and kills >= 5, "the faults were there"
    home = province.server.home
    assert days_in(home) == {key: dict(+counts) for key, counts in province.plan.days.items()}
    assert first_in(home) == {key: dict(counts) for key, counts in province.plan.first.items() if over(key[2])}
    assert rows(home, "SELECT count(*), count(DISTINCT release_id) FROM releases GROUP BY site, station") != []


def test_the_goals_say_share_and_upper_bound_and_why_nothing_can_be_compared(lan: Officer, truth: Truth) -> None:
    page, whole = lan.read(f"/?period={truth.span}"), truth.whole()
    goal = page.locator("section[aria-labelledby=aim-EFFECTIVE_SITES]")
    share, high = whole.effective
    assert high is not None and share < high, "a site of the list never reported"
    assert goal.locator(".much-of b").inner_text() == f"{vi(share)}%"
    said = goal.inner_text()
    assert f"{whole.states['effective']} trên 4 điểm." in said
    assert f"Không tính điểm chưa báo cáo: {vi(high)}%." in said
    assert ("Chưa đạt" in said) == (share < 80)
    strokes = [int(one) for one in page.locator(".legend b").all_inner_texts()]
    assert strokes == [whole.states[one] for one in ("effective", "not_effective", "no_report")]
    for code in GROWTHS:
        goal = page.locator(f"section[aria-labelledby=aim-{code}]")
        assert goal.locator(".much-of b").inner_text() == "–"
        assert (FIRST_YEAR if "VISITS" in code or whole.year else NOT_OVER) in goal.inner_text()
    assert f"Danh sách {LIST}" in page.inner_text()
    assert lan.wrong == []


def test_every_site_says_its_visits_hours_days_users_and_active_months(lan: Officer, truth: Truth) -> None:
    for code in sorted({*truth.sites} - {FOURTH}):
        facts, here = lan.facts(f"/sites/{code}?period={truth.span}"), truth.whole(code)
        assert facts.get(VISITS, "").split(" ")[0] == vi(here.visits), facts
        assert facts["Tổng thời gian sử dụng máy tính (giờ)"].split()[0] == vi(here.hours)
        assert facts["Số ngày mở cửa"].split()[0] == vi(here.reported_days)
        assert facts[COMPLETENESS].startswith(f"{vi(here.completeness)}%")
        assert f"{here.reported_days}/{here.planned_days}" in facts[COMPLETENESS]
        counted, _told, active = here.active[code]
        assert str(active) in facts["Số tháng hoạt động"] and str(counted) in facts["Số tháng hoạt động"]
        if here.users is None:
            assert (NOTHING_TOLD if here.year else NOT_OVER) in facts["Số người sử dụng (ước tính)"]
        else:
            estimate, least, most = here.users
            assert facts["Số người sử dụng (ước tính)"].split()[0] == vi(estimate)
            assert least == most or facts["Số người nằm trong khoảng"] == f"{vi(least)}–{vi(most)}"
        effective = lan.tab.locator("section:has(> ul.arrows)").inner_text()
        assert ("chưa hiệu quả" in effective.lower()) == (not here.states["effective"])
        assert effective.count("chưa so sánh được") == 2
    assert lan.wrong == []


def test_what_staff_remembered_weeks_later_is_on_the_page_of_their_site(lan: Officer, truth: Truth) -> None:
    for code, people in (("TH-001", True), ("TH-002", False)):
        assert bool(truth.whole(code).told["people"]) == people
        page = lan.read(f"/sites/{code}?period={truth.span}")
        journal = page.locator("section:has(h2:text('Đã ghi sổ'))").inner_text()
        assert ("47" in journal.split()) == people, journal


def test_trends_tell_every_month_as_it_was_and_which_is_not_over(lan: Officer, truth: Truth) -> None:
    for month in truth.months:
        here = truth.month(month)
        if here.last.year < truth.days[-1].year:
            continue  # on the page of the year before
        for figure, expected in (("VISITS", vi(here.visits)), ("PC_HOURS", vi(here.hours)),
                                 ("COMPLETENESS", f"{vi(here.completeness)}%")):  # fmt: skip
            told, running = lan.month(f"/trends?figure={figure}", month)
            assert told == expected, (month, figure, told)
            assert running == (not here.is_over), (month, figure)
    assert lan.wrong == []


def test_only_the_site_that_never_joined_is_called(lan: Officer) -> None:
    page = lan.read("/silent")
    assert page.locator("h1").inner_text().startswith("0 điểm")
    sites = [plain(one) for one in page.locator("tbody tr:has(svg.month)").all_inner_texts()]
    assert len(sites) == 1
    assert all(words in sites[0] for words in ("Bưu điện xã Bốn", "chưa lần nào", "Chưa máy nào kết nối"))


def test_the_downloaded_workbook_says_the_same(lan: Officer, truth: Truth, tmp_path: Path) -> None:
    book = lan.workbook(truth.span, tmp_path)
    by_code = {row[10]: row for row in book["Chỉ tiêu"][1:]}
    for code, number in truth.whole().by_code().items():
        row = by_code[code]
        assert (Fraction(row[2]) if row[2] else None) == number, (code, row)
        if code == "USERS" and (users := truth.whole().users):
            assert [int(cell) for cell in row[4:6]] == list(users[1:])
    head, *lines = book["Theo điểm"]
    for row in lines[:-1]:
        here = truth.whole(row[1])
        told = dict(zip(head, row, strict=True))
        assert told[VISITS] == (NOTHING_TOLD if row[1] == FOURTH else str(here.visits))
        assert Fraction(told[COMPLETENESS]) == here.completeness
    assert sorted(row[1] for row in lines) == ["", *truth.sites]


def test_the_downloaded_tables_say_the_same_of_the_whole_and_of_each_site(lan: Officer, truth: Truth) -> None:
    told = lan.tables(truth.span)
    for place, here in (("38", truth.whole()), *((code, truth.whole(code)) for code in truth.sites)):
        for code, number in here.by_code().items():
            row = told[place, code, truth.span]
            assert (Fraction(row["value"]) if row["value"] else None) == number, (place, row)
        if here.users and place != FOURTH:
            assert [int(told[place, "USERS", truth.span][name]) for name in ("low", "high")] == list(here.users[1:])
    share, high = truth.whole().effective
    goal = told["38", "EFFECTIVE_SITES", truth.span]
    assert (Fraction(goal["value"]), Fraction(goal["high"])) == (share, high)
    assert told["38", "VISITS_GROWTH", truth.span]["reason"] == "first_year"
    assert told[FOURTH, "VISITS", truth.span]["reason"] == "nothing_told"


def test_what_goes_to_dhis2_is_as_documented_and_says_the_same_of_each_site(lan: Officer, truth: Truth) -> None:
    month = truth.months[0]
    sent, complete = lan.dhis2(month)
    assert {one.period for one in sent.dataValues} == {month.replace("-", "")}
    told = {(one.orgUnit, one.dataElement): Fraction(one.value) for one in sent.dataValues}
    for site in truth.sites:
        for code, number in truth.month(month, site).by_code().items():
            assert told.get((site, code)) == number, (site, code)
    assert told["38", "EFFECTIVE_SITES"] == truth.month(month).effective[0]
    assert told["38", "COMPLETENESS"] == truth.month(month).completeness
    done = {one.organisationUnit: one.completed for one in complete.completeDataSetRegistrations}
    assert done == {site: truth.month(month, site).completeness == 100 for site in truth.sites}


def test_the_server_ends_as_it_should_and_every_record_is_whole(province: Province) -> None:
    assert province.server.end(signal.SIGTERM) == 0, "a regular end"
    looked = kiosk("province", "verify", "--home", province.server.home)
    assert looked["good"], json.dumps(looked)
    province.server.start()
