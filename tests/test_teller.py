"""The pages' voice itself, as a process: says, falls silent at once, never two at a time, and goes with its line."""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.lockscreen.voice import teller
from kiosk.lockscreen.voice.teller import NICE, spoken
from tests.blind import Blind

MOST_KB = 30_000  # of memory that is its own: a Python without anything


class Line:
    """The supervisor's end of it."""

    def __init__(self, process: "subprocess.Popen[bytes]", line: socket.socket) -> None:
        self.process, self.socket = process, line

    def say(self, number: int, *texts: str, lang: str = "vi") -> None:
        parts = [{"lang": lang, "text": text} for text in texts]
        self.socket.sendall(json.dumps({"say": number, "parts": parts}).encode() + b"\n")

    def hush(self) -> None:
        self.socket.sendall(b'{"hush": true}\n')

    def answer(self, seconds: float = 20.0) -> dict[str, object]:
        assert select.select([self.socket], [], [], seconds)[0], "no answer"
        answer: dict[str, object] = json.loads(self.socket.recv(4096).split(b"\n")[0])
        return answer

    def children(self) -> list[int]:
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(one) for one in found.split()]


@contextmanager
def telling(blind: Blind) -> Iterator[Line]:
    ours, theirs = socket.socketpair()
    env = {**os.environ, "KIOSK_VOICE": f"{blind.voice} {{lang}}"}
    env["KIOSK_PLAYER"] = f"/usr/bin/python3 {blind.player} {blind.folder} 1"
    command = [sys.executable, "-m", teller.__name__, str(blind.folder / "audio")]
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=theirs.fileno())
    theirs.close()
    try:
        yield Line(process, ours)
    finally:
        ours.close()
        try:
            process.wait(10)
        finally:
            process.kill()
            process.wait(10)


@pytest.fixture
def blind(tmp_path: Path) -> Blind:
    return Blind(tmp_path)


def until(found: "object", what: str, seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not found():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


@pytest.mark.slow
def test_it_says_one_thing_after_the_other_and_the_last_word_wins(blind: Blind) -> None:
    with telling(blind) as line:
        line.say(1, "Xin chào", "Còn 3,4 GB")
        assert line.answer() == {"said": 1, "whole": True}
        assert "Xin chào" in blind.heard() and "ba phẩy bốn ghi-ga-bai" in blind.heard()
        line.say(2, "dài " * 2000)
        until(lambda: "dài" in blind.heard(), "the long one has begun")
        line.say(3, "ngắn")
        assert line.answer() == {"said": 2, "whole": False}
        assert line.answer() == {"said": 3, "whole": True}
    assert not blind.heard_two()


def test_silence_is_at_once_and_leaves_nothing_behind(blind: Blind) -> None:
    with telling(blind) as line:
        line.hush()
        line.say(1, "dài " * 2000)
        until(lambda: len(line.children()) == 2, "control: a voice and a player")
        assert os.getpriority(os.PRIO_PROCESS, line.children()[0]) >= NICE, "it gives way to everything else"
        line.hush()
        assert line.answer() == {"said": 1, "whole": False}
        assert line.children() == []


@pytest.mark.slow
def test_a_hundred_words_do_not_make_it_grow(blind: Blind) -> None:
    def own() -> int:
        lines = Path(f"/proc/{line.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return sum(int(one.split()[1]) for one in lines if one.startswith(("Private_Clean", "Private_Dirty")))

    with telling(blind) as line:
        line.say(1, "một")
        line.answer()
        before, files = own(), len(os.listdir(f"/proc/{line.process.pid}/fd"))
        for number in range(2, 60):
            line.say(number, "chữ " * 300)
            line.hush()
            assert line.answer() == {"said": number, "whole": False}
        assert own() - before < 1_000, "kilobytes"
        assert len(os.listdir(f"/proc/{line.process.pid}/fd")) == files
        print(f"the voice: {own()} kB of its own")
        assert own() < MOST_KB


def test_it_ends_with_the_line_and_its_children_with_it(blind: Blind) -> None:
    with telling(blind) as line:
        line.say(1, "dài " * 2000)
        until(lambda: len(line.children()) == 2, "control: it speaks")
        children = line.children()
        line.socket.close()
        line.process.wait(10)
        until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children), "its children are gone")


def test_it_goes_when_nobody_needs_it_any_more(blind: Blind, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(teller, "IDLE_SECONDS", 0.01)
    with ours, theirs:
        assert teller.Teller(theirs, blind.folder).run() == 0


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[[h@l'oU]] xin", "h@l'oU xin"), ("<b>đậm</b>", "b đậm /b"), ("........................ hết", ". hết"),
        ("  nhiều   chỗ trống ", "nhiều chỗ trống"), ("5kg gạo, 37°C, 50%", "năm ki-lô-gam gạo, ba mươi bảy độ xê, "
         "năm mươi phần trăm"),
    ],
)  # fmt: skip
def test_a_page_s_words_give_no_orders_to_the_voice(written: str, said: str) -> None:
    assert spoken("vi", written) == said
