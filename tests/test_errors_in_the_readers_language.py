"""Errors made in the service, whose own locale is C, reach each reader in their language: terminal and panel."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from store_support import ROOT, environment, reading
from web_faces import People, Station, free

from kiosk.errors import KioskError, RefusedError
from kiosk.export.run import exporter_for
from kiosk.rules.policy import Policy
from kiosk.service.checked_settings import load_checked
from kiosk.service.client import _answer
from kiosk.service.commands import Commands, _refused
from kiosk.service.first_run import write_settings
from kiosk.service.nightly import Nightly
from kiosk.service.panel import create_panel
from kiosk.service.parts import managers_of
from kiosk.service.refusals import refusal
from kiosk.settings import Paths
from kiosk.store import Store
from kiosk.translations import Said, _, said_in, together


class Clock:
    """A clock that stands."""

    def read(self) -> Any:
        return reading()


class Asker:
    """A peer that keeps what it is sent."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def send(self, line: bytes) -> None:
        self.lines.append(json.loads(line))


class Busy:
    """A station that refuses."""

    def status(self) -> dict[str, Any]:
        return {"state": "free", "export": {"trouble": None}}

    def do(self, *_order: object) -> None:
        raise refusal("busy")


@pytest.fixture
def world(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Commands, Nightly, Store]]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")  # as the supervisor starts the service
    paths = Paths(home)
    write_settings(paths)
    site, _policy = load_checked(paths)
    with Store(paths.store) as store:
        exporter = exporter_for(store, paths, site, Policy())
        nightly = Nightly(replace(exporter, to=home / "gone" / "no-such-stick"), Clock())  # type: ignore[arg-type]
        managers = managers_of(store, Policy(), Clock())  # type: ignore[arg-type]
        yield Commands(Busy(), managers, nightly, None, None, dict, lambda: None, dict, None), nightly, store  # type: ignore[arg-type]


def ask(commands: Commands, verb: str, **fields: Any) -> dict[str, Any]:
    """The reply to one command, when the thread of its own is through."""
    import threading

    asker = Asker()
    commands.handlers()[verb](asker, {"verb": verb, **fields})  # type: ignore[arg-type]
    for thread in threading.enumerate():
        if thread.name == "command":
            thread.join(20)
    (reply,) = asker.lines
    return reply


World = tuple[Commands, Nightly, Store]


def test_a_short_pin_and_a_taken_name_are_refused_in_the_askers_language(world: World) -> None:
    commands, _nightly, _store = world
    short = {"action": "add", "name": "Hoa", "pin": "12"}
    assert ask(commands, "manager", **short, lang="vi")["message"].startswith("Mã PIN")
    assert ask(commands, "manager", **short, lang="en")["message"].startswith("A PIN has at least 6")
    assert ask(commands, "manager", action="add", name="Hoa", pin="274916", lang="vi")["ok"]
    taken = ask(commands, "manager", action="add", name="Hoa", pin="274917", lang="vi")
    assert not taken["ok"] and "Hoa" in taken["message"]
    assert "manager named" not in taken["message"] and taken["hint"].startswith("Hãy")


def test_an_export_that_is_refused_and_a_session_that_is_are_told_in_vietnamese(world: World) -> None:
    commands, _nightly, _store = world
    day = ask(commands, "export", action="run", day="tomorrow", lang="vi")
    assert not day["ok"] and day["message"] == "tomorrow không phải là một ngày."
    busy = ask(commands, "session", action="start", lang="vi")
    assert busy["message"] == said_web("Somebody is using this computer.") and busy["exit_code"] == 4


def said_web(text: str) -> str:
    from kiosk.translations import translate

    found = translate("vi", "web", text)
    assert found != text, "the catalogue has it"
    return found


def test_a_command_typed_wrong_is_not_shown_as_trouble_of_the_export(world: World) -> None:
    _commands, nightly, _store = world
    for day in ("tomorrow", "2036-01-01"):
        with pytest.raises(KioskError):
            nightly.run(day)
    assert nightly.shown["trouble"] is None


def test_a_missing_stick_is_trouble_and_each_reader_has_it_in_their_language(world: World) -> None:
    commands, nightly, _store = world
    nightly.run("2026-11-21")
    trouble = nightly.shown["trouble"]
    assert "is not there." in trouble
    vietnamese = ask(commands, "export", action="status", lang="vi")["data"]["trouble"]
    assert "no-such-stick" in vietnamese and "is not there" not in vietnamese and "Hãy" in vietnamese
    assert ask(commands, "export", action="status", lang="en")["data"]["trouble"] == trouble
    with pytest.raises(RefusedError):
        nightly.run("2036-01-01")
    assert nightly.shown["trouble"] == trouble, "a refused command hides no trouble either"

    station = Station(free(export=nightly.shown))
    client = create_panel(station, People()).test_client()
    client.post("/sign-in", data={"pin": "274916"}, headers={"Sec-Fetch-Site": "same-origin"})
    what, _stop, _todo = vietnamese.partition(". ")
    assert what in client.get("/").text, "and what to do about it as a clerk can"


def test_a_station_with_bundles_says_so_from_its_first_moment(world: World) -> None:
    _commands, nightly, _store = world
    nightly.run("2026-11-21")
    again = Nightly(nightly._exporter, Clock())  # type: ignore[arg-type]
    assert again.shown["last_day"] == "2026-11-21"


@pytest.mark.parametrize("kind", [KioskError, *KioskError.__subclasses__()])
def test_an_error_of_the_service_keeps_its_exit_code_on_its_way_to_the_terminal(kind: type[KioskError]) -> None:
    with pytest.raises(KioskError) as raised:
        _answer(json.loads(_refused("vi", kind("Somebody is using this computer.", "Try again."))))
    assert raised.value.exit_code == kind.exit_code and "Somebody" not in raised.value.message


def test_a_sentence_keeps_what_it_needs_through_copies_and_joins() -> None:
    inner = _("{folder} is not there.", folder="/media/x")
    both = copy.deepcopy({"trouble": [together(inner, _("Choose another name."), "")]})
    assert isinstance(inner, Said)
    assert both["trouble"][0] == f"{inner} {_('Choose another name.')}"
    told = said_in("vi", both)["trouble"][0]
    assert "/media/x" in told and "is not there" not in told
    assert said_in("vi", {"plain": "is not there", "n": 3}) == {"plain": "is not there", "n": 3}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "said"), [("vi_VN.UTF-8", "Bộ nhớ của máy bị hỏng"), ("C.UTF-8", "This station's memory")]
)
def test_a_command_that_finds_the_memory_damaged_says_so_once_and_goes_on(home: Path, lang: str, said: str) -> None:
    Paths(home).store.parent.mkdir(parents=True)
    Paths(home).store.write_bytes(b"this is no database at all" * 99)
    env = {name: value for name, value in os.environ.items() if name not in ("LANGUAGE", "LC_ALL", "LC_MESSAGES")}
    told = [
        subprocess.run(
            [sys.executable, "-m", "kiosk", "manager", "list", "--json"],
            env=environment() | env | {"LANG": lang, "LC_ALL": lang}, cwd=ROOT, capture_output=True, text=True,
            timeout=60,
        )
        for _time in range(2)
    ]  # fmt: skip
    assert [(one.returncode, json.loads(one.stdout)) for one in told] == [(0, []), (0, [])]
    assert said in told[0].stderr and len(told[0].stderr.splitlines()) == 2 and told[1].stderr == ""
