# shellcheck shell=bash
# Spark in a folder of its own (scripts/spark.lock, 450 MB): for scripts/test --engines and the bench of engines alone.

fetch_spark() { # PYTHON FOLDER: all of the lock there, nothing where it is there already
    local wanted work
    wanted=$(sha256sum <"$root/scripts/spark.lock" | cut -c1-16)-$("$1" -c 'import sys; print(sys.implementation.cache_tag)')
    [ "$(cat "$2/.ready" 2>/dev/null)" != "$wanted" ] || return 0
    work=$(mktemp -d -p "$(dirname "$2")")
    say "Đang tải Spark (450 MB, vài phút) …" "Fetching Spark (450 MB, some minutes) …"
    make_spark "$1" "$work" >&2 || {
        rm -rf "$work"
        return 1
    }
    echo "$wanted" >"$work/spark/.ready"
    rm -rf "$2"
    mv "$work/spark" "$2"
    rm -rf "$work"
}

make_spark() { # PYTHON WORK: of Spark there is no wheel: it is built by the tools of the lock, in a moment's environment
    local lock=$root/scripts/spark.lock
    "$1" -m venv "$2/tools" || return
    grep -v '^ *#' "$lock" | awk '/^[a-z]/ { ours = /^(setuptools|wheel|packaging)=/ } ours' >"$2/tools.lock"
    awk '/^[a-z]/ { ours = /^(pyspark|py4j)=/ } ours' "$lock" >"$2/spark.lock"
    pip "$2/tools/bin/python" install --no-deps --require-hashes --only-binary :all: -r "$2/tools.lock" || return
    TMPDIR=$2 pip "$2/tools/bin/python" install --no-deps --require-hashes --no-build-isolation --no-cache-dir \
        --target "$2/spark" -r "$2/spark.lock"
}
