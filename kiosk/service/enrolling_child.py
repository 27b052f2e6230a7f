"""A process of a moment, asked by enrolling.py: joins the province, changes the key, leaves. Or the same without it.

standard input   {"action": join|rotate|forget, "url", "code", "take_over", "leave_behind", and `enrolling.about`}
standard output  {"ok": true, "renamed": bool}, or {"ok": false, "message", "hint", "exit_code", "code"}
"""

import json
import os
import sys
from typing import Any

from pydantic import ValidationError

from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.export import joining, rotating
from kiosk.service.checked_settings import SiteNames
from kiosk.service.site_names import write_names
from kiosk.settings import Paths, home_dir
from kiosk.translations import _, kept


def done(paths: Paths, asked: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked, in this process."""
    match asked["action"]:
        case "join":
            days = int(asked.get("waiting_days", 0))
            here = joining.Here(asked["site"], asked["station"], asked["unnamed"], asked["now"], days)

            def rename(site: str, station: str) -> None:
                write_names(paths, _names(site, station, asked["name"]))

            url, code = asked["url"], asked["code"]
            take_over, leave_behind = bool(asked.get("take_over")), bool(asked.get("leave_behind"))
            _enrolled, renamed = joining.join(paths, url, code, here, take_over, rename, leave_behind)
            return {"renamed": renamed}
        case "rotate":
            rotating.rotate(paths, asked["now"])
        case "forget":
            joining.forget(paths)
        case _:
            raise UsageError("no such action")
    return {}


def _names(site: str, station: str, name: str) -> SiteNames:
    try:
        return SiteNames(code=site, name=name, station=station)
    except ValidationError:
        raise RefusedError(
            _("The code is for site {site}, computer {station}: such names cannot be given to a computer here.",
              site=site, station=station),
            _("Ask the province for a code with a site of capital letters, digits and hyphens, such as TH-012."),
        ) from None  # fmt: skip


def main(asked: str) -> int:
    """Do it and say what came of it; a sentence for whatever went wrong."""
    try:
        told = {"ok": True, **done(Paths(home_dir()), json.loads(asked))}
    except KioskError as error:
        told = {"ok": False, "message": kept(error.message), "hint": kept(error.hint), "exit_code": error.exit_code,
                "code": error.code}  # fmt: skip
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.stdin.read()))
