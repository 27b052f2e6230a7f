# shellcheck shell=bash
# What the province's end needs beside a station's packages (scripts/province.lock): for scripts/bench alone. A real
# province has it by `pip install kiosk[province]`.

fetch_province() { # PYTHON FOLDER: all of the lock there, nothing where it is there already
    local wanted work
    wanted=$(sha256sum <"$root/scripts/province.lock" | cut -c1-16)-$("$1" -c 'import sys; print(sys.implementation.cache_tag)')
    [ "$(cat "$2/.ready" 2>/dev/null)" != "$wanted" ] || return 0
    work=$(mktemp -d)
    pip "$1" install --no-deps --require-hashes --only-binary :all: --target "$work/province" -r "$root/scripts/province.lock" || {
        rm -rf "$work"
        return 1
    }
    echo "$wanted" >"$work/province/.ready"
    rm -rf "$2"
    mv "$work/province" "$2"
    rm -rf "$work"
}
