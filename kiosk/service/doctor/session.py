"""What `kiosk check` finds out about a session: whether Vietnamese can be typed in it, and which programs it offers."""

import mmap
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from kiosk.rules.policy import Policy
from kiosk.service.doctor.findings import Finding
from kiosk.settings import SESSION_PATH
from kiosk.translations import _, terminal_language

# What Vietnamese typing needs beside fcitx5 itself: where Debian's packages keep it, below /usr/lib.
UNIKEY, GTK = "fcitx5/libunikey.so", "gtk-3.0/3.0.0/immodules/im-fcitx5.so"
# Only where the policy offers a program of Qt: the library that it names, the package, and what that brings.
_PLUGIN = "plugins/platforminputcontexts/libfcitx5platforminputcontextplugin.so"
QT = (
    (b"libQt5Gui.so", "fcitx5-frontend-qt5", f"qt5/{_PLUGIN}"),
    (b"libQt6Gui.so", "fcitx5-frontend-qt6", f"qt6/{_PLUGIN}"),
)


def citizens_browser(policy: Policy) -> Iterator[Finding]:
    """Whether the policies that hold the citizens' browser are in a language that it reads."""
    if _is_chromium(policy):
        text = _("The citizens' browser opens no programmer's tools, no extensions and no files but the citizen's own.")
        yield Finding("browser", "good", text)
    else:
        text = _(
            "The citizens' browser does not know kiosk's rules (Chromium does): its tools and the PC's files are open."
        )
        yield Finding("browser", "warn", text, _('Write browser = "chromium" under [programs] in policy.toml.'))


def _is_chromium(policy: Policy) -> bool:
    return "chrom" in Path(shlex.split(policy.programs.browser)[0]).name


def staff_at_the_pc(policy: Policy) -> Iterator[Finding]:
    """How staff open the panel on the PC itself, and what holds them in it: the policies of one kind of browser."""
    if _is_chromium(policy):
        text = _("Staff open the panel here: hold the emblem for 3 seconds, or Ctrl+Alt+Q, then the PIN.")
        yield Finding("staff", "good", text)
    else:
        text = _("Staff should not open the panel on this PC: only Chromium can be kept from leading elsewhere.")
        yield Finding("staff", "warn", text, _("Use Chromium, or open the panel from another computer or a phone."))


def session_programs(policy: Policy, libraries: Path = Path("/usr/lib")) -> Iterator[Finding]:
    """The input method that the policy wants, and the menu's programs that are not here."""
    yield from _typing(policy, libraries)
    for program in policy.program:
        name = shlex.split(program.command)[0]
        if shutil.which(name, path=SESSION_PATH) is None:
            tile = getattr(program.name, terminal_language())
            text = _("{name} is not installed, so the menu does not show {tile}.", name=name, tile=tile)
            yield Finding("menu", "warn", text, _("Install it, or take it out of policy.toml."))


def _typing(policy: Policy, libraries: Path) -> Iterator[Finding]:
    if policy.input.method == "none":
        return
    missing = [package for package, there in _needed(policy, libraries) if not there]
    if missing:
        text = _("Vietnamese cannot be typed as it should: {names} is missing.", names=", ".join(missing))
        yield Finding("typing", "warn", text, _("Install the package {name}.", name=" ".join(missing)))
    else:
        way = "VNI" if policy.input.typing == "vni" else "Telex"
        yield Finding("typing", "good", _("Vietnamese is typed by {way}.", way=way))


def _needed(policy: Policy, libraries: Path) -> Iterator[tuple[str, bool]]:
    yield "dbus-daemon", shutil.which("dbus-daemon") is not None
    yield "fcitx5", shutil.which("fcitx5") is not None
    offered = [shutil.which(shlex.split(program.command)[0], path=SESSION_PATH) for program in policy.program]
    found = [(package, file) for library, package, file in QT if any(_names(one, library) for one in offered if one)]
    for package, file in (("fcitx5-unikey", UNIKEY), ("fcitx5-frontend-gtk3", GTK), *found):
        yield package, any((place / file).exists() for place in (libraries, *libraries.glob("*-linux-gnu*")))


def _names(program: str, library: bytes) -> bool:
    """Whether a program is linked to a library, as far as its file says so."""
    try:
        with open(program, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as words:
            return words.find(library) >= 0
    except (OSError, ValueError):  # an empty file cannot be mapped
        return False
