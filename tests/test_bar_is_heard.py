"""For who had the screens read aloud, the bar's sheets are read too: each once, with its keys, then silence."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.lockscreen.app import Prefs
from kiosk.lockscreen.bar import words as bar_words
from kiosk.lockscreen.bar.content import Content
from kiosk.lockscreen.bar.sound import Sound
from kiosk.lockscreen.bar.talk import Talk
from kiosk.lockscreen.voice.aloud import aloud
from tests.bar_states import SHEETS, STICK, WARNED
from tests.lock_stage import OPEN, STATE


class Ear:
    """Stands in for the voice."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.silenced = 0

    def say(self, _lang: str, parts: list[Any]) -> None:
        self.heard.append(" ".join(part.text for part in parts))

    def stop(self) -> None:
        self.silenced += 1


def listening(state: dict[str, Any], voice: bool = True, lang: str = "en") -> tuple[Any, Sound, Ear]:
    """A bar without windows whose sound is an ear."""
    from kiosk.lockscreen.bar.bar import Bar

    bar = object.__new__(Bar)
    bar.state = {**STATE, **OPEN, **state, "prefs": Prefs(lang, voice=voice).message()}
    bar.talk, sound, ear = Talk(bar), Sound(bar), Ear()
    bar.sound, bar.connection = sound, SimpleNamespace(send=lambda *_said, **_fields: True)
    sound._voice = cast(Any, ear)
    return bar, sound, ear


@pytest.fixture(autouse=True)
def speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.lockscreen.voice.voice.can_speak", lambda: True)


def test_a_warning_is_said_once_with_its_keys_and_its_numbers_do_not_say_it_again() -> None:
    bar, sound, ear = listening(state=WARNED)
    sound.read(bar_words.content(bar, "warning"))
    bar.state["seconds_left"] = 239
    sound.read(bar_words.content(bar, "warning"))
    assert len(ear.heard) == 1
    assert "5 minutes left. Would you like more time?" in ear.heard[0]
    assert "Windows + Enter: Add 30 minutes." in ear.heard[0] and "Windows + Tab: Finish." in ear.heard[0]
    sound.read(None)
    assert ear.silenced == 1


def test_nothing_is_said_to_who_did_not_ask_for_it() -> None:
    bar, sound, ear = listening(voice=False, state=WARNED)
    sound.read(bar_words.content(bar, "warning"))
    sound.read(None)
    assert (ear.heard, ear.silenced) == ([], 0)


def test_the_idle_question_and_the_end_are_asked_aloud_in_the_citizens_language() -> None:
    bar, sound, ear = listening(lang="vi", state={"idle": 86})
    sound.read(bar_words.idle(bar))
    assert ear.heard[-1].startswith("Quý vị còn dùng máy không?")
    assert "Phím Windows và Enter: Tôi vẫn đang dùng." in ear.heard[-1]
    sound.read(bar_words.content(bar, "confirm"))
    assert "Bài chưa lưu sẽ mất." in ear.heard[-1]


@pytest.mark.parametrize(
    ("lang", "offered", "words"),
    [
        ("vi", True, "vào máy trước khi kết thúc."),
        ("vi", False, "Quý vị có thể nhờ nhân viên giúp."),
        ("en", True, "To keep them, plug in a USB stick now, before you finish."),
        ("en", False, "the staff can help you."),
    ],
)
def test_who_would_lose_files_hears_how_to_keep_them(lang: str, offered: bool, words: str) -> None:
    home = {"free_mb": 900, "full": False, "unsaved": 3}
    bar, sound, ear = listening(lang=lang, state={"home": home, "sticks_offered": offered})
    content = bar_words.content(bar, "confirm")
    assert content is not None
    sound.read(content)
    assert words in aloud_of(ear) and any(words in line.text for line in content.lines)
    assert [act.name for act in content.buttons][0] == "close", (
        "nothing to save to is in: going back for it comes first"
    )
    bar.state["home"] = {**home, "unsaved": 0}
    sound.again()
    sound.read(bar_words.content(bar, "confirm"))
    assert words not in aloud_of(ear), "nothing would be lost"


def test_a_stick_that_was_plugged_in_because_of_that_question_is_offered_at_once() -> None:
    bar, sound, ear = listening(state={"home": {"free_mb": 900, "full": False, "unsaved": 3}, "sticks_offered": True})
    bar.talk.act("finish")
    sound.read(bar.talk.sheet())
    before = dict(bar.state)
    bar.state = {**before, "sticks": [STICK]}
    bar.talk.hear(before, bar.state)
    assert bar.talk.notice == "usb"
    sound.read(bar.talk.sheet())
    assert "Save your files to the USB stick?" in aloud_of(ear) and "Windows + Enter: Save to USB." in aloud_of(ear)
    bar.talk.act("finish")
    bar.state["home"]["unsaved"] = 0
    again = {**bar.state, "sticks": [{**STICK, "id": "sdc1"}]}
    bar.talk.hear(dict(bar.state), again)
    assert bar.talk.notice == "confirm", "nothing would be lost: the question stays"


def aloud_of(ear: Ear) -> str:
    return ear.heard[-1]


@pytest.mark.parametrize("name", [name for name, (notice, *_rest) in SHEETS.items() if notice])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_sheet_can_be_said(name: str, lang: str) -> None:
    notice, changes, level = SHEETS[name]
    bar, sound, ear = listening(lang=lang, state=changes)
    bar.talk.added, sound.level = 30, level
    content = bar_words.content(bar, notice)
    assert isinstance(content, Content)
    sound.read(content)
    assert len(ear.heard) == 1 and "{" not in ear.heard[0]
    for act in content.buttons:
        assert aloud(lang, act.text).split()[0] in ear.heard[0]


def test_without_a_voice_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.lockscreen.voice.voice.can_speak", lambda: False)
    bar, sound, _ear = listening(state=WARNED)
    sound._voice = None
    bar.tk = SimpleNamespace()
    sound.read(bar_words.content(bar, "warning"))
    assert sound._voice is None
