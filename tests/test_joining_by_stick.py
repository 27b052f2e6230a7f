"""A PC without a network joins its province: its question goes on a stick, and the answer comes back the same way."""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from kiosk.errors import KioskError, RefusedError
from kiosk.export import enrolment, joining
from kiosk.export.enrolment import Enrolled
from kiosk.export.joining import Here
from kiosk.province.home import init
from kiosk.province.orders import carry_out
from kiosk.settings import Paths

HERE = Here("TH-012", "03", False, "2026-11-20T09:42:00+00:00")


class Places:
    """A province's home, a stick, and PCs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stick = folder, folder / "stick"
        self.stick.mkdir()
        self.home = folder / "province"
        init(self.home, "Thanh Hóa", ["https://127.0.0.1:8443"], datetime.now(timezone.utc))

    def code(self, station: str = "03") -> str:
        """A code on paper."""
        made: str = carry_out(self.home, "station code", site="TH-012", station=station)["codes"][0]["code"]
        return made

    def pc(self, name: str = "pc") -> Paths:
        """A PC."""
        paths = Paths(self.folder / name)
        paths.enrolment.mkdir(parents=True, mode=0o700, exist_ok=True)
        return paths

    def join(self, code: str, name: str = "pc", here: Here = HERE) -> Enrolled:
        """The command at the PC."""
        return joining.join(self.pc(name), str(self.stick), code, here, False, lambda _site, _station: None)[0]

    def ingest(self) -> int:
        """The command at the province; how many PCs have joined."""
        return int(carry_out(self.home, "ingest", source=str(self.stick))["joined"])

    def keys(self) -> list[str]:
        """Keys that the province knows."""
        found = carry_out(self.home, "station list")
        return [one["key"] or one["new_key"] for one in found if one["key"] or one["new_key"]]


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    yield Places(tmp_path)


def test_the_question_goes_and_the_answer_comes(places: Places) -> None:
    code = places.code()
    with pytest.raises(KioskError, match="lies on the stick"):
        places.join(code)
    assert enrolment.load(places.pc()) is None and places.keys() == []
    assert places.ingest() == 1
    joined = places.join(code)
    assert enrolment.load(places.pc()) == joined
    assert (joined.site, joined.station, joined.name, joined.way) == ("TH-012", "03", "Thanh Hóa", "file")
    assert places.keys() == [joined.key]
    assert list((places.stick / "enrol").iterdir()) == [], "the stick is as it was"


def test_nothing_of_the_code_is_on_the_stick(places: Places) -> None:
    code = places.code()
    with pytest.raises(KioskError):
        places.join(code)
    places.ingest()
    written = b"".join(path.read_bytes() for path in (places.stick / "enrol").iterdir())
    assert code[:4].encode() in written, "control: its first group finds it"
    assert not any(group.encode() in written for group in code.split("-")[1:])


def test_asking_twice_and_answering_twice_is_asking_once(places: Places) -> None:
    code = places.code()
    for _time in range(2):
        with pytest.raises(KioskError, match="lies on the stick"):
            places.join(code)
    assert [places.ingest(), places.ingest()] == [1, 0]
    first = places.join(code)
    assert places.keys() == [first.key]


def test_a_stick_that_was_lost_on_its_way_back_is_sent_again(places: Places) -> None:
    code = places.code()
    with pytest.raises(KioskError):
        places.join(code)
    places.ingest()
    for path in (places.stick / "enrol").iterdir():
        path.unlink()
    with pytest.raises(KioskError, match="lies on the stick"):
        places.join(code)
    assert places.ingest() == 1
    assert places.join(code).key == places.keys()[0]


def test_two_pcs_share_a_stick(places: Places) -> None:
    codes = {"a": places.code("03"), "b": places.code("04")}
    here = {"a": HERE, "b": Here("TH-012", "04", False, HERE.now)}
    for name, code in codes.items():
        with pytest.raises(KioskError, match="lies on the stick"):
            places.join(code, name, here[name])
    assert places.ingest() == 2
    assert [places.join(code, name, here[name]).station for name, code in codes.items()] == ["03", "04"]


@pytest.mark.parametrize("field", ["answer", "mac"])
def test_an_answer_that_somebody_changed_is_not_believed(places: Places, field: str) -> None:
    code = places.code()
    with pytest.raises(KioskError):
        places.join(code)
    places.ingest()
    (path,) = (places.stick / "enrol").glob("*.answer.json")
    told = json.loads(path.read_text())
    told[field] = told[field].replace("TH-012", "TH-013") if field == "answer" else "0" * 64
    path.write_text(json.dumps(told))
    with pytest.raises(RefusedError, match="somebody may stand in between"):
        places.join(code)
    assert enrolment.load(places.pc()) is None


def test_a_wrong_code_is_refused_and_may_be_corrected(places: Places) -> None:
    code = places.code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    with pytest.raises(KioskError):
        places.join(wrong)
    assert places.ingest() == 0
    with pytest.raises(RefusedError, match="does not know this code"):
        places.join(wrong)
    with pytest.raises(KioskError, match="lies on the stick"):
        places.join(code)
    assert places.ingest() == 1
    assert places.join(code).site == "TH-012"


@pytest.mark.parametrize("cut", [0, 1, 40])
def test_a_file_that_was_cut_off_is_asked_and_answered_anew(places: Places, cut: int) -> None:
    code = places.code()
    with pytest.raises(KioskError):
        places.join(code)
    (question,) = (places.stick / "enrol").iterdir()
    whole = question.read_bytes()
    question.write_bytes(whole[:cut])
    assert places.ingest() == 0, "half a question is none"
    with pytest.raises(KioskError, match="lies on the stick"):
        places.join(code)
    assert question.read_bytes() == whole and places.ingest() == 1
    (answer,) = (places.stick / "enrol").glob("*.answer.json")
    answer.write_bytes(answer.read_bytes()[:cut])
    with pytest.raises(KioskError, match="lies on the stick"):
        places.join(code)
    assert places.ingest() == 1 and places.join(code).site == "TH-012"


def test_a_stick_that_is_not_there_is_said(places: Places) -> None:
    code = places.code()
    places.stick.rmdir()
    with pytest.raises(KioskError, match="is not there"):
        places.join(code)
    assert not os.path.exists(places.stick), "no mount point is made up"
