"""What a search gives: for the menu's pages, and as JSON for a script."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from kiosk.content.items import Item
from kiosk.content.snippets import Piece


@dataclass(frozen=True)
class Hit:
    """An item that was found. `why`: title, phrase, words, some (one word is missing), inside (an archive's own index).

    `place` and `label` say where in the item (see Part); `address` is its address on the menu.
    """

    item: Item
    why: str
    place: str = ""
    label: str = ""
    snippet: tuple[Piece, ...] = ()
    inside: str = ""  # of a ZIM: the path of the article, whose title is `label`

    @property
    def address(self) -> str:
        """Where the menu opens it."""
        path = f"/items/{self.item.id}"
        if self.inside:
            path += "/in/" + quote(self.inside)
        return f"{path}#{self.place}" if self.place else path


@dataclass(frozen=True)
class Results:
    """Hits, best first. `did_you_mean`: queries that find something; `near`: titles close by, if none."""

    query: str
    hits: tuple[Hit, ...] = ()
    did_you_mean: tuple[str, ...] = ()
    near: tuple[Item, ...] = ()

    @property
    def nothing(self) -> bool:
        """Nothing was found with all the words."""
        return all(hit.why == "some" for hit in self.hits)

    def as_data(self) -> dict[str, Any]:
        """Plain lists and dicts."""
        return {
            "query": self.query,
            "hits": [
                {
                    "id": hit.item.id,
                    "title": hit.item.title,
                    "theme": hit.item.theme,
                    "format": hit.item.format,
                    "language": hit.item.language,
                    "why": hit.why,
                    "label": hit.label,
                    "address": hit.address,
                    "snippet": [[piece.text, piece.found] for piece in hit.snippet],
                }
                for hit in self.hits
            ],
            "did_you_mean": list(self.did_you_mean),
            "near": [{"id": item.id, "title": item.title, "address": f"/items/{item.id}"} for item in self.near],
        }
