"""What the lock screen may send, and which counters it moves (DOMAIN.md, Disclosure)."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import SettingsError
from kiosk.rules.answers import Answers
from kiosk.rules.policy import parse_policy
from kiosk.rules.questions import BadAnswer, check_answers, questions, tally_rows
from kiosk.rules.tallies import CHILDREN, MONTHLY, ROOTS
from kiosk.service.hearing import Hearing

ASKED = questions(parse_policy({}))
MONTH = "2026-11"


def counted(answers: Answers) -> list[tuple[str, str]]:
    """The rows of a visit, without the month that each of them names."""
    assert all(table.endswith(f":{MONTH}") for table, _side in tally_rows(answers, MONTH))
    return [(table.removesuffix(f":{MONTH}"), side) for table, side in tally_rows(answers, MONTH)]


def rows(**raw: list[str]) -> set[tuple[str, str]]:
    found = counted(check_answers(ASKED, raw))
    assert len(set(found)) == len(found)
    return set(found)


def test_skipping_everything_is_a_full_answer() -> None:
    nothing: list[dict[str, list[str]]] = [{}, {"first": [], "person": [], "groups": []}]
    for raw in nothing:
        assert check_answers(ASKED, raw) == Answers("FST_U", "SEX_U", "AGE_UNK", frozenset({"GRP_U"}))


def test_answers_survive_the_live_row() -> None:
    raw = {"first": ["FST_Y"], "person": ["SEX_F", "AGE_16_30"], "groups": ["GRP_POOR", "GRP_ETHMIN"]}
    answers = check_answers(ASKED, raw)
    assert answers.codes() == ("FST_Y", "SEX_F", "AGE_16_30", "GRP_ETHMIN", "GRP_POOR")
    assert Answers.from_codes(list(answers.codes())) == answers


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "FST_Y",
        {"first": "FST_Y"},
        {"first": ["FST_Y", "FST_N"]},
        {"first": ["FST_Y", "FST_Y"]},
        {"first": ["SEX_F"]},
        {"first": [1]},
        {"first": [None]},
        {"first": {"FST_Y": 1}},
        {"person": ["SEX_F"]},
        {"person": ["AGE_U16", "AGE_60P"]},
        {"person": ["SEX_F", "SEX_M", "AGE_U16"]},
        {"groups": ["GRP_POOR", "GRP_NEARPOOR"]},
        {"groups": ["GRP_NONE", "GRP_POOR"]},
        {"groups": ["GRP_DISAB", "GRP_U"]},
        {"groups": ["GRP_NONE", "GRP_U"]},
        {"groups": ["GRP_POOR"] * 1000},
        {"occupation": ["OCC_1"]},
        {1: 2},
    ],
)
def test_answers_that_the_tiles_do_not_allow_are_refused_and_not_repeated(raw: Any) -> None:
    with pytest.raises(BadAnswer) as caught:
        check_answers(ASKED, raw)
    assert not any(word in str(caught.value) for word in ("FST_", "SEX_", "AGE_", "GRP_", "OCC", "occupation"))


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["FST_Y", "SEX_F", "GRP_U"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(json_like | st.dictionaries(st.sampled_from(["first", "person", "groups"]), json_like))
def test_nothing_that_is_sent_raises_anything_else(raw: Any) -> None:
    try:
        answers = check_answers(ASKED, raw)
    except BadAnswer:
        return
    assert tally_rows(answers, MONTH)


def test_a_question_that_is_not_asked_is_not_answered() -> None:
    asked = questions(parse_policy({"questions": {"person": False}}))
    assert [question.id for question in asked] == ["first", "groups"]
    with pytest.raises(BadAnswer):
        check_answers(asked, {"person": ["SEX_F", "AGE_U16"]})
    assert check_answers(asked, {"first": ["FST_N"]}).sex == "SEX_U"


def test_the_tiles_are_those_of_the_drawings() -> None:
    first, person, groups = (question.as_message() for question in ASKED)
    assert first["options"][0] == {
        "codes": ["FST_Y"],
        "label": "No, this is the first time",
        "sublabel": None,
        "picture": "groups/first_yes",
        "excludes": ["*"],
    }
    assert [option["picture"] for option in person["options"]][::4] == ["people/person_f_u16", "people/person_m_u16"]
    assert len(person["options"]) == 8 and len({tuple(option["codes"]) for option in person["options"]}) == 8
    assert [option["codes"][0] for option in groups["options"]] == [
        "GRP_POOR", "GRP_NEARPOOR", "GRP_ETHMIN", "GRP_DISAB", "GRP_OTHER", "GRP_NONE", "GRP_U",
    ]  # fmt: skip
    assert groups["kind"] == "several" and all(len(question.options) <= 9 for question in ASKED)


def test_a_skipped_visit_moves_only_the_exact_monthly_counts() -> None:
    assert rows() == {("FST", "FST_U"), ("NO_PICTURE", "visits"), ("GRP_U", "not_first")}
    assert rows(first=["FST_Y"]) == {
        ("FST", "FST_Y"), ("NO_PICTURE", "visits"), ("GRP_U", "first"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("age", "tables"),
    [
        ("AGE_31_59", {("AGE31", "yes")}),
        ("AGE_16_30", {("AGE31", "no"), ("AGE16@AGE31", "yes")}),
        ("AGE_U16", {("AGE31", "no"), ("AGE16@AGE31", "no"), ("AGEU16@AGE31", "yes")}),
        ("AGE_60P", {("AGE31", "no"), ("AGE16@AGE31", "no"), ("AGEU16@AGE31", "no")}),
    ],
)
@pytest.mark.parametrize(("sex", "side"), [("SEX_F", "yes"), ("SEX_M", "no")])
def test_a_picture_moves_sex_and_the_chain_of_ages(age: str, tables: set[Any], sex: str, side: str) -> None:
    assert rows(person=[sex, age]) - rows() == tables | {("SEX", side)}


@pytest.mark.parametrize(("first", "root"), [("FST_Y", "ANY_FIRST"), ("FST_N", "ANY_OTHER"), ("FST_U", "ANY_OTHER")])
@pytest.mark.parametrize(
    ("groups", "inside"),
    [
        (["GRP_POOR"], {("POV", "yes"), ("POOR", "yes"), ("ETHMIN", "no"), ("DISAB", "no")}),
        (["GRP_NEARPOOR"], {("POV", "yes"), ("POOR", "no"), ("ETHMIN", "no"), ("DISAB", "no")}),
        (["GRP_ETHMIN"], {("POV", "no"), ("ETHMIN", "yes"), ("DISAB", "no")}),
        (["GRP_DISAB"], {("POV", "no"), ("ETHMIN", "no"), ("DISAB", "yes")}),
        (["GRP_OTHER"], {("POV", "no"), ("ETHMIN", "no"), ("DISAB", "no")}),
        (
            ["GRP_OTHER", "GRP_DISAB", "GRP_ETHMIN", "GRP_POOR"],
            {("POV", "yes"), ("POOR", "yes"), ("ETHMIN", "yes"), ("DISAB", "yes")},
        ),
    ],
)
def test_groups_move_any_by_first_and_wait_inside_it(
    first: str, root: str, groups: list[str], inside: set[tuple[str, str]]
) -> None:
    expected = {(root, "yes")} | {(f"{table}@{root}", side) for table, side in inside}
    assert rows(first=[first], groups=groups) - rows(first=[first]) == expected


@pytest.mark.parametrize(("first", "root"), [("FST_Y", "ANY_FIRST"), ("FST_N", "ANY_OTHER")])
def test_none_of_these_is_a_no_and_nothing_inside(first: str, root: str) -> None:
    assert rows(first=[first], groups=["GRP_NONE"]) - rows(first=[first]) == {(root, "no")}


def every_visit() -> list[Answers]:
    """All 3 × 9 × 25 ways to answer."""
    four = ("GRP_POOR", "GRP_NEARPOOR", "GRP_ETHMIN", "GRP_DISAB", "GRP_OTHER")
    sets = [[code for code, on in zip(four, bits, strict=True) if on] for bits in product((0, 1), repeat=5)]
    sets = [one for one in sets if not {"GRP_POOR", "GRP_NEARPOOR"} <= set(one)]
    pictures = [
        [],
        *([sex, age] for sex in ("SEX_F", "SEX_M") for age in ("AGE_U16", "AGE_16_30", "AGE_31_59", "AGE_60P")),
    ]
    return [
        check_answers(ASKED, {"first": [first], "person": person, "groups": groups})
        for first in ("FST_Y", "FST_N", "FST_U")
        for person in pictures
        for groups in [*sets, ["GRP_NONE"]]
    ]


def test_over_all_visits_each_table_counts_exactly_its_population() -> None:
    visits = every_visit()
    assert len(visits) == 3 * 9 * 25
    counts: dict[tuple[str, str], int] = {}
    for visit in visits:
        for row in counted(visit):
            counts[row] = counts.get(row, 0) + 1

    def total(table: str) -> int:
        return counts.get((table, "yes"), 0) + counts.get((table, "no"), 0)

    pictured = sum(visit.sex != "SEX_U" for visit in visits)
    assert total("SEX") == total("AGE31") == pictured
    assert total("AGE16@AGE31") == counts["AGE31", "no"]
    assert total("AGEU16@AGE31") == counts["AGE16@AGE31", "no"]
    for root in ("ANY_FIRST", "ANY_OTHER"):
        for child in ("POV", "ETHMIN", "DISAB"):
            assert total(f"{child}@{root}") == counts[root, "yes"]
        assert total(f"POOR@{root}") == counts[f"POV@{root}", "yes"]
    declined = counts["GRP_U", "first"] + counts["GRP_U", "not_first"]
    assert total("ANY_FIRST") + total("ANY_OTHER") + declined == len(visits)
    assert counts["NO_PICTURE", "visits"] == len(visits) - pictured
    assert sum(counts["FST", side] for side in ("FST_Y", "FST_N", "FST_U")) == len(visits)


def test_another_hardship_is_never_counted_by_itself_and_no_table_is_unknown() -> None:
    tables = {row[0] for visit in every_visit() for row in counted(visit)}
    assert not any("OTHER" in table.split("@")[0].removeprefix("ANY_OTHER") for table in tables)
    for table in tables:
        name, _, root = table.partition("@")
        if root:
            assert name in CHILDREN and root in ROOTS
        else:
            assert name in ROOTS or name in MONTHLY


def test_an_answer_to_a_question_that_was_switched_off_meanwhile_is_dropped_and_the_citizen_let_in() -> None:
    policy = parse_policy({"questions": {"groups": False}})
    hearing: Any = SimpleNamespace(_station=SimpleNamespace(policy=policy))
    sent = {"first": ["FST_Y"], "groups": ["GRP_POOR"]}
    with pytest.raises(BadAnswer):
        check_answers(questions(policy), sent)
    kept = Hearing._still_asked(hearing, sent)
    assert kept == {"first": ["FST_Y"]} and check_answers(questions(policy), kept).groups == {"GRP_U"}
    with pytest.raises(BadAnswer):
        check_answers(questions(policy), Hearing._still_asked(hearing, {**sent, "name": ["x"]}))


def test_questions_stand_in_the_order_of_the_policy() -> None:
    usual, turned = ["first", "person", "groups"], ["groups", "person", "first"]
    for order, names in ((turned, turned), (["groups"], ["groups", "first", "person"]), ([], usual)):
        assert [one.id for one in questions(parse_policy({"questions": {"order": order}}))] == names
    with pytest.raises(SettingsError):
        parse_policy({"questions": {"order": ["first", "first"]}})
