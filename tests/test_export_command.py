"""`kiosk export send` says what the province took and what it put aside, and ends so that a script knows it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from receiver import Receiver, receiving
from sending_station import Sender

from kiosk.cli import main


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path / "province", name="Tỉnh An Giang") as found:
        yield found


@pytest.fixture
def station(tmp_path: Path, theirs: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    """The command asks it, as it asks a service that runs."""
    with Sender(tmp_path / "home") as found:
        theirs.enrol(found.paths)
        found.days(3)

        def ask(_paths: object, _verb: str, **fields: str) -> object:
            return found.nightly.action(**fields)

        monkeypatch.setattr("kiosk.cli.offline.ask_or_open", ask)
        yield found


@pytest.mark.slow
def test_all_of_it_taken_is_good(station: Sender) -> None:
    done = CliRunner().invoke(main, ["export", "send"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[0] == "The province has confirmed 3 bundles just now."
    assert "aside" not in done.output and done.output.count("Tỉnh") == 1


@pytest.mark.slow
@pytest.mark.parametrize("refused", [1, 3])
def test_what_is_put_aside_is_said_and_ends_with_4(station: Sender, theirs: Receiver, refused: int) -> None:
    theirs.refuse = dict.fromkeys(("2026-11-19", "2026-11-20", "2026-11-21")[:refused], "SCHEMA")
    done = CliRunner().invoke(main, ["export", "send"])
    assert done.exit_code == 4, done.output
    first, second, *rest = done.output.splitlines()
    assert first == f"The province has confirmed {3 - refused} bundles just now."
    assert second.startswith(f"It has put {refused} bundles aside just now") and "below" in second
    assert sum("does not understand it" in line for line in rest) == refused
    done = CliRunner().invoke(main, ["export", "send", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["refused_now"]) == (4, refused)
    theirs.refuse.clear()
    assert CliRunner().invoke(main, ["export", "send"]).exit_code == 0, "an officer has let it in"
