"""Parts that the running service and a command without one put together alike."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from kiosk.clock import Clock, Reading
from kiosk.content.library import Library
from kiosk.errors import RefusedError, UsageError
from kiosk.report import Reports
from kiosk.report.formats import as_csv, as_json, as_text
from kiosk.rules.policy import Policy
from kiosk.rules.roles import MANAGER
from kiosk.settings import Site, home_dir
from kiosk.store import Store, audit
from kiosk.store.audit import Entry
from kiosk.store.pins import Managers
from kiosk.translations import _

# Lines of a page of what staff did.
MOST_DEEDS = 100


def managers_of(store: Store, policy: Policy, clock: Clock) -> Managers:
    """The managers under this policy's PIN rules."""
    staff = policy.staff
    return Managers(store, clock.read, digits=staff.pin_digits, tries=staff.tries, wait=staff.wait_minutes * 60)


def manager_action(managers: Managers, action: str, name: str = "", pin: str = "", role: str = MANAGER) -> Any:
    """What a command asks about managers: add, passwd, role, remove or list."""
    match action:
        case "add":
            return managers.add(name, pin, role)
        case "code":
            raise RefusedError(
                _("kiosk is not running in {home}.", home=home_dir()),
                _("Start it with kiosk run (or scripts/run), or add a manager with kiosk manager add NAME."),
            )
        case "role":
            return managers.set_role(name, role)
        case "remove":
            return managers.remove(name)
        case "passwd":
            return managers.set_pin(name, pin)
        case "list":
            return [{"name": name, "role": role} for name, role in managers.listed()]
        case _:
            raise UsageError("no such action")


def deeds_of(store: Store, read: Callable[[], Reading]) -> Callable[[int | None], list[Entry]]:
    """What staff did in the last twelve months: a page of it, and one line more where there are older ones."""

    def page(before: int | None) -> list[Entry]:
        return store.run(audit.page, read().wall - timedelta(days=366), before, MOST_DEEDS + 1)

    return page


class ThemesNow(Mapping[str, str]):
    """Item -> theme as the library stands at the moment of the question."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getitem__(self, item_id: str) -> str:
        found = self._library.item(item_id)
        if found is None:
            raise KeyError(item_id)
        return found.theme

    def __iter__(self) -> Iterator[str]:
        return iter(self._library.themes())

    def __len__(self) -> int:
        return len(self._library.themes())


def reports_of(store: Store, site: Site, policy: Policy, clock: Clock, library: Library) -> Reports:
    """The reports of this station."""
    return Reports(store, site, policy, clock.read, ThemesNow(library))


def report_action(reports: Reports, period: str = "", format: str = "text", lang: str = "vi") -> str:
    """What `kiosk report` prints or writes, packed by `pack`: ten years as JSON are longer than a message may be."""
    made = reports.make(period)
    match format:
        case "csv":
            return pack(as_csv(made, lang).encode())
        case "json":
            return pack(as_json(made).encode())
        case "xlsx":
            from kiosk.report.xlsx import as_xlsx

            return pack(as_xlsx(made, lang))
        case "text":
            return pack("\n".join(as_text(made, lang)).encode())
        case _:
            raise UsageError("no such format")


def pack(content: bytes) -> str:
    """Bytes as a short text for a message; `unpack` gives them back."""
    return b64encode(zlib.compress(content, 9)).decode("ascii")


def unpack(text: str) -> bytes:
    """The bytes that `pack` made a text of."""
    return zlib.decompress(b64decode(text))
