"""The README says what is there: its commands, paths, addresses and exit codes are held to the program itself."""

import os
import re
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from babel.messages.pofile import read_po

from kiosk import errors
from kiosk.cli import main
from kiosk.export.formats import Manifest
from kiosk.settings import Site

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / "web_ui" / "drawings" / "readme" / "visit.svg"
CODE = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE))
SHOWN = [
    line for block in re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE) for line in block.splitlines()
]


def leaves(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be run, with its words."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    for word, child in command.commands.items():
        yield from leaves(child, f"{name} {word}")


COMMANDS = dict(leaves(main, "kiosk"))
GROUPS = {name: child for name, child in main.commands.items() if isinstance(child, click.Group)}


def test_it_is_short() -> None:
    """Three pages apart: the bundle, which replaces a specification, who is kept from what, and scale."""
    rest = README
    for head in ("## A bundle on one page", "## Who is kept from what", "## Scale"):
        page = README.partition(head)[2].partition("\n## ")[0]
        assert page and len(page.splitlines()) <= 50
        rest = rest.replace(page, "")
    assert len(rest.splitlines()) <= 190


def test_every_command_is_in_the_table_and_the_table_names_no_other() -> None:
    table = [
        code
        for row in README.splitlines()
        if row.startswith("| `kiosk ")
        for code in re.findall("`(kiosk [^`]+)`", row)
    ]
    assert sorted(table) == sorted(COMMANDS)


@pytest.mark.parametrize("line", SHOWN)
def test_a_command_shown_exists_with_its_options(line: str) -> None:
    script, *words = shlex.split(line, comments=True)
    # `kiosk` alone stands where a package was installed.
    assert script == "kiosk" or os.access(ROOT / script, os.X_OK), f"{script} cannot be run"
    if script not in ("kiosk", "scripts/kiosk"):
        return
    name = next(one for one in COMMANDS if ["kiosk", *words][: len(one.split())] == one.split())
    rest = words[len(name.split()) - 1 :]
    COMMANDS[name].make_context(name, rest, resilient_parsing=False)
    helped = subprocess.run(
        [sys.executable, "-m", "kiosk", *name.split()[1:], "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert helped.returncode == 0 and "Example:" in helped.stdout, helped.stderr


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_every_group_helps_with_an_example_of_one_of_its_commands(name: str) -> None:
    helped = GROUPS[name].get_help(click.Context(GROUPS[name], info_name=f"kiosk {name}"))
    shown = re.search(r"Example:\n +(kiosk .*)", helped)
    assert shown and any(shown[1].startswith(f"{one} ") or shown[1] == one for one in COMMANDS), helped


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_helps_with_an_example_that_can_be_typed(name: str) -> None:
    helped = COMMANDS[name].get_help(click.Context(COMMANDS[name], info_name=name))
    shown = re.search(r"Examples?:\n(.*?)(\n\n|\Z)", helped, re.DOTALL)
    assert shown, helped
    for line in shown[1].splitlines():
        words = shlex.split(line.split("|")[-1 if "| kiosk" in line else 0].split(" > ")[0], comments=True)
        assert " ".join(words).startswith(name), f"an example of something else: {line}"
        arguments = words[len(name.split()) :]
        COMMANDS[name].make_context(name, arguments, resilient_parsing=False)


def test_whoever_is_kept_from_something_is_so_by_tests_that_exist() -> None:
    page = README.partition("## Who is kept from what")[2].partition("\nNot defended")[0]
    rows = [row for row in page.splitlines() if row.startswith("| ") and "is kept from it by" not in row]
    assert len(rows) >= 10
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row.split("|")[-2])
        assert named, row
        for name in named:
            assert (ROOT / "tests" / f"{name}.py").is_file(), name


def test_options_named_in_the_tables_exist() -> None:
    kind = next(option for option in COMMANDS["kiosk run"].params if option.name == "kind")
    assert "--kind post_office" in CODE and "post_office" in getattr(kind.type, "choices", ())
    for switch in ("--fast ", "--faults ", "--engines "):
        assert switch in README and switch in (ROOT / "scripts" / "test").read_text()


def test_the_exit_codes_are_those_of_the_errors() -> None:
    said = dict(re.findall(r"(\d) ([a-z ]+)", re.search(r"^Exit codes: (.*)$", README, re.MULTILINE)[1]))  # type: ignore[index]
    kinds = [errors.KioskError, *errors.KioskError.__subclasses__()]
    named = {"failed": errors.KioskError, "usage": errors.UsageError, "bad settings or policy": errors.SettingsError,
             "refused": errors.RefusedError, "damaged data": errors.DamagedError}  # fmt: skip
    assert {kind for kind in kinds if kind.__module__ == "kiosk.errors"} == set(named.values())
    assert said == {"0": "good"} | {str(kind.exit_code): words for words, kind in named.items()}


def test_every_room_is_named_and_every_named_place_of_the_tree_exists() -> None:
    places = {code for code in CODE if re.fullmatch(r"(kiosk|web_ui|policies|scripts|tests)/[\w/.]*", code)}
    assert {ROOT / place for place in places} >= {path.parent for path in (ROOT / "kiosk").glob("*/__init__.py")}
    assert [place for place in places if not (ROOT / place).exists()] == []


@pytest.mark.slow
def test_every_named_place_of_the_home_is_made_by_the_first_command(home: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "kiosk", "manager", "list"], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    named = {code.removeprefix("var/") for code in CODE if code.startswith("var/")}
    assert named == {"", "site.toml", "policy.toml", "store/kiosk.db", "outbox/"}
    assert [name for name in named if not (home / name).exists()] == []


def test_addresses_users_and_the_name_of_a_bundle_are_the_shipped_ones() -> None:
    shipped = (ROOT / "policies" / "site.toml").read_text(encoding="utf-8")
    for address in (Site.panel_listen, Site.menu_listen):
        assert f"http://{address}" in CODE and f'listen = "{address}"' in shipped
    users = (ROOT / "scripts" / "set_up" / "users.sh").read_text()
    made = re.search(r'for user in (.*) "\$@"; do', users)
    assert made and set(made[1].split()) == {code for code in CODE if re.fullmatch(r"kiosk(-\w+)?", code)}
    bundle = Manifest("TH-000", "01", "", "2026-11-21", 1, 1, "", "", "", "", {})
    assert bundle.name in CODE and 'code = "TH-000"' in shipped


def test_the_picture_is_whole_needs_nothing_from_outside_and_is_shown() -> None:
    tree = ElementTree.parse(PICTURE)
    assert PICTURE.relative_to(ROOT).as_posix() in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    ids = {element.get("id") for element in tree.iter()}
    links = [value for element in tree.iter() for key, value in element.attrib.items() if key.endswith("href")]
    assert len(links) > 20 and [link for link in links if link.removeprefix("#") not in ids] == []
    assert not re.search(r"url\((?!#)|@import|<image|<script|<foreignObject", PICTURE.read_text(encoding="utf-8"))


def spoken(text: str) -> str:
    """Without numbers and capitals: a field of a catalogue and a number on the picture are the same."""
    return re.sub(r"\{\w+\}|\d+", "0", " ".join(text.split())).casefold()


def test_the_picture_speaks_with_the_words_of_the_screens() -> None:
    said: list[str] = []
    for name in ("screens", "web"):
        with (ROOT / "web_ui" / "translations" / "vi" / f"{name}.po").open("rb") as file:
            said += [spoken(str(message.string)) for message in read_po(file) if message.id]
    texts = [
        "".join(e.itertext()).removeprefix("+ ") for e in ElementTree.parse(PICTURE).iter() if e.tag.endswith("}text")
    ]
    vietnamese = [text for text in texts if not text.isascii()]
    assert len(vietnamese) >= 20
    assert [text for text in vietnamese if unicodedata.normalize("NFC", text) != text] == []
    assert [text for text in vietnamese if not any(spoken(text) in one for one in said)] == []
