"""What a clerk writes in a cell of the register, and what is kept of it. Pure; ValueError says what is allowed.

Vietnamese and English are understood alike, with and without marks and capitals.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from kiosk.translations import _

Cell = str | int | float | bool | None
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
EXCEL_DAYS = date(1899, 12, 30)  # day 0 of a spreadsheet's calendar
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,30}")
POLICY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MOST_PCS = 500
NOTHING = "-"  # in a cell: there is none, as against an empty cell, which says nothing
UNKNOWN = "?"  # the same in a day of the week, where - is closed
# What Vietnamese text becomes that is read in another code than it was written in, as TCVN3, VNI or UTF-8 is.
GARBLED = re.compile(
    "[\u00aa\u00b5\u00c4-\u00c7\u00cb\u00ce\u00cf\u00d1\u00d6-\u00d8\u00db\u00dc\u00de\u00df"
    "\u00e4-\u00e7\u00eb\u00ee\u00ef\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe\u00ff\ufffd]"
    r"|[¡-§©¬®¶](?=[^\W\d_«»])|[^\W\d_][¨¸¹¼½¾]|[^\W\d_][«»](?=[^\W\d_])|[^\W\d_]·(?!\S)|[Áá][º»]"
)
ICELANDIC = str.maketrans("Ðð", "Đđ")  # what older keyboards wrote for it; nobody sees the difference
LOST = re.compile(r"[^\W\d_]\?+[^\W\d_]")  # B?u ?i?n: saved where there were no such letters
# Code, Vietnamese, English, and what else people write.
TYPE_WORDS: Mapping[str, tuple[str, ...]] = {
    "provincial_library": ("Thư viện tỉnh", "Provincial library", "TVT"),
    "district_library": ("Thư viện huyện", "District library", "thư viện thị xã", "thư viện thành phố", "TVH"),
    "commune_library": ("Thư viện xã", "Commune library", "thư viện phường", "TVX"),
    "public_library": ("Thư viện công cộng", "Public library", "TVCC", "thư viện khu vực", "thư viện cộng đồng"),
    "post_office": ("Điểm Bưu điện – Văn hóa xã", "Commune post office", "BĐVHX", "BĐ-VHX", "điểm BĐVHX", "bưu điện",
                    "bưu điện văn hóa xã", "điểm BĐ-VHX", "commune post-office culture point"),
    "culture_house": ("Nhà văn hóa", "Culture house", "trung tâm văn hóa"),
    "other": ("Khác", "Other"),
}  # fmt: skip
OWNER_WORDS: Mapping[str, tuple[str, ...]] = {
    "library": ("Thư viện", "Library", "TV", "ngành thư viện", "ngành văn hóa"),
    "post": ("Bưu điện", "Post", "BĐ", "ngành bưu điện", "post office"),
}
STATUS_WORDS: Mapping[str, tuple[str, ...]] = {
    "project": ("Dự án", "Project", "điểm dự án", "thuộc dự án"),
    "potential": ("Tiềm năng", "Potential", "điểm tiềm năng"),
}
YES_WORDS: Mapping[str, tuple[str, ...]] = {
    "yes": ("Có", "Yes", "x", "true", "1"),
    "no": ("Không", "No", "false", "0"),
}
LEVEL_WORDS: Mapping[str, tuple[str, ...]] = {
    "province": ("Tỉnh", "Province", "thành phố trực thuộc trung ương"),
    "district": ("Huyện", "District", "quận", "thị xã", "thành phố", "quận huyện"),
    "commune": ("Xã", "Commune", "phường", "thị trấn", "xã phường", "ward"),
}


@lru_cache(1 << 14)
def folded(text: Cell) -> str:
    """Without marks, capitals and signs: “Quận/huyện” as `quan huyen`."""
    bare = unicodedata.normalize("NFD", str(text if text is not None else "").translate(ICELANDIC)
                                 .replace("đ", "d").replace("Đ", "D"))  # fmt: skip
    plain = "".join(one for one in bare if not unicodedata.combining(one)).lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


@lru_cache(1 << 14)
def tidy(value: Cell) -> str:
    """A cell as text: NFC, one space between words, no invisible signs; a whole number without its point."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value if value is not None else "")).translate(ICELANDIC)
    if not text.isprintable():
        text = "".join(one for one in text if unicodedata.category(one) != "Cf")
    return " ".join(text.split())


