"""Lines of words: where to break them and how wide they run. Tk neither balances lines nor knows compounds."""

import unicodedata
from collections.abc import Callable
from itertools import combinations

Measure = Callable[[str], int]

# Never torn apart: in Vietnamese a word is often several syllables, and only spaces show where a line may end.
COMPOUNDS = (
    "Quý vị", "dân tộc", "thiểu số", "trả lời", "hộ nghèo", "hộ cận nghèo", "cận nghèo", "khuyết tật", "khó khăn",
    "hoàn cảnh", "Hoàn cảnh", "gia đình", "Gia đình", "nhân viên", "máy tính", "miễn phí", "giấy tờ", "dấu vết",
    "giây lát", "đóng cửa", "bảo trì", "mất điện", "bắt đầu", "Bắt đầu", "tương phản", "Tương phản", "sử dụng",
    "gia hạn", "thông cảm", "lớp học", "hẹn gặp lại", "Cảm ơn", "lần nào", "hướng dẫn", "dùng chung",
    "chuẩn bị", "kết thúc", "giúp đỡ", "số lượt", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu",
    "thứ Bảy", "Chủ nhật", "bạo lực", "nội dung", "đồi trụy", "cờ bạc", "pháp luật", "mật khẩu", "căn cước",
    "tài khoản", "ngân hàng", "phần mềm", "thiết bị", "cài đặt", "vệ sinh", "trật tự", "người lớn", "Trẻ em",
    "truy cập", "phát tán", "màn hình", "phục vụ",
)  # fmt: skip


def tie(text: str) -> str:
    """NFC text with no-break spaces inside compounds and after a number, so that a line never ends there."""
    text = unicodedata.normalize("NFC", text)
    for compound in COMPOUNDS:
        text = text.replace(compound, compound.replace(" ", "\u00a0"))
    parts = text.split(" ")
    tied = parts[0]
    for before, part in zip(parts, parts[1:], strict=False):
        tied += ("\u00a0" if before[-1:].isdigit() and part[:1].islower() else " ") + part
    return tied


def balance(text: str, width: int, measure: Measure, most: int = 4) -> list[str]:
    """The fewest lines that fit `width` and, among those, the split whose longest line is shortest.

    When nothing fits in `most` lines, the narrowest split is given back, so that a test can see the overflow.
    A sentence end is preferred as a break where the lines stay as few.
    """
    words = [word for word in tie(text).split(" ") if word] or [""]
    if measure(" ".join(words)) <= width or len(words) == 1:
        return [" ".join(words)]
    best: list[str] = []
    for count in range(2, min(most, len(words)) + 1):
        best = _best_split(words, count, width, measure)
        if max(map(measure, best)) <= width:
            return best
    return best


def _best_split(words: list[str], count: int, width: int, measure: Measure) -> list[str]:
    space = measure("a a") - measure("aa")
    wide = [measure(word) for word in words]
    best: tuple[float, int, tuple[int, ...]] | None = None
    for cuts in combinations(range(1, len(words)), count - 1):
        edges = (0, *cuts, len(words))
        longest = max(sum(wide[a:b]) + space * (b - a - 1) for a, b in zip(edges, edges[1:], strict=False))
        ends = [words[cut - 1][-1] for cut in cuts]
        sentences, commas = sum(end in ".?!" for end in ends), sum(end in ",;:" for end in ends)
        cost = longest if longest > width else longest * 0.5**sentences * 0.96 ** min(commas, 1)
        found = (cost, sum(wide[cuts[-1] :]), cuts)  # of two as good, the one with the shorter last line
        if best is None or found < best:
            best = found
    assert best is not None
    edges = (0, *best[2], len(words))
    return [" ".join(words[a:b]) for a, b in zip(edges, edges[1:], strict=False)]
