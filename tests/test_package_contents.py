"""What is in the wheel and in the sdist, and that there is neither without the assets."""

import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.package_copy import LITTER, PARTS, bare_path, build, built_package, copy_checkout

pytestmark = pytest.mark.slow

NEEDED = [
    "web_ui/built/packages/htmx.min.js",
    "web_ui/built/packages/uplot.min.js",
    "web_ui/built/packages/uplot.min.css",
    "web_ui/built/styles/menu.css",
    "web_ui/built/styles/panel.css",
    "web_ui/built/translations/vi/LC_MESSAGES/cli.mo",
    "web_ui/built/translations/vi/LC_MESSAGES/screens.mo",
    "web_ui/built/translations/vi/LC_MESSAGES/web.mo",
    "policies/library.toml",
    "policies/browser.json",
    "policies/post_office.toml",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with its assets, and with litter."""
    return copy_checkout(tmp_path_factory.mktemp("tree") / "kiosk")


def tree_files(tree: Path, *folders: str) -> set[str]:
    """The files of some folders of the tree, without what a run leaves there."""
    found = {
        path.relative_to(tree).as_posix() for name in folders for path in (tree / name).rglob("*") if path.is_file()
    }
    return {name for name in found if "__pycache__" not in name and "node_modules" not in name}


def test_the_wheel_holds_the_program_its_pages_and_policies_and_nothing_else(tree: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(built_package(tree, "wheel", tmp_path)) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        said = Parser().parsestr(wheel.read(metadata).decode())
        assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel.namelist())
    not_shipped = {"web_ui/package.json", "web_ui/package-lock.json", "web_ui/.npmrc"}
    wanted = tree_files(tree, "kiosk") | {
        f"kiosk/{name}" for name in tree_files(tree, "web_ui", "policies") - not_shipped
    }
    assert names == {name for name in wanted if not name.endswith(".po")}
    assert {f"kiosk/{name}" for name in NEEDED} <= names
    assert any(name.endswith(".png") for name in names), "no drawing was rendered"
    assert said["License-Expression"] == "MIT" and said["Author"] == "the kiosk authors"
    assert set(said.get_all("Provides-Extra", [])) == {"station", "province", "postgres", "spark", "zim"}


def test_the_sdist_holds_the_source_and_the_assets_and_no_litter(tree: Path, tmp_path: Path) -> None:
    with tarfile.open(built_package(tree, "sdist", tmp_path)) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert names - {"PKG-INFO"} == tree_files(tree, *PARTS) | {name for name in PARTS if (tree / name).is_file()}
    assert set(NEEDED) <= names
    assert names & set(LITTER) == set()


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_without_assets_there_is_no_package_but_a_sentence(kind: str, tmp_path: Path) -> None:
    tree = copy_checkout(tmp_path / "kiosk", built=False)
    bare = bare_path(tmp_path / "bin")
    # Where Python brings an npm of its own, let it find no packages either.
    (tree / "web_ui" / "package-lock.json").unlink()
    done = build(tree, kind, tmp_path / "out", bare)
    assert done.returncode != 0
    assert "kiosk is not packaged without its drawings" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not list(tmp_path.glob("out/*"))


def test_assets_are_built_again_only_when_their_inputs_changed(tree: Path, tmp_path: Path) -> None:
    stamps = tree / "web_ui" / "built" / "stamps.json"
    htmx = tree / "web_ui" / "built" / "packages" / "htmx.min.js"
    before = htmx.stat().st_mtime_ns
    built_package(tree, "wheel", tmp_path / "one")
    assert htmx.stat().st_mtime_ns == before
    po = next((tree / "web_ui" / "translations" / "vi").glob("*.po"))
    old = stamps.read_text()
    po.write_text(
        po.read_text(encoding="utf-8") + '\nmsgid "A sentence of this test"\nmsgstr "Một câu thử"\n', encoding="utf-8"
    )
    built_package(tree, "wheel", tmp_path / "two", bare_path(tmp_path / "bin"))
    assert htmx.stat().st_mtime_ns == before, "the packages were fetched again though only a sentence changed"
    assert stamps.read_text() != old
