"""What lies at the top of the tree, and what must stand nowhere in it."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "README.vi.md", "kiosk", "policies",
    "pyproject.toml", "requirements.lock", "scripts", "tests", "web_ui",
}  # fmt: skip
LOCKS = [ROOT / "requirements.lock", *sorted((ROOT / "scripts").glob("*.lock"))]
# Put together here, so that this file does not hold what it looks for.
REGISTRIES = ["py" + "pi.", "pythonhosted" + ".org", "npm" + "js.", "registry" + ".", "deb" + "ian.org", "ya" + "rnpkg"]


def tracked() -> list[str]:
    """Every file that git keeps, or, in a copy without git, every file that is not made by a run."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        return [name for name in done.stdout.split("\0") if name and (ROOT / name).exists()]
    made = {"__pycache__", "node_modules", "built", ".venv", "var", "shots", "dist", "build"}
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [
        str(path)
        for path in files
        if not made & set(path.parts)
        and not any(part.endswith("_cache") or part == ".hypothesis" for part in path.parts)
    ]


def test_the_top_level_is_as_agreed() -> None:
    assert {name.split("/")[0] for name in tracked()} == TOP


def test_ci_runs_all_the_tests_faults_and_engines_too_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        'test="$(dirname "$0")/../scripts/test"',
        "export KIOSK_TEST_ALL=1",
        "twice() { # WHAT...: pytest's 1 says that tests failed; anything else is the end",
        '    "$test" "$@" -n 2 --dist loadfile',
        "    code=$?",
        '    [ "$code" != 0 ] || return 0',
        '    [ "$code" = 1 ] || exit "$code"',
        '    echo "CI: what failed is run once more, alone." >&2',
        '    "$test" "$@" -n 1 --dist loadfile --last-failed --last-failed-no-failures none || exit',
        "}",
        'twice -m "not faults and not engines"',
        "twice --engines",
        "export KIOSK_TEST_KILLS=50 KIOSK_TEST_X_KILLS=5 KIOSK_TEST_LINES=2000",
        "twice --faults",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_everything_by_hash_and_says_nothing_else(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"^\s*(#|--(?!hash))|://", text, re.MULTILINE), "a header, an option or an address"
    pins = re.split(r"\n(?=\S)", text.strip())
    assert len(pins) >= 1
    for pin in pins:
        assert re.match(r"[a-z0-9-]+==\S+", pin), pin
        assert "--hash=sha256:" in pin, pin


def test_evdev_is_in_no_lock() -> None:
    assert [lock.name for lock in LOCKS if re.search(r"^evdev\b", lock.read_text(), re.MULTILINE)] == []


def test_nothing_names_a_registry_host() -> None:
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", "replace").lower() for name in tracked()}
    assert len(texts) > 50
    found = [(name, host) for name, text in texts.items() for host in REGISTRIES if "//" in text and host in text]
    assert [(n, h) for n, h in found if re.search(rf"//[^/\s\"']*{re.escape(h)}", texts[n])] == []


def test_npm_s_lock_records_no_addresses() -> None:
    text = (ROOT / "web_ui" / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert '"integrity": "sha512-' in text


def test_no_built_file_is_committed() -> None:
    endings = (".png", ".mo", ".min.js", ".pyc", ".whl", ".tar.gz")
    assert [name for name in tracked() if name.endswith(endings) or "/built/" in name] == []
