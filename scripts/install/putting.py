"""The installation, step by step. Each looks first and changes only what is different: run again, it goes on."""

import time
from argparse import Namespace
from pathlib import Path

import answers
import health
import machine
import places
import settings
import upgrade
import version
from machine import systemctl
from words import Stop, say


def install(asked: Namespace) -> None:
    """All of it, or the sentence why not."""
    _judge_what_was_cut_off(asked.healthy_within)
    given = answers.read(asked.answers) if asked.answers else None
    if given is None and not health.SITE.exists():
        given = answers.ask()
    if not version.whole(asked.version):
        machine.need_room(version.OPT)
    fresh = version.make(asked.version, asked.wheels, asked.lock, Path(__file__).resolve().parents[1])
    if asked.zim is not None:
        version.add_zim(asked.zim, asked.wheels)
    settings.write(asked.version, given or {})
    wishes, old = settings.wishes(given), version.current()
    if version.whole(old) and old != asked.version:
        _leave(old, asked)
    changed = _put(asked.version, wishes)
    _start(asked.version, changed)
    if wrong := health.becomes_well(asked.version, asked.healthy_within):
        _give_up(asked.version, wrong, asked.healthy_within)
    upgrade.done()
    version.remove_old()
    _tell(asked.version, fresh or bool(changed), time.time() - asked.since)


def _leave(old: str, asked: Namespace) -> None:
    """The old version stops, once nobody is here, and its data are shown to be good for the new one."""
    if not asked.now and health.somebody_here(old):
        raise Stop(
            "Đang có người dùng máy này. Xin chạy lại khi máy trống, hoặc thêm --now để dừng ngay.",
            "Somebody is using this PC. Run this again when it is free, or add --now to end their session.",
            4,
        )
    say(f"Đang chuyển từ {old} sang {asked.version} …", f"Going from {old} to {asked.version} …")
    upgrade.stop(old)
    try:
        upgrade.prepare(asked.version)
    except BaseException:
        upgrade.done()
        systemctl("start", "kiosk.service", must=False)
        raise
    upgrade.begin(old, asked.version)


def _put(of: str, wishes: dict[str, str]) -> list[str]:
    """Units and link of a version; the names of what was changed."""
    changed = places.put_units(version.OPT / of / "setup" / "scripts" / "install" / "units", wishes)
    if version.switch(of):
        changed.append("current")
    if refused := places.set_kernel():
        told = ", ".join(refused)
        say(f"Từ lần bật máy sau mới có hiệu lực: {told}.", f"In force from the next start of the PC: {told}.")
    return changed


def _start(of: str, changed: list[str]) -> None:
    if any(name.endswith((".service", ".target", ".conf")) for name in changed):
        systemctl("daemon-reload")
    if "logind.conf" in changed:
        systemctl("try-restart", "systemd-logind.service", must=False)
    if "current" in changed and {"kiosk-x.service", "xorg.conf"} & set(changed):
        systemctl("stop", "kiosk-x.service", must=False)
    say(f"Đang khởi động kiosk {of} …", f"Starting kiosk {of} …")
    systemctl("start", "kiosk-x.service", "kiosk.service", must=False)


def _give_up(of: str, wrong: str, within: float) -> None:
    """The new version is not well: the one before serves again, with its data; or, the first time, it is only said."""
    way = upgrade.under_way()
    if way is None or way[1] != of or not version.whole(way[0]):
        raise Stop(
            f"kiosk chưa chạy được ({wrong}). Xin xem: journalctl -u kiosk -u kiosk-x; sửa rồi chạy lại.",
            f"kiosk does not run yet ({wrong}). Look at journalctl -u kiosk -u kiosk-x, then run this again.",
        )
    old = way[0]
    say(
        f"Phiên bản mới chưa chạy được ({wrong}); đang trở lại {old} …",
        f"The new version is not well ({wrong}); going back to {old} …",
    )
    upgrade.stop(of)
    upgrade.put_store_back()
    _start(old, _put(old, settings.wishes(None)))
    still = health.becomes_well(old, within)
    upgrade.done()
    if still:
        raise Stop(
            f"Phiên bản cũ cũng chưa chạy được ({still}). Xin xem: journalctl -u kiosk; dữ liệu còn nguyên.",
            f"The old version is not well either ({still}). Look at journalctl -u kiosk; the data are whole.",
        )
    raise Stop(
        f"Phiên bản mới không chạy được trên máy này ({wrong}). {old} đang chạy tiếp, dữ liệu còn nguyên.",
        f"The new version does not run on this PC ({wrong}). {old} serves again, with all its data.",
    )


def _judge_what_was_cut_off(within: float) -> None:
    """An upgrade that ended in the middle: the version that was put in force is good, or goes back."""
    way = upgrade.under_way()
    if way is None or version.current() != way[1]:
        upgrade.done()
        return
    _start(way[1], _put(way[1], settings.wishes(None)))
    if wrong := health.becomes_well(way[1], within):
        _give_up(way[1], wrong, within)
    upgrade.done()


def _tell(of: str, changed: bool, seconds: float) -> None:
    if not changed:
        say(
            f"kiosk {of} đã được cài và đang chạy; không có gì thay đổi ({seconds:.0f} giây).",
            f"kiosk {of} is installed and runs; nothing was changed ({seconds:.0f} s).",
        )
        return
    say(
        f"Đã cài kiosk {of} trong {seconds:.0f} giây. Xin khởi động lại máy một lần để đóng các cửa dòng lệnh.\n"
        "Mã của ngày đầu: kiosk manager code. Gỡ kiosk: kiosk-uninstall.",
        f"kiosk {of} was installed in {seconds:.0f} s. Restart the PC once: that closes the text consoles.\n"
        "  The code of the first day: kiosk manager code. To take kiosk away: kiosk-uninstall.",
    )
