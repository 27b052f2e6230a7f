"""Makes what the starter pack has beside its guides: `python scripts/starter [book] [words] [sheet] [film] [sound] …`.

All of it by default; `words` are the captions alone; `sign` is due after every change of the pack, see sign.py. An
author's tool, run by hand when a source here has changed; what comes out is kept in policies/starter, because an old PC
that sets itself up should not have to make films. Needs Debian's ffmpeg (film, sound), chromium and the Noto fonts
(sheet), and resvg-py of the development environment (film).
"""

import os
import sys
from pathlib import Path

import book
import film
import sheet
import sound

# Where it goes: into the pack, or for a test elsewhere.
CHECKOUT = Path(__file__).resolve().parents[2]
PACK = Path(os.environ.get("KIOSK_STARTER") or CHECKOUT / "policies" / "starter")


def signed(folder: Path) -> list[Path]:
    """The pack's signatures. They alone need the program, and TUF."""
    sys.path.append(str(CHECKOUT))
    import sign

    return sign.make(folder)


MAKERS = {
    "book": book.make,
    "words": lambda folder: [*film.words(folder), *sound.words(folder)],
    "sheet": sheet.make,
    "film": film.make,
    "sound": sound.make,
    "sign": signed,  # last: it signs what the others made
}


def main(names: list[str]) -> int:
    """Make what is named, or everything; 2 for a name that nobody knows."""
    unknown = [name for name in names if name not in MAKERS]
    if unknown:
        print(f"{', '.join(unknown)}: choose among {', '.join(MAKERS)}", file=sys.stderr)
        return 2
    for name in names or MAKERS:
        for path in MAKERS[name](PACK):
            print(f"{path.name}: {path.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
