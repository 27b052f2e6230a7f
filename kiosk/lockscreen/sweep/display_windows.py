"""What a session can leave on the windows that are the server's own, the root and the overlay, and what it copied.

A part of display_memory.py. Any client may write to these windows, and they stay when it is gone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.ext import composite
from Xlib.protocol import request, rq
from Xlib.xobject.drawable import Window

from kiosk.lockscreen.sweep import atoms, display_devices

SELECTIONS = ("PRIMARY", "SECONDARY", "CLIPBOARD", "XdndSelection")


class _Release(rq.Request):  # type: ignore[misc]
    """CompositeReleaseOverlayWindow: the server keeps it as long as somebody else wants it."""

    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(8), rq.RequestLength(), rq.Window("window"))


def remember(display: Display) -> dict[str, list[Any]]:
    """The root window's properties; the overlay has none."""
    root, found = display.screen().root, {}
    for atom in root.list_properties():
        held = root.get_full_property(atom, X.AnyPropertyType)
        if held is not None:
            value = held.value.encode("latin-1") if isinstance(held.value, str) else held.value
            value = list(value)
            found[display.get_atom_name(atom)] = [display.get_atom_name(held.property_type), held.format, value]
    return found


def put_properties(display: Display, kept: dict[str, Any]) -> None:
    """Nothing is read of what is there: a session may have left many of them, and large ones."""
    root = display.screen().root
    wanted = {atoms.of(display, name): what for name, what in kept["properties"].items()}
    for atom in root.list_properties():
        if atom not in wanted and atom != Xatom.RESOURCE_MANAGER:
            root.delete_property(atom)
    for atom, (kind, size, value) in wanted.items():
        if atom != Xatom.RESOURCE_MANAGER:
            root.change_property(atom, atoms.of(display, kind), size, bytes(value) if size == 8 else value)
    _put_resources(root, bytes(kept["properties"].get("RESOURCE_MANAGER", ("", 8, []))[2]))
    with _overlay(display) as above:
        for window in above:
            for atom in window.list_properties():
                window.delete_property(atom)


def _put_resources(root: Window, kept: bytes) -> None:
    """Only where they are others now: a lock that starts beside us begins anew when they are written (resources.py)."""
    held = root.get_property(Xatom.RESOURCE_MANAGER, X.AnyPropertyType, 0, len(kept) // 4 + 1)
    if held is None and not kept:
        return
    value = held.value.encode("latin-1") if held is not None and isinstance(held.value, str) else held and held.value
    if value != kept or held.bytes_after:
        root.change_property(Xatom.RESOURCE_MANAGER, Xatom.STRING, 8, kept)


def put_ground(display: Display, kept: dict[str, Any]) -> None:
    """The server's own ground and pointer: what was painted there cannot be asked for."""
    root = display.screen().root
    root.change_attributes(
        background_pixmap=X.NONE, cursor=X.NONE, colormap=display.screen().default_colormap,
        bit_gravity=X.ForgetGravity, backing_store=X.NotUseful, do_not_propagate_mask=0,
    )  # fmt: skip
    root.clear_area()
    with _overlay(display) as above:
        for window in above:
            window.change_attributes(cursor=X.NONE, bit_gravity=X.ForgetGravity, do_not_propagate_mask=0)
        display_devices.take_pointers(display, [root.id, *(window.id for window in above)])


def put_selections(display: Display, kept: dict[str, Any]) -> None:
    """Nobody has copied anything."""
    for name in SELECTIONS:
        atom = display.get_atom(name)
        request.SetSelectionOwner(display=display.display, window=X.NONE, selection=atom, time=X.CurrentTime)


@contextmanager
def _overlay(display: Display) -> Iterator[list[Window]]:
    """The Composite overlay, which stays with each lock that follows another; none where the server has none."""
    if not display.has_extension(composite.extname):
        yield []
        return
    display.composite_query_version()
    window = display.screen().root.composite_get_overlay_window().overlay_window
    yield [window]
    _Release(display=display.display, opcode=display.display.get_extension_major(composite.extname), window=window)
