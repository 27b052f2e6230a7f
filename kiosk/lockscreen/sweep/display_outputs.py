"""What a session can add to the monitors beside their sizes: modes, properties, monitors that are none, a zoom.

A part of display_monitors.py (RandR 1.3; monitors of their own since 1.5). What was there before is put back as it was.
"""

from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.ext import randr
from Xlib.protocol import rq

from kiosk.lockscreen.sweep import atoms

PLAIN = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x10000]  # fixed point: each pixel as it is
_WORDS = 256  # of one property, as an EDID has
_Matrix = [rq.Card32] * 9


class _GetTransform(rq.ReplyRequest):  # type: ignore[misc]
    """RRGetCrtcTransform: python-xlib cannot read its answer. Only the transformation in force, without filters."""

    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(27), rq.RequestLength(), rq.Card32("crtc"))
    _reply = rq.Struct(
        rq.ReplyCode(), rq.Card8("status"), rq.Card16("sequence_number"), rq.ReplyLength(),
        *(kind(f"pending{place}") for place, kind in enumerate(_Matrix)), rq.Bool("has_transforms"), rq.Pad(3),
        *(kind(f"current{place}") for place, kind in enumerate(_Matrix)), rq.Pad(4), rq.Card16("rest1"),
        rq.Card16("rest2"), rq.Card16("rest3"), rq.Card16("rest4"),
    )  # fmt: skip


class _SetTransform(rq.Request):  # type: ignore[misc]
    """RRSetCrtcTransform with no filter; in force with the next RRSetCrtcConfig."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(26), rq.RequestLength(), rq.Card32("crtc"),
        *(kind(f"place{place}") for place, kind in enumerate(_Matrix)), rq.Card16("filter"), rq.Pad(2),
    )  # fmt: skip


class _GetProperty(rq.ReplyRequest):  # type: ignore[misc]
    """RRGetOutputProperty: python-xlib takes every value for bytes."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(15), rq.RequestLength(), rq.Card32("output"), rq.Card32("name"),
        rq.Card32("kind"), rq.Card32("offset"), rq.Card32("words"), rq.Bool("delete"), rq.Bool("pending"), rq.Pad(2),
    )  # fmt: skip
    _reply = rq.Struct(
        rq.ReplyCode(), rq.Format("value", 1), rq.Card16("sequence_number"), rq.ReplyLength(), rq.Card32("kind"),
        rq.Card32("bytes_after"), rq.LengthOf("value", 4), rq.Pad(12), rq.PropertyData("value"),
    )  # fmt: skip


def transform(display: Display, crtc: int) -> list[int]:
    """The nine numbers in force."""
    major = display.display.get_extension_major(randr.extname)
    found = _GetTransform(display=display.display, opcode=major, crtc=crtc)
    return [getattr(found, f"current{place}") for place in range(9)]


def set_transform(display: Display, crtc: int, matrix: list[int]) -> None:
    """Ask for it."""
    major = display.display.get_extension_major(randr.extname)
    places = {f"place{place}": number for place, number in enumerate(matrix)}
    _SetTransform(display=display.display, opcode=major, crtc=crtc, filter=0, **places)


def set_panning(display: Display, crtc: int, panning: dict[str, int]) -> None:
    """Where the monitor shows a part of something larger."""
    major = display.display.get_extension_major(randr.extname)
    randr.SetPanning(display=display.display, opcode=major, crtc=crtc, timestamp=X.CurrentTime, **panning)


def remember(display: Display) -> dict[str, Any]:
    """Fit for JSON."""
    root = display.screen().root
    held = root.xrandr_get_screen_resources_current()
    named = _monitors(display)
    outputs = []
    for one in held.outputs:
        info = display.xrandr_get_output_info(one, held.config_timestamp)
        outputs.append({"id": one, "modes": list(info.modes), "properties": _properties(display, one)})
    primary = root.xrandr_get_output_primary().output
    return {"outputs": outputs, "modes": [mode.id for mode in held.modes], "primary": primary, "monitors": named}


def take_away(display: Display, kept: dict[str, Any]) -> None:
    """What was added goes and what was changed is as before; Xlib's errors when that is refused."""
    root, now = display.screen().root, remember(display)
    for name in now["monitors"]:
        if name not in kept["monitors"]:
            root.xrandr_delete_monitor(atoms.of(display, name))
    before = {one["id"]: one for one in kept["outputs"]}
    for output in now["outputs"]:
        if output["id"] in before:
            _take_from(display, output, before[output["id"]])
    for mode in now["modes"]:
        if mode not in kept["modes"]:
            display.xrandr_destroy_mode(mode)
    if now["primary"] != kept["primary"]:
        root.xrandr_set_output_primary(kept["primary"])


def _take_from(display: Display, output: dict[str, Any], before: dict[str, Any]) -> None:
    for mode in output["modes"]:
        if mode not in before["modes"]:
            display.xrandr_delete_output_mode(output["id"], mode)
    for name in output["properties"].keys() - before["properties"].keys():
        display.xrandr_delete_output_property(output["id"], atoms.of(display, name))
    for name, (kind, size, value) in before["properties"].items():
        if output["properties"].get(name) != [kind, size, value]:
            words = atoms.of(display, name), atoms.of(display, kind)
            data = bytes(value) if size == 8 else value
            display.xrandr_change_output_property(output["id"], *words, X.PropModeReplace, (size, data))


def _monitors(display: Display) -> list[str]:
    """Names of all monitors, those that somebody defined too; none where the server knows no such thing."""
    version = display.xrandr_query_version()
    if (version.major_version, version.minor_version) < (1, 5):
        return []
    found = display.screen().root.xrandr_get_monitors(is_active=False).monitors
    return [str(display.get_atom_name(one.name)) for one in found]


def _properties(display: Display, output: int) -> dict[str, list[Any]]:
    found = {}
    for atom in display.xrandr_list_output_properties(output).atoms:
        major = display.display.get_extension_major(randr.extname)
        held = _GetProperty(
            display=display.display, opcode=major, output=output, name=atom, kind=X.AnyPropertyType, offset=0,
            words=_WORDS, delete=False, pending=False,
        )  # fmt: skip
        if held.value is not None and held.kind and not held.bytes_after:
            size, value = held.value
            found[str(display.get_atom_name(atom))] = [str(display.get_atom_name(held.kind)), size, list(value)]
    return found
