"""What a simulated clerk writes into the journal: some lines a week, so that a first look finds something to see."""

from collections.abc import Sequence
from datetime import date, datetime, time, timezone
from random import Random

from kiosk.clock import LOCAL
from kiosk.lean_sqlite import Database
from kiosk.store import journal

BY = "demo"
CLASSES = ("Cài ứng dụng định danh điện tử", "Tra cứu thủ tục trực tuyến", "Tìm giá nông sản trên mạng")
EVENTS = ("Nhà văn hóa thôn 3", "Chợ phiên", "Họp phụ nữ xã")
SERVICES = ("Nộp hồ sơ trực tuyến", "Đọc sách báo điện tử")


def write(db: Database, days: Sequence[date], seed: int) -> None:
    """Lines for these days; a day that was written stays as it is."""
    for place, words in enumerate(SERVICES):
        _add(db, "offered_service", days[0], f"service:{place}", words=words)
    _add(db, "books", days[0], "box", titles_in=40, copies_in=120, words="Thùng sách của thư viện tỉnh")
    for day in days:
        random = Random(f"{seed} journal {day.isoformat()}")
        if day.weekday() == 6:
            continue
        if random.random() < 0.1:
            hour = random.choice((8, 14))
            _add(db, "class", day, "class", people=random.randint(5, 18), begin=f"{hour:02}:00", end=f"{hour + 2}:00",
                 words=random.choice(CLASSES))  # fmt: skip
        if random.random() < 0.06:
            _add(db, "outreach", day, "outreach", people=random.randint(20, 60), words=random.choice(EVENTS))
        if random.random() < 0.4:
            _add(db, "public_service", day, "service", times=random.randint(1, 4))
        if random.random() < 0.5:
            _add(db, "books", day, "books", read=random.randint(1, 9), lent=random.randint(0, 4))
        if random.random() < 0.6:
            _add(db, "reader_visits", day, "readers", people=random.randint(2, 14))
        if random.random() < 0.03:
            _add(db, "fault", day, "fault", what="printer", words="Kẹt giấy", until=day)


def _add(db: Database, kind: str, day: date, name: str, **fields: object) -> None:
    at = datetime.combine(fields.get("until") or day, time(17), LOCAL).astimezone(timezone.utc)  # type: ignore[arg-type]
    once = kind == "offered_service" or name == "box"  # also where a demo is filled again with more days
    journal.add(db, kind, day, fields, BY, at, key=f"demo:{name}" if once else f"demo:{day.isoformat()}:{name}")
