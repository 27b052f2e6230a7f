"""The folder from which the province publishes, read and checked before anything is written; see publishing.py."""

from collections.abc import Callable, Iterable
from pathlib import Path

from kiosk.content.incoming import incoming
from kiosk.content.items import ENDINGS, Pack
from kiosk.content.shelf_making import Told
from kiosk.content.updates import tree as trees
from kiosk.content.updates.sites import read_sites
from kiosk.errors import KioskError
from kiosk.translations import _

POLICIES, SITES = "policies", "sites.csv"
CheckPolicy = Callable[[Path], object]  # raises SettingsError for a policy that stations would refuse


def must_be_there(source: Path) -> None:
    """A sentence where there is no such folder."""
    if not source.is_dir():
        raise KioskError(_("{path} does not exist.", path=source), _("Correct the path."))


def read_packs(source: Path, work: Path, theme: str, told: Told) -> list[Pack]:
    """Every pack of the folder, whole: what a station would leave out is a mistake here. `theme`: of what has none."""
    found: dict[str, Pack] = {}
    for number, path in enumerate(_there(source)):
        if not (path.is_dir() or path.suffix.lower() in (".zip", *ENDINGS)):
            continue
        try:
            pack = incoming(str(path), work / str(number), theme, told)
            if pack.problems or not pack.items:
                raise ValueError("; ".join(pack.problems) or _("it has no items"))
            if pack.id in found:
                raise ValueError(_("another pack has its id, {id}, too", id=pack.id))
        except ValueError as error:
            raise refused(path.name, str(error)) from None
        found[pack.id] = pack
    if not found:
        raise refused(source.name, _("there is no pack in it"))
    return list(found.values())


def left_over(source: Path, packs: Iterable[Pack]) -> list[str]:
    """Files beside the packs that belong to none of them: a letter, a book in a form that no station can show."""
    used = {path.resolve() for pack in packs for _place, path in pack.sources}
    plain = (path for path in _there(source) if path.is_file() and path.suffix.lower() != ".zip")
    return [path.name for path in plain if path.resolve() not in used]


def _there(source: Path) -> list[Path]:
    """What lies in the folder and may be a pack."""
    beside = (POLICIES, SITES)
    return [path for path in sorted(source.iterdir()) if not path.name.startswith(".") and path.name not in beside]


def read_policies(source: Path, check: CheckPolicy) -> dict[str, Path]:
    """The policies by their names."""
    found = {path.stem: path for path in sorted((source / POLICIES).glob("*.toml"))}
    for name, path in found.items():
        if not trees.POLICY.fullmatch(name):
            raise refused(path.name, _("a policy is named by letters, digits, - and _"))
        check(path)
    return found


def read_site_list(source: Path, given: Path | None = None) -> Path | None:
    """The list of sites, where there is one; `given` goes before the folder's."""
    path = given or source / SITES
    if not path.exists():
        return None
    try:
        read_sites(path.read_bytes())
    except ValueError as error:
        raise refused(SITES, str(error)) from None
    return path


def refused(name: str, why: str) -> KioskError:
    """What cannot be published, and why."""
    return KioskError(
        _("{path} was not published: {why}.", path=name, why=why),
        _("Correct it and publish again; nothing has changed."),
    )
