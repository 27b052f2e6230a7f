# shellcheck shell=bash
# What an installation is made of, gathered into a folder: wheels by the locks' hashes, and Debian's packages from the
# machine's own sources, which are read and written down nowhere.

kiosk_version() { # the project's, and a hash of all that a version is made of
    local number
    number=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/pyproject.toml")
    echo "$number-$({ made_of; hash_of scripts/install scripts/set_up scripts/uninstall; } | sha256sum | cut -c1-12)"
}

gather_wheels() { # FOLDER WORK: those of requirements.lock, and kiosk's own with drawings, translations and guides in it
    local arguments
    "$python" -m venv "$2/pip"
    fetch_wheels "$2/pip/bin/python"
    mapfile -t arguments < <(locked requirements.lock)
    pip "$2/pip/bin/python" download --no-index --find-links "$wheels" "${arguments[@]}" -d "$1"
    build_wheel "$2/pip/bin/python" "$2"
    cp "$2"/kiosk-*.whl "$1/"
}

gather_packages() { # FOLDER WORK STATUS: what is installed on the PCs says STATUS, a file of dpkg's; empty: nothing
    apt_options=(-o "Dir::State::Lists=$2/lists" -o "Dir::State::status=$3" -o "Dir::Cache=$2/apt"
        -o "Dir::Cache::archives=$1" -o Acquire::Languages=none -o APT::Keep-Downloaded-Packages=true)
    ! am_root || apt_options+=(-o APT::Sandbox::User=root)
    am_root || apt_options+=(-o Debug::NoLocking=1)
    mkdir -p "$2/lists/partial" "$2/apt" "$1/partial"
    apt_get update || true
    apt_get install -y --no-install-recommends --download-only "${installed_packages[@]}" ||
        fail "Không tải được các gói hệ thống, xin xem lời của apt ở trên." \
            "The system packages could not be fetched, see apt's words above."
    rm -rf "$1/partial" "$1/lock"
    index_packages "$1"
}

index_packages() { # FOLDER: the list that apt reads
    local file
    for file in "$1"/*.deb; do
        [ -e "$file" ] || continue
        dpkg-deb -f "$file"
        printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$(basename "$file")" "$(stat -c %s "$file")" \
            "$(sha256sum <"$file" | cut -d' ' -f1)"
    done >"$1/Packages"
}

use_packages_of() { # FOLDER WORK: from now on apt knows these packages and no others
    # By a link: apt's list of sources takes no blank in a path, and a stick may have one.
    ln -sfn "$1" "$2/debs"
    echo "deb [trusted=yes] file:$2/debs ./" >"$2/sources.list"
    mkdir -p "$2/lists/partial" "$2/apt/archives/partial"
    apt_options=(-o "Dir::Etc::SourceList=$2/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$2/lists" -o "Dir::Cache=$2/apt" -o APT::Sandbox::User=root -o Acquire::Languages=none)
}

check_sums() { # FOLDER: every byte is as it was when the folder was made
    (cd "$1" && sha256sum --quiet --strict -c SHA256SUMS) >&2 ||
        fail "Bộ cài trên USB bị hỏng hoặc bị sửa. Xin làm lại bằng scripts/bundle_offline." \
            "The folder on the stick is damaged or was changed. Make it anew with scripts/bundle_offline."
    say "Dấu của bộ cài (so với giấy ghi lúc làm): $(fingerprint "$1")" \
        "The folder's mark (compare it with what was noted when it was made): $(fingerprint "$1")"
}

fingerprint() { # FOLDER
    sha256sum <"$1/SHA256SUMS" | cut -c1-20 | sed 's/..../& /g; s/ $//'
}
