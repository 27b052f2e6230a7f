"""The shared set-up of scripts/run, scripts/kiosk and scripts/test, called by its shell functions as they call it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shell(code: str, *arguments: str | Path, tree: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `code` after the set-up was sourced from `tree`."""
    env = {key: value for key, value in os.environ.items() if key not in ("KIOSK_HOME", "DISPLAY")} | environment
    script = f'set -euo pipefail; . "$0/scripts/set_up/all.sh"; {code}'
    command = ["bash", "-c", script, tree, *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def tree_at(path: Path) -> Path:
    """A small checkout at `path`."""
    shutil.copytree(ROOT / "scripts", path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    return path


def test_an_ordinary_user_is_told_in_one_sentence_what_to_install() -> None:
    done = shell(
        "am_root() { false; }; PATH=/usr/bin/nowhere; has() { [ $1 = openbox ]; }; install_packages openbox chromium"
    )
    assert done.returncode == 1
    assert "This machine lacks: chromium - have an administrator run: apt-get install chromium" in done.stderr
    assert "Máy còn thiếu: chromium" in done.stderr
    assert done.stdout == ""


def test_what_lies_in_sbin_is_found_by_an_ordinary_user_who_has_no_sbin_in_the_path() -> None:
    assert "sbin" in (shutil.which("useradd", path="/usr/sbin:/sbin") or ""), "the control: it lies there"
    done = shell("am_root() { false; }; PATH=/usr/bin:/bin; install_packages passwd procps cups e2fsprogs dosfstools")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_reader_of_archives_is_what_the_lock_says_and_found_by_the_environment(tmp_path: Path) -> None:
    lock = shell("zim_lock").stdout.splitlines()
    assert lock[0].startswith("libzim==") and len(lock) > 2 and all("sha256:" in line for line in lock[1:])
    assert sum("==" in line for line in lock) == 1 and not lock[-1].endswith("\\")
    said = 'pip() { echo "$*" >>"$1"; mkdir -p "${*: -3:1}"; touch "${*: -3:1}/libzim.so"; }; '
    twice = said + 'fetch_zim "$1" "$2"; fetch_zim "$1" "$2"; cat "$1.log"'
    (tmp_path / "python").write_text('#!/bin/sh\n[ "$1" = -c ] && echo cpython-311\n')
    (tmp_path / "python").chmod(0o755)
    twice = twice.replace('>>"$1"', '>>"$1.log"')
    done = shell(twice, tmp_path / "python", tmp_path / "zim")
    assert done.returncode == 0 and done.stdout.count("--require-hashes") == 1, done.stderr + done.stdout
    assert (tmp_path / "zim" / "libzim.so").exists()
    failing = shell('pip() { return 1; }; fetch_zim "$1" "$2" || echo none', tmp_path / "python", tmp_path / "other")
    assert failing.stdout == "none\n" and not (tmp_path / "other").exists()
    env = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", env], check=True)
    shell('zim_folder() { echo /where/zim/is; }; read_zim_in "$1"', env)
    [told] = env.glob("lib/python3*/site-packages/kiosk_zim.pth")
    assert told.read_text() == "/where/zim/is\n"


def test_nftables_is_tried_once_and_its_absence_keeps_no_station_from_starting(tmp_path: Path) -> None:
    lacking = 'cache=$1; am_root() { true; }; has() { [ "$1" != nftables ]; }; apt_get() { echo "apt $1"; return 1; }; '
    done = shell(lacking + "want_nftables; echo one; want_nftables; echo two", tmp_path / "cache")
    assert (done.returncode, done.stdout) == (0, "apt update\napt install\none\ntwo\n"), done.stderr
    assert "Not installed: nftables" in done.stderr
    there = shell("apt_get() { echo called; }; has() { true; }; want_nftables; am_root() { false; }; want_nftables")
    assert (there.returncode, there.stdout) == (0, "")


def test_nothing_is_said_or_done_when_nothing_is_missing() -> None:
    done = shell("apt_get() { echo called >&2; }; install_packages python3 python3-venv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_name_of_an_environment_follows_contents_and_names_only(tmp_path: Path) -> None:
    tree = tree_at(tmp_path / "a b")
    for name in ("kiosk", "web_ui"):
        (tree / name).mkdir()
    (tree / "kiosk" / "one.py").write_text("1")

    def named() -> str:
        done = shell("hash_of kiosk web_ui", tree=tree)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    first = named()
    assert len(first) == 16
    os.utime(tree / "kiosk" / "one.py", (0, 0))
    (tree / "kiosk" / "__pycache__").mkdir()
    (tree / "kiosk" / "__pycache__" / "one.pyc").write_text("made")
    (tree / "web_ui" / "built").mkdir()
    (tree / "web_ui" / "built" / "x.png").write_text("made")
    assert named() == first
    (tree / "kiosk" / "one.py").rename(tree / "kiosk" / "two.py")
    second = named()
    assert second != first
    (tree / "kiosk" / "two.py").write_text("2")
    assert named() not in (first, second)


def test_old_environments_go_but_two_stay_and_so_does_one_in_use(tmp_path: Path) -> None:
    for age, folder in enumerate(["env-e", "env-d", "env-c", "env-b", "env-a", "other-x"]):
        python = tmp_path / folder / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)
        os.utime(tmp_path / folder, (1000 + age, 1000 + age))
    running = subprocess.Popen([tmp_path / "env-d" / "bin" / "python", "-c", "input()"], stdin=subprocess.PIPE)
    try:
        done = shell('cache=$1; remove_old env "$cache/env-a"', tmp_path)
        assert done.returncode == 0, done.stderr
        assert {path.name for path in tmp_path.iterdir()} == {"env-a", "env-b", "env-d", "other-x"}
    finally:
        running.communicate(b"\n")


def test_a_home_that_was_chosen_is_kept_and_made_absolute(tmp_path: Path) -> None:
    done = shell('cd "$1"; choose_home; echo "$KIOSK_HOME"', tmp_path, KIOSK_HOME="here/../there")
    assert done.stdout.strip() == str(tmp_path / "there")


@pytest.mark.root
def test_root_moves_the_home_of_a_checkout_that_others_cannot_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    tree = tree_at(tmp_path / "closed")
    chosen = shell('choose_home; echo "$KIOSK_HOME"; say_home', tree=tree)
    assert chosen.stdout.startswith("/var/lib/kiosk-")
    assert f"other users cannot enter {tree}" in chosen.stderr
    assert shell('choose_home; echo "$KIOSK_HOME"', tree=tree).stdout == chosen.stdout, "another home at each start"


def test_the_home_of_an_open_checkout_lies_in_it(home: Path) -> None:
    tree = tree_at(home / "open")
    assert shell('choose_home; echo "$KIOSK_HOME"', tree=tree).stdout.strip() == str(tree / "var")


@pytest.mark.root
def test_the_station_s_users_are_there_and_the_screen_may_meet_the_service() -> None:
    done = shell("make_users; make_users; for u in kiosk kiosk-screen kiosk-citizen kiosk-staff; do id -nG $u; done")
    assert done.returncode == 0, done.stderr
    groups = [set(line.split()) for line in done.stdout.splitlines()]
    assert groups == [{"kiosk"}, {"kiosk-screen", "kiosk"}, {"kiosk-citizen"}, {"kiosk-staff"}]


@pytest.mark.slow
def test_the_virtual_screen_is_said_and_ends_with_what_it_was_started_for() -> None:
    code = 'start_display; echo "$DISPLAY"; xwininfo -root >&2; exec sleep 1'
    done = shell(code, KIOSK_SCREEN="1024x768")
    assert done.returncode == 0, done.stderr
    display = done.stdout.strip()
    assert f"a virtual screen {display} (1024x768) was started" in done.stderr
    assert "Width: 1024" in done.stderr
    socket = Path("/tmp/.X11-unix", f"X{display.removeprefix(':')}")
    for _ in range(100):
        if not socket.exists():
            return
        time.sleep(0.1)
    pytest.fail("the virtual screen outlived its station")


@pytest.mark.slow
def test_a_display_that_is_there_is_used(xvfb: Callable[..., str]) -> None:
    display = xvfb()
    done = shell('start_display; echo "$DISPLAY"', DISPLAY=display)
    assert (done.stdout.strip(), done.stderr) == (display, "")
