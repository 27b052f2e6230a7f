"""The film: the way of a drop of water from the sea to the cloud, the hill, the river and the sea again.

Each frame is drawn as SVG by scene.py and rendered by resvg, then ffmpeg makes a film of them. A few notes of sound.py
lie under it; what is told stands in the captions.
"""

import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import resvg_py
import scene
import sound

NAME = "giot_nuoc_di_dau"
WIDTH, FRAMES = 854, 12  # frames a second
STEP = 6.0  # seconds of a line
LINES = (
    "Giọt nước đi đâu? Ta đi theo một giọt nước nhé.",
    "Mặt trời chiếu xuống biển, ao hồ và ruộng đồng. Nước ấm lên.",
    "Một phần nước bay lên thành hơi. Hơi nước mắt ta không nhìn thấy, trong phim vẽ bằng chấm trắng cho dễ hiểu.",
    "Lên cao trời lạnh. Hơi nước đọng lại thành hạt nước rất nhỏ. Vô vàn hạt như thế là đám mây.",
    "Gió đẩy mây về phía núi.",
    "Hạt nước nhập vào nhau, to dần, nặng dần, rồi rơi xuống thành mưa.",
    "Nước mưa chảy theo khe, theo suối, ra sông. Một phần ngấm xuống đất: cây được uống, giếng có nước.",
    "Sông đưa nước về biển, rồi lại bắt đầu. Đó là vòng tuần hoàn của nước.",
    "Gáo nước nhà mình đã đi qua vòng ấy rất nhiều lần. Ta giữ cho nước sạch nhé.",
)
MUSIC = "hò - xang xê - - cống - xê - xang - xự - - - ".split()


def words(folder: Path) -> list[Path]:
    """Write the captions and the poster into `folder`."""
    captions, poster = folder / f"{NAME}.vtt", folder / f"{NAME}.svg"
    lines = [(n * STEP + 0.2, (n + 1) * STEP - 0.1, line) for n, line in enumerate(LINES)]
    captions.write_text(sound.web_vtt(lines), encoding="utf-8")
    poster.write_text(scene.frame(5.4 * STEP, STEP), encoding="utf-8")
    return [captions, poster]


def make(folder: Path) -> list[Path]:
    """Write the film with its captions and poster into `folder`."""
    film = folder / f"{NAME}.webm"
    seconds = len(LINES) * STEP
    with tempfile.TemporaryDirectory() as room:
        starts = range(1, int(seconds) - 13, 13)
        touches = [touch for start in starts for touch in sound.played(MUSIC, start, 0.5, 0.8)]
        sound.write_wav(Path(room) / "under.wav", sound.mixed(touches, seconds))

        def render(number: int) -> None:
            drawn = resvg_py.svg_to_bytes(svg_string=scene.frame(number / FRAMES, STEP), width=WIDTH)
            (Path(room) / f"{number:05}.png").write_bytes(bytes(drawn))

        with ThreadPoolExecutor(2) as workers:
            list(workers.map(render, range(int(seconds * FRAMES))))
        subprocess.run(
            ["ffmpeg", "-y", "-loglevel", "error", "-framerate", str(FRAMES), "-i", f"{room}/%05d.png",
             "-i", f"{room}/under.wav", "-c:v", "libvpx-vp9", "-crf", "36", "-b:v", "0", "-row-mt", "1",
             "-cpu-used", "4", "-pix_fmt", "yuv420p", "-g", str(FRAMES * 4), "-c:a", "libopus", "-b:a", "32k",
             "-filter:a", "volume=0.5", "-shortest", "-map_metadata", "-1", "-fflags", "+bitexact", str(film)],
            check=True, timeout=560, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    return [film, *words(folder)]
