"""The report and its files from the board: what is chosen is what is given, of the right kind, under its name."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.board_stage import Board, board_of, page_of
from tests.board_town import NOW, town
from tests.spreadsheet import opened

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with board_of(town(tmp_path_factory.mktemp("town")).path, NOW) as found:
        yield found


def file_of(client: FlaskClient, kind: str, asked: str = "") -> tuple[bytes, str, str]:
    """Bytes, media type and name of a file, once the page of the report is there."""
    page_of(client, f"/report?{asked}")
    answer = client.get(f"/report/{kind}?{asked}")
    assert answer.status_code == 200, answer.text
    name = re.search(r'filename="(.+)"', answer.headers["Content-Disposition"])
    assert name is not None
    return answer.data, answer.mimetype, name[1]


def visits(client: FlaskClient, asked: str = "") -> int:
    """The visits of the JSON."""
    told = json.loads(file_of(client, "json", asked)[0])
    return int(told["indicators"]["VISITS"]["value"])


def test_the_page_says_the_goals_and_leads_to_every_file(board: Board) -> None:
    page = page_of(board.of("viewer"), "/report")
    assert page.count('class="chip small') == 5 and "Sổ tính Excel" in page
    for address in ("/report/print", "/report/xlsx", "/report/csv", "/report/dhis2", "/report/json"):
        assert f'href="{address}"' in page, address


def test_what_is_chosen_goes_into_every_address_and_every_file(board: Board) -> None:
    client = board.of("viewer")
    page = page_of(client, "/report?period=2026-Q3&unit=20003&line=library")
    links = re.findall(r'href="(/report/[a-z0-9]+\?[^"]+)"', page)
    assert len(links) == 5
    assert all("period=2026-Q3" in one and "unit=20003" in one and "line=library" in one for one in links)
    every, unit, line = visits(client), visits(client, "unit=20003"), visits(client, "unit=20003&line=library")
    assert every > unit > line > 0 and visits(client, "period=2025") != every


def test_the_workbook_opens_and_says_what_the_board_says(board: Board, tmp_path: Path) -> None:
    content, media, name = file_of(board.of("viewer"), "xlsx", "period=2026-Q3")
    assert media == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert name.endswith("2026-q3.xlsx")
    (tmp_path / "book.xlsx").write_bytes(content)
    cells = [
        cell for rows in opened(tmp_path / "book.xlsx", tmp_path / "read").values() for row in rows for cell in row
    ]
    assert str(visits(board.of("viewer"), "period=2026-Q3")) in cells


def test_tables_and_dhis2_are_whole_archives_named_after_what_they_tell(board: Board) -> None:
    client = board.of("viewer")
    content, media, name = file_of(client, "csv", "period=2026-09&unit=20003")
    assert media == "application/zip" and name == "phuong-ben-soi_2026-09_csv.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"figures.csv", "places.csv", "definitions.csv", "datapackage.json"} <= set(archive.namelist())
        assert json.loads(archive.read("datapackage.json"))["resources"]
    content, _media, _name = file_of(client, "dhis2", "period=2026-09")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert json.loads(archive.read("dataValueSets.json"))["dataValues"]


def test_the_paper_is_a_page_that_needs_no_other_place(board: Board) -> None:
    client = board.of("viewer")
    page_of(client, "/report")
    paper = client.get("/report/print")
    assert paper.status_code == 200 and paper.mimetype == "text/html" and "style-src 'self'" in str(paper.headers)
    assert "<style>" not in paper.text and "style=" not in paper.text, "the content policy would refuse it"
    style = re.search(r'<link rel="stylesheet" href="([^"]+)"', paper.text)
    assert style is not None
    with client.get(style[1]) as sheet:
        assert sheet.status_code == 200
    assert not re.search(r'(?:src|href)="(?:https?:)?//', paper.text)


def test_a_period_that_dhis2_does_not_have_is_refused_in_a_sentence(board: Board) -> None:
    client = board.of("viewer")
    page_of(client, "/report?period=2026-01-05..2026-02-11")
    answer = client.get("/report/dhis2?period=2026-01-05..2026-02-11")
    assert answer.mimetype == "text/html" and "DHIS2" in answer.text and "Traceback" not in answer.text


def test_a_link_of_one_line_gets_the_files_of_that_line_alone(board: Board) -> None:
    assert visits(board.of("post")) == visits(board.of("viewer"), "line=post")
    assert visits(board.of("post"), "line=library") == visits(board.of("post"))


def test_no_other_kind_of_file_and_no_unknown_unit_pretends_to_be_one(board: Board) -> None:
    client = board.of("viewer")
    assert client.get("/report/exe").status_code == 404
    assert "Cả tỉnh" in page_of(client, "/report?unit=99999") and visits(client, "unit=99999") == visits(client)
