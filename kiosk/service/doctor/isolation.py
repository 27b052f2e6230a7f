"""What `kiosk check` says of the walls around a session: a line for each, whether it stands or not (rules/walls.py)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kiosk.rules.walls import as_debian_does, walls
from kiosk.service.doctor.findings import Finding
from kiosk.translations import _

LEVELS: dict[str, Callable[[], str]] = {
    "full": lambda: _("Citizens' programs run as their own user in their own control group."),
    "users": lambda: _("Citizens' programs run as their own user, without a control group."),
    "none": lambda: _("Nothing is isolated: the citizen's programs run as the same user as kiosk."),
}
OF_LEVEL = ("users", "group")  # said with the level


def isolation(told: Mapping[str, Any]) -> Iterator[Finding]:
    """`told`: that of the state message. Where nothing is isolated the other walls keep nobody from anything."""
    level = str(told["level"])
    hint = {"full": "", "none": _("For a public PC, start kiosk as root.")}.get(level, as_debian_does())
    yield Finding("isolation", "good" if level == "full" else "warn", LEVELS[level](), hint)
    if level != "none":
        for one in walls(told):
            if one.name not in OF_LEVEL:
                yield Finding(f"isolation_{one.name}", "good" if one.stands else "warn", one.words, one.todo)
