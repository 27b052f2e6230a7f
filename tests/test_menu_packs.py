"""Packs are read whole or told; what they contain cannot harm the page it stands on."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.content.catalogue import THEMES, Catalogue
from kiosk.content.clean_html import KEEP, SILENT, VOID, clean
from kiosk.translations import web_ui_dir

PACK = """
id = "trial"
title = "Gói thử"
theme = "health"
[[item]]
title = "Bài một"
file = "one.html"
[[item]]
title = "Lesson two"
file = "two.html"
theme = "skill"
language = "en"
summary = "Short."
source = "A book."
"""


def pack(folder: Path, text: str = PACK, files: tuple[str, ...] = ("one.html", "two.html")) -> Path:
    """A pack in `folder`, each file holding one paragraph."""
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    for name in files:
        (folder / name).write_text(f"<p>{name}</p>", encoding="utf-8")
    return folder


def test_a_pack_and_a_folder_of_packs_are_read(tmp_path: Path) -> None:
    pack(tmp_path / "packs" / "trial")
    for folder in (tmp_path / "packs", tmp_path / "packs" / "trial"):
        catalogue = Catalogue.load([folder, tmp_path / "missing"])
        assert [item.id for item in catalogue.items] == ["trial/one", "trial/two"]
        assert catalogue.problems == ()


def test_an_item_takes_from_its_pack_what_it_leaves_out(tmp_path: Path) -> None:
    first, second = Catalogue.load([pack(tmp_path / "trial")]).items
    assert (first.theme, first.language, first.summary, first.source) == ("health", "vi", "", "")
    assert (second.theme, second.language, second.summary, second.source) == ("skill", "en", "Short.", "A book.")


def test_the_readers_language_comes_first(tmp_path: Path) -> None:
    text = PACK.replace('theme = "skill"', 'theme = "health"')
    catalogue = Catalogue.load([pack(tmp_path / "trial", text)])
    assert [item.language for item in catalogue.of_theme("health", "en")] == ["en", "vi"]
    assert [item.language for item in catalogue.of_theme("health", "vi")] == ["vi", "en"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('id = "trial"\nid = 3', "pack.toml"),
        ('id = "../evil"', "id must be"),
        ('id = "x"\n[[item]]\ntitle = "A"\nfile = "../../secret.html"\ntheme = "gov"', "inside the pack"),
        ('id = "x"\n[[item]]\ntitle = "A"\nfile = "link.html"\ntheme = "gov"', "inside the pack"),
        ('id = "x"\n[[item]]\ntitle = "A"\nfile = "absent.html"\ntheme = "gov"', "inside the pack"),
        ('id = "x"\n[[item]]\ntitle = "A"\nfile = "Big.html"\ntheme = "gov"', "small letters"),
        ('id = "x"\n[[item]]\ntitle = "A"\nfile = "run.js"\ntheme = "gov"', "end in .html"),
        ('id = "x"\n[[item]]\ntitle = "A"\nfile = "one.html"\ntheme = "games"', "theme must be one of"),
        ('id = "x"\n[[item]]\nfile = "one.html"\ntheme = "gov"', "title must be text"),
        ('id = "x"\nitem = ["one"]', "must be a table"),
    ],
)
def test_a_wrong_pack_is_left_out_and_told_while_the_others_stay(tmp_path: Path, wrong: str, told: str) -> None:
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    bad = pack(tmp_path / "packs" / "bad", wrong, ("one.html", "Big.html", "run.js"))
    (bad / "link.html").symlink_to(tmp_path / "secret.html")
    pack(tmp_path / "packs" / "good")
    catalogue = Catalogue.load([tmp_path / "packs"])
    assert [item.id for item in catalogue.items] == ["trial/one", "trial/two"]
    assert len(catalogue.problems) == 1 and told in catalogue.problems[0]


def test_the_shipped_guides_are_whole_one_at_least_for_each_theme() -> None:
    catalogue = Catalogue.load([web_ui_dir().parent / "policies" / "starter"])
    assert catalogue.problems == ()
    assert {item.theme for item in catalogue.items} == {theme.code for theme in THEMES}
    for item in catalogue.items:
        assert item.source and item.summary and item.language == "vi"
        if item.format != "html":
            continue
        raw = catalogue.path(item).read_text(encoding="utf-8")
        assert raw.count("<") == clean(raw, lambda place: place).count("<"), f"{item.file}: cleaning changed the guide"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>canary()</script>",
        "<SCRIPT SRC=//evil.example/canary.js></SCRIPT>",
        "<img src=x onerror=canary()>",
        "<p onclick='canary()'>x</p>",
        "<p style='background:url(canary)'>x</p>",
        "<a href='javascript:canary()'>x</a>",
        "<a href=' JaVaScRiPt:canary()'>x</a>",
        "<a href='java\tscript:canary()'>x</a>",
        "<a href='data:text/html,canary'>x</a>",
        "<a href='//evil.example/canary'>x</a>",
        "<iframe src='canary'></iframe>",
        "<form action='/canary'><input name='canary'></form>",
        "<svg><script>canary()</script></svg>",
        "<math><mtext><style><img src=x onerror=canary()></style></mtext></math>",
        "<meta http-equiv=refresh content='0;canary'>",
        "<base href='//canary'>",
        "<link rel=stylesheet href=canary>",
        "<style>@import 'canary'</style>",
        "<object data=canary><embed src=canary></object>",
        "<!--[if IE]><script>canary()</script><![endif]-->",
        "<noscript><p title='</noscript><img src=x onerror=canary()>'></noscript>",
        "<template><script>canary()</script></template>",
    ],
)
def test_nothing_that_acts_or_loads_gets_through(attack: str) -> None:
    cleaned = clean(f"<p>before</p>{attack}<p>after</p>")
    assert "<p>before</p>" in cleaned
    assert "canary" not in cleaned.replace("canary()&#x27;&gt;", "")


def test_text_that_looks_like_markup_stays_text() -> None:
    assert clean("<p>1 &lt; 2 &amp; <b>3</b></p>") == "<p>1 &lt; 2 &amp; <b>3</b></p>"


def test_what_is_left_open_is_closed_and_stray_ends_are_dropped() -> None:
    assert clean("</div></article><p>one<p>two<ul><li>a<li>b</ul></section>") == (
        "<p>one</p><p>two<ul><li>a</li><li>b</li></ul></p>"
    )


def test_decomposed_letters_are_composed() -> None:
    assert clean("<p>Ti\u00ea\u0301ng</p>") == "<p>Tiếng</p>"


PIECES = """<p>|</p>|<script>|</script>|<a href='javascript:1'>|</a>|<ol>|<li>|</ol>|<|>|'|"|x|<!--|-->|<svg onload=1>
&lt;|<p onclick=1 class='steps'>|<![CDATA[|]]>|<style>|</style>|<h1>|</h1>|<br>|<td rowspan=x>|</"""


@given(st.lists(st.sampled_from(PIECES.replace("\n", "|").split("|")), max_size=30))
def test_whatever_comes_in_only_known_balanced_elements_come_out(parts: list[str]) -> None:
    open_elements: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag in KEEP and tag not in SILENT
            assert all(name in KEEP[tag] or (tag, name) == ("a", "rel") for name, _ in attrs)
            assert all("javascript" not in (value or "") for _, value in attrs)
            open_elements.extend([tag] if tag not in VOID else [])

        def handle_endtag(self, tag: str) -> None:
            assert open_elements.pop() == tag

        def handle_comment(self, data: str) -> None:
            raise AssertionError("a comment came through")

    cleaned = clean("".join(parts))
    reader = Reader()
    reader.feed(cleaned)
    reader.close()
    assert open_elements == []
    assert clean(cleaned) == cleaned
