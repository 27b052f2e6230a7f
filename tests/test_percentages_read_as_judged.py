"""A percentage never reads otherwise than its verdict: it gets as many digits as that needs, and no more."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.province.indicators.effective import sites_verdict
from kiosk.province.indicators.growth import users_verdict, visits_verdict
from kiosk.province.indicators.saying import judged
from kiosk.province.indicators.value import Verdict, percent

Judge = Callable[[Decimal], Verdict]
JUDGES = (users_verdict, visits_verdict, sites_verdict)


@given(st.integers(-3_000, 3_000), st.integers(1, 3_000), st.sampled_from(JUDGES))
def test_what_is_read_has_the_verdict_of_what_is_meant(part: int, whole: int, judge: Judge) -> None:
    said, verdict = judged(part, whole, judge)
    assert verdict == judge(Decimal(100 * part) / whole) == judge(said)
    digits = -int(said.as_tuple().exponent)
    assert said == percent(part, whole, digits)
    assert digits == 1 or judge(percent(part, whole, digits - 1)) != verdict


@pytest.mark.parametrize(
    ("part", "whole", "judge", "said", "verdict"),
    [
        (296, 10_000, users_verdict, "2.96", "not_met"),
        (300, 10_000, users_verdict, "3.0", "met"),
        (2_996, 100_000, visits_verdict, "2.996", "not_met"),
        (496, 10_000, visits_verdict, "4.96", "met"),
        (7_996, 10_000, sites_verdict, "79.96", "not_met"),
        (9_999, 10_000, sites_verdict, "99.99", "met"),
        (112, 112, sites_verdict, "100.0", "high"),
        (-1, 2_501, visits_verdict, "0.0", "not_met"),
    ],
)  # fmt: skip
def test_digits_by_hand(part: int, whole: int, judge: Judge, said: str, verdict: str) -> None:
    assert (str(judged(part, whole, judge)[0]), judged(part, whole, judge)[1]) == (said, verdict)
