"""The first day of a station: whoever stands at its console makes the first manager; that one names site and hours.

There is no ready-made PIN. The first manager is made on the panel with a code that the station says where only whoever
set it up reads: in its log, and by `kiosk manager code`. It is kept in memory alone and is worth nothing afterwards.
"""

import hmac
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from pydantic import ValidationError

from kiosk.clock import Reading
from kiosk.errors import KioskError, RefusedError, SettingsError
from kiosk.service.checked_settings import SiteNames
from kiosk.service.site_names import is_shipped, write_names
from kiosk.settings import Paths, Site
from kiosk.store import Store, bundles, throttle
from kiosk.store.pins import Managers
from kiosk.translations import _

log = logging.getLogger(__name__)

DIGITS = 8
# Of all wrong codes together, kept in the store like those of PINs; no manager can have this name.
THROTTLE = "  first day"
LIMIT = throttle.Limit(5, 60.0, 3600.0)


class FirstDay:
    """`restart` ends this service once the answer is out: the next one runs under the new names."""

    def __init__(
        self,
        store: Store,
        managers: Managers,
        paths: Paths,
        site: Site,
        read: Callable[[], Reading],
        restart: Callable[[], None],
    ) -> None:
        self._store, self._managers, self._paths, self.site = store, managers, paths, site
        self._read, self._restart = read, restart
        self._code = ""
        self._one_at_a_time = threading.Lock()

    @property
    def digits(self) -> int:
        """How many digits a PIN has at least."""
        return self._managers.digits

    def unfit(self, name: str, pin: str) -> Mapping[str, KioskError]:
        """What is wrong with the first manager's name and PIN in themselves."""
        return self._managers.unfit(name, pin)

    def names(self) -> list[str]:
        """All managers, as the store wrote their names."""
        return self._managers.names()

    def waits(self) -> bool:
        """Whether nobody can sign in yet."""
        return not self.names()

    def code(self) -> str:
        """The code of this run. RefusedError when there is a manager already."""
        with self._one_at_a_time:
            if not self.waits():
                raise RefusedError(
                    _("This station has a manager already."), _("Add another with kiosk manager add NAME.")
                )
            self._code = self._code or f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
            return self._code

    def tell(self) -> None:
        """Say the code in the log, where nobody can sign in yet."""
        if self.waits():
            log.info("first day: open the panel, the code is %s", shown(self.code()))

    def begin(self, code: str, name: str, pin: str) -> None:
        """Make the first manager. RefusedError for a wrong code or too many, UsageError for an unfit name or PIN."""
        right = self.code()
        allowed, wait = self._store.run(throttle.begin_try, THROTTLE, self._read(), LIMIT)
        if not allowed:
            raise RefusedError(_("Too many wrong codes."), _("Wait {n} minutes, then try again.", n=-(-wait // 60)))
        typed = "".join(one for one in code if one.isascii() and one.isdecimal())
        if not hmac.compare_digest(typed.encode(), right.encode()):
            raise RefusedError(_("That code is not right."), _("kiosk manager code shows it on this computer."))
        # At once: a right code with a name or PIN that does not fit is no guess.
        self._store.run(throttle.forgive, THROTTLE)
        with self._one_at_a_time:
            if not self.waits():
                raise RefusedError(
                    _("Somebody else has just become the first manager."),
                    _("Ask them to add you too, in the settings under “Who may sign in”."),
                )
            self._managers.add(name, pin, who=" ".join(name.split()))
        log.info("first day: a manager was made")

    def may_name_site(self) -> bool:
        """Whether code and number of the site can be set here: while it has its shipped code and told nobody yet."""
        return is_shipped(self.site) and self._store.run(bundles.last) is None

    def check_names(self, names: Mapping[str, str]) -> SiteNames:
        """The names as they would be set. SettingsError with every wrong one by its key."""
        try:
            return SiteNames.model_validate(dict(names))
        except ValidationError as error:
            wrong = tuple(str(one["loc"][0]) for one in error.errors(include_url=False))
            raise SettingsError(_("The station's settings have {n} problems.", n=len(wrong)), "", wrong) from None

    def name_site(self, names: Mapping[str, str]) -> None:
        """Site code, its name, this PC's number. SettingsError like check_names; then it restarts."""
        if not self.may_name_site():
            raise RefusedError(_("The site has its code already."), _("A technician can change it in site.toml."))
        checked = self.check_names(names)
        write_names(self._paths, checked)
        self.site = replace(self.site, code=checked.code, name=checked.name, station=checked.station)
        self._restart()


def shown(code: str) -> str:
    """In two groups, for reading aloud."""
    return f"{code[:4]} {code[4:]}"
