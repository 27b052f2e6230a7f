"""A copy of this checkout to build packages from, so that no test writes into the real one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = [
    "kiosk", "web_ui", "policies", "tests", "scripts", "pyproject.toml", "requirements.lock", "README.md",
    "README.vi.md", "CHANGELOG.md", "LICENSE", ".gitignore",
]  # fmt: skip
# What may lie about in a checkout and must reach no package.
LITTER = ["notes.txt", "var/site.toml", "web_ui/node_modules/left/index.js", "kiosk/__pycache__/old.cpython-311.pyc"]


def copy_checkout(to: Path, built: bool = True) -> Path:
    """The checkout with some litter; with or without the assets that were built there."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", *([] if built else ["built"]))
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, to / part, ignore=ignored)
        else:
            to.mkdir(exist_ok=True)
            shutil.copy(source, to / part)
    for name in LITTER:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_text("litter")
    return to


def bare_path(folder: Path, *names: str) -> dict[str, str]:
    """An environment with none of the machine's programs but `names`: no compiler, no npm, no git."""
    folder.mkdir(exist_ok=True)
    for name in names:
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return {**os.environ, "PATH": str(folder), "CC": "/bin/false", "CXX": "/bin/false"}


def build(tree: Path, kind: str, out: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`kind` (wheel or sdist) of `tree` into `out`, by the same tool as pip would call."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    return subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, timeout=300)


def built_package(tree: Path, kind: str, out: Path, env: dict[str, str] | None = None) -> Path:
    """The one file that `build` made."""
    done = build(tree, kind, out, env)
    assert done.returncode == 0, done.stdout + done.stderr
    (package,) = out.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return package
