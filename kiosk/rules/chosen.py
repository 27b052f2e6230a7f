"""What managers set on the panel (choices.py), and how it is laid over policy.toml. Pure.

The privileged process goes by policy.toml, which staff at a browser, or whoever gets into the service, cannot write.
What the policy fixes counts as the policy has it, whatever was chosen before.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.errors import SettingsError
from kiosk.rules.choices import CHOSEN, WHOLE, is_fixed
from kiosk.rules.policy import Policy, parse_policy
from kiosk.translations import _

TILE = frozenset({"command", "vi", "en", "shown"})


def laid_over(policy: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The policy with what was chosen. SettingsError for a key that is not set here."""
    done, fixed = dict(policy), _fixed(policy)
    for section, values in chosen.items():
        known = CHOSEN.get(section, frozenset())
        strange = sorted(set(values) - known) if known is not None and isinstance(values, Mapping) else []
        if section not in CHOSEN or strange or not isinstance(values, Mapping):
            raise _wrong(".".join([section, *strange[:1]]))
        counts = {key: value for key, value in values.items() if not is_fixed(fixed, section, key)}
        if section in fixed:
            continue
        tiles = counts.pop("tiles", None)
        if tiles is not None:
            done["program"] = _tiled(done.get("program", []), tiles)
        below = done.get(section, {})
        if section == "sticks":
            counts = _no_wider(below, counts)
        done[section] = counts if known is None or not isinstance(below, Mapping) else {**below, **counts}
    return done


def parse_with(policy: Mapping[str, Any], chosen: Mapping[str, Any]) -> Policy:
    """Both as a Policy. SettingsError lists every wrong field."""
    return parse_policy(laid_over(policy, chosen))


def changed_keys(before: Policy, after: Policy) -> list[str]:
    """What differs of all that managers may set: sections that are set whole, and section.key."""
    found = []
    for section, keys in CHOSEN.items():
        was, is_ = getattr(before, section), getattr(after, section)
        if section in WHOLE:
            found += [section] if was != is_ else []
        else:
            own = sorted((keys or frozenset()) - {"tiles"})
            found += [f"{section}.{key}" for key in own if getattr(was, key) != getattr(is_, key)]
    return found + (["programs.tiles"] if before.program != after.program else [])


def _no_wider(below: Any, sticks: Mapping[str, Any]) -> dict[str, Any]:
    """Sticks as chosen, and never opened wider than policy.toml opens them: the privileged process would not do it."""
    known = below if isinstance(below, Mapping) else {}
    wider = {"allowed": True, "read_only": False}
    return {key: known.get(key, value) if value is wider[key] else value for key, value in sticks.items()}


def _tiled(programs: Any, tiles: Any) -> Any:
    """The policy's programs under other names, in another order, some not shown. A command comes from the policy alone:
    a tile for one that the policy does not have, or no longer, is no program; one that has come since stands last.
    """
    if not isinstance(tiles, list | tuple) or not all(isinstance(one, Mapping) and set(one) == TILE for one in tiles):
        raise _wrong("programs.tiles")
    if not isinstance(programs, list | tuple) or not all(isinstance(one, Mapping) for one in programs):
        return programs
    below = {one.get("command"): one for one in programs}
    chosen = {one["command"]: one for one in tiles if one["command"] in below}
    ours = [
        {**below[command], "name": {"vi": one["vi"], "en": one["en"]}, "shown": one["shown"]}
        for command, one in chosen.items()
    ]
    return [*ours, *(one for command, one in below.items() if command not in chosen)]


def _fixed(policy: Mapping[str, Any]) -> tuple[str, ...]:
    panel = policy.get("panel", {})
    fixed = panel.get("fixed", ()) if isinstance(panel, Mapping) else ()
    return tuple(map(str, fixed)) if isinstance(fixed, list | tuple) else ()


def _wrong(field: str) -> SettingsError:
    return SettingsError(
        _("The settings made on the panel are not right."),
        _("Delete settings/panel.toml in {path}.", path="KIOSK_HOME"),
        (field,),
    )
