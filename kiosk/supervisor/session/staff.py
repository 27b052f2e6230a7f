"""Staff at the panel on the PC itself: a session of another user, with the panel's pages as all there is in it.

Its browser is not started again: who closes it leaves. It has no bar, no sticks, no desk for printing (staff print on
the machine's own printer, where it has one) and no programs.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from kiosk.messages import Malformed
from kiosk.supervisor.session import browser, desktop, fittings, staff_browser
from kiosk.supervisor.session.room import Fittings
from kiosk.supervisor.session.session import Session, SessionMaker
from kiosk.supervisor.session.wishes import Wishes

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)


@dataclass
class StaffSession(Session):
    """`port` and `token`: where the panel waits for them, and what it knows them by, once."""

    port: int = 0
    token: str = ""

    bar: ClassVar[bool] = False
    once: ClassVar[tuple[str, ...]] = ("browser",)
    window_rules: ClassVar[str] = "openbox-staff.xml"

    @classmethod
    def open(cls, maker: SessionMaker, order: dict[str, object]) -> "StaffSession":
        """As ordered. Malformed for a port or a token that is none."""
        port, token, lang = order["port"], order["token"], str(order["lang"])
        if not isinstance(port, int) or not 0 < port < 65_536 or not TOKEN.fullmatch(str(token)):
            raise Malformed("no such door")
        wishes = Wishes(lang if lang in ("vi", "en") else "vi", bool(order["large"]), bool(order["contrast"]))
        name = str(order["session"])
        return cls(name, maker.group(name), wishes, maker, port=port, token=str(token))

    def _fittings(self) -> Fittings:
        """Among them the policies of the browser."""
        laid = {staff_browser.POLICIES: staff_browser.policies(self.port)} if self.port else {}
        return fittings.of_staff(self, laid)

    def _files(self) -> dict[str, str]:
        lang, typing = self.wishes.lang, self.station.programs.input_method
        first = staff_browser.address(self.port, self.token, lang)
        return {
            f"{browser.PROFILE}/Default/Preferences": staff_browser.preferences(first, lang),
            ".config/user-dirs.dirs": desktop.USER_DIRS,
            **(typing.files(vietnamese=lang == "vi") if typing else {}),
        }

    def _windows(self) -> str:
        return staff_browser.openbox()

    def browser_command(self) -> list[str]:
        """The browser, as it is started and as files are opened in it."""
        command, wishes = self.station.programs.browser, self.wishes
        if not browser.is_chromium(command):
            return command
        return [*command, *staff_browser.switches(self._home, wishes.lang, wishes.large, wishes.contrast)]

    def _first_page(self) -> list[str]:
        """In the preferences, where a Chromium looks; another browser is told on its command line."""
        known = browser.is_chromium(self.station.programs.browser)
        return [] if known else [staff_browser.address(self.port, self.token, self.wishes.lang)]

    def environment(self) -> dict[str, str]:
        """Without the citizens' desk."""
        found = super().environment()
        found.pop("CUPS_SERVER", None)
        return found
