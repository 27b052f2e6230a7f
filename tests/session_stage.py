"""Sessions without a station around them: their home, group and room are real, and nothing shows on a screen."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.settings import Paths, Site, Users
from kiosk.supervisor import layout, leftovers
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.session.programs import Programs
from kiosk.supervisor.session.session import Session, SessionMaker
from kiosk.supervisor.session.wishes import Wishes
from kiosk.supervisor.users import resolve
from tests.conftest import let_go
from tests.station_processes import CITIZEN

HOME_MB = 256


@contextmanager
def session_maker(limits: Limits) -> Iterator[SessionMaker]:
    """Of a home of their own, which is wiped in the end."""
    people = resolve(Users(citizen=CITIZEN))
    with tempfile.TemporaryDirectory(prefix="kiosk-sessions-") as folder:
        Path(folder).chmod(0o755)
        paths = Paths(Path(folder, "home"))
        layout.prepare(paths, people)
        display, programs = {"DISPLAY": ":0"}, Programs.from_policy({})
        made = SessionMaker(paths, Site(), people.citizen, programs, display, HOME_MB, limits=limits)
        try:
            yield made
            leftovers.end_programs(made)
            leftovers.let_go_of_sticks(made)
            leftovers.wipe(made)
        finally:
            let_go(Path(folder))


@contextmanager
def prepared(maker: SessionMaker) -> Iterator[Session]:
    """A session that could begin: no program of it runs yet."""
    made = maker.make(os.urandom(4).hex(), Wishes("en"))
    made.prepare()
    yield made
    made.kill()
    made.leave_room()
