#!/bin/bash
# Install kiosk for good, so that it starts with the PC: `sudo bash scripts/install_linux.sh [--answers FILE] [--now]`.
# From a checkout with a network, or from a folder of scripts/bundle_offline without one. Run again, it goes on where it
# was cut off, brings another version with all data kept, or changes nothing. The work is done in scripts/install.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/set_up/all.sh"
. "$root/scripts/install/look.sh"
. "$root/scripts/install/gather.sh"

case " $* " in *" -h "* | *" --help "*) exec "$python" -B "$root/scripts/install" install --help ;; esac
folder=$root/offline
about() { sed -n "s/^$1=//p" "$folder/about" 2>/dev/null || true; }
started=$EPOCHSECONDS
look_at_this_pc "$(about system)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ ! -d "$folder" ] || { check_sums "$root" && use_packages_of "$folder/debs" "$work"; }

finish_packages
missing=$(missing_packages "${installed_packages[@]}")
# shellcheck disable=SC2086
[ -z "$missing" ] || { apt_get update || true; remember_new_packages $missing; install_packages $missing; }
remember_missing_users
make_users

if [ -d "$folder" ]; then
    version=$(about version) wheels_here=$folder/wheels
    [ ! -d "$folder/zim" ] || set -- --zim "$folder/zim" "$@"
else
    version=$(kiosk_version) wheels_here=$work/wheels cache=$work/cache
    mkdir -p "$wheels_here" "$cache"
    [ -e "/opt/kiosk/$version/.ready" ] || gather_wheels "$wheels_here" "$work"
fi
"$python" -B "$root/scripts/install" install --since "$started" --version "$version" --wheels "$wheels_here" --lock "$root/requirements.lock" "$@"
