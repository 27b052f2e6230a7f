"""Every state of the bar, drawn by the real code in this process, for tests to measure and people to look at."""

from collections.abc import Iterator
from itertools import product
from typing import Any, cast

from kiosk.lockscreen.bar.bar import Bar
from kiosk.lockscreen.x11 import X11
from tests.lock_stage import OPEN, STATE

OFFER = {"minutes": 30, "offered": True, "why_not": None}
REFUSE = {"minutes": 30, "offered": False, "why_not": "waiting"}
WARNED = {"extension": OFFER, "seconds_left": 290, "warning": 5}
STICK = {"id": "sdb1", "label": "KINGSTON", "free_mb": 3412, "state": "ready", "detail": ""}
LONG = {**STICK, "label": "Ảnh cưới Hương – Nghĩa 2019 (bản gốc)", "free_mb": 28431}
PRINT = {"mode": "staff", "waiting": 2, "pages": 0, "trouble": None}
MESSAGE = {"id": "m1", "text": "Chiều nay điểm có lớp học dùng máy tính, mời Quý vị ở lại."}
# As long as staff may write (rules/notes.py).
LONG_MESSAGE = {
    "id": "m2",
    "text": (
        "Kính mời Quý vị lưu lại bài đang làm, vì khoảng mười phút nữa điện lực xã sẽ cắt "
        "điện để sửa đường dây; điểm xin lỗi vì đã làm gián đoạn việc của Quý vị nhé."
    )[:160],
}
CLASS = {
    "state": "class",
    "seconds_left": 14_000,
    "class": {
        "title": "Nộp hồ sơ dịch vụ công trực tuyến cho người mới bắt đầu",
        "began": "08:00",
        "ended": "",
        "day": "2026-11-20",
    },
    "extension": {"minutes": 0, "offered": False, "why_not": "class"},
}
FULL = {"typing": "vi", "sticks": [STICK], "print": PRINT, "home": {"free_mb": 12, "full": True, "unsaved": 12}}

