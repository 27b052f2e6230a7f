"""Parts that the running service and a command without one put together alike."""

from typing import Any

from kiosk.clock import Clock
from kiosk.errors import UsageError
from kiosk.rules.policy import Policy
from kiosk.store import Store
from kiosk.store.pins import Managers


def managers_of(store: Store, policy: Policy, clock: Clock) -> Managers:
    """The managers under this policy's PIN rules."""
    staff = policy.staff
    return Managers(store, clock.read, digits=staff.pin_digits, tries=staff.tries, wait=staff.wait_minutes * 60)


def manager_action(managers: Managers, action: str, name: str = "", pin: str = "") -> Any:
    """What a command asks about managers: add, passwd or list."""
    match action:
        case "add":
            return managers.add(name, pin)
        case "passwd":
            return managers.set_pin(name, pin)
        case "list":
            return managers.names()
        case _:
            raise UsageError("no such action")
