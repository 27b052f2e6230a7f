"""The versions of kiosk on this PC, each whole in a folder of /opt/kiosk; `current` leads to the one in force."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import files
from words import Stop, say

OPT = Path("/opt/kiosk")
CURRENT = OPT / "current"
# The reader of ZIM archives (GPL-3, so no part of a version): whoever wants it puts it here, by scripts/zim or a stick.
ZIM = OPT / "zim"
COMMANDS = {
    Path("/usr/local/bin/kiosk"): "/opt/kiosk/current/bin/kiosk",
    Path("/usr/local/sbin/kiosk-uninstall"): "/opt/kiosk/current/setup/scripts/uninstall",
}
# What lies in a version beside its Python, so that it can be taken away, or come back, without the stick.
SETUP = ("install", "set_up", "uninstall")


def current() -> str:
    """The version in force; "" for none."""
    return os.readlink(CURRENT) if CURRENT.is_symlink() else ""


def whole(version: str) -> bool:
    """Whether a version lies here, made to its end."""
    return bool(version) and (OPT / version / ".ready").exists()


def make(version: str, wheels: Path, locks: Path, scripts: Path) -> bool:
    """A version from its wheels, with no network; False where it is there. What was cut off is made anew."""
    place = OPT / version
    if whole(version):
        return False
    say(f"Đang đặt kiosk {version} vào {place} …", f"Putting kiosk {version} into {place} …")
    files.folder(OPT)
    shutil.rmtree(place, ignore_errors=True)
    try:
        _run("-m", "venv", "--without-pip", str(place))
        [wheel], pip = wheels.glob("kiosk-*.whl"), _pip(wheels)
        words = ("-m", "pip", "--python", str(place / "bin" / "python"), "install", "-qq", "--no-deps", "--no-index")
        _run(*words, "--find-links", str(wheels), "--require-hashes", "-r", str(locks), path=pip)
        _run(*words, str(wheel), path=pip)
        [packages] = place.glob("lib/python3*/site-packages")
        (packages / "kiosk_zim.pth").write_text(f"{ZIM}\n", encoding="ascii")
        for name in SETUP:
            source, target = scripts / name, place / "setup" / "scripts" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
                target.chmod(0o755)
        subprocess.run(["sync", "-f", str(place)], check=True)
        (place / ".ready").touch()
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return True


def add_zim(folder: Path, wheels: Path) -> None:
    """The reader of ZIM archives from the wheel in a folder of the stick, in the place of an older one."""
    [wheel] = folder.glob("libzim-*.whl")
    mark = ZIM / ".ready"
    if mark.exists() and mark.read_text(encoding="utf-8") == wheel.name:
        return
    say("Đang đặt bộ đọc kho ZIM …", "Putting the reader of ZIM archives …")
    part = ZIM.with_name("zim.part")
    shutil.rmtree(part, ignore_errors=True)
    words = ("install", "-qq", "--no-deps", "--no-index", "--target", str(part), str(wheel))
    _run("-m", "pip", *words, path=_pip(wheels))
    (part / ".ready").write_text(wheel.name, encoding="utf-8")
    subprocess.run(["sync", "-f", str(part)], check=True)
    shutil.rmtree(ZIM, ignore_errors=True)
    part.rename(ZIM)


def _pip(wheels: Path) -> Path:
    [pip] = wheels.glob("pip-*.whl")
    return pip


def _run(*words: str, path: Path | None = None) -> None:
    """The system's Python; `path`: pip runs out of its wheel, so a version needs none to be made."""
    env = {
        **({"PYTHONPATH": str(path)} if path else {}),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
    done = subprocess.run([sys.executable, *words], env=env, stdin=subprocess.DEVNULL, cwd="/")
    if done.returncode != 0:
        raise Stop(
            "Không dựng được môi trường Python của kiosk (xem ở trên; ổ đĩa còn chỗ không?). Xin chạy lại.",
            "kiosk's Python environment could not be made (see above; is the disk full?). Run this again.",
        )


def switch(version: str) -> bool:
    """Put a version in force, in one step; the commands lead to it. False where it is."""
    changed = files.link(CURRENT, version)
    for place, target in COMMANDS.items():
        files.link(place, target)
    return changed


def others() -> list[str]:
    """The versions that are not in force, newest first."""
    found = [path for path in OPT.iterdir() if path.is_dir() and not path.is_symlink() and path.name[0].isdigit()]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    return [path.name for path in found if path.name != current()]


def remove_old(keep: int = 1) -> None:
    """Let the oldest go; never one that a process runs from."""
    for version in others()[keep:]:
        if not processes(version):
            shutil.rmtree(OPT / version)


def processes(version: str) -> list[int]:
    """What runs from a version, by its command line."""
    ours, found = f"{OPT / version}/".encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cmdline").read_bytes().startswith(ours):
                found.append(int(entry.name))
        except OSError:
            continue
    return found
