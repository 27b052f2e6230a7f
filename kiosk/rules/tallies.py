"""Which counters one visit moves: the yes/no tables of DOMAIN.md, Disclosure, and the exact monthly ones.

Yes/no tables (sides `yes` and `no`); a *root* counts at once, a *child* waits for the release of its parent's window:

| table       | population                         | yes       | no        | parent            |
|-------------|------------------------------------|-----------|-----------|-------------------|
| SEX         | visits with a picture              | SEX_F     | SEX_M     | root              |
| AGE31       | visits with a picture              | AGE_31_59 | rest      | root              |
| AGE16       | the rest of AGE31                  | AGE_16_30 | rest      | AGE31 no          |
| AGEU16      | the rest of AGE16                  | AGE_U16   | AGE_60P   | AGE16 no          |
| ANY_FIRST   | question 3 answered, FST_Y         | ANY       | NONE      | root              |
| ANY_OTHER   | question 3 answered, FST_N, FST_U  | ANY       | NONE      | root              |
| POV         | ANY                                | POOR, NEARPOOR | neither | ANY_FIRST, ANY_OTHER yes |
| POOR        | POV                                | POOR      | NEARPOOR  | POV yes           |
| ETHMIN      | ANY                                | ETHMIN    | not       | ANY_FIRST, ANY_OTHER yes |
| DISAB       | ANY                                | DISAB     | not       | ANY_FIRST, ANY_OTHER yes |

A child is counted as `CHILD@ROOT`: pending, and to be handed down when that root's window is released (POV has two
roots, so the pending parts are kept apart). Pending and open counts never leave the station. POV, ETHMIN and DISAB are
one table each, fed by both roots: of the groups, FST is crossed with ANY only.

Every name ends in `:YYYY-MM`, the month in which the visit was counted: the month's end (disclosure.py) takes its own
answers only, also when the PC was off that day. (A visit over the midnight of a month counts with its end, because the
month of its start may have been told.) Exact by month are `FST` (sides FST_Y, FST_N, FST_U), `NO_PICTURE` (side
`visits`) and `GRP_U` (sides `first` and `not_first`). GRP_OTHER moves ANY and is never counted by itself.
"""

from kiosk.rules.answers import TARGET_GROUPS, Answers

ROOTS = ("SEX", "AGE31", "ANY_FIRST", "ANY_OTHER")
# child -> the parents it may wait for, and the side of theirs that is its population.
CHILDREN = {
    "AGE16": (("AGE31",), "no"),
    "AGEU16": (("AGE16",), "no"),
    "POV": (("ANY_FIRST", "ANY_OTHER"), "yes"),
    "POOR": (("POV",), "yes"),
    "ETHMIN": (("ANY_FIRST", "ANY_OTHER"), "yes"),
    "DISAB": (("ANY_FIRST", "ANY_OTHER"), "yes"),
}
MONTHLY = ("FST", "NO_PICTURE", "GRP_U")

Row = tuple[str, str]


def tally_rows(answers: Answers, month: str) -> tuple[Row, ...]:
    """The (table, side) pairs that a visit counted in `month` (YYYY-MM) adds one to."""
    rows = (*_picture(answers), *_groups(answers), ("FST", answers.first))
    return tuple((f"{table}:{month}", side) for table, side in rows)


def _side(yes: bool) -> str:
    return "yes" if yes else "no"


def _picture(answers: Answers) -> tuple[Row, ...]:
    if answers.sex == "SEX_U":
        return (("NO_PICTURE", "visits"),)
    rows = [("SEX", _side(answers.sex == "SEX_F")), ("AGE31", _side(answers.age == "AGE_31_59"))]
    if answers.age != "AGE_31_59":
        rows.append(("AGE16@AGE31", _side(answers.age == "AGE_16_30")))
        if answers.age != "AGE_16_30":
            rows.append(("AGEU16@AGE31", _side(answers.age == "AGE_U16")))
    return tuple(rows)


def _groups(answers: Answers) -> tuple[Row, ...]:
    first = answers.first == "FST_Y"
    if "GRP_U" in answers.groups:
        return (("GRP_U", "first" if first else "not_first"),)
    root = "ANY_FIRST" if first else "ANY_OTHER"
    if not answers.groups & TARGET_GROUPS:
        return ((root, "no"),)
    poor = "GRP_POOR" in answers.groups
    poverty = poor or "GRP_NEARPOOR" in answers.groups
    rows = [(root, "yes"), (f"POV@{root}", _side(poverty))]
    if poverty:
        rows.append((f"POOR@{root}", _side(poor)))
    rows.append((f"ETHMIN@{root}", _side("GRP_ETHMIN" in answers.groups)))
    rows.append((f"DISAB@{root}", _side("GRP_DISAB" in answers.groups)))
    return tuple(rows)
