"""Bringing content to a station: an update that changes 5 % of 5,000 items, and a pack of 1 GB brought in by hand.

The update comes from a plain static web server that counts its bytes; the child that does it is the real command with
the priorities of the night, as an ordinary PC would run it. All that is made is made here, on the disk, and deleted.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from kiosk.content.imports import silent
from kiosk.content.updates.keys import Keys
from kiosk.content.updates.publishing import publish
from kiosk.content.updates.trust import Trust
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.stage import say
from tests.pack_support import ROOT, corpus
from tests.tree_server import served

ITEMS, CHANGED, PACKS, SEED = 5_000, 250, 10, 20_261_122
BUDGET_SHARE, BUDGET_MB = 1.3, 150
GIGABYTE = 1_000_000_000


def measure() -> list[Figure]:
    """Seconds, bytes moved, peak memory."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        return [*_update(Path(name)), *_large(Path(name))]


def _update(folder: Path) -> list[Figure]:
    source, out, home, keys = folder / "packs", folder / "tree", folder / "home", Keys(folder / "keys")
    dice, texts = random.Random(SEED), [one for one in corpus(ITEMS, SEED)]
    for number in range(ITEMS):
        _page(source, number, texts[number].title, texts[number].text, dice)
    for pack in range(PACKS):
        _manifest(source, pack, [texts[number].title for number in range(pack, ITEMS, PACKS)])
    keys.make(datetime.now(timezone.utc))
    begun = time.perf_counter()
    publish(source, out, keys, datetime.now(timezone.utc), silent)
    published = time.perf_counter() - begun
    Trust(home / "content" / "trust").accept((keys.folder / "root.json").read_bytes())
    with served(out) as web:
        first, first_mb = _command(home, web.address)
        whole = web.sent
        changed = dice.sample(range(ITEMS), CHANGED)
        for number in changed:
            _page(source, number, texts[number].title, texts[number].text + "\nSửa lại hôm nay.", dice)
        size = sum(_path(source, number).stat().st_size for number in changed)
        begun = time.perf_counter()
        publish(source, out, keys, datetime.now(timezone.utc), silent)
        again, web.sent = time.perf_counter() - begun, 0
        second, second_mb = _command(home, web.address)
        say(
            f"{ITEMS} items in {PACKS} packs: {whole / 1e6:.0f} MB in {first:.0f} s, peak {first_mb:.0f} MB;"
            f" then {CHANGED} changed, {size / 1e6:.2f} MB: {web.sent / 1e6:.2f} MB moved in {second:.1f} s,"
            f" peak {second_mb:.0f} MB; published in {published:.1f} s, again in {again:.1f} s"
        )
        note = f"{CHANGED} of {ITEMS} items, {size / 1e6:.2f} MB of them; counted at the server, headers left out"
        return [
            Figure("update of 5 %: bytes moved, of those changed", web.sent / size, "×", BUDGET_SHARE, note=note),
            Figure("update of 5 %: seconds", second, "s", note="the whole command, at the lowest priority"),
            Figure("update of 5 %: peak memory", second_mb, "MB", BUDGET_MB, note="VmHWM of the child"),
            Figure("first update, 5,000 items: peak memory", first_mb, "MB", BUDGET_MB, note=f"{first:.0f} s"),
        ]


def _path(source: Path, number: int) -> Path:
    return source / f"pack{number % PACKS}" / f"n{number}.html"


def _page(source: Path, number: int, title: str, text: str, dice: random.Random) -> None:
    """A page of a guide, with a small picture in it as the shipped ones have: about 9 kB."""
    path = _path(source, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = dice.randbytes(3_000).hex()
    path.write_text(f"<h1>{title}</h1><p>{text}</p><!-- {picture} -->", encoding="utf-8")


def _manifest(source: Path, pack: int, titles: Sequence[str]) -> None:
    lines = [f'id = "pack{pack}"\ntitle = "Gói {pack}"\ntheme = "edu"']
    for place, title in enumerate(titles):
        number = place * PACKS + pack
        lines.append(f'[[item]]\ntitle = {json.dumps(title, ensure_ascii=False)}\nfile = "n{number}.html"')
    (source / f"pack{pack}" / "pack.toml").write_text("\n".join(lines), encoding="utf-8")


def _command(home: Path, address: str) -> tuple[float, float]:
    return _peak(home, "update", "--from", address, "--by-itself", "--trusted", "--json")


def _peak(home: Path, *words: str) -> tuple[float, float]:
    """Seconds and peak memory (MB) of `kiosk content …`. As root it goes on as the service's user, as always."""
    unbraked = home / "policy.toml"
    home.mkdir(exist_ok=True)
    unbraked.write_text("[content]\nspeed_kb = 0\n", encoding="utf-8")
    _give(home)
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "content", *words], cwd=ROOT, stdout=subprocess.PIPE,
        env={**os.environ, "KIOSK_HOME": str(home), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    peak = 0.0
    while process.poll() is None:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        peak = max([peak, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))])
        time.sleep(0.02)
    assert process.stdout is not None
    said = process.stdout.read()
    process.stdout.close()
    assert process.returncode == 0, said
    return time.perf_counter() - begun, peak


def _give(home: Path) -> None:
    """What root made here belongs to the service's user, as on a station."""
    if os.geteuid() or not (home / "content").exists():
        return
    os.chmod(home.parent, 0o755)
    for path in ((home / "content"), *(home / "content").rglob("*")):
        shutil.chown(path, "kiosk", "kiosk")


def _large(folder: Path) -> list[Figure]:
    """A pack of 1 GB: one film of 700 MB, 300 of 1 MB, and a hundred pages."""
    source, home, dice = folder / "large", folder / "home2", random.Random(SEED)
    source.mkdir()
    with open(source / "film.mp4", "wb") as film:
        film.write(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
        for _mega in range(700):
            film.write(dice.randbytes(1_000_000))
    lines = ['id = "large"\ntitle = "Lớn"\ntheme = "edu"\n[[item]]\ntitle = "Phim"\nfile = "film.mp4"']
    for number in range(300):
        (source / f"s{number}.mp3").write_bytes(b"ID3\x03" + dice.randbytes(1_000_000))
        lines.append(f'[[item]]\ntitle = "Bài nghe {number}"\nfile = "s{number}.mp3"')
    for number, one in enumerate(corpus(100, SEED)):
        (source / f"p{number}.html").write_text(f"<p>{one.text}</p>", encoding="utf-8")
        lines.append(f'[[item]]\ntitle = {json.dumps(one.title, ensure_ascii=False)}\nfile = "p{number}.html"')
    (source / "pack.toml").write_text("\n".join(lines), encoding="utf-8")
    size = sum(path.stat().st_size for path in source.iterdir())
    assert size >= GIGABYTE
    folder.chmod(0o755)
    seconds, peak = _peak(home, "add", str(source), "--json")
    say(f"a pack of {size / 1e9:.2f} GB in {seconds:.1f} s ({size / 1e6 / seconds:.0f} MB/s), peak {peak:.0f} MB")
    return [
        Figure("import of 1 GB: seconds", seconds, "s", note=f"{size / 1e6 / seconds:.0f} MB/s, read, hashed, flushed"),
        Figure("import of 1 GB: peak memory", peak, "MB", BUDGET_MB, note="VmHWM of the command"),
    ]
