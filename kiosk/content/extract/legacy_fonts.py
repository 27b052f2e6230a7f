"""Vietnamese of before Unicode: TCVN3 (ABC fonts, `.VnTime`) and VNI (`VNI-Times`), seen and turned into Unicode. Pure.

In such a PDF every letter with a mark reads as another sign: `§¬n xin viÖc`. Put into an index that would be garbage.
It is turned into Unicode where the outcome reads as Vietnamese (GOOD of its syllables could be ones); otherwise the PDF
is reported as not searched. Tables: TCVN 5712:1993 (VN3), and the VNI Windows encoding.
"""

import re
import unicodedata

_SHARE = 0.04  # of all letters, signs that Vietnamese text in Unicode never has
GOOD = 0.9
_ENOUGH = 40  # letters
_TCVN3 = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢§£¤¥¦",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_LOST_U = re.compile("-(?=[a-z\xaa-\xfe])|(?<=[a-z\xaa-\xfe])-(?=[\\s,.;:!?]|$)")
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323", "â": "\u0302", "ê": "\u0306",
    "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_ALONE = {"ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ"}
_VNI_PAIR = re.compile(r"([aeouyôöAEOUYÔÖ])([ùøûõïâêáàåãäéèúüëÙØÛÕÏÂÊÁÀÅÃÄÉÈÚÜË])")
_VNI_SINGLE = re.compile("[" + "".join(_VNI_ALONE) + "".join(_VNI_ALONE).upper() + "]")
# Signs that only such text has in the middle of words.
_TCVN3_SIGNS = re.compile("[µ¶·¸¹»¼½¾¨©®ª«¬\xad§¦¥¤]")
_VNI_SIGNS = re.compile(r"[aeouyôöAEOUYÔÖ][øûïåäëùØÛÏÅÄËÙ]|ñ|Ñ")
_LETTER = re.compile(r"[^\W\d_]|[µ¶·¸¹»¼½¾¨©®ª«¬\xad§¦¥¤×÷]")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    r"(?:i[êe]u|y[êe]u|ươ[iu]|uô[i]|oa[iyo]|oe[o]|uy[êe]|uâ[y]|uy[au]?|i[êe]|y[êe]|ươ|ưa|ưu|ưi|uô|ua|uê|uơ|ui|uâ|oa|oă|oe|oi|ôi|ơi"
    r"|ia|iu|ai|ao|au|ay|âu|ây|eo|êu|oo|[aăâeêioôơuưy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)


def encoding_of(text: str, fonts: tuple[str, ...] = ()) -> str:
    """`tcvn3`, `vni` or "" for text in Unicode: by the names of its fonts, else by the signs in it."""
    names = [font.partition("+")[2] or font for font in fonts]
    if any(name.lower().startswith(".vn") for name in names) and _TCVN3_SIGNS.search(text):
        return "tcvn3"
    if any(name.upper().startswith("VNI-") for name in names) and _VNI_SIGNS.search(text):
        return "vni"
    letters = len(_LETTER.findall(text))
    if letters < _ENOUGH:
        return ""
    if len(_TCVN3_SIGNS.findall(text)) > _SHARE * letters:
        return "tcvn3"
    # VNI's signs are French letters too, so there the outcome has to decide.
    vni = len(_VNI_SIGNS.findall(text)) > _SHARE * letters and reads_well(to_unicode(text, "vni"))
    return "vni" if vni else ""


def to_unicode(text: str, encoding: str) -> str:
    """The text as it was meant."""
    if encoding == "tcvn3":
        # PDFium gives the soft hyphen, which is ư there, as a hyphen.
        text = _LOST_U.sub("\xad", text)
        return text.translate({ord(sign): letter for sign, letter in _TCVN3.items()})
    paired = _VNI_PAIR.sub(lambda found: _vni_letter(found[1]) + _vni_mark(found[2]), text)
    # A letter that a mark was put on has become another one already; what is left stands for itself.
    single = _VNI_SINGLE.sub(lambda found: _vni_letter(found[0]), paired)
    return unicodedata.normalize("NFC", single)


def _vni_letter(char: str) -> str:
    other = _VNI_ALONE.get(char.lower(), char.lower())
    return other.upper() if char.isupper() else other


def _vni_mark(char: str) -> str:
    return _VNI_MARKS[char.lower()]


def reads_well(text: str) -> bool:
    """Whether at least GOOD of the words could be Vietnamese syllables."""
    found = re.findall(r"[^\W\d_]+", text.lower())
    if not found:
        return False
    return sum(is_syllable(word) for word in found) >= GOOD * len(found)


def is_syllable(word: str) -> bool:
    """Whether a word is built as a Vietnamese syllable is: at most one tone, a known beginning, middle and end."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word.lower()))
    tones = [char for char in letters if char in "\u0300\u0301\u0303\u0309\u0323"]
    bare = unicodedata.normalize("NFC", "".join(char for char in letters if char not in tones))
    return len(tones) <= 1 and _SYLLABLE.fullmatch(bare) is not None
