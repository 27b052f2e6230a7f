"""Every sentence of a command or an error has its Vietnamese, and every catalogue is whole."""

import sys
import unicodedata
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
import asset_translations  # noqa: E402

CATALOGUES = sorted((ROOT / "web_ui" / "translations").glob("*/*.po"))


def test_every_sentence_of_commands_and_errors_is_translated() -> None:
    found = extract_from_dir(ROOT / "kiosk", [("**.py", "python")], keywords={"_": None})
    used = {message for _, _, message, *_ in found if isinstance(message, str)}
    assert len(used) > 100
    with (ROOT / "web_ui" / "translations" / "vi" / "cli.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.id}
    assert used - known == set(), "without Vietnamese"
    assert known - used == set(), "no longer said"


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
