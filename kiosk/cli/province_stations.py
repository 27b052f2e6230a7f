"""The PCs of a province: who they are, codes by which they join, keys that no longer count."""

from pathlib import Path

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME
from kiosk.cli.province_key import carry_out
from kiosk.cli.province_stations_words import day_said, deed_said, line, state_said, who_said
from kiosk.errors import KioskError
from kiosk.translations import _

SITE = click.argument("site")
STATION = click.argument("station")


@click.group("station")
def station() -> None:
    """The province: its PCs, their codes and keys.

    \b
    Example:
      kiosk province station list
    """


@station.command("list")
@click.argument("site", default="")
@HOME
@JSON
def list_all(site: str, home: Path | None, as_json: bool) -> None:
    """Say of every PC, or of those of SITE, when it was last heard and what of it waits.

    \b
    Example:
      kiosk province station list
    """
    found = carry_out(home, "station list", site=site)
    lines = [line(one) for one in found] or [_("No PC has joined yet, and there is no code for one.")]
    show(found, as_json, lines)


@station.command("show")
@SITE
@STATION
@HOME
@JSON
def show_one(site: str, station: str, home: Path | None, as_json: bool) -> None:
    """Say of one PC also which keys it has had, and who did what about it.

    \b
    Example:
      kiosk province station show BDVHX-0417 03
    """
    found = carry_out(home, "station show", site=site, station=station)
    lines = [line(found)]
    for key in found["keys"]:
        until = _(" until {day}", day=day_said(key["until"])) if key["until"] else ""
        lines.append(_("  key {key}: {state}, since {day}{until}", key=key["key"], state=state_said(key["state"]),
                       day=day_said(key["since"]), until=until))  # fmt: skip
    lines += [f"  {day_said(one['at'])} {who_said(one['who'])}: {deed_said(one)}" for one in found["deeds"]]
    show(found, as_json, lines)


@station.command("code")
@SITE
@STATION
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True, help="How long a code is good.")
@click.option("--count", type=click.IntRange(1, 99), default=1, help="Codes for so many PCs, numbered on from STATION.")
@click.option(
    "--sheet", type=click.Path(path_type=Path, dir_okay=False), help="Write an A4 page to print, a card each."
)
@click.option("--reason", default="", help="Why, for the book of deeds.")
@HOME
@JSON
def code(
    site: str, station: str, days: int, count: int, sheet: Path | None, reason: str, home: Path | None, as_json: bool
) -> None:
    """Make the one-time code by which PC number STATION of SITE joins. One that was made for it before is withdrawn.

    \b
    Example:
      kiosk province station code BDVHX-0417 01 --count 10 --sheet codes.html
    """
    if sheet is not None:
        _write_sheet(sheet, "")  # first: codes that nobody can see would be withdrawn by the next try
    found = carry_out(home, "station code", site=site, station=station, days=days, count=count, reason=reason)
    lines = []
    for one in found["codes"]:
        lines.append(_("PC {station}: {code}", station=one["station"], code=one["code"]))
        lines.append(f"  {one['command']}")
        if one["joined"]:
            lines.append("  " + _("! PC {station} has joined already, on {day}: the one that uses this code takes its "
                                  "place.", station=one["station"], day=day_said(one["joined"])))  # fmt: skip
    if not found["registered"]:
        lines.append(_("! The register has no site {site}. Look whether its code is written rightly.", site=site))
    lines.append(_("Each code is for this one PC, once, until {day}.", day=day_said(found["expires"])))
    if sheet is not None:
        from kiosk.province.joining.code_paper import page

        _write_sheet(sheet, page(found))
        lines.append(_("To print, open in a browser: {path}", path=sheet))
    show(found, as_json, lines)


@station.command("revoke")
@SITE
@STATION
@click.option("--reason", required=True, help="Why, for the book of deeds.")
@HOME
@JSON
def revoke(site: str, station: str, reason: str, home: Path | None, as_json: bool) -> None:
    """Take nothing more that PC number STATION of SITE signs: it was stolen, or its key is in wrong hands.

    What it sent before stays. It may join again by a new code.

    \b
    Example:
      kiosk province station revoke BDVHX-0417 03 --reason "stolen on 12 November"
    """
    found = carry_out(home, "station revoke", site=site, station=station, reason=reason)
    said = _("Nothing more counts of PC {station} of {site}: {n} keys were revoked, {codes} codes withdrawn.",
             station=station, site=site, n=len(found["keys"]), codes=found["codes"])  # fmt: skip
    show(found, as_json, [said])


@station.command("seen")
@SITE
@STATION
@click.option("--reason", default="", help="What was found, for the book of deeds.")
@HOME
@JSON
def seen(site: str, station: str, reason: str, home: Path | None, as_json: bool) -> None:
    """Tell of the alarms of a PC no longer, until they come again: somebody has looked after them.

    \b
    Example:
      kiosk province station seen BDVHX-0417 03 --reason "two PCs had one disk; one was set up anew"
    """
    found = carry_out(home, "station seen", site=site, station=station, reason=reason)
    show(found, as_json, [_("{n} alarms were looked after.", n=found["alarms"])])


def _write_sheet(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        from kiosk.translations import reason

        raise KioskError(
            _("{path} cannot be written: {reason}.", path=path, reason=reason(error)), _("Try another folder.")
        ) from None
