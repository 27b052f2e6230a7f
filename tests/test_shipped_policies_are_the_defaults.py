"""policies/*.toml hold every key with the default of DOMAIN.md, and are readable in both languages."""

import tomllib
import unicodedata
from pathlib import Path

import pytest
from pydantic import BaseModel

from kiosk.rules.policy import Policy, parse_policy
from kiosk.rules.policy_of_a_session import HoursPolicy

POLICIES = Path(__file__).resolve().parent.parent / "policies"
NAMES = ("library", "post_office")


def read(name: str) -> str:
    return (POLICIES / f"{name}.toml").read_text(encoding="utf-8")


def uncommented(text: str, first: str, count: int) -> str:
    """The text with `count` lines from the line `first` on freed of their #."""
    lines = text.splitlines()
    start = lines.index(first)
    lines[start : start + count] = [line.removeprefix("# ") for line in lines[start : start + count]]
    return "\n".join(lines)


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_the_default(name: str) -> None:
    policy, default = parse_policy(tomllib.loads(read(name))), Policy()
    for section in Policy.model_fields:
        if section not in ("hours", "fee", "program"):
            assert getattr(policy, section) == getattr(default, section), section
    # Nobody knows a site's hours before the site has said them: a guess must not close its PCs.
    assert policy.hours is None


@pytest.mark.parametrize("name", NAMES)
def test_the_office_is_offered_where_it_is_installed(name: str) -> None:
    writer, calc = parse_policy(tomllib.loads(read(name))).program
    assert (writer.name.vi, writer.name.en, writer.icon) == ("Soạn văn bản", "Write a text", "programs/write")
    assert calc.command == "libreoffice --calc --nologo --norestore"
    # A site that removes both wants none.
    assert Policy().program == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_commented_hours_are_right_once_uncommented(name: str) -> None:
    policy = parse_policy(tomllib.loads(uncommented(read(name), "# [hours]", 8)))
    assert policy.hours is not None
    assert [str(one) for one in policy.hours.saturday] == ["07:30–11:30", "13:30–17:00"]
    assert policy.hours.sunday == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_key_stands_in_the_file(name: str) -> None:
    data = tomllib.loads(uncommented(uncommented(read(name), "# [hours]", 8), "# begins = 2027-01-15", 2))
    for section, field in Policy.model_fields.items():
        model = field.annotation if isinstance(field.annotation, type) else None
        if model is not None and issubclass(model, BaseModel):
            assert set(data[section]) == set(model.model_fields), section
    days = set(HoursPolicy.model_fields) - {"exceptions"}
    assert set(data["hours"]) == days


def test_only_the_post_office_speaks_of_fees() -> None:
    library, post = (parse_policy(tomllib.loads(read(name))).fee for name in NAMES)
    assert (library.vi, library.en) == ("", "")
    assert (post.vi, post.en) == ("Giá sử dụng: xem bảng giá tại quầy", "Fees: see the price list at the desk")


@pytest.mark.parametrize("name", NAMES)
def test_the_commented_example_of_a_holiday_is_right_once_uncommented(name: str) -> None:
    text = uncommented(uncommented(read(name), "# [hours]", 8), "# [[hours.exceptions]]", 4)
    policy = parse_policy(tomllib.loads(text))
    assert policy.hours is not None and policy.hours.exceptions[0].note == "Quốc khánh"


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_composed_and_fits_a_terminal(name: str) -> None:
    text = read(name)
    assert unicodedata.is_normalized("NFC", text)
    assert max(map(len, text.splitlines())) <= 125
