"""Start the supervisor: one for each home. `kiosk run` has made the home and checked the settings before."""

import fcntl
import os
import sys
from dataclasses import replace

from kiosk.errors import KioskError, RefusedError
from kiosk.settings import Paths, home_dir, load_site, read_toml
from kiosk.supervisor import home, layout, linux, walls
from kiosk.supervisor.asked import Allowed, SessionPolicy, SoundPolicy, asked
from kiosk.supervisor.children import Children
from kiosk.supervisor.isolation import Isolation
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.processes import LAST_TO_GO
from kiosk.supervisor.session.programs import Programs
from kiosk.supervisor.session.session import SessionMaker
from kiosk.supervisor.supervisor import Supervisor
from kiosk.supervisor.users import Identities, resolve
from kiosk.translations import _


def only_one(paths: Paths) -> int:
    """A lock held as long as this process lives; RefusedError when another supervisor holds it."""
    handle = os.open(paths.processes.with_name("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RefusedError(
            _("kiosk is already running in {home}.", home=paths.home),
            _("Look at it with kiosk status, or stop the other one first."),
        ) from None
    return handle


def display_environment(environ: dict[str, str]) -> dict[str, str]:
    """DISPLAY and XAUTHORITY for the processes that draw; KioskError when there is no display."""
    if not environ.get("DISPLAY"):
        raise KioskError(
            _("There is no display: DISPLAY is not set."),
            _("Start kiosk inside an X session, or use scripts/run, which starts a virtual screen."),
        )
    return {name: environ[name] for name in ("DISPLAY", "XAUTHORITY") if environ.get(name)}


def supervise(paths: Paths, identities: Identities) -> None:
    """Put the supervisor together and run it until it is told to stop."""
    display = display_environment(dict(os.environ))
    log = sys.stderr.fileno()
    children = Children(paths, identities, display, log)
    policy = read_toml(paths.policy_toml)
    session = asked(policy, "session", SessionPolicy)
    size_mb = home.size_in_force(session.home_mb)
    sound, programs = asked(policy, "sound", SoundPolicy), Programs.from_policy(policy)
    maker = SessionMaker(paths, load_site(paths), identities.citizen, programs, display, size_mb, sound.volume)
    maker = replace(maker, staff=identities.staff, limits=Limits(session.processes, session.memory_mb))
    isolation = Isolation(identities.why_not, lambda: walls.standing(maker), maker.try_room)
    Supervisor(paths, children, maker, Allowed.by(policy), isolation).run()


def main() -> int:
    """Run until stopped; errors as a sentence, with the exit code of their kind."""
    paths = Paths(home_dir())
    try:
        identities = resolve(load_site(paths).users)
        layout.prepare(paths, identities)
        linux.when_memory_ends(LAST_TO_GO)
        only_one(paths)
        supervise(paths, identities)
    except KioskError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
