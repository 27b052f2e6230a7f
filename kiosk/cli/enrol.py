"""The station joins its province."""

from pathlib import Path
from typing import Any

import click

from kiosk.cli.common import JSON, paths, show
from kiosk.errors import RefusedError, UsageError
from kiosk.translations import _


@click.command()
@click.argument("url", default="")
@click.argument("code", default="")
@click.option("--take-over", is_flag=True, help="Take site and number from the code also where this PC has others.")
@click.option("--leave-behind", is_flag=True, help="With --take-over: also where days wait under the old name.")
@click.option("--rotate", is_flag=True, help="Give this station another key; the province is told by the old one.")
@click.option("--forget", is_flag=True, help="Leave the province: the station's key is erased.")
@click.option("--yes", is_flag=True, help="Do it; without this, --forget only says what would be done.")
@JSON
def enrol(
    url: str, code: str, take_over: bool, leave_behind: bool, rotate: bool, forget: bool, yes: bool, as_json: bool
) -> None:
    """Join the province by the one-time code that it gave for this PC; without words, say what is joined.

    The text of the QR on the sheet, address and code in one, serves as URL too. Without a network URL is the folder of
    a stick: the question is written to it, and the same command reads the answer that the province wrote beside it.

    \b
    Examples:
      kiosk enrol https://province.example.vn:8443 7K2M-9QRT-4XWB-0C3D-8FGH
      kiosk enrol /media/usb 7K2M-9QRT-4XWB-0C3D-8FGH
      kiosk enrol status
    """
    if rotate + forget + bool(url) > 1:
        raise UsageError(_("--rotate and --forget stand alone."), _("Leave out URL and CODE."))
    if forget:
        _forget(yes, as_json)
    elif rotate:
        found = _ask("rotate")
        show(found, as_json, [_("The station has a new key; the province has confirmed it."), *lines(found)])
    elif url in ("", "status"):
        found = _ask("status")
        show(found, as_json, lines(found))
    else:
        url = str(Path(url).absolute()) if url.startswith((".", "/")) else url
        code = code or ("" if "#" in url or " " in url.strip() else click.prompt(_("Code"), err=True))
        found = _ask("join", url=url, code=code, take_over=take_over, leave_behind=leave_behind)
        show(found, as_json, [*lines(found), *_renamed(found)])


def _forget(sure: bool, as_json: bool) -> None:
    found = {"enrolled": True} if sure else _ask("status")
    if not sure and found["enrolled"]:
        raise RefusedError(
            _("The station would leave {name}: nothing more is sent, and its key is erased.", name=found["province"]),
            _("Add --yes to do it. To join again takes a new code."),
        )
    found = _ask("forget")
    show(found, as_json, lines(found))


def lines(found: dict[str, Any]) -> list[str]:
    """The enrolment for a person."""
    from kiosk.service.words import minute_of

    if not found["enrolled"]:
        return [_("This station has not joined a province; what it counts waits here.")]
    by_stick = _("Numbers go by stick: kiosk export write --to FOLDER. This station's key is {key}.", key=found["key"])
    return [
        _("Joined: {name}, as site {site}, computer {station}, since {when}.", name=found["province"],
          site=found["site"], station=found["station"], when=minute_of(found["at"])),
        by_stick if found["way"] == "file" else
        _("Numbers go to {url}; this station's key is {key}.", url=found["urls"][0], key=found["key"]),
    ]  # fmt: skip


def _renamed(found: dict[str, Any]) -> list[str]:
    if not found.get("renamed"):
        return []
    return [_("Site and number of this computer are now those of the code; kiosk goes on under them by itself.")]


def _ask(action: str, **asked: Any) -> dict[str, Any]:
    from kiosk.cli.offline import ask_or_enrol

    found: dict[str, Any] = ask_or_enrol(paths(), action, **asked)
    return found
