"""What a session can change of keyboards, mice and touch screens: switched off, set apart, turned round (XInput).

A part of display_memory.py. Devices that came or went since are left as they are.
"""

from typing import Any

from Xlib import X, error
from Xlib.display import Display
from Xlib.ext import xinput
from Xlib.protocol import rq

from kiosk.lockscreen.sweep import atoms

MOST_WORDS = 64  # of one property; calibrations have nine
_ENABLED = "Device Enabled"
_MASTERS = (xinput.MasterPointer, xinput.MasterKeyboard)


class _Remove(rq.Request):  # type: ignore[misc]
    """XIChangeHierarchy with one change, RemoveMaster: what was attached to it goes to the two masters named here."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(43), rq.RequestLength(), rq.Card8("changes"), rq.Pad(3), rq.Card16("kind"),
        rq.Card16("words"), rq.Card16("device"), rq.Card8("mode"), rq.Pad(1), rq.Card16("pointer"),
        rq.Card16("keyboard"),
    )  # fmt: skip


class _Buttons(rq.ReplyRequest):  # type: ignore[misc]
    """XGetDeviceButtonMapping (XIproto.h): each mouse has a map of its own beside the one of them all."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(28), rq.RequestLength(), rq.Card8("device"), rq.Pad(3),
    )  # fmt: skip
    _reply = rq.Struct(
        rq.ReplyCode(), rq.Card8("kind"), rq.Card16("sequence_number"), rq.ReplyLength(), rq.LengthOf("map", 1),
        rq.Pad(23), rq.List("map", rq.Card8Obj),
    )  # fmt: skip


class _SetButtons(rq.ReplyRequest):  # type: ignore[misc]
    """XSetDeviceButtonMapping."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(29), rq.RequestLength(), rq.Card8("device"), rq.LengthOf("map", 1), rq.Pad(2),
        rq.List("map", rq.Card8Obj),
    )  # fmt: skip
    _reply = rq.Struct(
        rq.ReplyCode(), rq.Card8("kind"), rq.Card16("sequence_number"), rq.ReplyLength(), rq.Card8("status"), rq.Pad(23)
    )


class _Pointer(rq.Request):  # type: ignore[misc]
    """XIChangeCursor: a window may show another one for each pointer, whatever it shows for all."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(42), rq.RequestLength(), rq.Card32("window"), rq.Card32("cursor"),
        rq.Card16("device"), rq.Pad(2),
    )  # fmt: skip


class _Attach(rq.Request):  # type: ignore[misc]
    """XIChangeHierarchy with one change, AttachSlave (XI2proto.h), which python-xlib lacks."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(43), rq.RequestLength(), rq.Card8("changes"), rq.Pad(3), rq.Card16("kind"),
        rq.Card16("words"), rq.Card16("device"), rq.Card16("master"),
    )  # fmt: skip


def remember(display: Display) -> list[dict[str, Any]]:
    """Fit for JSON; empty where the X server knows no XInput 2."""
    if not display.has_extension(xinput.extname):
        return []
    display.xinput_query_version()
    found = []
    for device in display.xinput_query_device(xinput.AllDevices).devices:
        held = {"id": device.deviceid, "name": str(device.name), "use": device.use, "master": device.attachment}
        one = {"properties": _properties(display, device.deviceid), "buttons": buttons(display, device.deviceid)}
        found.append({**held, **one})
    return found


def restore(display: Display, kept: list[dict[str, Any]]) -> None:
    """Put back what differs; Xlib's errors when that is refused."""
    _end_masters(display, kept)
    now = {one["id"]: one for one in remember(display)}
    for before in kept:
        device = now.get(before["id"])
        if device is None or device["name"] != before["name"]:
            continue
        # Switched on first: what is off takes no master.
        names = sorted(before["properties"], key=lambda name: name != _ENABLED)
        for name in device["properties"].keys() - before["properties"].keys():
            _delete(display, before["id"], atoms.of(display, name))
        for name in names:
            kind, size, value = before["properties"][name]
            if device["properties"].get(name) != [kind, size, value]:
                words = atoms.of(display, name), atoms.of(display, kind)
                display.xinput_change_device_property(before["id"], *words, X.PropModeReplace, _item(size, value))
        if before.get("buttons") and device["buttons"] != before["buttons"]:
            _SetButtons(display=display.display, opcode=_major(display), device=before["id"], map=before["buttons"])
        if (device["use"], device["master"]) != (before["use"], before["master"]):
            _Attach(
                display=display.display, opcode=_major(display), changes=1, kind=3,
                words=2, device=before["id"], master=before["master"],
            )  # fmt: skip


def _end_masters(display: Display, kept: list[dict[str, Any]]) -> None:
    """A second pointer and keyboard that a session made: the next citizen would see two arrows."""
    masters = {one["use"]: one["id"] for one in reversed(kept) if one["use"] in _MASTERS}
    if masters.keys() != set(_MASTERS):
        return
    before = [[one["id"], one["name"]] for one in kept]
    for device in display.xinput_query_device(xinput.AllMasterDevices).devices:
        # With its pointer a pair's keyboard goes too.
        if device.use == xinput.MasterPointer and [device.deviceid, str(device.name)] not in before:
            _Remove(
                display=display.display, opcode=_major(display), changes=1, kind=2,
                words=3, device=device.deviceid, mode=1, pointer=masters[xinput.MasterPointer],
                keyboard=masters[xinput.MasterKeyboard],
            )  # fmt: skip


def buttons(display: Display, device: int) -> list[int]:
    """Which button is which; none of a keyboard."""
    try:
        return list(_Buttons(display=display.display, opcode=_major(display), device=device).map)
    except error.XError:
        return []


def take_pointers(display: Display, windows: list[int]) -> None:
    """Of no pointer do these windows show one of its own any more."""
    if not display.has_extension(xinput.extname):
        return
    display.xinput_query_version()
    for device in display.xinput_query_device(xinput.AllMasterDevices).devices:
        for window in windows if device.use == xinput.MasterPointer else ():
            point(display, window, X.NONE, device.deviceid)


def point(display: Display, window: int, cursor: int, device: int) -> None:
    """Show this cursor as that pointer's in a window; NONE: as everybody's."""
    _Pointer(display=display.display, opcode=_major(display), window=window, cursor=cursor, device=device)


def _delete(display: Display, device: int, name: int) -> None:
    """Refused where it is its driver's own."""
    xinput.XIDeleteProperty(
        display=display.display, onerror=error.CatchError(), opcode=_major(display), deviceid=device, property=name
    )


def _major(display: Display) -> int:
    return int(display.display.get_extension_major(xinput.extname))


def _properties(display: Display, device: int) -> dict[str, list[Any]]:
    found = {}
    for atom in display.xinput_list_device_properties(device).atoms:
        try:
            held = display.xinput_get_device_property(device, atom, X.AnyPropertyType, 0, MOST_WORDS)
        except error.XError:
            continue
        if held.value is not None and held.type and not held.bytes_after:
            found[display.get_atom_name(atom)] = [display.get_atom_name(held.type), *_value(held.value)]
    return found


def _value(held: tuple[int, Any]) -> list[Any]:
    size, value = held
    return [size, list(value)]


def _item(size: int, value: list[int]) -> tuple[int, Any]:
    return size, bytes(value) if size == 8 else value
