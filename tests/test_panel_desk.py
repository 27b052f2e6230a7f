"""Pages of the desk: somebody is signed in with answers, a message is written, a class is held, the PC restarts."""

import re
from typing import Any, cast

import pytest
from desk_support import KEY, TITLE, FakeDesk, teaching
from flask.testing import FlaskClient
from web_faces import NOON, OWN_PAGE, People, Station, free, in_use

from kiosk.rules.policy import parse_policy
from kiosk.rules.questions import questions
from kiosk.service.panel import create_panel
from kiosk.store.journal import Line

OF_IT = {"class": KEY}
ASKED = [question.as_message() for question in questions(parse_policy({}))]


class Pages:
    """A clerk before the panel."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.station = Station(state)
        self.desk = FakeDesk(self.station)
        app = create_panel(self.station, People(role="clerk"), desk=cast(Any, self.desk), now=lambda: NOON)
        self.client: FlaskClient = app.test_client()
        assert self.client.post("/sign-in", data={"pin": "274916"}, headers=OWN_PAGE).status_code == 303

    def get(self, path: str) -> str:
        return self.client.get(path).text

    def post(self, path: str, **data: Any) -> Any:
        return self.client.post(path, data=data, headers=OWN_PAGE)


def test_the_questions_are_read_out_with_nothing_marked_before() -> None:
    page = Pages(free(questions=ASKED)).get("/s/03/sign-in-for")
    assert "checked" not in page
    assert page.count('type="radio"') == 3 + 8 + 2 and page.count('type="checkbox"') == 7
    assert page.count('class="picture"') == 18, "the pictures that citizens know"
    assert page.count("Không trả lời") == 2, "where one is chosen, a choice can be taken back without a script"
    assert "2026" in page


def test_answers_are_given_as_the_person_gave_them() -> None:
    pages = Pages(free(questions=ASKED))
    answer = pages.post("/s/03/sign-in-for", first="FST_N", person="SEX_F+AGE_60P", groups=["GRP_POOR", "GRP_ETHMIN"])
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
    kind, who, codes, minutes = pages.desk.asked[0]
    assert (kind, who, minutes) == ("start", "Lan", None)
    assert set(codes) == {"FST_N", "SEX_F", "AGE_60P", "GRP_POOR", "GRP_ETHMIN"}


@pytest.mark.parametrize("given", [{}, {"skip": "1", "first": "FST_Y", "groups": ["GRP_POOR"]}, {"first": ""}])
def test_whoever_is_not_asked_answers_nothing(given: dict[str, Any]) -> None:
    pages = Pages(free(questions=ASKED))
    assert pages.post("/s/03/sign-in-for", **given).status_code == 303
    assert set(pages.desk.asked[0][2]) == {"FST_U", "SEX_U", "AGE_UNK", "GRP_U"}


def test_answers_that_exclude_each_other_come_back_marked_as_they_were() -> None:
    pages = Pages(free(questions=ASKED))
    answer = pages.post("/s/03/sign-in-for", minutes="45", first="FST_Y", groups=["GRP_POOR", "GRP_NEARPOOR"])
    assert answer.status_code == 400 and pages.desk.asked == []
    assert len(re.findall(r"value=\"(?:FST_Y|GRP_POOR|GRP_NEARPOOR)\" checked", answer.text)) == 3
    assert 'id="wrong-groups"' in answer.text and 'value="45"' in answer.text


@pytest.mark.parametrize(("typed", "minutes"), [("60", None), ("", None), ("20", 20.0), ("7,5", 7.5), ("1440", 1440.0)])
def test_staff_may_choose_the_minutes(typed: str, minutes: float | None) -> None:
    pages = Pages(free(questions=ASKED))
    assert pages.post("/s/03/sign-in-for", minutes=typed, skip="1").status_code == 303
    assert pages.desk.asked[0][3] == minutes


@pytest.mark.parametrize("typed", ["0", "-5", "1441", "x", "1e3", "5.5.5", "٣٠"])
def test_minutes_that_cannot_be_are_named(typed: str) -> None:
    answer = (pages := Pages(free(questions=ASKED))).post("/s/03/sign-in-for", minutes=typed, skip="1")
    assert answer.status_code == 400 and 'id="wrong-minutes"' in answer.text and pages.desk.asked == []


def test_a_ready_sentence_goes_in_the_language_of_the_person_there() -> None:
    for lang, words in (("vi", "Xin Quý vị vặn nhỏ tiếng."), ("en", "Please lower the sound.")):
        pages = Pages(in_use(42, prefs={"lang": lang, "large": False, "contrast": False, "voice": False}))
        page = pages.get("/s/03/message")
        assert f'value="{words}"' in page and "Xin Quý vị vặn nhỏ tiếng." in page
        assert pages.post("/s/03/message", session="c0ffee", ready=words).status_code == 303
        assert pages.desk.asked == [("tell", "Lan", "c0ffee", words)]


def test_own_words_count_before_a_ready_sentence_and_the_card_tells_what_became_of_them() -> None:
    pages = Pages(in_use(42))
    pages.post("/s/03/message", session="c0ffee", ready="x", text="Mời chị ra quầy")
    assert pages.desk.asked[0][3] == "Mời chị ra quầy"
    assert "Gửi lúc 09:42, chưa đọc." in pages.get("/") and "/s/03/message/back" in pages.get("/")
    pages.station.state["told"]["seen"] = "09:43"
    assert "Gửi lúc 09:42, đã đọc lúc 09:43." in pages.get("/") and "/s/03/message/back" not in pages.get("/")


def test_a_message_can_be_taken_back_while_it_is_not_read() -> None:
    pages = Pages(in_use(42, told={"text": "Mời ra quầy", "sent": "09:42", "seen": ""}))
    assert pages.post("/s/03/message/back", session="c0ffee").status_code == 303
    assert pages.desk.asked == [("tell", "Lan", "c0ffee", "")] and "Mời ra quầy" not in pages.get("/")


@pytest.mark.parametrize(("text", "says"), [("", "Xin chọn một câu"), ("á" * 161, "nhiều nhất 160")])
def test_an_empty_or_long_message_comes_back_as_it_was_typed(text: str, says: str) -> None:
    pages = Pages(in_use(42))
    answer = pages.post("/s/03/message", session="c0ffee", text=text)
    assert answer.status_code == 400 and says in answer.text and text in answer.text and pages.desk.asked == []


def test_added_minutes_can_be_undone_from_the_card() -> None:
    pages = Pages(in_use(72, undo=30))
    page = pages.get("/")
    assert "Đã thêm 30 phút." in page and "/s/03/take-back" in page
    assert pages.post("/s/03/take-back", session="c0ffee").status_code == 303
    assert pages.desk.asked == [("take_back", "Lan", "c0ffee")] and "/s/03/take-back" not in pages.get("/")


def test_a_class_is_begun_ended_and_written_down() -> None:
    pages = Pages(free())
    assert "/s/03/class" in pages.get("/")
    assert pages.post("/s/03/class", title=TITLE).status_code == 303
    assert pages.desk.asked[-1] == ("class", "Lan", TITLE)
    assert TITLE in pages.get("/") and "/s/03/class/end" in pages.get("/") and "/s/03/message" in pages.get("/")
    form = pages.get("/s/03/class/end")
    assert [one for one in ("c1a55", TITLE, "08:00", "09:42") if f'value="{one}"' not in form] == []
    typed = {"people": "12", "words": TITLE, "begin": "08:00", "end": "09:42"}
    answer = pages.post("/s/03/class/end", session="c1a55", **OF_IT, **typed)
    assert answer.status_code == 303
    assert [one[0] for one in pages.desk.asked[1:]] == ["end_class", "write_class"]
    assert pages.desk.asked[-1][2:] == (typed, KEY)


def test_a_class_that_ended_by_itself_waits_to_be_written_down() -> None:
    pages = Pages(teaching("09:40"))
    assert "Có bao nhiêu người dự?" in pages.get("/")
    answer = pages.post("/s/03/class/write", **OF_IT, people="mười", words=TITLE, begin="08:00", end="09:40")
    assert answer.status_code == 400 and 'value="mười"' in answer.text and 'id="wrong-people"' in answer.text
    assert f'name="class" value="{KEY}"' in answer.text
    assert pages.post("/s/03/class/write", **OF_IT, people="10", words=TITLE).status_code == 303
    assert pages.desk.asked[-1][2]["people"] == "10"
    assert "/s/03/class/write" not in pages.get("/")


def test_people_may_be_typed_later_and_a_mistake_at_the_end_of_a_class_still_ends_it() -> None:
    pages = Pages(teaching())
    assert pages.post("/s/03/class/end", session="c1a55", later="1").status_code == 303
    assert [one[0] for one in pages.desk.asked] == ["end_class"]
    pages = Pages(teaching())
    answer = pages.post("/s/03/class/end", session="c1a55", **OF_IT, people="")
    assert answer.status_code == 400 and [one[0] for one in pages.desk.asked] == ["end_class"]
    assert 'action="/s/03/class/write"' in answer.text, "and now only its people are missing"


def test_a_class_is_forgotten_only_after_a_question_whose_no_keeps_what_was_typed() -> None:
    pages = Pages(teaching("09:40"))
    answer = pages.post("/s/03/class/write", **OF_IT, forget="1", people="7", words="Học gõ phím")
    assert answer.status_code == 200 and f"Không ghi lớp “{TITLE}” vào sổ?" in answer.text and pages.desk.asked == []
    kept = {name: value for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', answer.text)}
    back = pages.post("/s/03/class/write", **{**{name: kept[name] for name in kept if name != "sure"}, "change": "1"})
    assert 'value="7"' in back.text and 'value="Học gõ phím"' in back.text and pages.desk.asked == []
    assert pages.post("/s/03/class/write", **OF_IT, forget="1", sure="1").status_code == 303
    assert pages.desk.asked == [("forget_class", "Lan", KEY)]


def test_a_class_that_waits_is_written_down_before_another_begins() -> None:
    pages = Pages(teaching("09:40"))
    for answer in (pages.client.get("/s/03/class"), pages.post("/s/03/class", title="Lớp mới")):
        assert answer.status_code == 303 and answer.headers["Location"].startswith("/s/03/class/write?then=")
    assert pages.desk.asked == [], "the class before is not lost"
    page = pages.get(answer.headers["Location"])
    assert "Lớp trước chưa được ghi sổ." in page and 'name="then" value="Lớp mới"' in page
    answer = pages.post("/s/03/class/write", **OF_IT, people="10", words=TITLE, then="Lớp mới")
    assert answer.status_code == 303 and 'value="Lớp mới"' in pages.get(answer.headers["Location"])


@pytest.mark.parametrize("data", [{"people": "12", "words": "x"}, {"forget": "1"}, {"forget": "1", "sure": "1"}])
@pytest.mark.parametrize("state", [free(), teaching("11:00")])
def test_the_second_who_writes_a_class_is_told_what_the_first_wrote(state: dict[str, Any], data: Any) -> None:
    pages = Pages(state)
    old = "2026-11-19T08:00:00+07:00"
    pages.desk.written[old] = Line(
        1, "class", NOON.date(), None, {"events": 1, "people": 11}, {"words": TITLE}, False, 1, "Hoa", NOON
    )
    answer = pages.post("/s/03/class/write", **{"class": old}, **data)
    assert answer.status_code == 409 and TITLE in answer.text and "11 " in answer.text and pages.desk.asked == []
    answer = pages.post("/s/03/class/write", **{"class": "another"}, **data)
    assert answer.status_code == 409 and "vừa chọn không ghi lớp này" in answer.text and pages.desk.asked == []


def test_a_message_that_comes_back_is_still_for_whom_it_was_written_and_is_never_lost() -> None:
    pages = Pages(in_use(42))
    pages.station.state = {**in_use(50), "session": "an0ther"}
    for text in ("á" * 161, ""):
        answer = pages.post("/s/03/message", session="c0ffee", text=text)
        assert 'value="c0ffee"' in answer.text and "an0ther" not in answer.text, "not for who sits there now"
        assert 'maxlength=""' not in answer.text
    pages.desk.refuse = "Things changed meanwhile."
    answer = pages.post("/s/03/message", session="c0ffee", text="Mời chị ra quầy")
    assert answer.status_code == 409 and "Mời chị ra quầy</textarea>" in answer.text and 'value="c0ffee"' in answer.text
    answer = pages.post("/s/03/message", session="c0ffee", ready="Xin Quý vị vặn nhỏ tiếng.")
    assert 'value="Xin Quý vị vặn nhỏ tiếng." checked' in answer.text


def test_nobody_who_answers_is_told_away_by_a_page_that_says_nobody_is_there() -> None:
    assert Pages(free(state="asking")).client.get("/s/03/power").headers["Location"] == "/"


def test_a_restart_is_asked_about_and_warns_of_whoever_is_there() -> None:
    assert "Không có ai đang dùng." in Pages(free()).get("/s/03/power")
    pages = Pages(in_use(42))
    page = pages.get("/s/03/power")
    assert "bài chưa lưu sẽ mất" in page and page.count('value="c0ffee"') == 2 and pages.desk.asked == []
    assert pages.post("/s/03/power", act="restart", session="c0ffee").status_code == 303
    assert pages.desk.asked == [("power", "Lan", "restart", "c0ffee")]


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("sign-in-for", in_use()), ("message", free()), ("class", in_use()), ("class/end", free()),
        ("class/write", free()),
    ],
)  # fmt: skip
def test_a_page_that_makes_no_sense_now_leads_back(path: str, state: dict[str, Any]) -> None:
    answer = Pages(state).client.get(f"/s/03/{path}")
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("sign-in-for", {"skip": "1"}), ("message", {"text": "a"}), ("message/back", {}), ("take-back", {}),
        ("class", {"title": "x"}), ("class/end", {}), ("power", {"act": "restart"}),
    ],
)  # fmt: skip
def test_every_refusal_says_what_happened_and_what_to_do(path: str, data: dict[str, str]) -> None:
    pages = Pages(teaching() if path.startswith("class") else free(questions=ASKED))
    pages.desk.refuse = "Things changed meanwhile."
    answer = pages.post(f"/s/03/{path}", **data)
    assert answer.status_code == 409 and "Máy vừa có thay đổi." in answer.text
