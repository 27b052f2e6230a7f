"""Atoms by the names that python-xlib gives them: it reads names as Latin-1 and writes them as UTF-8, which differs."""

from Xlib.display import Display


def of(display: Display, name: str) -> int:
    """The atom that `get_atom_name` gave this name, whatever letters are in it."""
    return int(display.intern_atom(name.encode("latin-1")))
