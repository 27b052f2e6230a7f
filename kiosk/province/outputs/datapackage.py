"""datapackage.json: what the tables of a package are, column by column (Data Package v1, tabular). Pure."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from kiosk.province.indicators.value import REASONS
from kiosk.province.outputs.material import Gathered
from kiosk.rules.reading_words import title

PROFILE = "tabular-data-package"
VERDICTS, TRENDS = ("not_met", "met", "high"), ("up", "down", "same", "unknown")
KINDS = ("province", "district", "commune", "line", "site")
Field = dict[str, Any]


def _field(name: str, kind: str, description: str, **constraints: object) -> Field:
    made: Field = {"name": name, "type": kind, "description": description}
    return made | ({"constraints": constraints} if constraints else {})


_CODE = _field("code", "string", "Which figure: see definitions.csv, also for its unit.", required=True)
_KIND = _field("kind", "string", "What kind of place.", required=True, enum=list(KINDS))
_LIST = {
    "fields": [
        _field("rank", "integer", "Its place, the most frequent first.", required=True, minimum=1),
        _field("name", "string", "What it is called; a sign that begins a formula has an apostrophe before it."),
        _field("count", "integer", "How many times.", required=True, minimum=0),
        _field("sites", "integer", "At how many sites.", minimum=0),
    ],
    "primaryKey": ["rank"],
}
SCHEMAS: Mapping[str, dict[str, Any]] = {
    "figures.csv": {
        "fields": [
            _KIND,
            _field("place", "string", "Its code in the register; “whole” where a province has none.", required=True),
            _CODE,
            _field("period", "string", "2026-11, 2026-Q4, 2026, or two days with .. between.", required=True),
            _field("first_day", "date", "The first day of the period.", required=True),
            _field("last_day", "date", "The last day of the period, also where it has not been yet.", required=True),
            _field("value", "number", "The figure in its unit; empty where `reason` says why there is none."),
            _field("low", "number", "At least so much."),
            _field("high", "number", "At most so much; of a share, without the sites that reported nothing."),
            _field("part", "integer", "What a share was made of; of a growth, the figure now."),
            _field("whole", "integer", "Of what a share was taken; of a growth, the figure a year before."),
            _field("sites", "integer", "Of how many sites it is made; of a growth, how many reported in both years."),
            _field("verdict", "string", "How a goal stands.", enum=list(VERDICTS)),
            _field("trend", "string", "Of one site: whether the difference is more than chance.", enum=list(TRENDS)),
            _field("before_kiosk", "boolean", "Whether it was typed in for the years before kiosk.", required=True),
            _field("reason", "string", "Why there is no number.", enum=list(REASONS)),
            _field("version", "string", "Of the definition.", required=True),
        ],
        "primaryKey": ["kind", "place", "code", "period"],
        "foreignKeys": [{"fields": ["code"], "reference": {"resource": "definitions", "fields": ["code"]}}],
    },
    "places.csv": {
        "fields": [
            _KIND,
            _field("place", "string", "Its code in the register; “whole” where a province has none.", required=True),
            _field("name", "string", "As it is called on the last day of the period; a sign that begins a formula has "
                   "an apostrophe before it."),
            _field("above", "string", "The unit in which it lies."),
            _field("line", "string", "Of a site: library or post.", enum=["library", "post"]),
            _field("department", "string", "Of a site: to whom it reports."),
        ],
        "primaryKey": ["kind", "place"],
    },
    "definitions.csv": {
        "fields": [
            _field("code", "string", "The code of the figure.", required=True, unique=True),
            _field("group", "string", "Under which heading it is shown.", required=True),
            _field("label_vi", "string", "What it is called in Vietnamese."),
            _field("label_en", "string", "What it is called in English."),
            _field("unit", "string", "In what it is counted; empty: 1 is yes, 0 is no."),
            _field("formula_vi", "string", "How it is reckoned, in Vietnamese."),
            _field("formula_en", "string", "How it is reckoned, in English."),
            _field("version", "string", "Of the definition.", required=True),
            _field("source", "string", "The columns of the lake that it is made of."),
        ],
        "primaryKey": ["code"],
    },
    "opened.csv": _LIST,
    "missed.csv": _LIST,
}  # fmt: skip
TITLES = {
    "figures.csv": "Every figure of every place",
    "places.csv": "The places",
    "definitions.csv": "What the figures mean",
    "opened.csv": "The guides that were opened most",
    "missed.csv": "What was looked for most often and not found",
}


def described(found: Gathered, tables: Mapping[str, bytes]) -> bytes:
    """The descriptor of these tables. The same figures are the same bytes."""
    period = found.ask.period
    told: dict[str, Any] = {
        "profile": PROFILE,
        "name": slug(f"kiosk-{found.province}-{found.scope.key}-{period.text}"),
        "title": f"{found.province}: {title(period, 'en')}",
        "description": "Figures of public computer and Internet access. Somebody who goes to two sites counts as two "
        "users. Who came is told only as far as released.",
        "keywords": ["public access computing", "libraries", "post offices"],
        "period": {"text": period.text, "first_day": str(period.first), "last_day": str(period.last),
                   "over": found.ask.is_over},
        "list_version": found.whole.list_version,
        "edition": found.edition,
        "sites_not_in_the_register": list(found.strangers),
        "days_that_cannot_be_read": dict(found.whole.incomplete),
        "resources": [_resource(name, content) for name, content in tables.items()],
    }  # fmt: skip
    if found.built:
        told["created"] = found.built
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _resource(name: str, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource", "name": name.removesuffix(".csv"), "path": name, "title": TITLES[name],
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {**SCHEMAS[name], "missingValues": [""]},
    }  # fmt: skip


def slug(text: str) -> str:
    """A name as a package may have it: small letters, digits, `-`, `.`."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(one for one in bare if not unicodedata.combining(one)).replace("..", "-to-")
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.") or "kiosk"
