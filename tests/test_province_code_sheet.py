"""The sheet of codes: eight cards on a printed page of A4, each QR read back by a scanner."""

import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import UsageError
from kiosk.export.asking import address_and_code
from kiosk.export.handshake import ALPHABET, Code, with_code
from kiosk.province.home import load
from kiosk.province.joining.code_paper import page
from kiosk.province.joining.code_sheet import give, names_from
from kiosk.province.orders import Office
from tests.province_home import NOW, new_home, receiving

URL = "https://counts.angiang.example.vn:8443"


def codes(count: int) -> dict[str, Any]:
    """What `kiosk province station code` was answered."""
    dice, made = random.Random(7), []
    for number in range(1, count + 1):
        code = Code("".join(dice.choices(ALPHABET, k=4)), "".join(dice.choices(ALPHABET, k=16)))
        made.append({"station": f"{number:02}", "code": code.shown, "command": f"kiosk enrol {URL} {code.shown}",
                     "qr": with_code(URL, code)})  # fmt: skip
    return {"province": "Tỉnh An Giang <1>", "url": URL, "site": "BDVHX-0417", "expires": "2026-12-22T18:00:00+00:00",
            "codes": made}  # fmt: skip


def test_the_page_needs_no_other_file_and_says_until_when_in_vietnam() -> None:
    found = codes(3)
    text = page(found)
    assert "23/12/2026" in text and "&lt;1&gt;" in text and "<1>" not in text
    assert "http" not in text.replace(URL, "").replace("http://www.w3.org/2000/svg", "") and "src=" not in text
    assert all(text.count(one["code"]) >= 1 for one in found["codes"])


def test_a_code_for_a_site_that_the_register_does_not_have_says_so(tmp_path: Path) -> None:
    with receiving(new_home(tmp_path / "home", [])) as receiver:
        office = Office(receiver.home, load(receiver.home.path), receiver.intake, "Lan", lambda: NOW)
        assert give(office, "BDVHX-0417", "01")["registered"], "nobody keeps the register yet"
        with receiver.intake.ledger.writing() as db:
            db.execute("INSERT INTO sites (code) VALUES ('BDVHX-0417')")
        assert give(office, "BDVHX-0417", "01")["registered"] and not give(office, "BDVHX-O417", "01")["registered"]


def test_numbers_are_counted_on_as_they_are_written() -> None:
    assert names_from("08", 4) == ["08", "09", "10", "11"]
    assert names_from("PC-9", 2) == ["PC-9", "PC-10"]
    assert names_from("kasse", 1) == ["kasse"]
    with pytest.raises(UsageError):
        names_from("kasse", 2)


@pytest.mark.slow
def test_printed_on_a4_every_square_is_read_by_a_scanner(tmp_path: Path) -> None:
    found = codes(10)
    (tmp_path / "codes.html").write_text(page(found), encoding="utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir=profile",
         "--print-to-pdf=codes.pdf", (tmp_path / "codes.html").as_uri()],
        cwd=tmp_path, check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    subprocess.run(["pdftoppm", "-r", "150", "-png", "codes.pdf", "sheet"], cwd=tmp_path, check=True, timeout=60)
    pages = sorted(tmp_path.glob("sheet*.png"))
    assert len(pages) == 2, "eight on the first, two on the second"
    scanned = subprocess.run(["zbarimg", "--raw", "-q", *map(str, pages)], capture_output=True, text=True, timeout=60)
    texts = scanned.stdout.split()
    assert sorted(texts) == sorted(one["qr"] for one in found["codes"])
    for one, text in zip(found["codes"], sorted(texts, key=texts.index), strict=True):
        assert address_and_code(text)[0] == URL, one
    read = {address_and_code(text)[1].shown for text in texts}
    assert read == {one["code"] for one in found["codes"]}
