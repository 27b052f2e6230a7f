"""Pages and policies are found from the wheel, sdist, editable install and plain checkout; no compiler is needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.package_copy import bare_path, built_package, copy_checkout

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROBE = """
import kiosk
from kiosk.shipped import shipped_dir
from kiosk.translations import translate, web_ui_dir
for path in (shipped_dir("policies") / "library.toml", shipped_dir("web_ui") / "built/packages/htmx.min.js",
             web_ui_dir() / "built/translations/vi/LC_MESSAGES/web.mo"):
    assert path.is_file(), path
    print(path)
"""


def new_venv(path: Path) -> Path:
    """The interpreter of a fresh virtual environment, made from the same Python as ours."""
    base = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    subprocess.run([base, "-m", "venv", path], check=True, timeout=120)
    return path / "bin" / "python"


def pip(python: Path, env: dict[str, str], *arguments: str | Path) -> None:
    """pip in that environment, with only `env` around it."""
    command = [python, "-m", "pip", "install", "-q", "--no-deps", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr


def places(python: Path, env: dict[str, str], cwd: Path) -> list[Path]:
    """Where the probe found the shipped files, asked from a folder that is no checkout."""
    done = subprocess.run([python, "-c", PROBE], env=env, cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [Path(line) for line in done.stdout.splitlines()]


def guides(python: Path, env: dict[str, str]) -> list[str]:
    """Where the guides lie that come with the program that is installed there."""
    code = "from kiosk.content.shipped import starter; print(starter())"
    return subprocess.run(
        [python, "-P", "-c", code], env=env, capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with its assets."""
    return copy_checkout(tmp_path_factory.mktemp("tree") / "kiosk")


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory, tree: Path) -> Path:
    """An environment with the pinned build tools and nothing else."""
    python = new_venv(tmp_path_factory.mktemp("builder") / "env")
    pip(python, dict(os.environ), "--require-hashes", "-r", tree / "scripts" / "build.lock")
    return python


def test_the_locked_wheel_installs_and_runs_where_every_compiler_is_hidden(tree: Path, tmp_path: Path) -> None:
    bare = bare_path(tmp_path / "bin")
    wheel = built_package(tree, "wheel", tmp_path / "dist", bare)
    python = new_venv(tmp_path / "env")
    pip(python, bare, "--require-hashes", "-r", tree / "requirements.lock")
    pip(python, bare, wheel)
    for place in places(python, bare, tmp_path):
        assert place.is_relative_to(tmp_path / "env"), place
    code = "import flask, cheroot, pydantic, sqlite_utils, argon2, psutil, click, Xlib.display, kiosk.cli"
    subprocess.run([python, "-W", "error", "-c", code], env=bare, cwd=tmp_path, check=True, timeout=60)
    said = subprocess.run(
        [tmp_path / "env/bin/kiosk", "--help"], env=bare, cwd=tmp_path, capture_output=True, timeout=60
    )
    assert said.returncode == 0 and b"status" in said.stdout
    command = [python, "-P", "-m", "kiosk.content.updates.take_shipped", tmp_path / "content", *guides(python, bare)]
    taken = subprocess.run([*command, "2026-11-22"], env=bare, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (taken.returncode, taken.stdout) == (0, "whole\n"), taken.stderr


def test_the_sdist_installs_with_neither_npm_nor_network(tree: Path, builder: Path, tmp_path: Path) -> None:
    bare = bare_path(tmp_path / "bin")
    sdist = built_package(tree, "sdist", tmp_path / "dist", bare)
    pip(builder, bare, "--no-build-isolation", "--no-index", "--force-reinstall", sdist)
    for place in places(builder, bare, tmp_path):
        assert place.is_relative_to(builder.parent.parent), place


def test_an_editable_install_finds_the_files_of_the_checkout(tree: Path, builder: Path, tmp_path: Path) -> None:
    bare = bare_path(tmp_path / "bin")
    pip(builder, bare, "--no-build-isolation", "--no-index", "--force-reinstall", "--editable", tree)
    for place in places(builder, bare, tmp_path):
        assert place.is_relative_to(tree), place


def test_a_plain_checkout_finds_its_files(tree: Path, tmp_path: Path) -> None:
    env = {**bare_path(tmp_path / "bin"), "PYTHONPATH": str(tree)}
    python = Path(sys.base_prefix, "bin", "python3")
    for place in places(python, env, tmp_path):
        assert place.is_relative_to(tree), place
