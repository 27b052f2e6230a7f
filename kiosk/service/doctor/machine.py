"""What `kiosk check` finds out about the machine: the memory that kiosk takes, and the browser's own language."""

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil

from kiosk.rules.policy import Policy
from kiosk.service.doctor.findings import Finding
from kiosk.settings import Paths, Site
from kiosk.translations import _

# Where the packages of Debian and Google keep the browser's words, beside the folder of the program itself.
LOCALES = tuple(Path(f"/usr/lib/{name}/locales") for name in ("chromium", "chromium-browser")) + (
    Path("/opt/google/chrome/locales"),
)


def taken(paths: Paths) -> Iterator[Finding]:
    """What kiosk's own processes take of the memory, in MB of 10⁶ bytes, where we may see them."""
    own = taken_by_kiosk(paths)
    if own:
        yield Finding("memory", "good", _("kiosk itself takes {n} MB of the memory.", n=own // 1_000_000))


def taken_by_kiosk(paths: Paths) -> int:
    """Bytes of our own processes of this home, shared pages in equal parts (PSS); 0 where none runs or may be seen."""
    taken = 0
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            if any(word == "kiosk" or word.startswith("kiosk.") for word in words[1:4]):
                if process.environ().get("KIOSK_HOME") == str(paths.home):
                    taken += process.memory_full_info().pss
        except psutil.Error:
            continue
    return taken


def browser_words(policy: Policy, site: Site) -> Iterator[Finding]:
    """Whether Chromium can speak Vietnamese where the site does; nothing where its words cannot be found."""
    program = shutil.which(shlex.split(policy.programs.browser)[0])
    if site.language != "vi" or program is None or "chrom" not in Path(program).name:
        return
    folders = [folder for folder in (Path(program).resolve().parent / "locales", *LOCALES) if folder.is_dir()]
    if not folders:
        return
    if any((folder / "vi.pak").is_file() for folder in folders):
        yield Finding("language", "good", _("The browser speaks Vietnamese."))
    else:
        text = _("The browser's own menus and messages are English: it lacks its Vietnamese words.")
        yield Finding("language", "warn", text, _("Install the package {name}.", name="chromium-l10n"))
