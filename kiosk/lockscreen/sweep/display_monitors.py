"""What a session can change of the monitors and of who may speak to the X server: sizes, colours (gamma), hosts.

A part of display_memory.py; what can be added to monitors is in display_outputs.py. Where monitors were
changed by hand since (another one, or none), their sizes are left.
"""

from typing import Any

from Xlib import X
from Xlib.display import Display

from kiosk.lockscreen.sweep import display_outputs

NONE = 0
_PANNING = (
    "left", "top", "width", "height", "track_left", "track_top", "track_width", "track_height", "border_left",
    "border_top", "border_right", "border_bottom",
)  # fmt: skip


def remember(display: Display) -> dict[str, Any]:
    """Fit for JSON."""
    return {"hosts": _hosts(display), "monitors": _monitors(display)}


def restore(display: Display, kept: dict[str, Any]) -> None:
    """Put back what differs; Xlib's errors when that is refused."""
    for family, name in _hosts(display):
        if [family, name] not in kept["hosts"]:
            display.change_hosts(X.HostDelete, family, bytes(name))
    now, before = _monitors(display), kept["monitors"]
    if before is None or now is None or now["outputs"] != before["outputs"]:
        return
    if [now["size"], _modes(now)] != [before["size"], _modes(before)]:
        _put_modes(display, before)
    if "added" in before:  # an earlier version wrote down nothing of it
        display_outputs.take_away(display, before["added"])
    for old, new in zip(before["crtcs"], now["crtcs"], strict=True):
        if old["gamma"] != new["gamma"]:
            red, green, blue = old["gamma"]
            display.xrandr_set_crtc_gamma(old["id"], len(red), red, green, blue)


def _hosts(display: Display) -> list[list[Any]]:
    return [[host.family, list(host.name)] for host in display.list_hosts().hosts]


def _modes(monitors: dict[str, Any]) -> list[list[Any]]:
    return [crtc["mode"] for crtc in monitors["crtcs"]]


def _monitors(display: Display) -> dict[str, Any] | None:
    """None where the X server knows no RandR 1.3."""
    if not display.has_extension("RANDR"):
        return None
    version = display.xrandr_query_version()
    if (version.major_version, version.minor_version) < (1, 3):
        return None
    root = display.screen().root
    held, geometry, screen = root.xrandr_get_screen_resources_current(), root.get_geometry(), display.screen()
    outputs = [[one, display.xrandr_get_output_info(one, held.config_timestamp).connection] for one in held.outputs]
    crtcs = []
    for number in held.crtcs:
        info = display.xrandr_get_crtc_info(number, held.config_timestamp)
        gamma = display.xrandr_get_crtc_gamma(number)
        zoom, panning = display_outputs.transform(display, number), _panning(display, number)
        mode = [info.x, info.y, info.mode, info.rotation, list(info.outputs), zoom, panning]
        gamma = [list(gamma.red), list(gamma.green), list(gamma.blue)]
        crtcs.append({"id": number, "mode": mode, "gamma": gamma})
    size = [geometry.width, geometry.height, screen.width_in_mms, screen.height_in_mms]
    return {"outputs": outputs, "size": size, "crtcs": crtcs, "added": display_outputs.remember(display)}


def _panning(display: Display, crtc: int) -> list[int]:
    held = display.xrandr_get_panning(crtc)
    return [getattr(held, name) for name in _PANNING]


def _put_modes(display: Display, kept: dict[str, Any]) -> None:
    """Monitors off, the screen at its size, monitors on: in between they would not fit into it."""
    root = display.screen().root
    stamp = root.xrandr_get_screen_resources_current().config_timestamp
    for crtc in kept["crtcs"]:
        if len(crtc["mode"]) > 6 and _panning(display, crtc["id"]) != crtc["mode"][6]:
            display_outputs.set_panning(display, crtc["id"], dict(zip(_PANNING, crtc["mode"][6], strict=True)))
        display.xrandr_set_crtc_config(crtc["id"], stamp, 0, 0, NONE, 1, [])
    root.xrandr_set_screen_size(*kept["size"])
    for crtc in kept["crtcs"]:
        x, y, mode, rotation, outputs, *more = crtc["mode"]
        if more and display_outputs.transform(display, crtc["id"]) != more[0]:
            display_outputs.set_transform(display, crtc["id"], more[0])
        display.xrandr_set_crtc_config(crtc["id"], stamp, x, y, mode, rotation, outputs)
