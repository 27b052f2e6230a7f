"""Where the files that ship with the program lie: `web_ui` and `policies`."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_dir(name: str) -> Path:
    """A shipped folder: inside the installed package, else beside it in a checkout or an editable install."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
