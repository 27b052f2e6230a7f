"""The catalogue as a file: OPDS 2.0 (JSON), which any reader of OPDS can show, with what we need besides.

`catalogue.json` is a feed: `groups` are the themes, `facets` are language, format and audience, `publications` stand in
their group. All that is ours stands under one key, `kiosk`, in three places (this is where it is documented):

feed.kiosk          {"version": 1, "packs": {PACK: {"title": …, "files": {PLACE: [sha256, bytes, media type]}}}}
group.metadata.kiosk      {"theme": code of DOMAIN.md, "title_en": the group's title in English}
publication.metadata.kiosk   the item by the names of items.Item that OPDS lacks: `pack`, `format`, `file`, `url`,
                    `title_en`, `source`, `licence`, `audience`, `added`, `featured`, `poster`, `subtitles`,
                    `transcript`, `pages`, `notes`

A publication's acquisition link leads to its object, `objects/ab/<sha256>`, relative to the catalogue's own address.
"""

import json
from collections.abc import Iterable
from typing import Any

from kiosk.content.items import AUDIENCES, FORMATS, THEMES, File, Item, Pack
from kiosk.errors import DamagedError
from kiosk.translations import _, translate

VERSION = 1
TYPE = "application/opds+json"
NAME = "catalogue.json"
_OWN = ("pack", "format", "file", "url", "title_en", "source", "licence", "audience", "added", "featured", "poster",
        "subtitles", "transcript", "pages", "notes")  # fmt: skip
_KINDS = {
    "html": "http://schema.org/Article", "pdf": "http://schema.org/DigitalDocument", "epub": "http://schema.org/Book",
    "video": "http://schema.org/VideoObject", "audio": "http://schema.org/AudioObject",
    "zim": "http://schema.org/Collection", "link": "http://schema.org/WebPage",
}  # fmt: skip


def feed(packs: Iterable[Pack], title: str = "kiosk", modified: str = "") -> dict[str, Any]:
    """The catalogue of these packs. `modified`: RFC 3339."""
    kept = list(packs)
    by_theme: dict[str, list[dict[str, Any]]] = {theme.code: [] for theme in THEMES}
    for pack in kept:
        for item in pack.items:
            by_theme[item.theme].append(publication(item, pack.files.get(item.file), pack.files.get(item.poster)))
    items = [item for pack in kept for item in pack.items]
    metadata: dict[str, Any] = {"title": title, "numberOfItems": len(items)}
    if modified:
        metadata["modified"] = modified
    return {
        "metadata": metadata,
        "links": [{"rel": "self", "href": NAME, "type": TYPE}],
        "facets": facets(items),
        "groups": [
            {
                "metadata": {
                    "title": translate("vi", "web", theme.label).replace("\u00a0", " "),
                    "numberOfItems": len(by_theme[theme.code]),
                    "kiosk": {"theme": theme.code, "title_en": theme.label},
                },
                "links": [{"rel": "self", "href": f"{NAME}?theme={theme.code}", "type": TYPE}],
                "publications": by_theme[theme.code],
            }
            for theme in THEMES
            if by_theme[theme.code]
        ],
        "kiosk": {"version": VERSION, "packs": {pack.id: _pack_data(pack) for pack in kept}},
    }


def facets(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Language, format and audience, each value with the number of its items."""
    kept = list(items)
    made = []
    for name, order in (("language", ()), ("format", FORMATS), ("audience", AUDIENCES)):
        values = [str(getattr(item, name)) for item in kept]
        found = [value for value in order if value in values] or sorted(set(values))
        links = [
            {"href": f"{NAME}?{name}={value}", "type": TYPE, "title": value,
             "properties": {"numberOfItems": values.count(value)}}
            for value in found
        ]  # fmt: skip
        if links:
            made.append({"metadata": {"title": name}, "links": links})
    return made


def publication(item: Item, file: File | None, poster: File | None = None) -> dict[str, Any]:
    """One item in OPDS's words and ours."""
    own = {name: getattr(item, name) for name in _OWN if getattr(item, name)}
    metadata: dict[str, Any] = {
        "@type": _KINDS[item.format], "identifier": f"urn:kiosk:{item.id.replace('/', ':')}", "title": item.title,
        "language": item.language, "subject": [{"code": item.theme, "name": item.theme}],
        "kiosk": {"id": item.id, "theme": item.theme, **own},
    }  # fmt: skip
    if item.summary:
        metadata["description"] = item.summary
    if item.author:
        metadata["author"] = item.author
    link: dict[str, Any] = {"rel": "http://opds-spec.org/acquisition/open-access"}
    if file is not None:
        link |= {"href": object_place(file.sha256), "type": file.type, "properties": {"size": file.size}}
    else:
        link |= {"href": item.url, "type": "text/html"}
    made = {"metadata": metadata, "links": [link]}
    if poster is not None:
        made["images"] = [{"href": object_place(poster.sha256), "type": poster.type}]
    return made


def object_place(sha256: str) -> str:
    """An object's place beside the catalogue."""
    return f"objects/{sha256[:2]}/{sha256}"


def dump(data: dict[str, Any]) -> bytes:
    """The same feed is the same bytes."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def load(data: bytes) -> list[Pack]:
    """The packs of a catalogue of ours. DamagedError when it is none."""
    try:
        found = json.loads(data)
        if found["kiosk"]["version"] > VERSION:
            raise ValueError("a newer version")
        items: dict[str, list[Item]] = {}
        for group in found["groups"]:
            for one in group["publications"]:
                item = _item(one["metadata"])
                items.setdefault(item.pack, []).append(item)
        return [
            Pack(
                name,
                pack["title"],
                tuple(items.get(name, ())),
                {p: File(p, *facts) for p, facts in pack["files"].items()},
            )
            for name, pack in found["kiosk"]["packs"].items()
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedError(
            _("The catalogue cannot be read: {reason}.", reason=str(error)),
            _("The catalogue before it is kept; run kiosk content verify."),
        ) from None


def _item(metadata: dict[str, Any]) -> Item:
    return Item.from_data(
        {
            **metadata["kiosk"],
            "title": metadata["title"],
            "language": metadata["language"],
            "summary": metadata.get("description", ""),
            "author": metadata.get("author", ""),
        }
    )


def _pack_data(pack: Pack) -> dict[str, Any]:
    files = {file.path: [file.sha256, file.size, file.type] for file in pack.files.values()}
    return {"title": pack.title, "files": files}
