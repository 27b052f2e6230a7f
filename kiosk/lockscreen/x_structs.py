"""The C structures of Xlib that the lock and the bar read and write; field order is the ABI."""

from ctypes import Structure, c_char, c_int, c_long, c_short, c_uint, c_ulong, c_ushort, c_void_p


class WindowAttributes(Structure):
    """XSetWindowAttributes (Xlib.h)."""

    _fields_ = [
        ("background_pixmap", c_ulong), ("background_pixel", c_ulong), ("border_pixmap", c_ulong),
        ("border_pixel", c_ulong), ("bit_gravity", c_int), ("win_gravity", c_int), ("backing_store", c_int),
        ("backing_planes", c_ulong), ("backing_pixel", c_ulong), ("save_under", c_int), ("event_mask", c_long),
        ("do_not_propagate_mask", c_long), ("override_redirect", c_int), ("colormap", c_ulong), ("cursor", c_ulong),
    ]  # fmt: skip


class ReadAttributes(Structure):
    """XWindowAttributes (Xlib.h)."""

    _fields_ = [
        ("x", c_int), ("y", c_int), ("width", c_int), ("height", c_int), ("border_width", c_int), ("depth", c_int),
        ("visual", c_void_p), ("root", c_ulong), ("class_", c_int), ("bit_gravity", c_int), ("win_gravity", c_int),
        ("backing_store", c_int), ("backing_planes", c_ulong), ("backing_pixel", c_ulong), ("save_under", c_int),
        ("colormap", c_ulong), ("map_installed", c_int), ("map_state", c_int), ("all_event_masks", c_long),
        ("your_event_mask", c_long), ("do_not_propagate_mask", c_long), ("override_redirect", c_int),
        ("screen", c_void_p),
    ]  # fmt: skip


class Rectangle(Structure):
    """XRectangle (Xlib.h)."""

    _fields_ = [("x", c_short), ("y", c_short), ("width", c_ushort), ("height", c_ushort)]


class Idle(Structure):
    """XScreenSaverInfo (scrnsaver.h); `idle` in milliseconds."""

    _fields_ = [
        ("window", c_ulong), ("state", c_int), ("kind", c_int), ("til_or_since", c_ulong), ("idle", c_ulong),
        ("event_mask", c_ulong),
    ]  # fmt: skip


class KeyEvent(Structure):
    """XKeyEvent (Xlib.h), as far as a press needs it."""

    _fields_ = [
        ("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p), ("window", c_ulong),
        ("root", c_ulong), ("subwindow", c_ulong), ("time", c_ulong), ("x", c_int), ("y", c_int), ("x_root", c_int),
        ("y_root", c_int), ("state", c_uint), ("keycode", c_uint),
    ]  # fmt: skip


class Event(Structure):
    """XEvent, read only as far as the window events need it (Xlib.h pads it to 24 longs)."""

    _fields_ = [
        ("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p), ("event", c_ulong),
        ("window", c_ulong), ("rest", c_char * 160),
    ]  # fmt: skip
