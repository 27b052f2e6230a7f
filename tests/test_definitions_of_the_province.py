"""Every figure of the province has its words: one place, the station's where it is the same, true to the numbers."""

import re
import unicodedata
from itertools import groupby

import pytest
from babel.messages.pofile import read_po

from kiosk.province.indicators import defined_goals, effective, growth
from kiosk.province.indicators.definitions import DEFINITIONS, GROUPS, Definition
from kiosk.province.indicators.parts import PARTS
from kiosk.province.indicators.trend_months import FAST
from kiosk.province.indicators.value import REASONS
from kiosk.rules.indicators import ANSWERS, INDICATORS
from kiosk.rules.journal import CODES as JOURNAL
from kiosk.rules.journal import LEVELS
from kiosk.rules.themes import THEME_CODES
from kiosk.translations import web_ui_dir

# What a station reckons in the same way, so that both say it by the same words.
SAME = ("VISITS", "TOO_SHORT", "PC_HOURS", "NET_HOURS", "OPEN_HOURS", "USE_RATE", "ASSISTED", "EXTENSIONS", "PAGES",
        "UNCLEAN", *(code for code in JOURNAL if code not in LEVELS))  # fmt: skip
FIELD = re.compile(r"\{(\w+)\}")


def vietnamese() -> dict[str, str]:
    with (web_ui_dir() / "translations" / "vi" / "web.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id}


def test_what_is_reckoned_is_defined_and_nothing_else() -> None:
    assert {code for part in PARTS for code in part.codes} == set(DEFINITIONS)
    assert set(DEFINITIONS) >= FAST
    assert {f"OPENS_{code}" for code in THEME_CODES} < set(DEFINITIONS)
    assert {one.code for answers in ANSWERS.values() for one in answers} < set(DEFINITIONS)


def test_they_stand_in_their_groups_in_the_order_in_which_groups_are_shown() -> None:
    assert [group for group, _some in groupby(one.group for one in DEFINITIONS.values())] == list(GROUPS)
    assert all(code == one.code for code, one in DEFINITIONS.items())


def test_what_a_station_reports_in_the_same_way_has_its_very_words() -> None:
    for code in SAME:
        mine, station = DEFINITIONS[code], INDICATORS[code]
        assert mine.formula is station.formula and mine.label is station.label and mine.version == station.version
    shared = {code for code in DEFINITIONS if code in INDICATORS and DEFINITIONS[code].label is INDICATORS[code].label}
    assert {"FIRST", "PLANNED_DAYS", "REPORTED_DAYS", "OPEN_DAYS"} < shared


@pytest.mark.parametrize("one", DEFINITIONS.values(), ids=lambda one: one.code)
def test_every_word_of_it_is_vietnamese_too_with_the_same_numbers_in_it(one: Definition) -> None:
    known = vietnamese()
    for text in (one.label, one.formula, *([one.unit] if one.unit not in ("", "%") else [])):
        said = known[text]
        assert said and said == unicodedata.normalize("NFC", said)
        assert sorted(FIELD.findall(said)) == sorted(FIELD.findall(text)) or set(FIELD.findall(said)) == set(
            FIELD.findall(text)
        )
        filled = said.format(**(one.values or {}))
        assert "{" not in filled and "thiệt thòi" not in filled and "yếu thế" not in filled
    assert set(FIELD.findall(one.formula)) == set(one.values or {})
    assert one.source and re.fullmatch(r"\d+\.\d+", one.version)


def test_labels_are_told_apart() -> None:
    """Of what stands in one group no two are called alike, in either language."""
    known = vietnamese()
    for _group, some in groupby(DEFINITIONS.values(), key=lambda one: one.group):
        labels = [one.label for one in some]
        assert len(set(labels)) == len(labels) == len({known[one] for one in labels})


def test_reasons_and_groups_are_vietnamese_too() -> None:
    assert {*REASONS.values(), *GROUPS.values()} <= set(vietnamese())


def test_the_limits_in_words_are_those_that_are_reckoned_by() -> None:
    assert (defined_goals.VISITS_MET, defined_goals.VISITS_HIGH, defined_goals.USERS_MET) == (
        growth.MET, growth.HIGH, growth.MET,
    )  # fmt: skip
    assert effective.MET == defined_goals.EFFECTIVE_MET and defined_goals.EFFECTIVE_MONTHS * 4 == 300


@pytest.mark.parametrize("code", growth.CODES)
def test_a_growth_says_whose_it_is(code: str) -> None:
    """Of project and potential sites, while the first goal is of the frozen list alone: nobody may mix them up."""
    formula = DEFINITIONS[code].formula
    assert "project and potential" in formula and "cả điểm dự án và điểm tiềm năng" in vietnamese()[formula]
    assert not code.startswith("TARGET") or "of the same sites" in formula
    assert code.startswith("TARGET") or "there on all of these days" in formula
