"""What managers may set on the panel, by section and key. A section in WHOLE is set, and fixed, as one."""

from collections.abc import Mapping

# None: the section is set whole.
CHOSEN: Mapping[str, frozenset[str] | None] = {
    "hours": None,
    "session": frozenset({"minutes", "extension_minutes", "staff_extension_minutes"}),
    "idle": frozenset({"ask_after_minutes"}),
    "entry": frozenset({"ways"}),
    "fee": frozenset({"vi", "en"}),
    "notice": None,
    "questions": None,
    "programs": frozenset({"internet", "tiles"}),
    "sticks": frozenset({"allowed", "read_only"}),
    "print": frozenset({"mode", "pages_max"}),
    "panel": frozenset({"site_name"}),
}
WHOLE = frozenset({"hours", "fee", "notice", "questions"})


def may_be_fixed() -> tuple[str, ...]:
    """All that a policy may withhold from the panel: sections, and keys of those that are set by keys."""
    found = []
    for section, keys in CHOSEN.items():
        found.append(section)
        found += [f"{section}.{key}" for key in sorted(keys or ()) if section not in WHOLE]
    return tuple(found)


def is_fixed(fixed: tuple[str, ...], section: str, key: str) -> bool:
    """Whether the policy withholds this key, or its whole section."""
    return section in fixed or f"{section}.{key}" in fixed
