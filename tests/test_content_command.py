"""`kiosk content`: packs in and out from the terminal, in both languages, also while a station runs."""

import json
import os
import pty
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pack_support import ROOT, pack, pages

from tests.running import LONG, RunningStation

FARM = {"lua": "Trồng lúa nước\nGieo mạ đúng vụ.", "ga": "Nuôi gà\nChuồng phải khô."}


def kiosk(*words: str, lang: str = "C") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", "content", *words]
    env = {**os.environ, "LC_ALL": "vi_VN.UTF-8" if lang == "vi" else "C.UTF-8", "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


@pytest.fixture
def farm(home: Path) -> Path:
    """A pack where every user can read it."""
    manifest, files = pages("farm", FARM)
    return pack(home.parent / "farm", manifest, files)


@pytest.mark.slow
def test_in_listed_checked_and_out(home: Path, farm: Path) -> None:
    assert "The library is empty" in kiosk("list").stdout
    added = kiosk("add", str(farm))
    assert (added.returncode, added.stdout) == (0, "Gói farm: 2 items, 1 kB of new files.\n"), added.stderr
    assert "farm/lua  html  agri  vi  Trồng lúa nước" in kiosk("list").stdout
    [listed] = json.loads(kiosk("list", "--json").stdout)
    assert listed["pack"] == "farm" and {item["id"] for item in listed["items"]} == {"farm/lua", "farm/ga"}
    assert kiosk("verify").stdout == "All 3 files are whole.\n"
    assert json.loads(kiosk("remove", "farm/ga", "--json").stdout)["items"] == 1
    assert kiosk("remove", "farm").returncode == 0
    assert json.loads(kiosk("list", "--json").stdout) == []


@pytest.mark.slow
def test_damage_is_told_with_its_exit_code(home: Path, farm: Path) -> None:
    assert kiosk("add", str(farm)).returncode == 0
    victim = next(
        path for path in (home / "content" / "objects").glob("??/*") if b"Chu\xe1\xbb\x93ng" in path.read_bytes()
    )
    victim.write_bytes(b"rotten")
    told = kiosk("verify", lang="vi")
    assert told.returncode == 5
    assert told.stdout == "farm/ga: tệp bị hỏng\n" and "1 tệp của thư viện không còn nguyên vẹn." in told.stderr
    assert json.loads(kiosk("verify", "--json").stdout)["faults"][0]["why"] == "damaged"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "said"), [("C", "does not exist"), ("vi", "Không có /nowhere"), ("vi", "Xin sửa lại đường dẫn.")]
)
def test_a_wrong_path_is_a_sentence(home: Path, lang: str, said: str) -> None:
    refused = kiosk("add", "/nowhere/pack.zip", lang=lang)
    assert refused.returncode == 1 and said in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.slow
def test_there_is_nothing_to_remove(home: Path) -> None:
    assert "There is no games in the library." in kiosk("remove", "games").stderr


@pytest.mark.slow
def test_a_bare_folder_is_told_what_was_assumed_of_it(home: Path) -> None:
    folder = pack(home.parent / "pages", "", {"index.html": "<title>Nuôi ong</title><p>Mật ong.</p>"})
    (folder / "pack.toml").unlink()
    refused = kiosk("add", str(folder), lang="vi")
    assert refused.returncode == 1 and "xin nói chủ đề bằng --theme: gov" in refused.stderr
    added = kiosk("add", str(folder), "--theme", "agri")
    assert added.stdout.splitlines() == [
        "Nuôi ong: 1 items, 1 kB of new files.",
        "Assumed: pages/pages: “Nuôi ong” (as the file says), language vi",
        "Assumed: It begins at index.html.",
    ]
    assert json.loads(kiosk("add", str(folder), "--theme", "agri", "--json").stdout)["unchanged"] is True


@pytest.mark.slow
def test_a_wrong_theme_is_told_as_such(home: Path, farm: Path) -> None:
    for words in (("add", str(farm)), ("publish", str(farm.parent), str(home / "tree"))):
        wrong = kiosk(*words, "--theme", "farming")
        assert wrong.returncode == 2 and "There is no theme farming. Choose one of gov, agri, " in wrong.stderr
    assert "Không có chủ đề farming" in kiosk("add", str(farm), "--theme", "farming", lang="vi").stderr


def test_a_file_where_a_folder_should_be_is_told_in_vietnamese(home: Path, farm: Path) -> None:
    wrong = kiosk("publish", str(farm / "pack.toml"), str(home / "tree"), lang="vi")
    assert wrong.returncode == 2 and "là một tệp, không phải thư mục" in wrong.stderr
    assert "Directory" not in wrong.stderr


@pytest.mark.slow
def test_somebody_at_the_terminal_is_asked_for_the_theme_and_sees_how_far_it_is(home: Path) -> None:
    folder = pack(home.parent / "films", "", {"phim.mp4": b"film" * 3_000_000, "sach.html": "<title>Sách</title>"})
    (folder / "pack.toml").unlink()
    ours, theirs = pty.openpty()
    env = {**os.environ, "LC_ALL": "vi_VN.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "kiosk", "content", "add", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = ""
        while not ("Chủ đề" in said and said.rstrip().endswith(":")):
            said += os.read(ours, 4_096).decode(errors="replace")
        os.write(ours, b"culture\n")
        try:
            while more := os.read(ours, 4_096):
                said += more.decode(errors="replace")
        except OSError:
            pass  # so a terminal ends that nobody has open any more
        os.close(ours)
        assert process.wait(60) == 0, said
    assert "Sách, báo, văn hóa xứ Thanh" in said or "culture" in said.partition("Chủ đề")[0]
    assert "Đang chép" in said and "%" in said
    assert json.loads(kiosk("list", "--json").stdout)[0]["items"][0]["theme"] == "culture"


@pytest.mark.slow
@pytest.mark.root
def test_a_running_station_shows_what_is_added_at_once(home: Path, farm: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:

        def search(text: str) -> list[dict[str, Any]]:
            address = f"http://127.0.0.1:{station.menu}/search.json?q={urllib.parse.quote(text)}"
            with urllib.request.urlopen(address, timeout=10) as answer:
                found: list[dict[str, Any]] = json.loads(answer.read())["hits"]
                return found

        def ids(text: str) -> list[str]:
            return [hit["id"] for hit in search(text)]

        assert ids("pha oresol")[0] == "starter/health_oresol"
        assert "farm/ga" not in ids("chuong phai kho")
        done = station.kiosk("content", "add", str(farm))
        assert done.returncode == 0, done.stderr
        hit = search("chuong phai kho")[0]
        assert hit["id"] == "farm/ga" and ["Chuồng", True] in hit["snippet"]
        with urllib.request.urlopen(f"http://127.0.0.1:{station.menu}{hit['address']}", timeout=10) as page:
            assert "Chuồng phải khô." in page.read().decode()
        assert station.kiosk("content", "remove", "farm").returncode == 0
        assert "farm/ga" not in ids("chuong phai kho")
