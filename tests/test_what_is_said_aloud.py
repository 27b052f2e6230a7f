"""What the screens say to the ear: every page, both languages, as words that a voice can read, and no secret."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import sound
from kiosk.lockscreen.voice.aloud import aloud, vietnamese, with_days
from kiosk.lockscreen.voice.voice import Part, playable, recording, runs
from kiosk.service.doctor.voice import voice
from kiosk.settings import Paths
from tests.ear import HEADER, loudness, samples
from tests.lock_pages import PAGES

NAME = re.compile(r"[a-z0-9_]+|")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What tests.spoken_pages says, from a process with a screen of its own."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-noreset", "-nolisten", "tcp"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as answer:
        display = f":{answer.readline().strip()}"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.spoken_pages"], env={**os.environ, "DISPLAY": display},
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait(10)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_every_page_has_words_of_its_own_in_both_languages(told: dict[str, Any]) -> None:
    assert told["mute"] == []
    assert set(told["pages"]) == set(PAGES)
    for page, by_language in told["pages"].items():
        vi, en = by_language["vi"], by_language["en"]
        # A PC that knows no date knows no hours: that it is closed is all there is to say.
        assert len(vi) > (page != "closed_no_date"), page
        assert [name for name, _text in vi] == [name for name, _text in en], page
        names = [name for name, _text in vi if name]
        assert len(names) == len(set(names)), f"{page}: two sentences with the name of one recording"
        for (name, text), (_name, english) in zip(vi, en, strict=True):
            assert NAME.fullmatch(name), name
            for words in (text, english):
                assert len(words) > 3 and words[-1] in ".?!", (page, words)
                assert not re.search(r"[{}/|]|None(?! of)|null|secret|\d:\d", words), (page, words)
            assert text != english, (page, text)
            assert not re.search(r"\d", text), f"{page}: {text!r} has figures, which voices read by rules of their own"


@pytest.mark.slow
def test_a_name_of_a_recording_means_one_sentence(told: dict[str, Any]) -> None:
    meanings: dict[tuple[str, str], set[str]] = {}
    for by_language in told["pages"].values():
        for language, parts in by_language.items():
            for name, text in parts:
                if name:
                    meanings.setdefault((language, name), set()).add(text)
    # A rule says how many minutes: whoever records it says their own.
    assert {key: texts for key, texts in meanings.items() if len(texts) > 1 and not key[1].startswith("rule_")} == {}


@pytest.mark.slow
def test_neither_a_choice_nor_a_typed_digit_is_told_to_the_room(told: dict[str, Any]) -> None:
    for one, other in told["same"]:
        assert one == other
    chosen = " ".join(text for _name, text in told["same"][0][0])
    assert "Đang chọn hai mục." in chosen, "control: that something is chosen is said"
    typed = " ".join(text for _name, text in told["same"][1][0])
    assert "Đã nhập tám số." in typed


@pytest.mark.slow
def test_the_voice_makes_every_page_heard(told: dict[str, Any], tmp_path: Path) -> None:
    heard = 0
    for page, by_language in told["pages"].items():
        for language, parts in by_language.items():
            (run,) = runs(tmp_path, language, [Part(*part) for part in parts])
            data = subprocess.run(run.command, input=run.text.encode(), capture_output=True, timeout=30, check=True)
            said = samples(data.stdout[HEADER:])
            words = len(run.text.split())
            assert loudness(said) > 500, (page, language)
            assert 0.2 < len(said) / 22_050 / words < 1.2, (
                f"{page} {language}: {len(said) / 22_050:.1f} s, {words} words"
            )
            heard += 1
    assert heard == 2 * len(PAGES)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Từ ngày 01/01/2026 đến nay", "Từ ngày mùng một tháng một năm hai nghìn không trăm hai mươi sáu đến nay"),
        ("07:30–11:30, 13:00–17:05", "bảy giờ ba mươi phút đến mười một giờ ba mươi phút, "
         "mười ba giờ đến mười bảy giờ năm phút"),
        ("Máy 03", "Máy không ba"),
        ("Còn 0,5 phút", "Còn không phẩy năm phút"),
        ("5.000 đồng", "năm nghìn đồng"),
        ("USB và giấy tờ", "u ét bê và giấy tờ"),
        ("USB HOA SEN: còn 3,4 GB", "u ét bê HOA SEN: còn ba phẩy bốn ghi-ga-bai"),
        ("13 MB và 5kg, 100%", "mười ba mê-ga-bai và năm ki-lô-gam, một trăm phần trăm"),
        ("EGBA kgb", "EGBA kgb"),
    ],
)  # fmt: skip
def test_vietnamese_figures_are_words(written: str, spoken: str) -> None:
    assert aloud("vi", written) == spoken


def test_english_times_and_dates_are_words() -> None:
    assert aloud("en", "07:30–11:30, 13:00–17:05") == "7 30 AM to 11 30 AM, 1 PM to 5 oh 5 PM"
    assert aloud("en", "It is Friday, 20/11/2026") == "It is Friday, 20 November 2026"


def test_vietnamese_numbers_as_they_are_said() -> None:
    said = {0: "không", 10: "mười", 15: "mười lăm", 21: "hai mươi mốt", 60: "sáu mươi", 105: "một trăm lẻ năm",
            115: "một trăm mười lăm", 1001: "một nghìn không trăm lẻ một", 2026: "hai nghìn không trăm hai mươi sáu",
            90_000: "chín mươi nghìn"}  # fmt: skip
    assert {number: vietnamese(number) for number in said} == said


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_no_two_numbers_sound_the_same(one: int, other: int) -> None:
    assert (vietnamese(one) == vietnamese(other)) == (one == other)


@given(st.text(max_size=60))
def test_any_sentence_can_be_made_ready_and_keeps_no_figure(text: str) -> None:
    assert not re.search(r"[0-9]", aloud("vi", text))
    aloud("en", text)


@pytest.mark.slow
def test_sentences_go_together_and_recordings_come_between(tmp_path: Path) -> None:
    folder = tmp_path / "vi"
    folder.mkdir()
    tone = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=duration=0.2", str(tmp_path / "tone.wav")]
    subprocess.run(tone, check=True, timeout=30)
    subprocess.run(["oggenc", "-Q", "-o", folder / "b.ogg", tmp_path / "tone.wav"], check=True, timeout=30)
    (folder / "c.ogg").write_bytes(b"OggS, but nothing that can be heard")
    assert playable(folder / "b.ogg") and not playable(folder / "c.ogg")
    assert recording(tmp_path, "vi", "") is None and recording(tmp_path, "en", "b") is None
    found = runs(tmp_path, "vi", [Part(name, name.upper()) for name in "abcd"])
    assert [(run.command[0], run.text) for run in found] == [
        ("espeak-ng", "A"),
        ("oggdec", ""),
        ("espeak-ng", "C\n\nD"),
    ]
    (folder / "b.ogg").chmod(0)
    assert os.geteuid() == 0 or not playable(folder / "b.ogg")


def test_check_says_what_is_missing_for_reading_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = Paths(tmp_path)

    def states() -> list[str]:
        return [finding.state for finding in voice(paths)]

    monkeypatch.setenv("KIOSK_PLAYER", "true")
    assert states() == ["good"]
    (paths.audio / "vi").mkdir(parents=True)
    (paths.audio / "vi" / "welcome.mp3").write_bytes(b"ID3")
    good, warned = voice(paths)
    assert (good.state, warned.state) == ("good", "warn")
    assert "vi/welcome.mp3" in warned.message
    monkeypatch.delenv("KIOSK_PLAYER")
    monkeypatch.setattr(sound, "CARDS", str(tmp_path / "no-card"))
    assert states()[0] == "warn" and not sound.can_speak()
    (tmp_path / "no-card").mkdir()
    (tmp_path / "no-card" / "pcmC0D0p").touch()
    assert states()[0] == "good" and sound.can_speak()
    monkeypatch.setenv("PATH", str(tmp_path))
    (only,) = voice(paths)
    assert only.state == "warn" and "espeak-ng" in only.hint
    assert not sound.can_speak()
    assert shutil.which("espeak-ng") is None


@pytest.mark.parametrize(
    ("lang", "text", "spoken"),
    [
        ("vi", "Thứ Sáu 27/11 nghỉ", "Thứ Sáu ngày hai mươi bảy tháng mười một nghỉ"),
        ("vi", "Nghỉ từ ngày 2/9", "Nghỉ từ ngày mùng hai tháng chín"),
        ("vi", "Đến 02/09/2027", "Đến ngày mùng hai tháng chín năm hai nghìn không trăm hai mươi bảy"),
        ("vi", "Lớp 45/13", "Lớp bốn mươi lăm/mười ba"),
        ("en", "Closed on 27/11", "Closed on 27 November"),
    ],
)
def test_days_of_a_notice_are_said_as_people_say_them(lang: str, text: str, spoken: str) -> None:
    assert aloud(lang, with_days(lang, text)) == spoken
