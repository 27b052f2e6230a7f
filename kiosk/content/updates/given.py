"""What comes beside the packs and lies in content/given/ for whoever applies it: a policy, the list of sites."""

from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.content.files import write_whole
from kiosk.content.updates.sites import SiteLine, policy_for, read_sites
from kiosk.content.updates.tree import Ref, Tree
from kiosk.translations import said_by, together

SITES, POLICY = "sites.csv", "policy.toml"
MAX_SMALL = 4 << 20  # bytes of one of them


def given_by(tree: Tree, site: str, bring: Callable[[Ref, str], bytes]) -> dict[str, bytes]:
    """What the tree has for this site, by the names above. ValueError when the list of sites is wrong."""
    given: dict[str, bytes] = {}
    sites: dict[str, SiteLine] = {}
    if tree.sites is not None:
        given[SITES] = bring(tree.sites, SITES)
        try:
            sites = read_sites(given[SITES])
        except ValueError as error:
            raise ValueError(together(f"{SITES}:", said_by(error))) from None
    if name := policy_for(site, sites, set(tree.policies)):
        given[POLICY] = bring(tree.policies[name], f"{name}.toml")
    return given


def keep_given(folder: Path, given: Mapping[str, bytes]) -> None:
    """What came beside the packs, for whoever applies it; what the tree has no more is deleted."""
    folder.mkdir(mode=0o750, exist_ok=True)
    for name in (SITES, POLICY):
        path = folder / name
        if name not in given:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != given[name]:
            write_whole(path, given[name])
