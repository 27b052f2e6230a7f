# shellcheck shell=bash
# A copy of the checkout that the station's other users can enter, for tests that start it as them.

use_reachable_copy() { # as root: makes $root the copy, where the checkout itself lies behind a closed folder
    ! reachable "$root" || return 0
    local copy kept
    copy=$cache/checkout-$(path_hash "$root")
    say "Người dùng khác không vào được $root, nên chạy kiểm thử trên bản sao $copy." \
        "Other users cannot enter $root, so the tests run on a copy, $copy."
    install -d -m 755 "$cache"
    # The assets of the last copy stay, and are built again only where something changed; so does what pytest knows.
    rm -rf "$copy.new"
    mkdir "$copy.new"
    tar -C "$root" --exclude=./.git --exclude=./.venv --exclude=./var --exclude=./web_ui/built -c . |
        tar -C "$copy.new" --no-same-owner -x
    chmod 755 "$copy.new"
    [ ! -d "$copy/web_ui/built" ] || mv "$copy/web_ui/built" "$copy.new/web_ui/built"
    for kept in .pytest_cache .mypy_cache .ruff_cache; do
        [ ! -d "$copy/$kept" ] || [ -d "$copy.new/$kept" ] || mv "$copy/$kept" "$copy.new/"
    done
    rm -rf "$copy"
    mv "$copy.new" "$copy"
    root=$copy
}
