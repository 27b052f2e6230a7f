"""The receiving end of a province, running."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.common import JSON
from kiosk.cli.province import HOME
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.door.serving import Ready


@click.command("serve")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--listen", default="", help="host:port; else as province.toml says, 0.0.0.0:8443 at first.")
@click.option("--name", default="", help="The province's name, where its folder is made now.")
@click.option("--url", "urls", multiple=True, help="Where stations reach it, where its folder is made now.")
@click.option("--quiet", type=float, default=10.0, hidden=True)
@HOME
@JSON
def serve(
    folder: Path | None, listen: str, name: str, urls: tuple[str, ...], quiet: float, home: Path | None, as_json: bool
) -> None:
    """Receive what stations send, until it is stopped. Whatever is missing, it makes: folder, keys, certificate.

    \b
    Example:
      kiosk province serve /srv/province --name "Tỉnh An Giang" --url https://counts.example.vn:8443
    """
    import logging
    import sys

    from kiosk.province.door.serving import run
    from kiosk.province.home import home_dir

    logging.basicConfig(level=logging.INFO, format="province: %(message)s", stream=sys.stderr)
    path = home_dir(folder or home)
    _make_what_is_missing(path, name, urls, listen)
    run(path, listen, lambda ready: click.echo(_ready(ready, as_json)), quiet)


def _make_what_is_missing(path: Path, name: str, urls: tuple[str, ...], listen: str) -> None:
    import socket
    from datetime import datetime, timezone

    from kiosk.province.home import init, is_home
    from kiosk.web.server import parse_address

    if is_home(path):
        return
    _host, port = parse_address(listen or "0.0.0.0:8443")
    init(path, name or _("Our province"), urls or (f"https://{socket.getfqdn()}:{port}",), datetime.now(timezone.utc))


def _ready(ready: "Ready", as_json: bool) -> str:
    """What it is, where, and how to know it; for tests one line of JSON."""
    if as_json:
        told = {"ready": True, "name": ready.name, "host": ready.host, "port": ready.port, "urls": ready.urls,
                "fingerprint": ready.fingerprint, "key": ready.key, "card": ready.card,
                "home": str(ready.home)}  # fmt: skip
        return json.dumps(told, ensure_ascii=False)
    lines = [
        _("{name}: this is where the nightly figures of the stations are received.", name=ready.name),
        _("Stations reach it at {urls}; it listens on {host}, port {port}.", urls=", ".join(ready.urls),
          host=ready.host, port=ready.port),
        _("Everything it has lies in {home}.", home=ready.home),
        _("SHA-256 of its certificate: {fingerprint}", fingerprint=ready.fingerprint),
        _("It signs by key {key}. To let a PC join: kiosk province station code SITE STATION", key=ready.key),
        _("Ready. Ctrl+C ends it; nothing that was received is lost then."),
    ]  # fmt: skip
    return "\n".join(lines)
