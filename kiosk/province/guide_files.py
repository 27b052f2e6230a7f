"""A catalogue that was published, read as data: which item is what. Nothing in it is believed but words and themes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.errors import UsageError
from kiosk.province.guides import Guide, guide, of_pack
from kiosk.translations import _, reason

CATALOGUE = "catalogue.json"  # content/opds.py tells what is in it
MAX_BYTES = 32 << 20
MOST = 100_000  # items


def guides_in(path: Path) -> tuple[list[Guide], int]:
    """The guides of a catalogue, a published tree or a folder of packs; how many items were left out of it.

    UsageError where there are none.
    """
    try:
        found = list(_packs(path)) if path.is_dir() and not (path / CATALOGUE).exists() else list(_catalogue(path))
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}.", path=path, reason=reason(error)), _("Correct the path.")
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _no_catalogue(path) from None
    good = {one.item: one for one in found if one is not None}
    if not good or len(found) > MOST:
        raise _no_catalogue(path)
    return list(good.values()), sum(one is None for one in found)


def _no_catalogue(path: Path) -> UsageError:
    return UsageError(
        _("{path} is no catalogue of guides.", path=path),
        _("Name the tree that was published, its catalogue.json, or a folder with a pack.toml."),
    )


def _packs(folder: Path) -> Iterator[Guide | None]:
    for manifest in sorted({*folder.glob("pack.toml"), *folder.glob("*/pack.toml")}):
        try:
            yield from of_pack(manifest.parent)
        except ValueError:
            yield None


def _catalogue(path: Path) -> Iterator[Guide | None]:
    with (path / CATALOGUE if path.is_dir() else path).open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError
    feed = json.loads(content)
    for group in feed["groups"]:
        for one in group["publications"]:
            yield _publication(one["metadata"])


def _publication(said: dict[str, Any]) -> Guide | None:
    own = said.get("kiosk")
    if not isinstance(own, dict) or not isinstance(own.get("id"), str):
        return None
    language = said.get("language", "vi")
    words = {"title": said.get("title"), "language": language[0] if isinstance(language, list) else language}
    return guide(own["id"], {**words, "theme": own.get("theme"), "title_en": own.get("title_en", "")})
