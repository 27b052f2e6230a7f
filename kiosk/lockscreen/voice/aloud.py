"""Text as it is spoken: numbers, times and dates as words, so that no engine reads "07:30–11:30" as a sum."""

import re

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DATE = re.compile(r"\b(ngày )?(\d{1,2})/(\d{1,2})/(\d{4})\b")
_DAY = re.compile(r"(?<![\d/])([Nn]gày )?(\d{1,2})/(\d{1,2})(?![\d/])")
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_DECIMAL = re.compile(r"\b(\d+),(\d+)\b")
_THOUSANDS = re.compile(r"\b\d{1,3}(?:\.\d{3})+\b")
_NUMBER = re.compile(r"\d+")
# As people say it: Vietnamese voices spell foreign letters by rules of their own.
_SPOKEN = {
    "vi": {
        "USB": "u ét bê", "Internet": "in-tơ-nét", "PDF": "pê đê ép", "GB": "ghi-ga-bai", "MB": "mê-ga-bai",
        "KB": "ki-lô-bai", "kg": "ki-lô-gam", "km": "ki-lô-mét", "cm": "xăng-ti-mét", "ml": "mi-li-lít",
        "m²": "mét vuông", "°C": "độ xê", "%": "phần trăm",
    },
    "en": {"GB": "gigabytes", "MB": "megabytes", "KB": "kilobytes", "°C": "degrees Celsius"},
}  # fmt: skip
# A unit may stand right behind its number.
_UNITS = {
    lang: [(re.compile(rf"(?<![^\W\d_]){re.escape(unit)}(?!\w)"), f" {said}") for unit, said in known.items()]
    for lang, known in _SPOKEN.items()
}


def aloud(lang: str, text: str) -> str:
    """One sentence for the ear."""
    text = _DATE.sub(lambda found: _date(lang, *map(int, found.groups()[1:])), text)
    # A dash between two times is "to".
    text = re.sub(r"(\d)\s*[–-]\s*(?=\d)", r"\1 đến " if lang == "vi" else r"\1 to ", text)
    text = _TIME.sub(lambda found: _time(lang, int(found[1]), int(found[2])), text)
    for unit, said in _UNITS[lang]:
        text = unit.sub(said, text)
    if lang == "vi":
        text = _THOUSANDS.sub(lambda found: found[0].replace(".", ""), text)
        text = _DECIMAL.sub(lambda found: f"{_number(found[1])} phẩy {_number(found[2])}", text)
        text = _NUMBER.sub(lambda found: _number(found[0]), text)
    return re.sub(" {2,}", " ", text.replace(" – ", ", ")).strip(" ")


def with_days(lang: str, text: str) -> str:
    """Where 27/11 can only be a day, as in a notice: with the words that people say."""

    def day(found: re.Match[str]) -> str:
        number, month = int(found[2]), int(found[3])
        if not (1 <= number <= 31 and 1 <= month <= 12):
            return found[0]
        if lang == "en":
            return f"{number} {MONTHS[month - 1]}"
        return f"ngày {'mùng ' * (number <= 10)}{number} tháng {month}"

    return _DAY.sub(day, text)


def _number(digits: str) -> str:
    """A number as words; one that begins with 0 is a name, as of a computer, and is read digit by digit."""
    if digits[0] == "0" and len(digits) > 1 or len(digits) > 6:
        return " ".join(DIGITS[int(digit)] for digit in digits)
    return vietnamese(int(digits))


def vietnamese(number: int) -> str:
    """0 to 999,999 in words, as they are said in the north."""
    thousands, rest = divmod(number, 1000)
    words = f"{_hundreds(thousands, False)} nghìn" if thousands else ""
    if rest or not thousands:
        words = f"{words} {_hundreds(rest, bool(thousands))}".strip()
    return words


def _hundreds(number: int, after: bool) -> str:
    """Below 1000; `after` thousands the hundreds are said even when there are none."""
    hundreds, rest = divmod(number, 100)
    words = f"{DIGITS[hundreds]} trăm" if hundreds or after else ""
    if not rest:
        return words or DIGITS[0]
    if not words:
        return _tens(rest)
    return f"{words} lẻ {DIGITS[rest]}" if rest < 10 else f"{words} {_tens(rest)}"


def _tens(number: int) -> str:
    tens, unit = divmod(number, 10)
    if not tens:
        return DIGITS[unit]
    words = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if not unit:
        return words
    # 21 is "mốt", 15 and 25 are "lăm".
    last = "mốt" if unit == 1 and tens > 1 else "lăm" if unit == 5 else DIGITS[unit]
    return f"{words} {last}"


def _time(lang: str, hours: int, minutes: int) -> str:
    if lang == "vi":
        return f"{vietnamese(hours)} giờ" + (f" {vietnamese(minutes)} phút" if minutes else "")
    half = "AM" if hours < 12 else "PM"
    return f"{(hours + 11) % 12 + 1}" + (f" {'oh ' * (minutes < 10)}{minutes}" if minutes else "") + f" {half}"


def _date(lang: str, day: int, month: int, year: int) -> str:
    if not 1 <= month <= 12:
        return f"{day} {month} {year}"
    if lang == "vi":
        first = "mùng " if day <= 10 else ""
        return f"ngày {first}{vietnamese(day)} tháng {vietnamese(month)} năm {vietnamese(year)}"
    return f"{day} {MONTHS[month - 1]} {year}"
