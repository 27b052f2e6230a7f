"""The programs of [[program]] as tiles of the menu: those whose command is on this PC, by their place in the policy.

A touch tells the supervisor that command, which starts it where its own policy.toml offers the same: the places may
have shifted between the two.
"""

import shlex
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.errors import RefusedError
from kiosk.rules.policy_of_the_pc import ProgramPolicy
from kiosk.service.face import Face
from kiosk.settings import SESSION_PATH
from kiosk.translations import web_ui_dir
from kiosk.web.pages import error_page
from kiosk.web.words import says

ANY_PROGRAM = "programs/program"
KINDS = {".png": "image/png", ".svg": "image/svg+xml"}
LARGEST_PICTURE = 1 << 20
NO_SESSION = says("Programs open only while somebody uses this computer.")


@dataclass(frozen=True)
class Tile:
    """A program as the menu shows it: `drawing` of ours, or else `picture` of the site's own, by its path."""

    place: int
    command: str
    name: str
    drawing: str
    picture: Path | None


class Programs:
    """What the policy offers now; what is installed is looked up each time, as a package may come while we run."""

    def __init__(self, offered: Callable[[], Sequence[ProgramPolicy]]) -> None:
        self._offered = offered

    def tiles(self, lang: str) -> list[Tile]:
        """Those that are installed, in the policy's order, named in the reader's language."""
        return [_tile(place, one, lang) for place, one in enumerate(self._offered()) if _here(one)]

    def tile(self, place: int, lang: str) -> Tile | None:
        """The one at this place; None where there is none that is installed."""
        return next((one for one in self.tiles(lang) if one.place == place), None)


def _here(program: ProgramPolicy) -> bool:
    return program.shown and shutil.which(shlex.split(program.command)[0], path=SESSION_PATH) is not None


def _tile(place: int, program: ProgramPolicy, lang: str) -> Tile:
    picture = Path(program.icon) if program.icon.startswith("/") and Path(program.icon).is_file() else None
    known = (web_ui_dir() / "drawings" / f"{program.icon}.svg").is_file()
    name = program.name.en if lang == "en" else program.name.vi
    return Tile(place, program.command, name, program.icon if known else ANY_PROGRAM, picture)


def add_programs(app: Flask, face: Face, programs: Programs) -> None:
    """The two views of a program: start it, and the picture that the site gave it."""

    @app.post("/programs/<int:place>", endpoint="program")
    def program(place: int) -> Answer | tuple[str, int]:
        tile = programs.tile(place, g.lang)
        if tile is None:
            abort(404)
        try:
            face.run_program(tile.command)
        except RefusedError:
            return error_page(403, NO_SESSION)
        return redirect(url_for("home", opening=place), 303)

    @app.get("/programs/<int:place>/picture", endpoint="program_picture")
    def program_picture(place: int) -> Response:
        tile = programs.tile(place, g.lang)
        if tile is None or tile.picture is None or tile.picture.stat().st_size > LARGEST_PICTURE:
            abort(404)
        return Response(tile.picture.read_bytes(), mimetype=KINDS[tile.picture.suffix])
