"""The province's board, running; and the one-time code by which somebody at this machine becomes its officer."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.cli.common import JSON, show
from kiosk.cli.province import HOME, the_home
from kiosk.translations import _

if TYPE_CHECKING:
    from kiosk.province.board.serving import Ready


@click.command("board")
@click.option("--listen", default="127.0.0.1:8090", show_default=True,
              help="host:port; beyond this machine it speaks TLS with the province's certificate.")  # fmt: skip
@click.option("--code", "only_code", is_flag=True, help="Print a one-time code for an officer, and end.")
@click.option("--engine", type=click.Choice(["duckdb", "postgres", "spark"]), default="duckdb", show_default=True,
              help="What reckons.")  # fmt: skip
@click.option("--engine-url", default="", help="Where PostgreSQL or Spark is.")
@HOME
@JSON
def board(listen: str, only_code: bool, engine: str, engine_url: str, home: Path | None, as_json: bool) -> None:
    """Show in a browser what the province sees: goals, sites, silence, trends. It reads beside kiosk province serve.

    \b
    Example:
      kiosk province board --listen 0.0.0.0:8444
    """
    import logging
    import sys

    path = the_home(home).path
    if only_code:
        from kiosk.province.orders import carry_out

        told = carry_out(path, "board code")
        show(told, as_json, _code_lines(told["code"]))
        return
    from kiosk.province.board.serving import run
    from kiosk.province.indicators.engine import must_need

    must_need(engine, engine_url)
    logging.basicConfig(level=logging.INFO, format="board: %(message)s", stream=sys.stderr)
    run(path, listen, lambda ready: click.echo(_ready(ready, as_json)), engine, engine_url)


def _code_lines(code: str) -> list[str]:
    return [
        _("Code: {code}", code=code),
        _("It holds for one day and once. Open the board's page /begin and type it in there."),
    ]


def _ready(ready: "Ready", as_json: bool) -> str:
    if as_json:
        told = {"ready": True, "name": ready.name, "url": ready.url, "host": ready.host, "port": ready.port,
                "fingerprint": ready.fingerprint, "code": ready.code, "home": str(ready.home)}  # fmt: skip
        return json.dumps(told, ensure_ascii=False)
    lines = [_("{name}: the board is open at {url}", name=ready.name, url=ready.url)]
    if ready.fingerprint:
        lines.append(_("SHA-256 of its certificate: {fingerprint}", fingerprint=ready.fingerprint))
    if ready.code:
        lines += [_("Nobody may sign in yet. The first officer begins with this code."), *_code_lines(ready.code)]
    return "\n".join([*lines, _("Ready. Ctrl+C ends it; the province receives on without it.")])
