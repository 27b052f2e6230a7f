"""Pictures are taken of every page of the panel, each of the page it is named after, and none of an empty one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from furnished import Furnished
from small_world import small_world
from test_panel_walk import of, ways
from web_faces import OWN_PAGE

from tests.panel_shots import NO_PAGE, SHOTS, Shot
from tests.shots_panel import shoot

# What stands on a page that is not empty.
FULL = {
    "today-used": ("Đang mời số",), "sign-in-for": ("Hình nào giống",), "tickets": ("24",), "tickets-sheet": ("<svg",),
    "journal": ("Mất mạng từ sáng",), "library": ("Trồng lúa", "hộ chiếu"), "settings-programs": ("Soạn văn bản",),
    "people": ("Hạnh", "Tùng"), "deeds": ("Hạnh",), "settings-saved": ("Bỏ lần sửa vừa rồi",), "trouble": ("Ổ đĩa",),
    "province": ("Tỉnh tạm giữ", "Đã chép 18 tệp"), "province-well": ("Không còn gì chờ gửi.",),
    "province-damaged": ("cần kỹ thuật viên xem", "03/11/2026"), "province-sending": ("3/9", "<progress"),
    "province-stick-in": ("đừng rút USB",), "province-stick-full": ("USB đã đầy",),
    "province-not-joined": ("chưa kết nối với tỉnh", "Kết nối với tỉnh bằng mã"),
    "settings-back": ("500 đồng",), "begin": ("Chào mừng",), "equipment-repaired": ("Internet",),
}  # fmt: skip


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    home = tmp_path_factory.mktemp("furnished")
    with small_world(home) as store:
        made = Furnished(store, home / "panel")
        yield made
        made.close()


def test_every_page_that_can_be_asked_for_is_pictured(furnished: Furnished) -> None:
    app = furnished.apps["whole"]
    pages = {way.endpoint for way in ways(app) if way.method == "GET"}
    pictured = {app.url_map.bind("localhost").match(shot.url.partition("?")[0])[0] for shot in SHOTS}
    assert pages - NO_PAGE == pictured and len({shot.name for shot in SHOTS}) == len(SHOTS)


@pytest.mark.slow
@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_each_page_is_there_leads_nowhere_else_and_is_not_empty(furnished: Furnished, shot: Shot) -> None:
    with furnished.standing(shot) as app:
        client = app.test_client()
        if shot.world != "new":
            assert client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE).status_code == 303
        answer = client.get(shot.url)
        assert (answer.status_code, answer.mimetype) == (shot.status, "text/html"), answer.headers.get("Location")
        page = answer.text.replace("\u00a0", " ")
        assert [words for words in FULL.get(shot.name, ()) if words not in page] == []
    assert set(FULL) <= {one.name for one in SHOTS} and of(furnished.apps["whole"])


class Elsewhere:
    """A page of a browser that was led to the first page."""

    url = "http://k/"
    status = 200

    def goto(self, _address: str) -> "Elsewhere":
        return self


def test_a_page_that_leads_elsewhere_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="led to /"):
        shoot(Elsewhere(), "http://k", Shot("message", "/s/03/message"), tmp_path / "x.png")  # type: ignore[arg-type]
    assert not (tmp_path / "x.png").exists()
