"""From the province down to a PC: what each page says, who may look at it, how much of it there is."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.province.board.unit_rows import PER_PAGE
from kiosk.province.indicators.definitions import DEFINITIONS
from tests.board_stage import Board, board_of, page_of
from tests.board_town import NOW, town

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with board_of(town(tmp_path_factory.mktemp("town")).path, NOW) as opened:
        yield opened


def seen(board: Board, address: str, role: str = "officer") -> str:
    """What stands on a page, without its tags."""
    page = page_of(board.of(role), address)
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).replace("\u00a0", " ").split())


def test_the_province_is_told_by_commune_and_adds_up(board: Board) -> None:
    page = page_of(board.of("viewer"), "/units")
    rows = [re.sub(r"<[^>]+>|[\s.]", "", one) for one in re.findall(r'data-head="Lượt">(.*?)</td>', page)]
    assert len(rows) == 5 and sum(map(int, rows[:-1])) == int(rows[-1]) > 5_000
    assert "Phường Bến Sỏi" in page and "Xã Hà Lĩnh" not in page, "a commune that was merged is in its heir"


def test_the_head_of_the_units_leads_to_who_needs_help_first(board: Board) -> None:
    page = page_of(board.of("viewer"), "/units?period=2026")
    link = re.search(r'<a class="kind" href="([^"]*sort=help[^"]*)">Nơi cần giúp trước</a>', page)
    assert link is not None and "Xếp trước là đơn vị" not in page
    page = page_of(board.of("viewer"), link[1].replace("&amp;", "&"))
    assert "Xếp trước là đơn vị" in page and 'aria-current="true">Nơi cần giúp trước' in page
    names = re.findall(r'<tr><th scope="row"><a [^>]*><b>([^<]+)', page)
    assert names == ["Xã Hà Long", "Xã Đồi Chè", "Xã Suối Trong", "Phường Bến Sỏi"], "66,7 %, 92,8 %, 96,4 %, 96,6 %"


def test_a_commune_leads_to_its_sites_and_says_what_became_of_it(board: Board) -> None:
    page = seen(board, "/units/20001")
    for words in ("Thư viện xã Hà Lĩnh", "Bưu điện – Văn hóa xã Hà Trung", "Được lập từ: Xã Hà Lĩnh", "Tỉnh Ví Dụ"):
        assert words in page, words
    old = seen(board, "/units/14001")
    assert "Đơn vị này kết thúc ngày 30/06/2025; nay thuộc Xã Hà Long." in old
    assert board.of("officer").get("/units/99999").status_code == 404


def test_a_site_is_told_with_an_arrow_and_no_percentage_of_growth(board: Board) -> None:
    page = seen(board, "/sites/TV-002")
    goals = page[page.index("Mục tiêu của kế hoạch tại điểm này") : page.index("Sử dụng ")]
    assert "cùng kỳ năm trước" in goals and not re.search(r"\d\s*%", goals)
    assert "Ở một điểm không thể đánh giá" in goals
    for words in ("Các máy", "Nhiệm vụ", "Lịch sử trong sổ đăng ký", "Số người học các lớp", "Sở Văn hóa"):
        assert words in page, words


def test_a_site_that_never_told_says_so_everywhere_and_shows_no_nought(board: Board) -> None:
    page = seen(board, "/sites/BD-005")
    assert "Chưa từng nhận được gì." in page and "Chưa máy nào của điểm kết nối" in page
    use = page[page.index(" Sử dụng ") : page.index(" Các máy ")]
    assert "Chưa có điểm nào báo cáo cho thời gian này." in use and not re.search(r"người sử dụng 0\b", use)


def test_a_closed_site_keeps_its_figures(board: Board) -> None:
    page = seen(board, "/sites/BD-004")
    assert "Điểm này đã đóng. Số liệu vẫn được giữ." in page and "31/08/2026" in page


def test_a_pc_is_told_with_its_key_and_its_bundles_and_nobody_s_answers(board: Board) -> None:
    page = seen(board, "/stations/BD-001/01")
    assert "Đã kết nối" in page and "19/11/2026" in page and "Có vẻ hai máy cùng gửi" in page
    assert "nữ" not in page.lower().split() and "nghèo" not in page
    for nobody in ("/stations/BD-001/99", "/stations/XX-001/01", "/sites/XX-001"):
        assert board.of("officer").get(nobody).status_code == 404


def test_a_link_of_one_line_sees_no_site_and_no_pc_of_the_other(board: Board) -> None:
    client = board.of("post")
    assert page_of(client, "/sites/BD-001") and page_of(client, "/stations/BD-001/01")
    for other in ("/sites/TV-002", "/stations/TV-002/01", "/lines"):
        assert client.get(other).status_code == 404, other
    assert "Thư viện xã Hà Lĩnh" not in seen(board, "/units/20001", "post")


def test_a_link_sees_no_name_of_staff(board: Board) -> None:
    assert "· Lan" in seen(board, "/sites/TV-002")
    assert "Lan" not in re.sub("Thư viện|Bưu điện", "", seen(board, "/sites/TV-002", "link"))


def test_the_lines_stand_beside_each_other_and_both_together(board: Board) -> None:
    page = page_of(board.of("viewer"), "/lines")
    strokes = re.findall(r'<p class="many".*?</p>', page, re.DOTALL)
    assert len(strokes) == 2 and strokes[1].count('class="untold"') == 1
    visits = re.search(r"Số lượt người sử dụng.*?</tr>", page[page.index("inner") :], re.DOTALL)
    assert visits is not None
    library, post, both = (int(one.replace(".", "")) for one in re.findall(r"[\d.]*\d(?=<)", visits[0])[:3])
    assert library + post == both


def test_every_definition_stands_with_its_formula_and_version(board: Board) -> None:
    page = seen(board, "/definitions")
    assert page.count("bản 1.") == len(DEFINITIONS)
    for words in ("Mục tiêu của kế hoạch", "Tỷ lệ điểm duy trì hoạt động hiệu quả", "F + U × F ÷ (F + R)"):
        assert words in page, words


@pytest.mark.parametrize("address", ["/units", "/units/20001", "/sites/TV-002", "/stations/TV-002/01", "/lines"])
def test_pages_are_light_and_speak_both_languages_without_a_raw_key(board: Board, address: str) -> None:
    client = board.of("officer")
    pages = {lang: "" for lang in ("vi", "en")}
    for lang in pages:
        client.get(f"/language/{lang}?back=/healthz")
        pages[lang] = page_of(client, address)
        assert len(pages[lang].encode()) < 150_000
        text = re.sub(r"<[^>]+>", " ", pages[lang])
        assert not re.search(r"\b(None|null|undefined|nothing_told|not_met|post_office)\b|\{\w*\}", text)
    assert "30 ngày qua" in pages["vi"] or address in ("/units", "/lines")
    assert "Last 30 days" in pages["en"] or address in ("/units", "/lines")


def test_as_many_communes_as_a_page_shows_are_light(board: Board) -> None:
    """Every row is as heavy as those of the town: a page of 100, and the links that lead on, stay under the bound."""
    four = len(page_of(board.of("officer"), "/units").encode())
    none = len(page_of(board.of("officer"), "/units?q=khong-co").encode())
    assert none + (four - none) // 4 * (PER_PAGE + 1) < 150_000


def test_the_home_of_the_tests_is_only_copied(tmp_path: Path) -> None:
    """A test that orders something must not change what the next one looks at."""
    first, second = town(tmp_path / "a"), town(tmp_path / "b")
    shutil.rmtree(first.path)
    assert second.ledger.exists()
