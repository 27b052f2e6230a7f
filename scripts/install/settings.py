"""Who this station is: /etc/kiosk/site.toml and the home's policy.toml, written once and checked before they count."""

import re
import subprocess
import tempfile
import tomllib
from pathlib import Path

import answers
import files
import health
import version
from words import Stop

WISHES = Path("/etc/kiosk/install.toml")
POLICY = health.HOME / "policy.toml"
CHECK = """
import sys
from pathlib import Path
from kiosk.errors import KioskError
from kiosk.service.checked_settings import load_checked
from kiosk.service.first_run import write_settings
from kiosk.settings import Paths
paths = Paths(Path(sys.argv[1]))
try:
    write_settings(paths, sys.argv[2])
    load_checked(paths)
except KioskError as error:
    sys.exit(str(error))
"""
SHIPPED = "from kiosk.shipped import shipped_dir; print((shipped_dir('policies') / 'site.toml').read_text('utf-8'))"


def write(of: str, given: dict[str, str]) -> None:
    """What is missing of site.toml, policy.toml and the installer's own wishes. What is there is the site's."""
    python = version.OPT / of / "bin" / "python"
    if not health.SITE.exists():
        shipped = _run(python, "-c", SHIPPED)
        text = answers.site_toml(shipped.rstrip("\n"), given)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "site.toml").write_text(text, encoding="utf-8")
            _run(python, "-c", CHECK, folder, given["kind"])
        files.folder(health.SITE.parent)
        health.SITE.with_suffix(".new").write_text(text, encoding="utf-8")
        health.SITE.with_suffix(".new").replace(health.SITE)
    fresh = not POLICY.exists()
    _run(python, "-c", CHECK, str(health.HOME), given.get("kind", "library"))
    if fresh and (minutes := given.get("screen_off_minutes")):
        # X itself is told by its own file (places.py); the lock, which goes before, by the policy.
        line, text = f"screen_off_minutes = {int(minutes)}", POLICY.read_text(encoding="utf-8")
        POLICY.write_text(re.sub(r"(?m)^screen_off_minutes = .*", line, text), encoding="utf-8")


def _run(python: Path, *words: str) -> str:
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    done = subprocess.run([python, "-P", *words], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        said = done.stderr.strip()
        raise Stop(
            f"Thiết lập của máy chưa đúng. Xin sửa /etc/kiosk/site.toml hoặc tệp trả lời rồi chạy lại.\n{said}",
            "The station's settings are wrong: correct /etc/kiosk/site.toml or the answers file and run this again.",
            3,
        )
    return done.stdout


def wishes(given: dict[str, str] | None) -> dict[str, str]:
    """Power key and darkness of the screen: as answered now, else as answered then."""
    if given is not None and (chosen := {key: value for key, value in given.items() if key in answers.MORE}):
        text = "".join(f'{key} = "{value}"\n' for key, value in sorted(chosen.items()))
        files.put(WISHES, text.encode())
    try:
        return {key: str(value) for key, value in tomllib.loads(WISHES.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError):
        return {}
