# shellcheck shell=bash
# The reader of ZIM archives, libzim. It is GPL-3, so it is no part of what kiosk installs: whoever wants it asks for it
# by scripts/zim. It lies beside the environments, in a folder that each of the station's reads if it is there. A station
# that was installed for good has a folder of its own, which scripts/install/version.py names.

zim_folder() {
    if am_root; then echo "$cache/zim"; else echo "$root/.venv/zim"; fi
}

gather_zim() { # PYTHON FOLDER: its wheel, for PCs without a network
    local work
    work=$(mktemp -d)
    zim_lock >"$work/lock"
    mkdir -p "$2"
    pip "$1" download --no-deps --require-hashes --only-binary :all: -d "$2" -r "$work/lock" || fail_to_fetch
    rm -rf "$work"
}

zim_lock() { # libzim's lines of the tests' lock, with its hashes
    awk '/^libzim==/ { found = 1 } found { print } found && !/\\$/ { exit }' "$root/scripts/dev.lock"
}

fetch_zim() { # PYTHON FOLDER: libzim there, nothing where it is there already
    local wanted work
    wanted=$(zim_lock | sha256sum | cut -c1-16)-$("$1" -c 'import sys; print(sys.implementation.cache_tag)')
    [ "$(cat "$2/.ready" 2>/dev/null)" != "$wanted" ] || return 0
    work=$(mktemp -d)
    zim_lock >"$work/lock"
    pip "$1" install --no-deps --require-hashes --only-binary :all: --target "$work/zim" -r "$work/lock" || {
        rm -rf "$work"
        return 1
    }
    echo "$wanted" >"$work/zim/.ready"
    rm -rf "$2"
    mv "$work/zim" "$2"
    rm -rf "$work"
}

read_zim_in() { # ENVIRONMENT: it looks for libzim in our folder
    local place
    place=$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    zim_folder >"$place/kiosk_zim.pth"
}