# name -> (the sheet that is up, what changes in the state, the volume)
SHEETS: dict[str, tuple[str, dict[str, Any], int | None]] = {
    "calm": ("", {"seconds_left": 2520}, None),
    "calm_typing": ("", {"seconds_left": 2520, "typing": "vi"}, None),
    "calm_all": ("", {"seconds_left": 2520, **FULL, "help_asked": True}, 60),
    "warned_all": ("", {**WARNED, **FULL}, 60),
    "last_seconds_all": ("", {**WARNED, **FULL, "seconds_left": 110, "warning": 1}, 60),
    "hub": ("hub", {"seconds_left": 2520}, None),
    "hub_typing": ("hub", {"seconds_left": 2520, "typing": "en"}, None),
    "hub_stick": ("hub", {"seconds_left": 2520, "typing": "vi", "sticks": [STICK]}, None),
    "hub_offer": ("hub", {**WARNED, "typing": "vi"}, 60),
    "hub_sound": ("hub", {"seconds_left": 2520, "typing": "vi", "sticks": [STICK], "print": PRINT}, 60),
    "hub_all": ("hub", {**WARNED, **FULL, "message": MESSAGE, "help_asked": True}, 60),
    "warning10": ("warning", {"seconds_left": 600, "warning": 10, "extension": OFFER}, None),
    "warning10_stick": ("warning", {"seconds_left": 600, "warning": 10, "extension": OFFER, **FULL}, None),
    "warning5": ("warning", WARNED, None),
    "warning1": ("warning", {**WARNED, "seconds_left": 43, "warning": 1, **FULL}, None),
    "warning_double": ("warning", {**WARNED, "seconds_left": 590, "warning": 10, "accessible": True}, None),
    "confirm": ("confirm", {}, None),
    "confirm_files": ("confirm", {"home": {"free_mb": 900, "full": False, "unsaved": 1}}, None),
    "confirm_plug": ("confirm", {"home": {"free_mb": 900, "full": False, "unsaved": 12}, "sticks_offered": True}, None),
    "confirm_plug_all": ("confirm", {**FULL, "sticks": [{**STICK, "detail": "repair"}], "sticks_offered": True}, None),
    "confirm_all": ("confirm", FULL, None),
    "extended": ("extended", {"granted": 5400, "seconds_left": 2090}, None),
    "waiting": ("why_not", {"extension": REFUSE, "warning": 10, "seconds_left": 560}, None),
    "why_closing": ("why_not", {"extension": {**REFUSE, "why_not": "closing"}, "warning": 10}, None),
    "why_used": ("why_not", {"extension": {**REFUSE, "why_not": "used"}, "warning": 10}, None),
    "helped": ("helped", {"help_asked": True}, None),
    "memory": ("memory", {"home": {"free_mb": 900, "full": False, "unsaved": 0, "closed": 1}}, None),
    "closing": ("closing", {"closing": 15, "seconds_left": 900}, None),
    "idle": ("", {"idle": 86}, None),
    "usb_ready": ("usb", {"sticks": [STICK]}, None),
    "usb_two": ("usb", {"sticks": [LONG, {**STICK, "id": "sdc1"}]}, None),
    "usb_saving": ("usb", {"sticks": [{**LONG, "state": "saving", "detail": "23/60"}]}, None),
    "usb_saved": ("usb", {"sticks": [{**STICK, "state": "saved", "detail": "kiosk 20-11-2026 17h42"}]}, None),
    "usb_full": ("usb", {"sticks": [{**STICK, "state": "trouble", "detail": "full"}]}, None),
    "usb_read_only": ("usb", {"sticks": [{**STICK, "state": "trouble", "detail": "read_only"}]}, None),
    "usb_policy": ("usb", {"sticks": [{**LONG, "detail": "policy"}]}, None),
    "usb_repair": ("usb", {"sticks": [{**STICK, "detail": "repair"}, {**STICK, "id": "sdc1"}]}, None),
    "usb_foreign": ("usb", {"sticks": [{**STICK, "state": "trouble", "detail": "foreign"}]}, None),
    "usb_too_big": ("usb", {"sticks": [{**STICK, "state": "trouble", "detail": "too_big"}]}, None),
    "usb_nothing": ("usb", {"sticks": [{**STICK, "state": "trouble", "detail": "nothing"}]}, None),
    "usb_pulled": ("usb", {"sticks": [{**STICK, "state": "trouble", "detail": "pulled"}]}, None),
    "usb_strange": ("usb", {"sticks": [{**STICK, "state": "trouble", "detail": "unknown"}]}, None),
    "usb_failed": ("usb", {"sticks": [{**STICK, "state": "trouble", "detail": "failed"}]}, None),
    "usb_ejected": ("usb", {"sticks": [{**STICK, "state": "ejected"}]}, None),
    "print_idle": ("printing", {"print": {**PRINT, "waiting": 0}}, None),
    "print_waiting": ("printing", {"print": {**PRINT, "pages": 3}}, None),
    "print_done": ("printing", {"print": {**PRINT, "mode": "free", "waiting": 0, "pages": 3}}, None),
    "print_trouble": ("printing", {"print": {**PRINT, "trouble": "paper"}}, None),
    "home_full": ("home", FULL, None),
    "no_browser": ("no_browser", {"browser": False}, None),
    "message": ("message", {"message": MESSAGE}, None),
    "message_long": ("message", {"message": LONG_MESSAGE, **FULL}, None),
    "class": ("", CLASS, None),
    "class_hub": ("hub", {**CLASS, "typing": "vi", "sticks": [STICK]}, 60),
    "class_warned": ("warning", {**CLASS, "seconds_left": 560, "warning": 10}, None),
    "class_ends": ("warning", {**CLASS, "seconds_left": 43, "warning": 1}, None),
}
CHOICES = tuple(product(("vi", "en"), (False, True), (False, True)))


class SilentSound:
    """Stands in for sound card and voice."""

    level: int | None = None

    def read(self, _content: object) -> None:
        """Nothing is heard."""

    def again(self) -> None:
        """Nothing was said that could be said again."""

    def ask(self) -> None:
        """As loud as the test says."""


class Bars:
    """A bar on the display, without a service: `show` draws one state."""

    def __init__(self) -> None:
        self.bar = Bar(X11(), cast(Any, "/nonexistent"))
        self.sound = SilentSound()
        self.bar.sound = cast(Any, self.sound)

    def show(self, name: str, lang: str = "vi", large: bool = False, contrast: bool = False) -> Bar:
        """Draw a state of SHEETS."""
        notice, changes, level = SHEETS[name]
        bar = self.bar
        bar.state = {**STATE, **OPEN, "prefs": {"lang": lang, "large": large, "contrast": contrast}, **changes}
        self.sound.level = level
        bar.talk.notice, bar.talk.added, bar.talk.stick = "", 30, ""
        if notice:
            bar.talk.put(notice, 600)
        bar.redraw()
        bar.tk.update()
        return bar

    def every(self) -> Iterator[tuple[str, Bar]]:
        """Every state in every choice."""
        for name in SHEETS:
            for lang, large, contrast in CHOICES:
                label = f"{name} {lang}{' large' if large else ''}{' contrast' if contrast else ''}"
                yield label, self.show(name, lang, large, contrast)
