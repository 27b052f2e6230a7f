"""What managers may set on the panel, and how it is laid over policy.toml. Pure.

Only keys that the service alone reads: the privileged process goes by policy.toml, which staff at a browser, or whoever
gets into the service, cannot write.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.errors import SettingsError
from kiosk.rules.policy import Policy, parse_policy
from kiosk.translations import _

# By section; None: the section is set whole.
CHOSEN: Mapping[str, frozenset[str] | None] = {
    "hours": None,
    "session": frozenset({"minutes", "extension_minutes", "staff_extension_minutes"}),
    "idle": frozenset({"ask_after_minutes"}),
    "fee": frozenset({"vi", "en"}),
}


def laid_over(policy: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The policy with what was chosen. SettingsError for a key that is not set here."""
    done = dict(policy)
    for section, values in chosen.items():
        known = CHOSEN.get(section, frozenset())
        strange = sorted(set(values) - known) if known is not None and isinstance(values, Mapping) else []
        if section not in CHOSEN or strange or not isinstance(values, Mapping):
            raise SettingsError(
                _("The settings made on the panel are not right."),
                _("Delete settings/panel.toml in {path}.", path="KIOSK_HOME"),
                (".".join([section, *strange[:1]]),),
            )
        below = done.get(section, {})
        done[section] = dict(values) if known is None or not isinstance(below, Mapping) else {**below, **values}
    return done


def parse_with(policy: Mapping[str, Any], chosen: Mapping[str, Any]) -> Policy:
    """Both as a Policy. SettingsError lists every wrong field."""
    return parse_policy(laid_over(policy, chosen))
