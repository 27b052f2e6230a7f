"""The three sign-in questions and the check of what the lock screen sends back.

Nothing is pre-selected, every question may be skipped, and no answer changes what a citizen gets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from kiosk.rules.answers import Answers as Answers
from kiosk.rules.policy import Policy
from kiosk.rules.tallies import tally_rows as tally_rows


class BadAnswer(ValueError):
    """Answers that the questions do not allow. The text names our own question, never what was sent."""


@dataclass(frozen=True)
class Option:
    """One tile. `label` and `sublabel` are message ids, `picture` a drawing, `excludes` other codes or ("*",)."""

    codes: tuple[str, ...]
    label: str
    picture: str
    sublabel: str | None = None
    excludes: tuple[str, ...] = ("*",)

    def as_message(self) -> dict[str, Any]:
        """As the lock screen receives it."""
        return {
            "codes": list(self.codes),
            "label": self.label,
            "sublabel": self.sublabel,
            "picture": self.picture,
            "excludes": list(self.excludes),
        }


@dataclass(frozen=True)
class Question:
    """One screen. `text` may hold the field `{year}`."""

    id: Literal["first", "person", "groups"]
    kind: Literal["one", "several"]
    text: str
    options: tuple[Option, ...]
    note: str | None = None

    def as_message(self) -> dict[str, Any]:
        """As the lock screen receives it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "note": self.note,
            "options": [option.as_message() for option in self.options],
        }


_AGES = (
    ("AGE_U16", "u16", "Under 16"),
    ("AGE_16_30", "16_30", "16 to 30"),
    ("AGE_31_59", "31_59", "31 to 59"),
    ("AGE_60P", "60p", "60 and over"),
)

FIRST = Question(
    "first",
    "one",
    "Since 1 January {year}, have you used a computer here before?",
    (
        Option(("FST_Y",), "No, this is the first time", "groups/first_yes"),
        Option(("FST_N",), "Yes, I have", "groups/first_no"),
        Option(("FST_U",), "I don't remember", "groups/first_unk"),
    ),
)
PERSON = Question(
    "person",
    "one",
    "Which picture is most like you?",
    tuple(
        Option((sex, age), label, f"people/person_{letter}_{picture}", sublabel)
        for sex, letter, label in (("SEX_F", "f", "Female"), ("SEX_M", "m", "Male"))
        for age, picture, sublabel in _AGES
    ),
)
GROUPS = Question(
    "groups",
    "several",
    "Which of these apply to you? You may choose several.",
    (
        Option(("GRP_POOR",), "My family is a poor household", "groups/grp_poor", excludes=("GRP_NEARPOOR",)),
        Option(("GRP_NEARPOOR",), "My family is a near-poor household", "groups/grp_nearpoor", excludes=("GRP_POOR",)),
        Option(("GRP_ETHMIN",), "Ethnic minority", "groups/grp_ethmin", excludes=()),
        Option(("GRP_DISAB",), "Person with a disability", "groups/grp_disab", excludes=()),
        Option(("GRP_OTHER",), "Another hardship", "groups/grp_other", excludes=()),
        Option(("GRP_NONE",), "None of these", "groups/grp_none"),
        Option(("GRP_U",), "Prefer not to answer", "groups/grp_decline"),
    ),
)

# DOMAIN.md: answers never change what a citizen gets, and the screen says so, before the first answer.
NOTE = "A few short questions help us serve you better. Answer or skip them: your use is the same."
# The same in few words, for a question whose tiles leave no room for more.
SHORT_NOTE = "Answer or skip: your use is the same."
ALL = {question.id: question for question in (FIRST, PERSON, GROUPS)}


def questions(policy: Policy) -> tuple[Question, ...]:
    """The questions that this policy asks, in its order; the first of them says what they are for."""
    asked = policy.questions
    wanted = {"first": asked.first, "person": asked.person, "groups": asked.groups}
    names = [*asked.order, *(name for name in ALL if name not in asked.order)]
    found = [ALL[name] for name in names if wanted[name]]
    note = NOTE if found[:1] == [FIRST] else SHORT_NOTE
    return tuple(replace(one, note=note) if one is found[0] else one for one in found)


def check_answers(asked: tuple[Question, ...], raw: object) -> Answers:
    """What the lock screen sent, as Answers; a question left out or empty was skipped. BadAnswer for anything else."""
    if not isinstance(raw, Mapping) or not raw.keys() <= {question.id for question in asked}:
        raise BadAnswer("answers to questions that are not asked")
    chosen = {question.id: _chosen(question, raw.get(question.id, [])) for question in asked}
    first = chosen.get("first") or ("FST_U",)
    person = chosen.get("person") or ("SEX_U", "AGE_UNK")
    groups = chosen.get("groups") or ("GRP_U",)
    return Answers(first[0], person[0], person[1], frozenset(groups))


def _chosen(question: Question, codes: object) -> tuple[str, ...]:
    """The codes chosen at one question, if they are tiles of it that may stand together."""
    if not isinstance(codes, (list, tuple)) or not all(isinstance(code, str) for code in codes):
        raise BadAnswer(f"question {question.id}: not a list of codes")
    if len(codes) > 16 or len(set(codes)) != len(codes):
        raise BadAnswer(f"question {question.id}: a code twice")
    if not codes:
        return ()
    if question.kind == "one":
        found = [option for option in question.options if set(option.codes) == set(codes)]
        if not found:
            raise BadAnswer(f"question {question.id}: not one of the tiles")
        return found[0].codes
    tiles = {option.codes[0]: option for option in question.options}
    if not set(codes) <= tiles.keys():
        raise BadAnswer(f"question {question.id}: not one of the tiles")
    for code in codes:
        excludes = tiles[code].excludes
        if any(other != code and ("*" in excludes or other in excludes) for other in codes):
            raise BadAnswer(f"question {question.id}: tiles that exclude each other")
    return tuple(codes)