def code(value: Cell) -> str:
    """The code of a site or a unit."""
    text = tidy(value)
    if not CODE.fullmatch(text):
        raise ValueError(
            _("“{written}” is no code: capital letters A to Z, digits and hyphens, 31 at most, such as TH-012.",
              written=text[:40])
        )  # fmt: skip
    return text


def skeleton(text: str) -> str:
    """The same for codes that people take for each other: O and 0, I, L and 1, with and without hyphens."""
    plain = unicodedata.normalize("NFKD", text.replace("Đ", "D").replace("đ", "d")).upper()
    latin = plain.translate(str.maketrans("АВСЕНІКМОРТХУΑΒΕΖΗΙΚΜΝΟΡΤΧΥ", "ABCEHIKMOPTXYABEZHIKMNOPTXY"))
    return re.sub(r"[^A-Z0-9]", "", latin.translate(str.maketrans("OIL", "011")))


def words(most: int) -> Callable[[Cell], str]:
    """Words of at most so many letters. What a spreadsheet would take for a formula is refused."""

    def read(value: Cell) -> str:
        text = tidy(value)
        if len(text) > most or not text.isprintable():
            raise ValueError(_("Write {n} letters at most.", n=most))
        if GARBLED.search(text):
            raise ValueError(_("“{written}” has letters that Vietnamese does not have. The file may be written in "
                               "TCVN3 (ABC) or VNI: turn it into Unicode, for example with UniKey.",
                               written=text[:40]))  # fmt: skip
        if text[:1] in ("=", "+", "@") or re.match(r"-\S", text) or text.startswith("#"):
            raise ValueError(_("“{written}” begins as a formula or a fault of a spreadsheet does.", written=text[:40]))
        return text

    return read


def name(most: int) -> Callable[[Cell], str]:
    """A name: words with a letter in them. What a formula leaves where nobody worked it out is none."""
    read = words(most)

    def checked(value: Cell) -> str:
        text = read(value)
        if not any(one.isalpha() for one in text):
            raise ValueError(_("“{written}” is no name.", written=text))
        if LOST.search(text):
            raise ValueError(_("Letters of “{written}” were lost when the file was saved. Save it as Unicode (UTF-8), "
                               "or as a workbook (.xlsx).", written=text[:40]))  # fmt: skip
        return text

    return checked


def one_of(known: Mapping[str, tuple[str, ...]]) -> Callable[[Cell], str]:
    """One of some words, by its code."""
    by_word = {folded(word): name for name, names in known.items() for word in (name, *names)}

    def read(value: Cell) -> str:
        found = by_word.get(folded(tidy(value)))
        if found is None:
            allowed = ", ".join(f"{names[0]} ({names[1]})" for names in known.values())
            raise ValueError(_("“{written}” is not known. Write one of: {allowed}.", written=tidy(value)[:40],
                               allowed=allowed))  # fmt: skip
        return found

    return read


def pcs(value: Cell) -> str:
    """How many PCs."""
    text = tidy(value)
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or int(text) > MOST_PCS:
        raise ValueError(_("Write a whole number from 0 to {n}.", n=MOST_PCS))
    return str(int(text))


def policy(value: Cell) -> str:
    """The name of a policy of the tree."""
    text = tidy(value)
    if not POLICY.fullmatch(text):
        raise ValueError(_("The name of a policy has letters, digits, - and _; its file is policies/NAME.toml."))
    return text


def day(value: Cell) -> date:
    """A day: 2026-01-31, 31/01/2026, 31.1.2026, or the number that a spreadsheet keeps for it."""
    text = tidy(value)
    serial = re.fullmatch(r"[1-7]\d{4}", text, re.ASCII)
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", text, re.ASCII)
    local = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    try:
        if serial:
            found = EXCEL_DAYS + timedelta(days=int(text))
        elif iso:
            found = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif local:
            found = date(int(local[3]), int(local[2]), int(local[1]))
        else:
            raise ValueError
    except ValueError:
        raise ValueError(_("“{written}” is no day. Write it as 31/01/2026 or 2026-01-31.", written=text[:40])) from None
    if not EARLIEST <= found <= LATEST:
        raise ValueError(_("The day must lie between {first} and {last}.", first=EARLIEST, last=LATEST))
    return found
