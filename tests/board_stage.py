"""The board of a home, put together for tests: its app, people of each role, and a wait for figures."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from kiosk.province.board.app import create_board
from kiosk.province.board.desk import Desk
from kiosk.province.board.people import People
from kiosk.province.home import Home
from kiosk.province.orders import carry_out
from kiosk.web.passwords import hash_password
from tests.board_province import NOW
from tests.web_faces import OWN_PAGE

PASSWORD = "một câu dễ nhớ"
NAMES = {"officer": "Lan", "viewer": "Minh"}
WITHIN = 60.0  # seconds in which figures are there on a busy machine


@dataclass
class Board:
    """The app of a home, and who reads it."""

    home: Home
    desk: Desk
    people: People
    app: Flask
    secrets: dict[str, str] = field(default_factory=dict)

    def stranger(self) -> FlaskClient:
        """Nobody."""
        return self.app.test_client()

    def of(self, role: str) -> FlaskClient:
        """Somebody of that role, signed in; "link", "library" and "post" are links of departments."""
        client = self.app.test_client()
        if role in NAMES:
            form = {"name": NAMES[role], "password": PASSWORD}
            assert client.post("/sign-in", data=form, headers=OWN_PAGE).status_code == 303
        else:
            assert client.get(f"/l/{self.link('' if role == 'link' else role)}").status_code == 303
        return client

    def link(self, line: str) -> str:
        """The secret of a link for a line."""
        if line not in self.secrets:
            told = carry_out(self.home.path, "board link", label=f"Sở {line}", line=line, days=90, who="Lan")
            self.secrets[line] = told["secret"]
        return self.secrets[line]


@contextmanager
def board_of(path: Path, now: datetime = NOW) -> Iterator[Board]:
    """The board of the home in `path`, with an officer and a viewer."""
    home = Home(path)
    hashed = hash_password(PASSWORD)
    for role, name in NAMES.items():
        carry_out(path, "board person add", name=name, password_hash=hashed, role=role, who="cli")
    desk = Desk(home, lambda: now)
    people = People(desk)
    desk.start()
    try:
        yield Board(home, desk, people, create_board(desk, people))
    finally:
        desk.close()


def page_of(client: FlaskClient, address: str) -> str:
    """A page, once its figures are reckoned."""
    until = time.monotonic() + WITHIN
    while True:
        answer = client.get(address)
        if "Refresh" not in answer.headers or time.monotonic() > until:
            assert answer.status_code == 200, (address, answer.status_code)
            return answer.text
        time.sleep(0.1)
