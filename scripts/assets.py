"""What lies in web_ui/built: pictures, translations, front-end packages, styles. Made by the build, never committed.

`python scripts/assets.py` builds into the checkout; the wheel's build hook calls `build`. Each step is a file
`asset_<name>.py` beside this one with `inputs(source) -> list[Path]` and `build(source, out)`, and runs again only
when its inputs or its own text changed.
"""

import fcntl
import hashlib
import importlib
import json
import os
import sys
import time
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "web_ui"
STAMPS = "stamps.json"


def steps() -> dict[str, ModuleType]:
    """The asset_*.py modules by name, in a fixed order."""
    sys.path.insert(0, str(HERE))
    try:
        return {path.stem: importlib.import_module(path.stem) for path in sorted(HERE.glob("asset_*.py"))}
    finally:
        sys.path.remove(str(HERE))


def stamp(source: Path, module: ModuleType) -> str:
    """A hash over a step's text and the names and contents of its inputs; file times say nothing after a clone."""
    digest = hashlib.sha256(Path(str(module.__file__)).read_bytes())
    for path in sorted(module.inputs(source)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(source.parent).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def read_stamps(out: Path) -> dict[str, str]:
    """The stamps of what lies in `out`; none when there is nothing or the file is damaged."""
    try:
        stamps = json.loads((out / STAMPS).read_text())
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def due(out: Path, source: Path = SOURCE) -> dict[str, str]:
    """The steps that must run, with the stamp each will have."""
    done = read_stamps(out)
    wanted = {name: stamp(source, module) for name, module in steps().items()}
    return {name: value for name, value in wanted.items() if done.get(name) != value}


def build(out: Path, source: Path = SOURCE) -> list[str]:
    """Bring `out` up to date and return the steps that ran. RuntimeError, with a sentence, when one fails."""
    out.mkdir(parents=True, exist_ok=True)
    # One at a time: two builds into one folder would each take away what the other one is making.
    folder = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        return _build_alone(out, source)
    finally:
        os.close(folder)


def _build_alone(out: Path, source: Path) -> list[str]:
    modules, waiting = steps(), due(out, source)
    done = {name: value for name, value in read_stamps(out).items() if name in modules and name not in waiting}
    for name, value in waiting.items():
        # Without its stamp a step that was broken off runs again.
        (out / STAMPS).write_text(json.dumps(done, indent=1, sort_keys=True) + "\n")
        modules[name].build(source, out)
        done[name] = value
    (out / STAMPS).write_text(json.dumps(done, indent=1, sort_keys=True) + "\n")
    return list(waiting)


def main() -> int:
    """Build into web_ui/built and say what was done."""
    started = time.monotonic()
    try:
        ran = build(SOURCE / "built")
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    if ran:
        print(f"{', '.join(name.removeprefix('asset_') for name in ran)}: {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
