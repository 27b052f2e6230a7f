"""Every page of the board, in one table: its address, who may open it, and where it stands in the tabs.

A module of pages has a tuple PAGES; it stands in MODULES in the order of the tabs. A view is a function of the Desk and
of what stands in its address. What it asks of `desk.told` is there, or the reader is told that it is being reckoned.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from kiosk.web.roles import BOARD, READERS, Access
from kiosk.web.words import Sentence

MODULES = (
    "goals", "grid", "silent", "trends", "baseline_page", "unit_pages", "site_pages", "station_pages", "lines_page",
    "content_page", "task_pages", "alarm_pages", "output_pages", "definition_page", "people_pages", "link_pages",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """`tab`: what its tab is called, where it has one; `under`: the endpoint of the tab that it lies under.

    `sample`: an address of it for those who walk all pages (tests, pictures); "" is `rule` itself.
    """

    endpoint: str
    rule: str
    view: Callable[..., Any]
    roles: frozenset[str] = READERS
    methods: tuple[str, ...] = ("GET",)
    tab: Sentence | None = None
    sign: str = ""
    under: str = ""
    sample: str = ""
    by_period: bool = False  # whether it shows the choice of a period, and tabs keep the period
    is_file: bool = False  # whether it is downloaded, not looked at


def pages() -> Iterator[Page]:
    """All of them, in the order of MODULES."""
    for name in MODULES:
        yield from import_module(f"kiosk.province.board.{name}").PAGES


def access() -> Access:
    """Endpoint -> roles, of the table here and of what every face has."""
    return {**BOARD, **{page.endpoint: page.roles for page in pages()}}
