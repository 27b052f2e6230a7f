"""The sound: the five notes hò, xự, xang, xê, cống on a plucked string, then a small tune of our own.

The string is Karplus and Strong's (Computer Music Journal 7:2, 1983): a loop of noise that grows smoother as it goes
round. The noise comes from fixed seeds, so that it is the same each time.
"""

import array
import math
import random
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

RATE = 32_000
# hò stands on C4; the others so many half tones above it, liu an octave.
HO = 261.63
STEPS = {"hò": 0, "xự": 2, "xang": 5, "xê": 7, "cống": 9, "liu": 12}
BEAT = 0.62  # seconds
NAME = "nam_not_nhac"
TUNE = ("hò xự xang - xê cống xê - xang xê cống liu cống - - - "
        "liu cống xê - xang xự xang - xê xang xự hò xự - hò - - -").split()  # fmt: skip

# A touch of the string: when (seconds), which note, how loud (0 to 1).
Touch = tuple[float, str, float]


def pluck(note: str, seconds: float = 3.0) -> list[float]:
    """One touch of the string, from -1 to 1, with the tremble that a left hand gives it."""
    period = RATE / (HO * 2 ** (STEPS[note] / 12))
    whole = int(period - 0.5)
    noise = random.Random(note)
    line = [noise.uniform(-1, 1) for _ in range(whole)]
    line = [(line[n] + line[n - 1] + line[n - 2]) / 3 for n in range(whole)]  # a finger, not a nail
    raw, before = [], 0.0
    for n in range(int(seconds * RATE * 1.03)):
        now = line[n % whole]
        line[n % whole] = 0.4988 * (now + before)
        before = now
        raw.append(now)
    # The loop has a whole number of samples: read a little slower or faster it has the right height.
    out, place, speed = [], 0.0, (whole + 0.5) / period
    count = int(seconds * RATE)
    for n in range(count):
        at = int(place)
        out.append(raw[at] + (place - at) * (raw[at + 1] - raw[at]))
        second = n / RATE
        place += speed * (1 + 0.0035 * min(1, max(0, second - 0.35) * 2) * math.sin(2 * math.pi * 5.2 * second))
    top = max(map(abs, out))
    return [value / top * min(1, (count - n) / (0.3 * RATE)) for n, value in enumerate(out)]


def mixed(touches: Sequence[Touch], seconds: float) -> "array.array[int]":
    """All touches together as 16-bit samples."""
    sounds = {note: pluck(note) for note in {note for _, note, _ in touches}}
    total = [0.0] * int(seconds * RATE)
    for second, note, loud in touches:
        start = int(second * RATE)
        for n, value in enumerate(sounds[note][: len(total) - start]):
            total[start + n] += loud * value
    top = max(map(abs, total))
    return array.array("h", (int(26_000 * value / top) for value in total))


def write_wav(path: Path, samples: "array.array[int]") -> None:
    """A plain sound file of one channel."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def played(notes: Sequence[str], start: float, loud: float = 0.8, beat: float = BEAT) -> list[Touch]:
    """A tune from `start` on: "-" lets the note before ring; the first of each four is a little louder."""
    return [(start + n * beat, note, loud * (1.15 if n % 4 == 0 else 1))
            for n, note in enumerate(notes) if note != "-"]  # fmt: skip


def lesson() -> tuple[list[Touch], list[tuple[float, float, str]], float]:
    """The touches, the lines that are said with their beginning and end, and how long all of it is."""
    touches: list[Touch] = []
    lines: list[tuple[float, float, str]] = []
    now = 0.5
    said = {"hò": "Nốt thứ nhất: hò. Đây là nốt gốc, thấp và vững.", "xự": "Nốt thứ hai: xự, cao hơn hò một bậc.",
            "xang": "Nốt thứ ba: xang.", "xê": "Nốt thứ tư: xê.", "cống": "Nốt thứ năm: cống.",
            "liu": "Lên nữa là liu: vẫn là hò, nhưng cao hơn một quãng tám."}  # fmt: skip
    for note, words in said.items():
        lines.append((now, now + 4.2, words))
        touches += [(now, note, 0.8), (now + 1.4, note, 0.7), (now + 2.8, note, 0.75)]
        now += 4.4
    lines.append((now, now + 5.0, "Nghe cả dãy đi lên: hò, xự, xang, xê, cống, liu."))
    touches += played(list(STEPS), now)
    now += 5.2
    lines.append((now, now + 5.0, "Rồi đi xuống: liu, cống, xê, xang, xự, hò."))
    touches += played(list(STEPS)[::-1], now)
    now += 5.4
    lines.append((now, now + len(TUNE) * BEAT, "Bây giờ là một điệu nhỏ, chỉ dùng các nốt ấy. Mời Quý vị hát theo."))
    touches += played(TUNE, now)
    return touches, lines, now + len(TUNE) * BEAT + 2.4


def web_vtt(lines: Sequence[tuple[float, float, str]]) -> str:
    """Lines as WebVTT."""
    return "WEBVTT\n\n" + "\n".join(f"{_clock(a)} --> {_clock(b)}\n{words}\n" for a, b, words in lines)


def _clock(second: float) -> str:
    return f"00:{int(second) // 60:02}:{int(second) % 60:02}.{round(second % 1 * 1000):03}"


def words(folder: Path) -> list[Path]:
    """Write what is said into `folder`."""
    target = folder / f"{NAME}.vtt"
    target.write_text(web_vtt(lesson()[1]), encoding="utf-8")
    return [target]


def make(folder: Path) -> list[Path]:
    """Write the sound and what is said into `folder`."""
    touches, _lines, seconds = lesson()
    target = folder / f"{NAME}.ogg"
    with tempfile.TemporaryDirectory() as room:
        write_wav(Path(room) / "all.wav", mixed(touches, seconds))
        subprocess.run(
            ["ffmpeg", "-y", "-loglevel", "error", "-i", f"{room}/all.wav", "-c:a", "libopus", "-b:a", "48k",
             "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", str(target)],
            check=True, timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    return [target, *words(folder)]
