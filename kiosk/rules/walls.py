"""What keeps citizens apart from this computer, in words: which walls stand, and what to do about one that does not.

Each is found out by the supervisor (supervisor/walls.py, port_wall.py), which tells it in the state's `isolation`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.translations import _

Words = Callable[[], str]


@dataclass(frozen=True)
class Wall:
    """One of them, as staff and technicians read it; `todo` is empty where it stands, or where nothing can be done."""

    name: str
    stands: bool
    words: str
    todo: str


def as_debian_does() -> str:
    """What helps where the machine lets us build no such wall."""
    return _("Install kiosk on Debian itself: a container, or a kernel built by hand, may not allow this.")


# name -> (where it stands, where it does not, what to do then: None where that follows from why)
_WORDS: Mapping[str, tuple[Words, Words, Words | None]] = {
    "users": (
        lambda: _("Citizens' programs have a user of their own, who neither reads nor changes what belongs to kiosk."),
        lambda: _("Citizens' programs run as the same user as kiosk, so all that belongs to it is open to them."),
        lambda: _("For a public PC, start kiosk as root."),
    ),
    "group": (
        lambda: _("Whatever a session starts ends with it."),
        lambda: _("When a session ends, its programs are found by their user alone, not by a control group."),
        as_debian_does,
    ),
    "limits": (
        lambda: _("A session cannot take all memory or fill the PC with programs."),
        lambda: _("Each program of a session may take only so much memory, but nothing limits all of them together."),
        lambda: _("Let Linux count memory by control group (cgroup v2), as Debian does unless it is told otherwise."),
    ),
    "room": (
        lambda: _("A session has temporary folders of its own, which are gone with it."),
        lambda: _("A session shares the system's temporary folders; what it left there is removed when it ends."),
        as_debian_does,
    ),
    "proc": (
        lambda: _("A session sees no programs but its own."),
        lambda: _("A session sees which other programs run on this PC."),
        as_debian_does,
    ),
    "noexec": (
        lambda: _("What a citizen brings or downloads cannot be started as a program."),
        lambda: _("What a citizen brings or downloads can be started as a program."),
        as_debian_does,
    ),
    "devices": (
        lambda: _("A session reaches only the few devices that its programs need."),
        lambda: _("A session sees all devices of this PC; only the rights set on each device keep it out."),
        as_debian_does,
    ),
    "gain": (
        lambda: _("No program gives a citizen more rights than they have."),
        lambda: _("Programs that give an administrator's rights, such as sudo, can still be started in a session."),
        lambda: _(
            "Set kernel.unprivileged_userns_clone = 1 and restart kiosk; until then the browser needs such a program."
        ),
    ),
    "ports": (
        lambda: _("On this PC citizens' programs reach neither this panel nor, past kiosk, a printer."),
        lambda: _("On this PC only the PIN keeps citizens off the panel; each wrong try makes the next one wait."),
        None,
    ),
}
NAMES = tuple(_WORDS)


def walls(isolation: Mapping[str, Any]) -> list[Wall]:
    """All of them, in the order in which one leans on another; none where nothing is known yet."""
    told = isolation.get("walls") or {}
    why = isolation.get("why") or {}
    return [_wall(name, told[name], str(why.get(name) or "")) for name in NAMES if name in told]


def _wall(name: str, value: object, why: str) -> Wall:
    stands, lacks, todo = _WORDS[name]
    if value is True or value == "cgroup":
        return Wall(name, True, stands(), "")
    return Wall(name, False, lacks(), todo() if todo is not None else _to_do_for_ports(why))


def _to_do_for_ports(why: str) -> str:
    match why:
        case "no_nft":
            return _("Have the technician install nftables (sudo apt install nftables) and restart kiosk.")
        case "not_root":
            return _("For a public PC, start kiosk as root.")
        case "not_yet":
            return _("Its rules are being set; please look again in a moment.")
    return _(
        "Linux refused its rules ({reason}). Restart the PC; if that does not help, install kiosk on Debian itself.",
        reason=why,
    )


def ports_open(isolation: Mapping[str, Any]) -> str:
    """Why citizens reach the panel's port on this PC; empty where they do not, or where it is not known yet."""
    why = str((isolation.get("why") or {}).get("ports") or "")
    return "" if why == "not_yet" else why
