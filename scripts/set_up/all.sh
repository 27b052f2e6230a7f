# shellcheck shell=bash
# What scripts/run, scripts/kiosk and scripts/test share; sourced, with `set -euo pipefail` in force. One idea a file.
# Everything said goes to standard error, so that the output of a command stays the command's own.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cache=/var/cache/kiosk
umask 022
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
# What the caller's own Python reads must not reach ours.
unset PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE VIRTUAL_ENV

say() { # VIETNAMESE ENGLISH
    printf '%s\n  %s\n' "$1" "$2" >&2
}

fail() { # VIETNAMESE ENGLISH
    say "$1" "$2"
    exit 1
}

am_root() {
    [ "$(id -u)" = 0 ]
}

for part in packages users environment zim province spark home copy display; do
    # shellcheck source=/dev/null
    . "$root/scripts/set_up/$part.sh"
done
unset part
