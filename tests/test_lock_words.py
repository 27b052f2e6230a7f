"""What the lock and the bar are made of, without a screen: words in lines, answers, marker, colours, translations."""

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from kiosk.lockscreen import marker, shapes
from kiosk.lockscreen.bar.keys import key_of
from kiosk.lockscreen.bar.stick_words import STICK_CLOSED, STICK_TROUBLE, STICK_TROUBLE_ELSE
from kiosk.lockscreen.bar.words import WHY_NOT
from kiosk.lockscreen.look import Look, bar_height, size_name
from kiosk.lockscreen.screens import rules, staff, ticket
from kiosk.lockscreen.screens.notices import GOODBYES, WEEKDAYS
from kiosk.lockscreen.screens.start import REFUSED
from kiosk.lockscreen.visit import Visit
from kiosk.lockscreen.voice.spoken import AGAIN, SHORT, STAFF
from kiosk.lockscreen.voice.spoken_notices import RULES_KEYS, TELL_STAFF, TICKET_KEYS
from kiosk.lockscreen.words import balance, tie
from kiosk.rules.questions import FIRST, GROUPS, NOTE, PERSON, SHORT_NOTE, check_answers
from kiosk.service.menu.listening_words import SENTENCES

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = [question.as_message() for question in (FIRST, PERSON, GROUPS)]


def letters(line: str) -> int:
    """A measure for tests: every letter is ten wide."""
    return 10 * len(line)


def test_lines_break_between_words_and_sentences_not_between_syllables() -> None:
    assert [tie(line) for line in balance("Gia đình thuộc hộ nghèo", 160, letters)] == [
        tie("Gia đình thuộc"),
        tie("hộ nghèo"),
    ]
    assert balance("Còn 5 phút. Quý vị muốn dùng thêm không?", 300, letters)[0] == tie("Còn 5 phút.")


def test_decomposed_accents_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Bưu điện – Văn hóa xã Đồng Lúa")
    assert tie(decomposed) == tie(unicodedata.normalize("NFC", decomposed))
    assert unicodedata.is_normalized("NFC", tie(decomposed))


@given(st.text("aăâbcđeê .?", max_size=60), st.integers(50, 400))
def test_no_letter_is_lost_and_lines_fit_where_a_word_can(text: str, width: int) -> None:
    lines = balance(text, width, letters)
    words = [word for word in tie(text).split(" ") if word]
    assert " ".join(lines) == " ".join(words)
    if len(lines) < min(4, len(words)):
        assert max(map(letters, lines)) <= width


@given(st.lists(st.tuples(st.sampled_from(["choose", "skip", "back", "forward"]), st.integers(-1, 9)), max_size=40))
def test_whatever_is_touched_the_answers_are_ones_the_rules_allow(acts: list[tuple[str, int]]) -> None:
    visit = Visit()
    for act, number in acts:
        if act == "choose":
            visit.choose(QUESTIONS, number)
        elif act == "skip":
            visit.skip(QUESTIONS)
        elif act == "back":
            visit.back()
        else:
            visit.forward(len(QUESTIONS))
        check_answers((FIRST, PERSON, GROUPS), visit.answers())


def test_a_marker_is_invisible_and_its_own() -> None:
    token = marker.token()
    for ground in (0x073630, 0xF4F7F3, 0x000000, 0xFFFFFF):
        blocks = marker.colours(token, ground)
        for block in blocks:
            for shift in (16, 8, 0):
                assert abs((block >> shift & 255) - (ground >> shift & 255)) <= 6
        row = [block for block in blocks for _ in range(marker.SIDE)]
        assert marker.matches(token, (ground,), row)
        assert not marker.matches(marker.token(), (ground,), row)
        assert not marker.matches(token, (ground,), [*row[:-1], row[-1] ^ 1])
        assert not marker.matches(token, (ground,), [ground] * marker.WIDTH)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance: (L1 + 0.05) / (L2 + 0.05)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("high", [False, True])
def test_words_stand_out_seven_to_one(high: bool) -> None:
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0
    for style in shapes.CARDS:
        card = shapes.card(style, high)
        assert contrast(card.ink, card.fill) >= 7, style
    look = Look(1366, 768, contrast=high)
    for ink, ground in (
        (look.on_dark, look.dark_ground),
        (look.on_dark_soft, look.dark_ground),
        (look.accent, look.dark_ground),
        (look.on_accent, look.accent),
        (look.ink, look.light_ground),
        (look.ink, look.on_dark_soft if not high else look.card),
    ):
        assert contrast(ink, ground) >= 7, (ink, ground)


def test_every_screen_follows_a_designed_size() -> None:
    sizes = {(800, 600): "1024x768", (1280, 1024): "1366x768", (1440, 900): "1366x768", (2560, 1440): "1920x1080"}
    assert {size: size_name(*size) for size in sizes} == sizes
    assert (bar_height(1366, 768), bar_height(1920, 1080)) == (64, 88)


def said() -> set[str]:
    """Every sentence that the lock and the bar can say, read from their source and the questions."""
    found = {*GOODBYES.values(), *WEEKDAYS, *WHY_NOT.values(), *(text for _sign, text in REFUSED.values())}
    found |= {*STICK_TROUBLE.values(), *STICK_CLOSED.values(), STICK_TROUBLE_ELSE}
    found |= {text for pair in staff.WHY_NOT.values() for text in pair}
    found |= {*ticket.WHY_NOT.values(), *(text for _sign, text in rules.RULES)}
    found |= {NOTE, SHORT_NOTE, AGAIN, STAFF, RULES_KEYS, TELL_STAFF, TICKET_KEYS, *SHORT.values()}
    for path in (ROOT / "kiosk" / "lockscreen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "say":
                for argument in node.args:
                    found |= {
                        part.value
                        for part in ast.walk(argument)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value.strip()
                    }
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        found.add(argument.value)
    for question in QUESTIONS:
        found |= {question["text"], *(o["label"] for o in question["options"])}
        found |= {o["sublabel"] for o in question["options"] if o["sublabel"]}
        found |= {question["note"]} - {None}
    return found


@pytest.mark.slow
def test_every_sentence_has_its_vietnamese_and_none_is_left_over() -> None:
    with (ROOT / "web_ui" / "translations" / "vi" / "screens.po").open("rb") as file:
        known = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    assert len(said()) > 80
    assert said() - known.keys() == set(), "without Vietnamese"
    # A site's own sentence about fees comes from its policy.
    assert known.keys() - said() <= {"Fees: see the price list at the desk"}, "no longer said"


def test_sentences_of_the_wording_list_stand_word_for_word() -> None:
    with (ROOT / "web_ui" / "translations" / "vi" / "screens.po").open("rb") as file:
        known = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    assert known["Which picture is most like you?"] == "Hình nào giống Quý vị nhất?"
    assert known["My family is a near-poor household"] == "Gia đình thuộc hộ cận nghèo"
    forbidden = re.compile("thiệt thòi|yếu thế|lỗi", re.IGNORECASE)
    assert [text for text in known.values() if forbidden.search(text)] == []


def test_the_menu_names_the_key_that_the_bar_has_for_sticks() -> None:
    assert SENTENCES["saved"].in_language("en").endswith(f"press Windows and {key_of('usb')}.")
    assert SENTENCES["saved"].in_language("vi").endswith(f"phím Windows cùng số {key_of('usb')}.")
