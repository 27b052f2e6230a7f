"""The installer asks five questions and no more, takes a file instead, and writes what the program itself reads."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.service.checked_settings import load_checked
from kiosk.settings import Paths
from kiosk.shipped import shipped_dir

INSTALL = Path(__file__).resolve().parent.parent / "scripts" / "install"
START = f"import sys; sys.path.insert(0, {str(INSTALL)!r}); import answers, json, words\nfrom pathlib import Path\n"
READ = """
try:
    print(json.dumps(answers.read(Path(sys.argv[1]))))
except words.Stop as why:
    print(why.vietnamese, why.english, sep="\\n")
    sys.exit(why.code)
"""


def run(code: str, *arguments: str | Path, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
    """The installer's own Python, as the system's would run it."""
    command = [sys.executable, "-B", "-c", START + code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, stdin=stdin, timeout=60)


def test_five_questions_are_asked_and_a_wrong_answer_once_more() -> None:
    ours, theirs = pty.openpty()
    os.write(ours, "TH-012\nBưu điện xã Đồng Lúa\n\nshop\npost_office\nyes\n".encode())
    done = run("given = answers.ask()\nprint('=' + json.dumps(given))", stdin=theirs)
    os.close(theirs)
    os.close(ours)
    given = json.loads(done.stdout.rpartition("=")[2])
    assert given == {"code": "TH-012", "name": "Bưu điện xã Đồng Lúa", "station": "01", "kind": "post_office",
                     "network": "yes"}  # fmt: skip
    assert done.stdout.count("]: ") == 6 and "does not fit" in done.stderr


def test_without_a_terminal_and_without_a_file_it_says_what_to_do() -> None:
    done = run("try:\n    answers.ask()\nexcept words.Stop as why:\n    print(why.english, why.code)")
    assert done.stdout == "The first installation asks five questions: run it in a terminal, or add --answers FILE. 2\n"


def test_what_a_file_leaves_out_is_as_shipped(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text('code = "TH-012"\nnetwork = true\nscreen_off_minutes = 20\n')
    given = json.loads(run(READ, tmp_path / "answers.toml").stdout)
    assert given["code"] == "TH-012" and given["network"] == "yes" and given["screen_off_minutes"] == "20"
    assert given["station"] == "01" and given["kind"] == "library"


@pytest.mark.parametrize(
    "text", ['code = "th 12"', 'color = "red"', 'power_key = "explode"', "code = ", 'name = "a\\"b"']
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "answers.toml").write_text(text)
    done = run(READ, tmp_path / "answers.toml")
    assert done.returncode == 3 and "answers.toml" in done.stdout and not done.stderr
    assert text.split(" ")[0] in done.stdout or text == "code = "


def test_the_settings_made_of_the_answers_are_those_that_the_station_reads(tmp_path: Path) -> None:
    shipped = (shipped_dir("policies") / "site.toml").read_text(encoding="utf-8")
    given = {"code": "TH-012", "name": "Thư viện “Lúa”", "station": "03", "kind": "library", "network": "yes"}
    code = "print(answers.site_toml(Path(sys.argv[1]).read_text('utf-8'), json.loads(sys.argv[2])), end='')"
    made = run(code, shipped_dir("policies") / "site.toml", json.dumps(given)).stdout
    (tmp_path / "site.toml").write_text(made, encoding="utf-8")
    (tmp_path / "policy.toml").write_bytes((shipped_dir("policies") / "library.toml").read_bytes())
    site, _policy = load_checked(Paths(tmp_path))
    assert (site.code, site.name, site.station, site.panel_listen) == ("TH-012", "Thư viện “Lúa”", "03", "0.0.0.0:8080")
    assert made.count("\n") == shipped.count("\n"), "with every comment"
