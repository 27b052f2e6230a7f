# shellcheck shell=bash
# Where the station's state lies: KIOSK_HOME, else ./var, else where the station's other users can reach it.

reachable() { # PATH: can somebody who is nobody in particular enter it?
    setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$1"
}

path_hash() { # PATH
    printf %s "$1" | sha256sum | cut -c1-12
}

choose_home() { # sets and exports KIOSK_HOME
    if [ -n "${KIOSK_HOME:-}" ]; then
        KIOSK_HOME=$(realpath -m "$KIOSK_HOME")
    elif am_root && ! reachable "$root"; then
        KIOSK_HOME=/var/lib/kiosk-$(path_hash "$root")
    else
        KIOSK_HOME=$root/var
    fi
    export KIOSK_HOME
}

say_home() {
    case $KIOSK_HOME in
        /var/lib/kiosk-*)
            say "Dữ liệu của trạm nằm ở $KIOSK_HOME (người dùng khác không vào được $root)." \
                "The station's data lie in $KIOSK_HOME (other users cannot enter $root)." ;;
        *) say "Dữ liệu của trạm nằm ở $KIOSK_HOME." "The station's data lie in $KIOSK_HOME." ;;
    esac
}
