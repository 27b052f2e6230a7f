"""What is laid before the citizen's browser: our policies, this station's places, and what the owner decided."""

import json
import mmap
from pathlib import Path

import pytest

from kiosk.errors import SettingsError
from kiosk.rules.policy import parse_policy
from kiosk.shipped import shipped_dir
from kiosk.supervisor.asked import BrowserPolicy, asked
from kiosk.supervisor.session import browser, browser_policies
from kiosk.supervisor.session.browser_policies import MANAGED, OURS, Place
from kiosk.supervisor.session.programs import Programs
from kiosk.supervisor.session.wishes import Wishes

SHIPPED = json.loads((shipped_dir("policies") / "browser.json").read_text(encoding="utf-8"))
MENU = "http://127.0.0.1:8081/enter?lang=vi&large=0&contrast=0"
PLACE = Place(MENU, Path("/var/lib/kiosk/citizen"))
OWN = ["http://127.0.0.1:8081", "file:///var/lib/kiosk/citizen/", "file:///media/"]


def test_the_menu_is_home_and_only_the_citizens_own_files_open() -> None:
    found = browser_policies.policies(BrowserPolicy(), PLACE)
    assert found["HomepageLocation"] == found["NewTabPageLocation"] == MENU
    assert found["DownloadDirectory"] == "/var/lib/kiosk/citizen/Downloads"
    assert found["URLBlocklist"] == SHIPPED["URLBlocklist"] and "*" in found["URLBlocklist"]
    assert found["URLAllowlist"] == [*SHIPPED["URLAllowlist"], *OWN, "http://*", "https://*"]
    assert not [one for one in SHIPPED["URLAllowlist"] if one.startswith(("file:", "http", "view-source:"))]
    with_panel = browser_policies.policies(BrowserPolicy(("a.vn",)), Place(MENU, PLACE.home, panel="8080"))
    here = ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "[::ffff:7f00:1]:8080", "0.0.0.0:8080", "[::]:8080"]
    assert with_panel["URLBlocklist"] == [*SHIPPED["URLBlocklist"], *here, "a.vn"]
    assert (found["VideoCaptureAllowed"], found["AudioCaptureAllowed"]) == (False, False)
    assert browser_policies.policies(BrowserPolicy(camera=True), PLACE)["VideoCaptureAllowed"] is True


@pytest.mark.parametrize(("rules", "web"), [(BrowserPolicy(only_allowed=True), True), (BrowserPolicy(), False)])
def test_where_the_web_is_shut_what_is_allowed_opens_and_words_are_not_searched_for(
    rules: BrowserPolicy, web: bool
) -> None:
    rules = BrowserPolicy(rules.block, ("xã.gov.vn/tin tức",), rules.only_allowed)
    found = browser_policies.policies(rules, Place(MENU, PLACE.home, web))
    assert found["URLAllowlist"] == [*SHIPPED["URLAllowlist"], *OWN, "xn--x-yfa.gov.vn/tin%20t%E1%BB%A9c"]
    assert found["DefaultSearchProviderEnabled"] is False


@pytest.mark.parametrize(
    ("told", "policy", "web"), [("", {}, True), ("", {"internet": False}, False), ("closed", {}, False),
                                ("open", {"internet": False}, True)],
)  # fmt: skip
def test_the_panel_says_whether_there_is_a_web_and_else_the_policy(
    told: str, policy: dict[str, bool], web: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_policies, "CHROMIUM", (str(tmp_path),))
    programs = Programs.from_policy({"programs": policy, "browser": {"block": ["a.vn"]}})
    files = browser_policies.of_session(programs, Wishes(web=told), MENU, PLACE.home, "8080")
    found = json.loads(files[str(tmp_path)][OURS])
    assert ("https://*" in found["URLAllowlist"]) is web and found["URLBlocklist"][-1] == "a.vn"
    other = Programs.from_policy({"programs": {"browser": "firefox-esr"}})
    assert browser_policies.of_session(other, Wishes(), MENU, PLACE.home, "8080") == {}


def test_what_the_owner_decided_stays_but_where_ours_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {
        "URLBlocklist": ["games.vn"],
        "URLAllowlist": "no list",
        "ProxyMode": "system",
        "IncognitoModeAvailability": 0,
    }
    managed = tmp_path / MANAGED
    managed.mkdir(parents=True)
    (managed / "zzz.json").write_text(json.dumps(theirs), encoding="utf-8")
    (managed / "odd.json").write_text("no JSON", encoding="utf-8")
    (managed / "list.json").write_text("[]", encoding="utf-8")
    (managed / "picture.png").write_bytes(b"\x89PNG\xff")
    (tmp_path / "master_preferences").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(browser_policies, "CHROMIUM", (str(tmp_path), str(tmp_path / "not there")))
    laid = browser_policies.laid(["chromium"], browser_policies.policies(BrowserPolicy(), PLACE))
    assert list(laid) == [str(tmp_path)]
    files = laid[str(tmp_path)]
    assert sorted(files) == ["master_preferences", *(f"{MANAGED}/{name}" for name in (
        "list.json", "odd.json", "zz-kiosk.json", "zzz.json"))]  # fmt: skip
    assert json.loads(files[f"{MANAGED}/zzz.json"]) == {"ProxyMode": "system"}
    ours = json.loads(files[OURS])
    assert ours["IncognitoModeAvailability"] == 1 and ours["URLBlocklist"] == [*SHIPPED["URLBlocklist"], "games.vn"]
    assert ours["URLAllowlist"][-1] == "https://*"


