"""Signs the pack that ships with the program, as kiosk content publish signs a province's.

Beside the pack goes FOLDER.signed, with TUF's four files, tree.json and the pack's list, but no second copy of its
files; the public half goes into the program. The secret half is thrown away: no one can sign another pack by it, not
even we, so that a pack and the program that believes it always change together. Who keeps keys of their own names their
folder by KIOSK_STARTER_KEYS (see kiosk content keys); then the root stays the same from one signing to the next.
"""

import os
import shutil
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from kiosk.content.imports import silent
from kiosk.content.shipped import signed_beside
from kiosk.content.updates.keys import Keys
from kiosk.content.updates.publishing import publish
from kiosk.content.updates.take_shipped import ROOT


def make(folder: Path) -> list[Path]:
    """Sign the pack in `folder`; its root goes into the program, or for a pack somewhere else beside it."""
    ours = folder.resolve() == Path(__file__).resolve().parents[2] / "policies" / folder.name
    kept = os.environ.get("KIOSK_STARTER_KEYS")
    return sign(folder, ROOT if ours else folder.with_name("root.json"), Path(kept) if kept else None)


def sign(folder: Path, root: Path, keys: Path | None = None) -> list[Path]:
    """Sign with these keys, or with new ones that are thrown away; the signed files."""
    now = datetime.now(timezone.utc)
    with tempfile.TemporaryDirectory() as work:
        source, out, made = Path(work, "packs"), Path(work, "tree"), Keys(keys or Path(work, "keys"))
        shutil.copytree(folder, source / folder.name)
        if not made.there():
            made.make(now)
        publish(source, out, made, now, silent)
        files = {path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for path in [path for path in (out / "objects").rglob("*") if path.is_file() and path.read_bytes() in files]:
            path.unlink()
        target = signed_beside(folder)
        shutil.rmtree(target, ignore_errors=True)
        for name in ("metadata", "targets", "objects"):
            for path in sorted(path for path in (out / name).rglob("*") if path.is_file()):
                (target / path.relative_to(out)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target / path.relative_to(out))
        shutil.copyfile(made.folder / "1.root.json", root)
    return [root, *sorted(path for path in target.rglob("*") if path.is_file())]
