# shellcheck shell=bash
# Whether kiosk can be installed on this PC: looked at first, and a sentence where it cannot be.

refuse() { # VIETNAMESE ENGLISH
    say "$1" "$2"
    exit 4
}

this_system() { # what a folder of packages and wheels must agree with
    # shellcheck source=/dev/null
    echo "$(. /etc/os-release && echo "${ID:-?} ${VERSION_ID:-?}") $(dpkg --print-architecture 2>/dev/null)"
}

look_at_this_pc() { # [SYSTEM]: the one that a folder was made for
    am_root || refuse "Xin chạy bằng quyền root: sudo bash scripts/install_linux.sh." \
        "Run this as root: sudo bash scripts/install_linux.sh."
    case "$(this_system)" in
        "debian 12 "* | "debian 13 "*) ;;
        *) refuse "kiosk cài được trên Debian 12 và 13; máy này là $(this_system). Xin cài Debian, hoặc dùng scripts/run." \
            "kiosk is installed on Debian 12 and 13; this is $(this_system). Install Debian, or use scripts/run." ;;
    esac
    [ "${1:-$(this_system)}" = "$(this_system)" ] ||
        refuse "Bộ cài này dành cho $1, máy này là $(this_system). Xin làm bộ khác bằng scripts/bundle_offline." \
            "This folder was made for $1, this PC is $(this_system). Make another with scripts/bundle_offline."
    { [ -d /run/systemd/system ] && command -v systemctl >/dev/null; } ||
        refuse "Máy này không chạy systemd, nên kiosk không tự khởi động được. Xin dùng scripts/run." \
            "systemd does not run here, so kiosk could not start by itself. Use scripts/run."
    # Two X servers would quarrel about the screen, and whoever sits in the desktop would lose this very window.
    ! systemctl is-active --quiet display-manager.service ||
        refuse "Máy đang mở màn hình nền. Xin cài qua SSH hoặc cửa dòng lệnh (Ctrl+Alt+F2), sau lệnh: systemctl stop display-manager" \
            "A desktop runs on this PC. Install over SSH or in a text console (Ctrl+Alt+F2), after: systemctl stop display-manager"
}

finish_packages() { # what an apt that was cut off left half-way, ours or another's
    [ -n "$(dpkg --audit 2>/dev/null)" ] || [ -n "$(ls -A /var/lib/dpkg/updates 2>/dev/null)" ] || return 0
    DEBIAN_FRONTEND=noninteractive dpkg --configure -a --force-confdef >&2 </dev/null || true
    apt_get -y --no-install-recommends --fix-broken install || true
}

remember() { # KIND NAME...: for the uninstaller, before it is made (scripts/install/record.py)
    local kind=$1 name
    shift
    mkdir -p /etc/kiosk/installed
    for name in "$@"; do
        grep -qxF "$name" "/etc/kiosk/installed/$kind" 2>/dev/null || echo "$name" >>"/etc/kiosk/installed/$kind"
    done
    sync -f /etc/kiosk/installed
}

remember_missing_users() {
    local user
    for user in kiosk kiosk-screen kiosk-citizen kiosk-staff; do
        id -u "$user" >/dev/null 2>&1 || remember users "$user"
    done
}

remember_new_packages() { # PACKAGE...: those that apt would bring, without those that it would only renew
    local new
    mapfile -t new < <(apt-get -s -qq "${apt_options[@]}" --no-install-recommends install "$@" 2>/dev/null |
        awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }')
    [ "${#new[@]}" != 0 ] || return 0
    remember packages "${new[@]}"
}
