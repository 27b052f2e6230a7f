"""What stands beside a session, each for one thing that a citizen may want: programs, typing, sticks, paper, a voice.

All of it serves the session that lives, if one does; none of it keeps a process that ends from being started again.
"""

from collections.abc import Callable

from kiosk.messages import Message
from kiosk.settings import Paths
from kiosk.supervisor.asked import Allowed
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.ending import Ending
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.printing.printing import Printing
from kiosk.supervisor.session.belongings import Belongings
from kiosk.supervisor.session.launcher import Launcher
from kiosk.supervisor.session.session import Session
from kiosk.supervisor.session.speaking import Speaking
from kiosk.supervisor.session.typing_watch import Typing
from kiosk.supervisor.sticks.carrying import Carrying
from kiosk.supervisor.sticks.sticks import Sticks


class Beside:
    """`orders`: those of messages.ORDERS that are for a session, by their verb; given only to the one that lives."""

    def __init__(
        self,
        paths: Paths,
        keeper: Keeper,
        chores: Chores,
        ending: Ending,
        allowed: Allowed,
        say: Callable[..., bool],
    ) -> None:
        self._keeper, self._launcher = keeper, Launcher(keeper, say)
        self._typing = Typing(keeper.loop, say, lambda: keeper.session)
        self._sticks = Sticks(keeper, chores, allowed, say)
        self.carrying = Carrying(keeper, chores, self._sticks, lambda: ending.busy, say)
        self._printing = Printing(paths, allowed, keeper, say)
        self._speaking, self._belongings = Speaking(keeper, say), Belongings(keeper, say)
        # Who hears that all is saved may finish in the same breath, and must not be asked about files that are.
        self._sticks.first = self._belongings.look
        ending.before["print"] = self._printing.end
        ending.also |= {"sticks": self._sticks.leave, "sound": self._launcher.end}
        self.orders: dict[str, Callable[[Session, Message], None]] = {
            "browse": lambda _session, _order: keeper.start("browse"),
            "save": lambda session, order: self._sticks.save(session, order["stick"]),
            "eject": lambda session, order: self._sticks.eject(session, order["stick"]),
            "write_out": lambda _session, _order: self._sticks.write_out(),
            "run": lambda session, order: self._launcher.run(session, order["program"]),
            "print": lambda _session, order: self._printing.order(order["action"], order.get("job")),
            "typing": lambda _session, order: self._typing.switch(order["lang"]),
            "say": lambda session, order: self._speaking.say(session, order["number"], order["parts"]),
            "hush": lambda _session, _order: self._speaking.hush(),
        }

    def begin(self, session: Session) -> None:
        """A session has begun; its programs are not started yet."""
        self._typing.expect(session)
        self._launcher.begin()

    def take_up(self) -> None:
        """Its programs are started, or an earlier supervisor had started them."""
        self._typing.begin()
        if not self._staff_here:
            self._printing.begin()

    @property
    def _staff_here(self) -> bool:
        session = self._keeper.session
        return session is not None and not session.bar

    def tidy(self) -> None:
        """At the start, without a session: what an earlier one may have left."""
        self.carrying.tidy()
        self._printing.tidy()
        self._launcher.set_volume()

    def look(self) -> None:
        """Once a second."""
        self.carrying.look()
        if self._staff_here:
            return  # their home holds nothing that lasts, and no stick is opened for it
        self._sticks.look()
        self._belongings.look()

    def tell_anew(self) -> None:
        """To a service that has just come."""
        self.carrying.tidy()
        self._typing.say_again()
        for one in (self._sticks, self._printing, self._belongings):
            one.tell_anew()
