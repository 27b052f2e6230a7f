"""The volume is read and set by amixer; where there is no sound card there is nothing to set, and no error."""

from pathlib import Path

import pytest

from kiosk.lockscreen.voice.volume import Volume

# An amixer that keeps one control in a file, as a card does, and writes down how it was called.
FAKE = """#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/calls"
[ "$1" = -M ] && shift
verb=$1; control=$2; shift 2
[ "$control" = "$(cat "$here/control")" ] || { echo "amixer: Unable to find simple control '$control',0" >&2; exit 1; }
for word in "$@"; do
    case $word in
        *%) echo "${word%\\%}" > "$here/percent" ;;
        mute) [ -e "$here/switch" ] || exit 1; echo off > "$here/switch" ;;
        unmute) [ -e "$here/switch" ] || exit 1; echo on > "$here/switch" ;;
    esac
done
switch=""
[ ! -e "$here/switch" ] || switch=" [$(cat "$here/switch")]"
cat <<END
Simple mixer control '$control',0
  Capabilities: pvolume pswitch
  Playback channels: Front Left - Front Right
  Limits: Playback 0 - 65536
  Mono:
  Front Left: Playback 3000 [$(cat "$here/percent")%]$switch
  Front Right: Playback 3000 [$(cat "$here/percent")%]$switch
END
"""


@pytest.fixture
def card(tmp_path: Path) -> Path:
    (tmp_path / "amixer").write_text(FAKE, encoding="utf-8")
    (tmp_path / "amixer").chmod(0o755)
    for name, value in (("control", "Master"), ("percent", "35"), ("switch", "on")):
        (tmp_path / name).write_text(value, encoding="utf-8")
    return tmp_path


def volume(card: Path) -> Volume:
    return Volume(str(card / "amixer"))


def test_it_is_read_set_and_changed_by_tenths_within_bounds(card: Path) -> None:
    one = volume(card)
    assert one.percent() == 35
    assert one.set(60) == 60
    assert one.change(1) == 70
    assert one.change(-1) == 60
    assert one.set(104) == 100 and one.change(1) == 100


def test_silence_mutes_and_the_next_touch_is_heard_again(card: Path) -> None:
    one = volume(card)
    assert one.set(0) == 0
    assert (card / "switch").read_text().strip() == "off"
    assert one.change(1) == 10
    assert (card / "switch").read_text().strip() == "on"


def test_a_card_that_others_muted_is_read_as_silent(card: Path) -> None:
    (card / "switch").write_text("off", encoding="utf-8")
    assert volume(card).percent() == 0


def test_a_control_without_a_switch_and_with_another_name_serves_too(card: Path) -> None:
    (card / "switch").unlink()
    (card / "control").write_text("Speaker", encoding="utf-8")
    assert volume(card).set(40) == 40


def test_other_outlets_that_a_session_closed_are_opened_again(card: Path) -> None:
    (card / "control").write_text("PCM Speaker", encoding="utf-8")
    script = FAKE.replace('[ "$control" = "$(cat "$here/control")" ]', 'grep -qw "$control" "$here/control"')
    script = script.replace('"$here/percent"', '"$here/$control.percent"').replace("$here/switch", "$here/$control.off")
    (card / "amixer").write_text(script, encoding="utf-8")
    for control in ("PCM", "Speaker"):
        (card / f"{control}.percent").write_text("0", encoding="utf-8")
        (card / f"{control}.off").write_text("off", encoding="utf-8")
    one = volume(card)
    one.set(60)
    assert (card / "Speaker.off").read_text().strip() == "off", "the control: by itself it stays closed"
    one.put_right(60)
    found = {name: (card / name).read_text().strip() for name in ("PCM.percent", "Speaker.percent", "Speaker.off")}
    assert found == {"PCM.percent": "60", "Speaker.percent": "100", "Speaker.off": "on"}


def test_without_a_card_it_is_none_and_is_looked_for_once(card: Path) -> None:
    (card / "control").write_text("nothing that we know", encoding="utf-8")
    one = volume(card)
    assert (one.percent(), one.set(50), one.change(1)) == (None, None, None)
    assert len((card / "calls").read_text().splitlines()) == 4


def test_without_the_program_it_is_none(tmp_path: Path) -> None:
    one = Volume(str(tmp_path / "amixer"))
    assert (one.percent(), one.set(50)) == (None, None)


def test_the_real_amixer_says_a_number_or_that_there_is_no_card() -> None:
    """On a machine without a sound card the real program fails: then there is no volume, and no exception."""
    found = Volume().percent()
    cards = Path("/proc/asound/cards")
    if not cards.exists() or "no soundcards" in cards.read_text(encoding="utf-8"):
        assert found is None
    else:
        assert found is None or 0 <= found <= 100
