"""All pages of a feed one after the other, and the pack that its entries make with the files that were found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.content.items import ENDINGS, THEME_CODES, Item, Pack
from kiosk.content.naming import slug
from kiosk.content.opds1.entries import Entry, FeedPage, Link, read_page
from kiosk.translations import _

MAX_PAGES = 500
MAX_ENTRIES = 5_000


@dataclass(frozen=True)
class Found:
    """A file of an entry: its place in the pack, and where it lies now."""

    place: str
    path: Path


Turn = Callable[[str], tuple[str, bytes] | None]  # an address -> its whole address and bytes; None: not to be had
Find = Callable[[Link], Found | None]  # None: not here


def pages(first: str, turn: Turn, after: Callable[[FeedPage, int], str] = lambda page, _seen: page.next
          ) -> Iterator[tuple[str, FeedPage]]:  # fmt: skip
    """Each page with its address. `after` says where the next one is. ValueError for a circle, or far too many."""
    seen: set[str] = set()
    entries, wanted = 0, first
    while wanted:
        turned = turn(wanted)
        if turned is None:
            return
        address, data = turned
        if address in seen:
            raise ValueError(_("its pages lead in a circle: {address}", address=address))
        seen.add(address)
        page = read_page(data)
        entries += len(page.entries)
        if len(seen) > MAX_PAGES or entries > MAX_ENTRIES:
            raise ValueError(_("it has more than {n} entries", n=MAX_ENTRIES))
        yield address, page
        wanted = after(page, page.start + len(page.entries)) if page.entries else ""


def pack_of(name: str, theme: str, title: str, entries: list[Entry], find: Find, picture: Find) -> Pack:
    """The pack of these entries. ValueError when the theme is none of ours."""
    if theme not in THEME_CODES:
        raise ValueError(f"theme must be one of {', '.join(sorted(THEME_CODES))}")
    items: dict[str, Item] = {}
    sources: dict[str, Path] = {}
    problems: list[str] = []
    for entry in entries:
        found = next((file for link in entry.files if (file := find(link))), None)
        if found is None:
            problems.append(f"{entry.title}: {entry.why_not or _not_here(entry)}")
            continue
        shown = picture(Link(entry.picture)) if entry.picture else None
        item = _item(entry, name, theme, found, shown)
        if item.id in items:
            why = _("it is there twice")
            problems.append(f"{entry.title}: {why}")
            continue
        items[item.id] = item
        sources.update((one.place, one.path) for one in (found, shown) if one is not None)
    return Pack(name, title or name, tuple(items.values()), {}, None, tuple(problems), tuple(sources.items()))


def _item(entry: Entry, pack: str, theme: str, file: Found, picture: Found | None) -> Item:
    return Item(
        id=f"{pack}/{slug(Path(file.place).stem)}", pack=pack, title=entry.title, theme=theme, language=entry.language,
        format=ENDINGS[Path(file.place).suffix.lower()][0], file=file.place, summary=entry.summary,
        author=entry.author, source=entry.source, licence=entry.licence, poster=picture.place if picture else "",
    )  # fmt: skip


def _not_here(entry: Entry) -> str:
    return _("its file is not beside the catalogue: {addresses}", addresses=", ".join(one.href for one in entry.files))
