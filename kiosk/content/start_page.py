"""Where a folder of pages begins, when nobody says so."""

from pathlib import Path

# As web servers have it, the usual one first.
FIRST = ("index.html", "index.htm", "index.xhtml", "default.html", "default.htm", "home.html", "start.html")
PAGES = (".html", ".htm")


def start_page(folder: Path) -> tuple[Path, Path | None]:
    """The folder that is the site, and its first page: a usual name, else the only page there is, else None.

    A folder that only holds another folder is passed over: so ZIPs of folders look.
    """
    while True:
        inside = [path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "__MACOSX"))]
        if len(inside) == 1 and inside[0].is_dir() and not inside[0].is_symlink():
            folder = inside[0]
            continue
        break
    names = {path.name.lower(): path for path in reversed(inside) if path.is_file() and not path.is_symlink()}
    for name in FIRST:
        if name in names:
            return folder, names[name]
    pages = [path for path in names.values() if path.suffix.lower() in PAGES]
    return folder, pages[0] if len(pages) == 1 else None
