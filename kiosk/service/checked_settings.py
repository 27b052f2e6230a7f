"""site.toml and policy.toml checked in depth: every error of both files at once, before anything starts."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from kiosk.errors import SettingsError
from kiosk.rules.chosen import parse_with
from kiosk.rules.policy import Policy, parse_policy
from kiosk.rules.policy_problems import problems_of
from kiosk.service import chosen_settings
from kiosk.settings import Paths, Site, load_site, read_toml
from kiosk.translations import _
from kiosk.web.hosts import only_this_pc


def _text(pattern: str, words: Callable[[], str]) -> BeforeValidator:
    """Text of one form; `words` says which, in the reader's language."""

    def check(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(words())
        return value

    return BeforeValidator(check)


def _port(value: str) -> str:
    if not 1 <= int(value.rpartition(":")[2]) <= 65535:
        raise ValueError(_("an address and a port, such as 127.0.0.1:8080"))
    return value


Address = Annotated[
    str,
    AfterValidator(_port),
    _text(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}", lambda: _("an address and a port, such as 127.0.0.1:8080")),
]
UserName = Annotated[
    str, _text(r"[a-z_][a-z0-9_-]{0,31}", lambda: _("a system user's name: small letters, digits, - and _"))
]
# The code stands in file names and at the province for ever: plain ASCII, no separators of ours.
SiteCode = Annotated[
    str, _text(r"[A-Z0-9][A-Z0-9-]{0,30}", lambda: _("capital letters, digits and hyphens, 31 at most, such as TH-012"))
]
StationName = Annotated[
    str, _text(r"[A-Za-z0-9-]{1,16}", lambda: _("letters, digits and hyphens, 16 at most, such as 03"))
]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _SiteSection(_Section):
    code: SiteCode = Site.code
    name: Annotated[str, Field(strict=True, min_length=1, max_length=120)] = Site.name


class _StationSection(_Section):
    name: StationName = Site.station
    language: Literal["vi", "en"] = "vi"


class SiteNames(_Section):
    """What the first manager sets on the panel."""

    code: SiteCode
    name: Annotated[str, Field(strict=True, min_length=1, max_length=120)]
    station: StationName


class _Listen(_Section):
    listen: Address | None = None


HostName = Annotated[
    str,
    _text(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", lambda: _("a name such as kiosk-03.example.vn, no port")),
]
WholePath = Annotated[str, _text(r"|/[^\0\n]{0,1000}", lambda: _("the whole path of a file, or nothing"))]


class _PanelSection(_Listen):
    names: Annotated[tuple[HostName, ...], Field(max_length=10)] = ()
    certificate: WholePath = ""
    key: WholePath = ""


class _MenuSection(_Listen):
    @model_validator(mode="after")
    def _here_only(self) -> Self:
        if self.listen is not None and not only_this_pc(self.listen):
            raise ValueError(_("an address of this PC alone, such as 127.0.0.1:8081"))
        return self


class _ExportSection(_Section):
    to: Annotated[str, Field(strict=True, max_length=1024)] = ""


ContentSource = Annotated[
    str,
    _text(
        r"|https?://[A-Za-z0-9.\[\]:-]+(/[!-~]*)?|/[^\0\n]{0,1000}",
        lambda: _("a web address such as https://content.example.vn/tree, the whole path of a folder, or nothing"),
    ),
]


class _ContentSection(_Section):
    source: Annotated[ContentSource, Field(alias="from")] = ""


class _UsersSection(_Section):
    service: UserName = "kiosk"
    screen: UserName = "kiosk-screen"
    citizen: UserName = "kiosk-citizen"
    staff: UserName = "kiosk-staff"


class _SiteFile(_Section):
    site: _SiteSection = _SiteSection()
    station: _StationSection = _StationSection()
    panel: _PanelSection = _PanelSection()
    menu: _MenuSection = _MenuSection()
    export: _ExportSection = _ExportSection()
    content: _ContentSection = _ContentSection()
    users: _UsersSection = _UsersSection()


def load_checked(paths: Paths) -> tuple[Site, Policy]:
    """Both files, checked. SettingsError lists every problem of both, each with its file."""
    problems: list[str] = []
    policy: Policy | None = None
    try:
        _SiteFile.model_validate(read_toml(paths.site_toml))
    except ValidationError as error:
        problems += [f"{paths.site_toml.name}: {line}" for line in problems_of(error, _SiteFile)]
    except SettingsError as error:
        problems += [f"{error.message} {line}".strip() for line in error.problems or ("",)]
    try:
        below = read_toml(paths.policy_toml)
        policy = parse_policy(below)
        policy = _with_the_panels(below, paths, problems)
    except SettingsError as error:
        problems += [f"{paths.policy_toml.name}: {line}" for line in error.problems or (error.message,)]
    if policy is not None and not problems and _same_address(load_site(paths)):
        problems.append(
            f"{paths.site_toml.name}: menu.listen: " + _("allowed: {what}", what=_("another port than the panel's"))
        )
    if problems or policy is None:
        raise SettingsError(
            _("The station's settings have {n} problems.", n=len(problems)),
            _("Correct them in {path}, then try again.", path=paths.home),
            tuple(problems),
        )
    return under_its_name(_named_on_the_panel(load_site(paths), paths), policy), policy


def under_its_name(site: Site, policy: Policy) -> Site:
    """The site under the name that managers gave it on the panel."""
    return replace(site, name=policy.panel.site_name or site.name)


def name_below(paths: Paths, site: Site) -> str:
    """The site's name without the one that managers gave it on the panel; `site`'s own where the file is wrong."""
    try:
        return _named_on_the_panel(load_site(paths), paths).name
    except SettingsError:
        return site.name


def _named_on_the_panel(site: Site, paths: Paths) -> Site:
    """The site under the names of its first manager. A file that is wrong counts for nothing: site.toml does then."""
    try:
        told = chosen_settings.read(paths.chosen_site)
        names = SiteNames(**told["site"], station=told["station"]["name"])
    except (SettingsError, ValidationError, KeyError, TypeError):
        return site
    return replace(site, code=names.code, name=names.name, station=names.station)


def _with_the_panels(below: dict[str, Any], paths: Paths, problems: list[str]) -> Policy | None:
    """The policy under what managers set on the panel."""
    try:
        return parse_with(below, chosen_settings.read(paths.chosen))
    except SettingsError as error:
        problems += [f"settings/{paths.chosen.name}: {line}" for line in error.problems or (error.message,)]
        return None


def _same_address(site: Site) -> bool:
    return site.panel_listen.rpartition(":")[2] == site.menu_listen.rpartition(":")[2]
