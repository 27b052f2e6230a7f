"""Every sentence of a command or an error has its Vietnamese, and every catalogue is whole."""

import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kiosk.cli import main
from kiosk.cli.speaking import sentences

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
import asset_translations  # noqa: E402

CATALOGUES = sorted((ROOT / "web_ui" / "translations").glob("*/*.po"))


@pytest.mark.slow
def test_every_sentence_of_commands_and_errors_is_translated() -> None:
    found = extract_from_dir(ROOT / "kiosk", [("**.py", "python")], keywords={"_": None})
    used = {message for _, _, message, *_ in found if isinstance(message, str)} | sentences(main)
    assert len(used) > 100
    clicks = sentences_of_click()
    assert used - (known := in_vietnamese()) == set(), "without Vietnamese"
    assert known - used - clicks == set(), "no longer said"


def in_vietnamese() -> set[str]:
    """Every sentence of the catalogue of commands; of one with a plural, its singular."""
    with (ROOT / "web_ui" / "translations" / "vi" / "cli.po").open("rb") as file:
        return {asset_translations.forms(message.id)[0] for message in read_po(file) if message.id}


def sentences_of_click() -> set[str]:
    """What click asks gettext for, by its source."""
    keywords = {"_": None, "ngettext": (1, 2)}
    found = extract_from_dir(Path(click.__file__).parent, [("**.py", "python")], keywords=keywords)
    return {asset_translations.forms(message)[0] for _, _, message, *_ in found} | {"required"}


@pytest.mark.slow
def test_what_click_says_of_a_mistyped_command_is_translated() -> None:
    """Each mistake that can be made with our commands, on the real command line: nothing of it is English."""
    mistakes = (
        "nonsense", "statu", "status --nope", "status one", "status one two", "report --format pdf", "run --kind",
        "backup", "export write", "session start --minutes abc", "session start --minutes nan", "demo --days 0",
        "demo --days x", "restore --yes=1 x", "manager", "session ticket --days 1.5",
    )  # fmt: skip
    english = re.compile(r"\b(error|usage|no such|missing|invalid|is not|try|did you|unexpected|requires)\b", re.I)
    for typed in mistakes:
        vietnamese, told = on_the_command_line("vi_VN.UTF-8", typed), on_the_command_line("C.UTF-8", typed)
        assert vietnamese.returncode == told.returncode == 2, typed
        assert english.search(told.stderr + told.stdout), f"the control: {told.stderr}"
        assert not english.search(vietnamese.stderr + vietnamese.stdout), f"{typed}: {vietnamese.stderr}"


def test_help_is_vietnamese_where_the_terminal_is_and_keeps_its_example() -> None:
    vietnamese, english = (on_the_command_line(lang, "backup --help").stdout for lang in ("vi_VN.UTF-8", "C.UTF-8"))
    assert "Ví dụ:\n    kiosk backup /media/usb" in vietnamese and "Example:\n    kiosk backup /media/usb" in english
    assert "Tùy chọn" in vietnamese and "Bản" not in english
    words = {word for line in vietnamese.splitlines()[1:] for word in re.findall("[a-z]{3,}", line)}
    assert not words & {"the", "and", "are", "never", "this", "show", "print"}


def on_the_command_line(lang: str, typed: str) -> subprocess.CompletedProcess[str]:
    """What a terminal of that language is told."""
    env = {name: value for name, value in os.environ.items() if name not in ("LANGUAGE", "LC_ALL", "LC_MESSAGES")}
    command = [sys.executable, "-m", "kiosk", *typed.split()]
    return subprocess.run(command, env=env | {"LANG": lang}, cwd=ROOT, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: f"{po.parent.name}/{po.name}")
def test_a_catalogue_is_whole(po: Path) -> None:
    with po.open("rb") as file:
        catalog = read_po(file, locale=po.parent.name, abort_invalid=True)
    for message in catalog:
        if not message.id:
            continue
        texts = asset_translations.forms(message.string)
        assert all(texts), f"line {message.lineno}: no translation"
        assert not message.fuzzy, f"line {message.lineno}: fuzzy"
        for text in texts:
            assert unicodedata.is_normalized("NFC", text), f"line {message.lineno}: not NFC"
    assert asset_translations.mistakes(catalog) == []


def test_a_field_that_the_english_does_not_have_stops_the_build(tmp_path: Path) -> None:
    po = tmp_path / "vi" / "cli.po"
    po.parent.mkdir()
    po.write_text('msgid "{n} days"\nmsgstr "{days} ngày"\n', encoding="utf-8")
    with pytest.raises(RuntimeError, match="has other fields"):
        asset_translations.compiled(po)
    po.write_text('msgid "{n} days"\nmsgstr "{n} ngày}"\n', encoding="utf-8")
    with pytest.raises(RuntimeError, match="has other fields"):
        asset_translations.compiled(po)
    assert asset_translations.fields("{n} of {m!r:>3}") == {"n", "m"}
