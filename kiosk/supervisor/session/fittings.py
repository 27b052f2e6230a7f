"""What is laid into the room of a session: policies of its programs, and which of the machine's programs it knows."""

from typing import TYPE_CHECKING

from kiosk.supervisor.session import browser_policies, desktop, known, office_locked
from kiosk.supervisor.session.room import Fittings, Laid

if TYPE_CHECKING:
    from kiosk.supervisor.session.session import Session

KEPT = (["dbus-daemon"], ["fcitx5"], ["xsetroot"])


def of_citizens(session: "Session", menu: str) -> Fittings:
    """Those of a citizen's session. `menu`: the address of its first page."""
    station, home = session.station, session.station.where
    programs = station.programs
    offered = list(programs.offered.values())
    panel = station.site.panel_listen.rpartition(":")[2]
    policies = browser_policies.of_session(programs, session.wishes, menu, home, panel)
    entry = {desktop.OWN_BROWSER: desktop.own_entry(session.browser_command())}
    there = [str(home / name) for name in known.FIXED if (home / name).is_dir()]
    own = {str(home / known.CITIZENS): entry} if there else {}
    laid = {**policies, **office_locked.laid(), **known.entries(offered), **own}
    filmed_by = session.station.citizen.uid if programs.pages.camera else None
    return Fittings(laid, _shut(session, offered), there, filmed_by=filmed_by)


def of_staff(session: "Session", policies: Laid) -> Fittings:
    """Those of staff at the panel: the machine's printers, and no program but the browser."""
    return Fittings({**policies, **{folder: {} for folder in known.entries([])}}, _shut(session, []), printers=True)


def _shut(session: "Session", offered: list[list[str]]) -> list[str]:
    programs = session.station.programs
    return known.shut([programs.window_manager, programs.browser, *KEPT], offered)
