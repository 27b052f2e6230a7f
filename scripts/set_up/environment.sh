# shellcheck shell=bash
# The Python environments. As root the station's lie in /var/cache/kiosk, where its other users can read them, named by
# a hash of all they are made of: such a one is finished or absent, and never changed under a running station. As
# anybody else there is one, ./.venv, with the checkout installed in place; the tests' is of that kind too.

hash_of() { # PATH...: names and contents, and the Python they are for
    {
        "$python" --version
        (cd "$root" && find "$@" \( -name __pycache__ -o -name node_modules -o -path web_ui/built \) -prune \
            -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
    } | sha256sum | cut -c1-16
}

pip() { # PYTHON ARGS...: pip, which says only what went wrong, unless somebody watches
    local interpreter=$1
    shift
    if [ -t 2 ]; then "$interpreter" -m pip "$@" >&2; else "$interpreter" -m pip -qq "$@" >&2; fi
}

locked() { # LOCK...: pip's arguments for exactly what the locks say; wheels only, so no compiler is ever needed
    printf '%s\n' --no-deps --require-hashes --only-binary :all:
    printf -- "-r\n$root/%s\n" "$@"
}

fail_to_fetch() {
    fail "Không tải được các gói Python. Xin kiểm tra mạng rồi chạy lại." \
        "The Python packages could not be fetched. Check the network and run this again."
}

with_cache_locked() { # COMMAND ARGS...: one set-up at a time; what it starts must not inherit the lock
    install -d -m 755 "$cache"
    (
        flock 9
        "$@" 9>&-
    ) 9>"$cache/.lock"
}

node_lock() { # the lock that brings npm, where npm is missing and has something to fetch
    command -v npm >/dev/null || [ -e "$root/web_ui/built/packages/htmx.min.js" ] || echo scripts/node.lock
}

use_station_environment() { # sets $environment
    if am_root; then
        environment=$cache/env-$(made_of)
        [ -e "$environment/.ready" ] || with_cache_locked make_station_environment "$environment"
    else
        use_editable_environment "$root/.venv" scripts/build.lock
    fi
}

made_of() { # a hash over all that a station's environment is made of
    (cd "$root" && hash_of kiosk web_ui policies pyproject.toml requirements.lock README.md scripts/*.py scripts/build.lock)
}

make_station_environment() { # PATH: from the wheel of this checkout; in a subshell of its own
    [ ! -e "$1/.ready" ] || return 0
    local arguments wheels work
    say "Đang dựng môi trường Python ở $1 (khoảng nửa phút) …" "Making the Python environment $1 (about half a minute) …"
    rm -rf "$1"
    "$python" -m venv "$1"
    fetch_wheels "$1/bin/python"
    mapfile -t arguments < <(locked requirements.lock)
    pip "$1/bin/python" install --no-index --find-links "$wheels" "${arguments[@]}"

    work=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    build_wheel "$1/bin/python" "$work"
    pip "$1/bin/python" install --no-deps --no-index "$work"/kiosk-*.whl
    read_zim_in "$1"
    touch "$1/.ready"
    remove_old env "$1"
    remove_old wheels "$wheels"
}

fetch_wheels() { # PYTHON: sets $wheels, a folder with what the station and its build need, wheels only
    local locks=(requirements.lock scripts/build.lock) arguments
    mapfile -t -O 2 locks < <(node_lock)
    # Kept, so that a change of the source alone needs no network.
    wheels=$cache/wheels-$(hash_of "${locks[@]}")
    if [ ! -e "$wheels/.ready" ]; then
        mapfile -t arguments < <(locked "${locks[@]}")
        pip "$1" download "${arguments[@]}" -d "$wheels" || fail_to_fetch
        touch "$wheels/.ready"
    fi
}

build_wheel() { # PYTHON WORK: kiosk's own wheel into WORK, by tools that lie in $wheels
    local work=$2 locks=(scripts/build.lock) arguments
    mapfile -t -O 1 locks < <(node_lock)
    say "Đang dựng hình vẽ, bản dịch và gói cài đặt …" "Building drawings, translations and the package …"
    "$python" -m venv --without-pip "$work/tools"
    mapfile -t arguments < <(locked "${locks[@]}")
    pip "$1" --python "$work/tools/bin/python" install --no-index --find-links "$wheels" "${arguments[@]}"
    (cd "$root" && "$work/tools/bin/python" -m hatchling build -t wheel -d "$work") >"$work/said" 2>&1 || {
        cat "$work/said" >&2
        fail "Không dựng được gói cài đặt." "The package could not be built."
    }
    # What root built in somebody's checkout stays theirs.
    chown -R --reference="$root/web_ui" "$root/web_ui/built"
}

use_editable_environment() { # PATH LOCK: sets $environment; the base lock, the lock named and the checkout in place
    environment=$1
    local wanted ready
    ! am_root || install -d -m 755 "$cache"
    wanted="$root $(hash_of pyproject.toml requirements.lock "$2")"
    # One stamp a lock: in ./.venv scripts/run and scripts/test live side by side.
    ready=$environment/.ready-$(basename "$2" .lock)
    if [ "$(cat "$ready" 2>/dev/null)" != "$wanted" ]; then
        make_editable_environment "$@"
        echo "$wanted" >"$ready"
    fi
    "$environment/bin/python" "$root/scripts/assets.py" >&2 ||
        fail "Không dựng được hình vẽ và bản dịch." "The assets could not be built."
}

make_editable_environment() { # PATH LOCK
    local locks=(requirements.lock "$2") arguments
    mapfile -t -O 2 locks < <(node_lock)
    say "Đang dựng môi trường Python ở $1 …" "Making the Python environment $1 …"
    "$1/bin/python" -c '' 2>/dev/null || { rm -rf "$1" && "$python" -m venv "$1"; }
    mapfile -t arguments < <(locked "${locks[@]}")
    pip "$1/bin/python" install "${arguments[@]}" || fail_to_fetch
    (cd "$root" && pip "$1/bin/python" install --no-deps --no-index --no-build-isolation --editable .) ||
        fail "Không cài được kiosk." "kiosk could not be installed."
    [ "$1" = "$root/.venv" ] || remove_old dev "$1"
}

remove_old() { # KIND KEEP: all but the two newest of a kind, and never one that a process runs from
    local old
    find "$cache" -maxdepth 1 -name "$1-*" -printf '%T@ %p\n' | sort -rn | tail -n +3 | cut -d' ' -f2- | while read -r old; do
        [ "$old" = "$2" ] && continue
        grep -aqsF "$old/" /proc/[0-9]*/cmdline /proc/[0-9]*/maps || rm -rf "$old"
    done
}
