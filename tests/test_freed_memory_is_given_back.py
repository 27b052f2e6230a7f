"""What our processes freed goes back to the system: holes in the heap, and heaps of threads that are not made."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.freed_memory import AFTER_SECONDS, EVERY_SECONDS, FRUGAL, keep_giving_back
from kiosk.settings import Paths
from kiosk.supervisor.children import Children
from kiosk.supervisor.users import Identities, Identity

# Nine of ten blocks of 2 KB are freed between one and the next that stays; prints the memory held before and after.
HOLES = """
import sys
from pathlib import Path
from kiosk.freed_memory import give_back

def held():
    return int(Path("/proc/self/statm").read_text().split()[1])

blocks = [bytearray(2000) for _ in range(40000)]
blocks = blocks[::10]
full = held()
if "give back" in sys.argv:
    give_back()
print(full, held())
"""


def _holes(*words: str) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", HOLES, *words], cwd=Path(__file__).parent.parent, capture_output=True, check=True
    )
    before, after = done.stdout.split()
    return int(before), int(after)


@pytest.mark.slow
def test_holes_between_what_stays_go_back_to_the_system() -> None:
    before, after = _holes()
    assert after > 0.9 * before, "the control: without it they stay"
    before, after = _holes("give back")
    assert after < 0.5 * before


def test_it_is_done_soon_after_the_start_and_once_a_minute() -> None:
    asked: list[tuple[float, Callable[[], None]]] = []
    keep_giving_back(lambda seconds, action: asked.append((seconds, action)))
    for _time in range(3):
        asked[-1][1]()
    assert [seconds for seconds, _action in asked] == [AFTER_SECONDS, *[EVERY_SECONDS] * 3]


def test_each_of_our_processes_has_one_heap(tmp_path: Path) -> None:
    me = Identity(None, None, (), "/")
    children = Children(Paths(tmp_path), Identities(me, me, me, me, isolated=False), {}, 1)
    assert children._environment("service", me).items() >= FRUGAL.items()
