"""One style sheet for each web face, in built/styles: colours and sizes of tokens.json, then shared and own rules.

A face's own rules are `<face>.css` and after it every `<face>_<thing>.css`, in the order of their names.

The same tokens colour the Tk screens, so that a citizen meets one set of colours.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

FACES = ("menu", "panel", "board")
# Rules that some pages of a face add to its sheet.
ADDED = ("viewer", "province_report")


def inputs(source: Path) -> list[Path]:
    """What the outcome depends on, besides this file."""
    return [source / "tokens.json", *sorted((source / "styles").glob("*.css"))]


def variables(tokens: dict[str, Any]) -> str:
    """The tokens as CSS variables, and those of high contrast under `.contrast`."""
    lines = [f"--{name.replace('_', '-')}: {value};" for name, value in tokens["colour"].items()]
    for name, state in tokens["state"].items():
        lines += [f"--{name.replace('_', '-')}-{part}: {state[part]};" for part in ("fg", "bg", "fill")]
    for face in ("web_panel", "web_menu"):
        lines += [f"--{face[4:]}-{name.replace('_', '-')}: {size}px;" for name, size in tokens["type"][face].items()]
    high = tokens["high_contrast"]
    lines += [f"--high-{name.replace('_', '-')}: {value};" for name, value in high.items() if isinstance(value, str)]
    lines.append(f'--family: "{tokens["type"]["family"]}", sans-serif;')
    return ":root {\n  " + "\n  ".join(lines) + "\n}\n"


def smaller(css: str) -> str:
    """Without comments and indentation: old PCs read this on every page."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return "\n".join(line.strip() for line in css.splitlines() if line.strip()) + "\n"


def build(source: Path, out: Path) -> None:
    """Fill out/styles."""
    target = out / "styles"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    tokens = json.loads((source / "tokens.json").read_text(encoding="utf-8"))
    shared = variables(tokens) + (source / "styles" / "base.css").read_text(encoding="utf-8")
    for face in FACES:
        parts = [source / "styles" / f"{face}.css", *sorted((source / "styles").glob(f"{face}_*.css"))]
        own = "".join(part.read_text(encoding="utf-8") for part in parts)
        (target / f"{face}.css").write_text(smaller(shared + own), encoding="utf-8")
    for name in ADDED:
        own = (source / "styles" / f"{name}.css").read_text(encoding="utf-8")
        (target / f"{name}.css").write_text(smaller(own), encoding="utf-8")
