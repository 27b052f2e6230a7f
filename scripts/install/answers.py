"""The five questions of an installation, or a file that answers them; and site.toml made of the answers.

An answers file is TOML: code, name, station, kind, network; and, never asked, power_key and screen_off_minutes.
"""

import re
import sys
import tomllib
from pathlib import Path

from words import Stop, say

KINDS = ("library", "post_office")
# key: what is asked, what it is called, what it must look like, what it is without an answer
QUESTIONS = {
    "code": ("Mã điểm (do tỉnh cấp)", "The site's code, given by the province", r"[A-Z0-9][A-Z0-9-]{0,31}", "TH-000"),
    "name": ("Tên điểm", "The site's name", r'[^"\\\x00-\x1f]{1,80}', "Điểm truy nhập Internet công cộng"),
    "station": ("Số máy trong điểm", "The number of this PC within the site", r"[0-9A-Za-z-]{1,8}", "01"),
    "kind": (
        "Loại điểm: library (thư viện) hay post_office (bưu điện)",
        "library or post_office",
        "|".join(KINDS),
        "library",
    ),
    "network": (
        "Mở bảng theo dõi cho máy khác trong điểm? yes hay no",
        "The panel open to other PCs of the site? yes or no",
        "yes|no",
        "no",
    ),
}
MORE = {"power_key": "poweroff|ignore", "screen_off_minutes": "[0-9]{1,3}"}


def read(path: Path) -> dict[str, str]:
    """An answers file, all errors at once."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Stop(
            f"Không đọc được tệp trả lời {path}: {error}. Xin sửa rồi chạy lại.",
            f"The answers file {path} cannot be read: {error}. Correct it and run this again.",
            3,
        ) from None
    words = {True: "yes", False: "no"}
    given = {key: words[value] if isinstance(value, bool) else str(value) for key, value in found.items()}
    shapes = {key: shape for key, (_vi, _en, shape, _else) in QUESTIONS.items()} | MORE
    wrong = [key for key, value in given.items() if key not in shapes or not re.fullmatch(shapes[key], value)]
    if wrong:
        told = "; ".join(f"{key}: {shapes.get(key, '?')}" for key in wrong)
        raise Stop(
            f"Tệp trả lời {path} sai ở: {told}. Xin sửa rồi chạy lại.",
            f"The answers file {path} is wrong in: {told}. Correct it and run this again.",
            3,
        )
    return {key: default for key, (_vi, _en, _shape, default) in QUESTIONS.items()} | given


def ask() -> dict[str, str]:
    """The questions, at a terminal; Enter takes what stands in brackets."""
    if not sys.stdin.isatty():
        raise Stop(
            "Lần cài đầu cần trả lời năm câu hỏi: xin chạy trong cửa sổ lệnh, hoặc thêm --answers TỆP.",
            "The first installation asks five questions: run it in a terminal, or add --answers FILE.",
            2,
        )
    given = {}
    for key, (vietnamese, english, shape, default) in QUESTIONS.items():
        while True:
            answer = input(f"{vietnamese}\n  {english} [{default}]: ").strip() or default
            if re.fullmatch(shape, answer):
                break
            say("Chưa đúng dạng, xin gõ lại.", f"That does not fit ({shape}); please type it again.")
        given[key] = answer
    return given


def site_toml(shipped: str, given: dict[str, str]) -> str:
    """The shipped site.toml, comments and all, with the answers in it."""
    values = {"site.code": given["code"], "site.name": given["name"], "station.name": given["station"]}
    if given["network"] == "yes":
        values["panel.listen"] = "0.0.0.0:8080"
    lines, section = [], ""
    for line in shipped.splitlines():
        if found := re.match(r"\[(\w+)\]", line):
            section = found[1]
        if (found := re.match(r"(\w+) = ", line)) and (value := values.get(f"{section}.{found[1]}")):
            line = f'{found[1]} = "{value}"'
        lines.append(line)
    return "\n".join(lines) + "\n"
