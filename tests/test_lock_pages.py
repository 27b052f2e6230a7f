"""Every screen, at three sizes, in both languages, large and in high contrast: nothing clipped, nothing overlapping."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from kiosk.lockscreen import pages
from kiosk.lockscreen.screens import start, ticket
from tests.lock_pages import CHOICES, PAGES, SIZES

pytestmark = pytest.mark.slow


def measure(display: str, *options: str) -> list[str]:
    """The lines of tests.page_faults on a display."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.page_faults", *options], env={**os.environ, "DISPLAY": display},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.timeout(260)
@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits(size: str, xvfb: Callable[..., str]) -> None:
    *faults, drawn, count = measure(xvfb(size))
    assert faults == [], "\n".join(faults)
    assert drawn.split() == sorted(pages.PAGES), "every page that the lock knows"
    assert count == f"{len(PAGES) * len(CHOICES)} pages" and len(CHOICES) == 8


def test_the_measure_sees_what_is_wrong(xvfb: Callable[..., str]) -> None:
    """The control: words pushed over an edge, over others and out of the page are found."""
    lines = measure(xvfb("1024x768"), "--control")
    clean, spoilt = lines[: lines.index("spoilt")], lines[lines.index("spoilt") + 1 :]
    assert "".join(clean) == ""
    assert {line.split(":")[0] for line in spoilt} == {
        "leaves its place", "words over words", "words over an edge", "too small to read", "a field or nothing",
    }  # fmt: skip


def test_what_may_be_said_on_a_page_is_measured_too() -> None:
    """Each reason for which START or a ticket is refused has its page; those with numbers in them more than one."""
    shown = [changes for changes, _step, _chosen in PAGES.values()]
    assert {changes.get("start_refused") for changes in shown} >= start.REFUSED.keys()
    told = {(changes.get("ticket") or {}).get("why_not") for changes in shown}
    assert told | {"wait_minutes"} >= ticket.WHY_NOT.keys()
