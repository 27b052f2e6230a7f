"""Every state of a station has a sign, words and what may be done; the strokes tell the minutes."""

from typing import Any

import pytest
from web_faces import free, in_use

from kiosk.service.panel.card import card, minutes_left
from kiosk.service.panel.day import day

STATES = [
    (free(), "free", "st_free", "Máy trống", ("start", "out_of_order")),
    (free(state="asking"), "busy", "st_busy", "Đang vào máy", ()),
    (in_use(42), "busy", "st_busy", "Đang dùng, còn 42 phút", ("extend", "finish")),
    (in_use(10), "busy", "st_busy", "Đang dùng, còn 10 phút", ("extend", "finish")),
    (in_use(9), "soon", "st_soon", "Đang dùng, còn 9 phút", ("extend", "finish")),
    (in_use(0.5), "soon", "st_soon", "Đang dùng, còn 1 phút", ("extend", "finish")),
    (in_use(0), "soon", "st_soon", "Đang dùng, còn 0 phút", ("extend", "finish")),
    (free(state="ending", wiping=True), "no-report", "st_wait", "Đang xóa dấu vết", ()),
    (free(resume={"minutes": 23}), "soon", "plug", "Mất điện, chờ dùng tiếp", ("start", "out_of_order")),
    (free(state="closed"), "no-report", "st_none", "Ngoài giờ phục vụ", ("out_of_order",)),
    (free(state="out_of_order", reason="Màn hình không lên"), "fault", "st_fault", "Máy hỏng", ("in_service",)),
    (free(state="class"), "busy", "st_busy", "Đang có lớp hướng dẫn", ("extend", "class_end")),
    ({}, "no-report", "st_none", "Mất liên lạc", ()),
    ({"state": "of another version"}, "no-report", "st_none", "Mất liên lạc", ()),
]


@pytest.mark.parametrize(("state", "tone", "sign", "words", "actions"), STATES)
def test_each_state_looks_like_itself(
    state: dict[str, Any], tone: str, sign: str, words: str, actions: tuple[str, ...]
) -> None:
    shown = card(state)
    assert (shown.look.tone, shown.look.sign, shown.actions) == (tone, sign, actions)
    assert shown.look.words.in_language("vi") == words


@pytest.mark.parametrize(("seconds", "minutes"), [(3600, 60), (3541, 60), (3540, 59), (61, 2), (60, 1), (1, 1), (0, 0)])
def test_a_minute_counts_until_it_is_over(seconds: int, minutes: int) -> None:
    assert minutes_left(in_use(seconds / 60)) == minutes


def test_there_are_never_more_than_sixty_strokes() -> None:
    assert card(in_use(95)).strokes == 60
    assert card(in_use(7)).strokes == 7
    assert card(free()).strokes is None


def test_who_asks_for_help_comes_first_and_loud() -> None:
    shown = card(in_use(42, help_asked=True, idle=90))
    assert shown.urgent
    first = shown.notes[0]
    assert not isinstance(first, str) and first.in_language("vi") == "Người đang dùng máy này nhờ giúp."
    assert len(shown.notes) == 2


def lines(**changes: Any) -> list[tuple[str, str, str]]:
    """(tone, words, small print) of each line beside the cards."""
    return [(line.tone, line.words.in_language("vi"), line.more) for line in day(free(**changes)).lines]


def test_a_station_in_order_has_one_line_that_says_so() -> None:
    assert lines() == [("met", "Đã gửi số liệu đến hết ngày 19/11/2026.", "")]


@pytest.mark.parametrize(
    ("export", "tone", "words"),
    [
        ({"last_day": None, "waiting_days": 0, "trouble": None}, "no-report", "Chưa có số liệu cần gửi."),
        ({"last_day": "x", "waiting_days": 1, "trouble": None}, "soon", "Số liệu của một ngày đang chờ gửi."),
        (
            {"last_day": "2026-11-19", "waiting_days": 4, "trouble": None},
            "soon",
            "Chưa gửi được 4 ngày. Kiểm tra mạng hoặc xuất ra USB.",
        ),
        ({"last_day": None, "waiting_days": 0, "trouble": "Đĩa đầy."}, "soon", "Chưa ghi được số liệu trong ngày."),
    ],
)
def test_the_numbers_tell_where_they_are(export: dict[str, Any], tone: str, words: str) -> None:
    assert lines(export=export)[0][:2] == (tone, words)
    assert lines(export=export)[0][2] == (export["trouble"] or "")


def test_what_is_wrong_is_said_in_plain_words() -> None:
    said = lines(
        clock_trusted=False,
        isolation={"level": "none", "detail": "x"},
        online=False,
        troubles=[
            {"code": "browser_keeps_ending", "detail": ""},
            {"code": "program_missing", "detail": "chromium"},
            {"code": "never heard of", "detail": ""},
        ],
    )[1:]
    assert [(tone, more) for tone, _, more in said] == [
        ("fault", ""),
        ("fault", ""),
        ("soon", "browser_keeps_ending"),
        ("soon", "program_missing · chromium"),
        ("soon", "never heard of"),
        ("no-report", ""),
    ]
    assert said[0][1] == "Đồng hồ máy sai. Xin chỉnh lại ngày giờ."
    assert said[2][1] == "Một phần của máy trạm cứ tự dừng. Xin báo kỹ thuật viên."


def test_a_state_with_holes_still_gives_a_page() -> None:
    assert day({}).lines and day({}).today == 0