OWNERS = """\ufeff{  // what our school decided
  "URLBlocklist": ["games.vn/*//", /* and */ "http://b.vn", ],
  "HomepageLocation": "http://school.vn",
  "PrintHeaderFooter": false,
}"""


def test_remarks_links_and_places_that_cannot_be_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As Chromium itself reads them: it does (test_browser_is_held)."""
    away, etc = tmp_path / "away", tmp_path / "chromium"
    (away / "managed").mkdir(parents=True)
    etc.mkdir()
    (etc / "policies").symlink_to("../away")
    (away / "circle").symlink_to(away)
    (away / "managed/owners.json").write_text(OWNERS, encoding="utf-8")
    (away / "managed/hidden.json").write_text("{}", encoding="utf-8")
    (away / "managed/hidden.json").chmod(0o600)
    (away / "managed/gone.json").symlink_to("nowhere")
    for number in range(100):
        (etc / f"much{number}").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to(etc)
    ours = browser_policies.policies(BrowserPolicy(), PLACE)
    monkeypatch.setattr(browser_policies, "CHROMIUM", (str(tmp_path / "link"), str(etc)))
    laid = browser_policies.laid(["chromium"], ours)
    assert list(laid) == [str(etc)]
    assert json.loads(laid[str(etc)][f"{MANAGED}/owners.json"]) == {"PrintHeaderFooter": False}
    joined = json.loads(laid[str(etc)][OURS])
    assert joined["URLBlocklist"][-2:] == ["games.vn/*//", "http://b.vn"] and joined["HomepageLocation"] == MENU
    assert not {f"{MANAGED}/hidden.json", f"{MANAGED}/gone.json"} & set(laid[str(etc)])
    assert len(laid[str(etc)]) * browser_policies.PAGE <= browser_policies.MOST_BYTES + browser_policies.PAGE
    assert "too much lies in" in capfd.readouterr().err
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "dangling").symlink_to(tmp_path / "not yet")
    for first, places in (("file", []), ("file/below", []), ("dangling", [str(tmp_path / "not yet")])):
        monkeypatch.setattr(browser_policies, "CHROMIUM", (str(tmp_path / first),))
        assert list(browser_policies.laid(["chromium"], ours)) == places, first
        assert ("nothing holds" in capfd.readouterr().err) == (places == []), first


def test_a_small_pc_is_asked_for_less(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for gigabytes in (2, 4):
        pages = {"SC_PHYS_PAGES": gigabytes << 18, "SC_PAGE_SIZE": 4096}
        monkeypatch.setattr("os.sysconf", pages.__getitem__)
        started = browser.switches(PLACE.home, "vi", large=False, contrast=False)
        place = Place(MENU, PLACE.home, small=browser.is_small())
        found[gigabytes] = (
            "--enable-low-end-device-mode" in started,
            browser_policies.policies(BrowserPolicy(), place).get("HighEfficiencyModeEnabled", False),
        )
    assert found == {2: (True, True), 4: (False, False)}


def test_wrong_addresses_are_all_named() -> None:
    good = [
        "example.vn",
        ".example.vn",
        "https://example.vn/tin",
        "example.vn:8080",
        "10.0.0.1",
        "[::1]:80",
        "xã.vn/a?b=c",
    ]
    assert parse_policy({"browser": {"block": good}}).browser.block == tuple(good)
    wrong = ["", "*", "*.vn", "www.*.com", "file:///etc", "ftp://x.vn", "javascript:x", "x.vn:99999", "a b", "http://",
             "-x.vn", "chrome://flags", "x.vn/a*", "x..vn", "a@x.vn", "x.vn\n"]  # fmt: skip
    with pytest.raises(SettingsError) as caught:
        parse_policy({"browser": {"block": ["a.vn", *wrong], "allow": ["a.vn", 1], "only_allowed": "yes", "alow": []}})
    told = [line.partition(" = ")[0].partition(":")[0] for line in caught.value.problems]
    number = range(2, len(wrong) + 2)
    assert told == [
        *(f"browser.block[{one}]" for one in number),
        "browser.allow[2]",
        "browser.only_allowed",
        "browser.alow",
    ]
    assert "an address such as example.vn" in caught.value.problems[0]
    for section in ({"block": ["a.vn", "a.vn"]}, {"block": ["a.vn"], "allow": ["a.vn"]}):
        with pytest.raises(SettingsError) as caught:
            parse_policy({"browser": section})
        assert len(caught.value.problems) == 1


def test_the_supervisor_takes_of_a_raw_policy_what_has_the_right_kind() -> None:
    raw = {"browser": {"block": ["a.vn", 1], "allow": "b.vn", "only_allowed": 1, "camera": True}}
    assert asked(raw, "browser", BrowserPolicy) == BrowserPolicy(("a.vn",), (), False, True)
    assert asked({"browser": []}, "browser", BrowserPolicy) == BrowserPolicy()


@pytest.mark.slow
def test_this_chromium_knows_the_policies_by_name() -> None:
    """One that is misspelt, or that a later Chromium dropped, would hold nobody."""
    program = Path("/usr/lib/chromium/chromium")  # Debian's; the one in the path is a script
    names = [*SHIPPED, *browser_policies.policies(BrowserPolicy(), Place(MENU, PLACE.home, web=False, small=True))]
    with program.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as words:
        assert words.find(b"\0NoSuchPolicyAtAll\0") < 0
        assert [name for name in names if words.find(b"\0" + name.encode() + b"\0") < 0] == []
