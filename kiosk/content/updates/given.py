"""What comes beside the packs and lies in content/given/ for whoever applies it: a policy, the list of sites."""

from collections.abc import Mapping
from pathlib import Path

from kiosk.content.files import write_whole

SITES, POLICY = "sites.csv", "policy.toml"
MAX_SMALL = 4 << 20  # bytes of one of them


def keep_given(folder: Path, given: Mapping[str, bytes]) -> None:
    """What came beside the packs, for whoever applies it; what the tree has no more is deleted."""
    folder.mkdir(mode=0o750, exist_ok=True)
    for name in (SITES, POLICY):
        path = folder / name
        if name not in given:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != given[name]:
            write_whole(path, given[name])
