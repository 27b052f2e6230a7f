"""A library as a station has it after a while: the shipped guides and made items of every format, with real words."""

from functools import partial
from pathlib import Path

from kiosk.content.extract import extract
from kiosk.content.index import Index
from kiosk.content.items import THEMES, Item, Part
from kiosk.content.library import Library
from kiosk.rules.policy import parse_policy
from tests.pack_support import STARTER

PROGRAMS = parse_policy(
    {
        "program": [
            {"name": {"vi": "Soạn văn bản", "en": "Write"}, "command": "true", "icon": "programs/write"},
            {"name": {"vi": "Bảng tính", "en": "Spreadsheet"}, "command": "true", "icon": "programs/sheet"},
        ]
    }
).program
# title, English title, theme, format, what it is about
MADE = (
    ("Trồng lúa thuận thiên ở đồng bằng ven biển", "Rice by the sea", "agri", "video", "Làm đất, gieo, giữ nước."),
    ("Sổ tay phòng trừ sâu bệnh hại lúa, ngô, lạc", "", "agri", "pdf", "Đạo ôn, rầy nâu và cách phòng."),
    ("Nuôi gà thả vườn an toàn sinh học", "Free-range chickens", "agri", "epub", "Chọn giống, làm chuồng, tiêm đủ."),
    ("Hỏi đáp về hợp đồng lao động", "", "job", "audio", "Người lao động cần biết gì trước khi ký."),
    ("Bách khoa toàn thư mở, bản đọc không cần mạng", "Encyclopedia without a network", "edu", "zim", "Nhiều bài."),
    ("Cổng thông tin điện tử của tỉnh", "The province's website", "gov", "link", "Tin tức và văn bản của tỉnh."),
    ("Wash your hands, save a life", "", "health", "html", "When and how to wash hands with soap."),
    ("Chăm sóc người cao tuổi tại nhà trong mùa đông giá rét", "", "health", "pdf", "Giữ ấm, vận động nhẹ."),
    ("Bữa ăn đủ chất cho trẻ dưới năm tuổi", "Good meals for small children", "health", "video", "Bốn nhóm thức ăn."),
    ("Kể chuyện Lam Sơn: hội thề Lũng Nhai", "", "culture", "audio", "Truyện kể cho thiếu nhi."),
    ("Tự học gõ mười ngón trong hai tuần", "Ten fingers in two weeks", "skill", "epub", "Mỗi ngày mười lăm phút."),
    ("Sơ cứu khi bị rắn cắn", "First aid for snake bites", "health", "html", "Giữ yên, băng ép nhẹ, gọi 115."),
)  # fmt: skip


def shelf() -> list[tuple[Item, list[Part]]]:
    """The made items with their texts."""
    made = []
    for place, (title, english, theme, kind, about) in enumerate(MADE):
        item = Item(
            f"made/i{place}", title, theme, "en" if title.isascii() else "vi", kind, "made", title_en=english,
            summary=about, added=f"2026-11-{place + 1:02}", url="https://example.org/" if kind == "link" else "",
            audience="children" if "thiếu nhi" in about or "trẻ" in title else "everyone",
        )  # fmt: skip
        made.append((item, [Part(f"{about} {title} là điều nhiều bà con hỏi đến ở các điểm truy nhập.")]))
    return made


class GrownLibrary(Library):
    """The shipped guides and the made items, in one index in memory."""

    def _in_memory(self) -> Index:
        catalogue = self._catalogue
        guides = [(item, extract(item, partial(catalogue.path, item)).parts) for item in catalogue.items]
        return Index.in_memory([*guides, *shelf()])


def grown_library() -> GrownLibrary:
    """It needs no folder of a station."""
    assert {theme.code for theme in THEMES} >= {one[2] for one in MADE}
    return GrownLibrary(Path("/nonexistent"), [STARTER])
