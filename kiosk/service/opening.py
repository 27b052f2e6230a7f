"""Between "the programs are started" and "the screen is theirs": the session opens when there is something to see.

Nothing is charged before. The lock, which still covers, tells when the first large window of the session is mapped;
where none comes, the citizen gets the desk after a while all the same, and at once where the browser cannot start.
"""

from kiosk.rules import events as ev
from kiosk.service.reconcile import Reconciler

# A browser on an old disk takes ten seconds at its first start.
LONGEST_WAIT = 15.0
# The supervisor's words for a browser that is not there, or ends as often as it is started.
NO_BROWSER = ("browser_not_started", "browser_keeps_ending")


class Opening:
    """Holds back what the supervisor says until the lock has seen a window of the session."""

    def __init__(self, station: Reconciler) -> None:
        self._station = station
        self._opened = self._seen = ""

    def opened(self, session: str, lock_here: bool) -> None:
        """The supervisor has started the programs."""
        self._opened = session
        if not lock_here or session == self._seen or self._awaited() != session:
            self._go(session)
        else:
            self._station.loop.after(LONGEST_WAIT, lambda: self._wait_no_longer(session))

    def failed(self, code: str) -> None:
        """The supervisor has a trouble: without a browser there is no window to wait for, and the citizen is told."""
        if code in NO_BROWSER:
            self._station.happen(ev.StaffOut())
            self._station.session_facts.no_browser()
            self._go(self._opened)

    def ready(self) -> None:
        """The lock sees a window of the session that runs."""
        awaited = self._awaited()
        if awaited:
            self._seen = awaited
            if self._opened == awaited:
                self._go(awaited)

    def _wait_no_longer(self, session: str) -> None:
        if self._awaited() == session:
            self._go(session)

    def _awaited(self) -> str:
        """The session, or the turn of staff, that is ordered and not open yet."""
        running, turn = self._station.station.session, self._station.station.staff
        if turn is not None:
            return turn.session if turn.stage == "opening" else ""
        return running.id if running is not None and not running.opened else ""

    def _go(self, session: str) -> None:
        if session and self._opened == session:
            self._opened = ""
            self._station.happen(ev.Opened(session))
