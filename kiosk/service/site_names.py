"""The names that were given to this station here, over those of site.toml: by its first manager, or by its province."""

from kiosk.errors import KioskError
from kiosk.export.files import write_whole
from kiosk.service.checked_settings import SiteNames
from kiosk.service.chosen_settings import HEAD, dumped
from kiosk.settings import NOBODYS, Paths, Site
from kiosk.translations import _


def is_shipped(site: Site) -> bool:
    """Whether nobody has said yet which site this is."""
    return site.code in NOBODYS


def write_names(paths: Paths, names: SiteNames) -> None:
    """They count from the next start of the service on. KioskError when they cannot be written."""
    sections = {"site": {"code": names.code, "name": names.name}, "station": {"name": names.station}}
    try:
        write_whole(paths.chosen_site, (HEAD + dumped(sections)).encode(), 0o640)
    except OSError as error:
        raise KioskError(_("The settings could not be written."), _("Free some disk space, then try again.")) from error
