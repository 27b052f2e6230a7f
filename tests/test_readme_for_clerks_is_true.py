"""README.vi.md, two pages for a clerk: a button is called there as it is written, its figures are the policy's."""

import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kiosk.rules.policy import parse_policy

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.vi.md").read_text(encoding="utf-8")
HELP = ROOT / "kiosk" / "service" / "panel" / "help_words.py"
NAMED = sorted(set(re.findall(r"\*\*([^*]+)\*\*", " ".join(TEXT.split()))))


def only_in_help() -> set[str]:
    """English sentences that stand in the help and nowhere else: titles of its answers are no buttons."""
    texts = {path: path.read_text(encoding="utf-8") for path in _sources()}
    spoken = {one for one in _sentences(texts.pop(HELP)) if " " in one}
    others = " ".join(sentence for text in texts.values() for sentence in _sentences(text))
    return {one for one in spoken if one not in others}


def _sources() -> list[Path]:
    return [*(ROOT / "kiosk").rglob("*.py"), *(ROOT / "web_ui" / "templates").rglob("*.html")]


def _sentences(text: str) -> list[str]:
    """What stands in quotation marks, a sentence over two lines put together."""
    return [one for one in re.findall(r'"((?:[^"\\\n]|\\.)*)"', re.sub(r'"\s*\n\s*"', "", text)) if one]


def _written() -> list[re.Pattern[str]]:
    """What stands on the panel and on the screens, with any number where the program puts one."""
    found, help_only = [], only_in_help()
    for name in ("web", "screens"):
        with (ROOT / "web_ui" / "translations" / "vi" / f"{name}.po").open("rb") as file:
            texts = [str(one.string) for one in read_po(file, locale="vi") if one.id and one.id not in help_only]
        found += [re.compile(re.sub(r"\\\{\w+\\\}", r"\\d+", re.escape(text))) for text in texts]
    return found


WRITTEN = _written()


@pytest.mark.parametrize("name", NAMED)
def test_a_button_is_called_as_it_is_written(name: str) -> None:
    plain = name.replace(" ", "\u00a0")
    assert any(one.fullmatch(name) or one.fullmatch(plain) for one in WRITTEN), name


def test_it_names_many_and_none_that_there_is_not() -> None:
    assert len(NAMED) > 25
    assert not any(one.fullmatch("Nút không có ở đâu cả") for one in WRITTEN), "the control"
    assert not any(one.fullmatch("Mở bảng theo dõi ngay trên máy") for one in WRITTEN), "of the help only"
    assert any(one.fullmatch("Báo hỏng") for one in WRITTEN)


def test_its_figures_are_those_of_the_shipped_policy() -> None:
    policy = parse_policy({})
    staff = policy.staff
    assert (staff.tries, staff.wait_minutes, staff.sign_out_minutes, policy.export.lock_day) == (5, 5, 15, 3)
    assert policy.session.extension_minutes == 30 and policy.session.minutes == 60
    for said in ("năm lần thì phải chờ năm phút", "15 phút không chạm", "Từ ngày 3,", "dùng máy một giờ"):
        assert said in " ".join(TEXT.split())


def test_it_is_two_pages_and_written_as_vietnamese_is() -> None:
    assert len(TEXT.splitlines()) <= 90 and len(TEXT.split()) <= 1_150
    assert unicodedata.is_normalized("NFC", TEXT)
