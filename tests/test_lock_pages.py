"""Every screen, at three sizes, in both languages, large and in high contrast: nothing clipped, nothing overlapping."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.lock_pages import CHOICES, PAGES, SIZES

pytestmark = pytest.mark.slow


def measure(display: str, *options: str) -> list[str]:
    """The lines of tests.page_faults on a display."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.page_faults", *options], env={**os.environ, "DISPLAY": display},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits(size: str, xvfb: Callable[..., str]) -> None:
    lines = measure(xvfb(size))
    assert lines == [f"{len(PAGES) * len(CHOICES)} pages"], "\n".join(lines)


def test_the_measure_sees_what_is_wrong(xvfb: Callable[..., str]) -> None:
    """The control: words pushed over an edge, over others and out of the page are found."""
    lines = measure(xvfb("1024x768"), "--control")
    clean, spoilt = lines[: lines.index("spoilt")], lines[lines.index("spoilt") + 1 :]
    assert "".join(clean) == ""
    assert {line.split(":")[0] for line in spoilt} == {
        "leaves its place", "words over words", "words over an edge", "too small to read", "a field or nothing",
    }  # fmt: skip
