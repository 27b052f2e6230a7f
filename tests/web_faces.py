"""What the tests of menu and panel stand on: a station whose state is a dict, a real server, a real browser."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

from kiosk.clock import LOCAL
from kiosk.errors import RefusedError
from kiosk.rules.policy import Policy, parse_policy
from kiosk.rules.queue import Act, Queue
from kiosk.rules.walls import NAMES
from kiosk.service.chosen_settings import ChosenSettings
from kiosk.settings import Paths, read_toml
from kiosk.web.server import serve

if TYPE_CHECKING:  # the benchmarks serve these faces where no browser is driven
    from playwright.sync_api import ConsoleMessage, Page

SITE = "Bưu điện – Văn hóa xã Đồng Lúa"
NOON = datetime(2026, 11, 20, 9, 42, tzinfo=LOCAL)
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def free(**changes: Any) -> dict[str, Any]:
    """The state message of a station that waits for somebody."""
    return {
        "verb": "state", "state": "free", "cover": True, "session": None, "seconds_left": None, "granted": None,
        "warning": None, "extension": {"minutes": 30, "offered": False, "why_not": "not_yet"}, "idle": None,
        "closing": None, "resume": None, "end_reason": None, "site": SITE, "station": "03", "lang": "vi",
        "prefs": {"lang": "vi", "large": False, "contrast": False}, "minutes": 60, "fee": None,
        "hours": "07:30–11:30, 13:30–17:00", "year": 2026, "wiping": False, "online": True, "waiting": False,
        "questions": [], "reason": None, "help_asked": False, "visits_today": 14, "visits_month": 231, "marker": None,
        "isolation": {"level": "full", "detail": "", "walls": dict.fromkeys(NAMES, True), "why": {}}, "troubles": [],
        "clock_trusted": True,
        "export": {"last_day": "2026-11-19", "waiting_days": 0, "trouble": None}, "queue": queue_of(Queue()), **changes,
    }  # fmt: skip


def reading(lang: str = "vi", large: bool = False, contrast: bool = False) -> dict[str, Any]:
    """How a session is read, as the state message has it."""
    return {"lang": lang, "large": large, "contrast": contrast, "voice": False}


def in_use(minutes: float = 42, **changes: Any) -> dict[str, Any]:
    """The state message while somebody is at the computer."""
    return free(
        state="open", cover=False, session="c0ffee", seconds_left=int(minutes * 60), granted=3600, **changes
    )  # fmt: skip


def queue_of(queue: Queue) -> dict[str, Any]:
    """The waiting numbers as the state message has them."""
    return {
        "next": queue.next, "called": queue.called, "waiting": len(queue.waiting), "numbers": list(queue.waiting),
        "last": queue.last or None, "new": queue.new_number, "undo": queue.before is not None, "spoken": False,
    }  # fmt: skip


@dataclass
class Station:
    """A `Face` whose state is what the test says, and which remembers what it was asked."""

    state: dict[str, Any] = field(default_factory=free)
    asked: list[tuple[str, str, float | None, str]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    misses: int = 0
    wanted: list[tuple[str, int]] = field(default_factory=list)
    wished: tuple[str, bool, bool] | None = None
    starred: dict[str, bool] = field(default_factory=dict)
    refuse: str = ""
    queue: Queue = Queue()
    told: list[str] = field(default_factory=list)
    hushed: list[int] = field(default_factory=list)
    speaks_on: bool = False
    files: int = 0
    reads: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def status(self) -> dict[str, Any]:
        self.reads += 1
        return self.state

    def staff(self, action: str, who: str, minutes: float | None = None, reason: str = "") -> None:
        if self.refuse:
            raise RefusedError(self.refuse)
        self.asked.append((action, who, minutes, reason))
        if action in ("waiting", "not_waiting"):
            self.state = {**self.state, "waiting": action == "waiting"}
        if action == "finish":
            self.state = free()
        if action == "start":
            self.state = in_use(60)
        if action == "extend":
            self.state = in_use(self.state["seconds_left"] / 60 + (minutes or 0))
        if action == "out_of_order":
            self.state = free(state="out_of_order", reason=reason)
        if action == "in_service":
            self.state = free()

    def numbers(self, act: Act, number: int | None = None) -> None:
        after = self.queue.step(act, number)
        if self.refuse or after is None:
            raise RefusedError(self.refuse or "The waiting numbers changed meanwhile.")
        self.queue = after
        self.state = {**self.state, "queue": queue_of(after)}
        self.asked.append((f"numbers_{act}", "", number, ""))

    def run_program(self, command: str) -> None:
        if self.state["state"] != "open":
            raise RefusedError("Nobody is here.")
        self.asked.append(("run", command, None, ""))

    def wish(self, lang: str, large: bool, contrast: bool) -> None:
        self.wished = (lang, large, contrast)
        if self.state["state"] == "open":
            self.state = {**self.state, "prefs": reading(lang, large, contrast)}

    def read_aloud(self, on: bool) -> None:
        self.state = {**self.state, "prefs": {**self.state["prefs"], "voice": on}}

    def tell(self, parts: list[dict[str, str]]) -> int:
        """Said at once and to its end, unless `speaks_on`."""
        if self.state["state"] != "open":
            raise RefusedError("Nobody is here.")
        with self.lock:
            self.told.append(" ".join(part["text"] for part in parts))
            return len(self.told)

    def hush(self, number: int = 0) -> None:
        self.hushed.append(number)

    def heard(self) -> dict[str, Any]:
        number = len(self.told)
        return {"number": number, "speaking": self.speaks_on, "whole": True, "files": self.files, "direct": False}

    def confirm_date(self, who: str, offset: float) -> None:
        if self.refuse:
            raise RefusedError(self.refuse)
        self.asked.append(("confirm_date", who, offset, ""))

    def set_date(self, who: str, wall: datetime) -> None:
        if self.refuse:
            raise RefusedError(self.refuse)
        self.asked.append(("set_date", who, None, wall.isoformat()))

    def count_open(self, item_id: str) -> None:
        self.opened.append(item_id)

    def count_miss(self, text: str) -> None:
        self.misses += 1

    def missed_words(self) -> list[tuple[str, int]]:
        return self.wanted

    def stars(self) -> dict[str, bool]:
        return self.starred

    def star(self, item: str, on: bool, who: str) -> None:
        if self.refuse:
            raise RefusedError(self.refuse)
        self.starred = {item: on, **{name: value for name, value in self.starred.items() if name != item}}
        self.asked.append(("star" if on else "no_star", who, None, item))


@dataclass(frozen=True)
class Answer:
    """What became of a PIN."""

    kind: str
    seconds: int = 0
    role: str = ""


@dataclass
class People:
    """`Managers` by a dict, all of one role; three wrong PINs lock."""

    role: str = field(default="manager", kw_only=True)
    pins: dict[str, str] = field(default_factory=lambda: {"Lan": "274916"})
    wrong: int = 0

    def names(self) -> list[str]:
        return list(self.pins)

    def check(self, name: str, pin: str) -> Answer:
        if not self.pins:
            return Answer("nobody")
        if self.wrong >= 3:
            return Answer("locked", 290)
        if self.pins.get(name) == pin:
            return Answer("ok", role=self.role)
        self.wrong += 1
        return Answer("wrong")


def settings_of(home: Path, policy: str = "", changed: list[Policy] | None = None) -> ChosenSettings:
    """The panel's settings over this policy.toml, in a home of their own."""
    paths = Paths(home)
    paths.chosen.parent.mkdir(parents=True, exist_ok=True)
    paths.policy_toml.write_text(policy, encoding="utf-8")
    told = [] if changed is None else changed
    return ChosenSettings(paths, parse_policy(read_toml(paths.policy_toml)), lambda new, _who: told.append(new))


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a free port of this machine: its address."""
    server = serve(app, "127.0.0.1:0", "test", 4)
    server.start()
    try:
        yield "http://{}:{}".format(*server.address)
    finally:
        server.stop()


@contextmanager
def browser(width: int = 1366, height: int = 768, **options: Any) -> "Iterator[Page]":
    """A page of Debian's Chromium. What it asks for elsewhere and what it complains about is kept on the page."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # long only where something never comes; a busy machine needs more than its 5 s
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        # Its own words, such as how a date field is written, are of the language of its surroundings.
        spoken = {"LANGUAGE": options["locale"][:2]} if "locale" in options else {}
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=arguments, env={**os.environ, **spoken}
        )
        try:
            yield chromium.new_page(viewport={"width": width, "height": height}, **options)
        finally:
            chromium.close()


def look(page: "Page", address: str) -> list[str]:
    """What goes wrong on the page from now on: errors of scripts, refusals of the content policy, foreign requests."""
    found: list[str] = []

    def said(message: "ConsoleMessage") -> None:
        if message.type == "error" and "status of 4" not in message.text:
            found.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda request: found.append(request.url) if not request.url.startswith(address) else None)
    return found


def until(page: "Page", condition: str) -> None:
    """Wait until the page says yes. Playwright's own way needs an eval, which our policy refuses."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)
