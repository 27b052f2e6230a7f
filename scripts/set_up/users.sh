# shellcheck shell=bash
# The four system users of a station: who keeps its files, who draws its screens, who sits in front of it, who helps.

make_users() { # [MORE...]: as root; says so when it makes one
    local user made=""
    for user in kiosk kiosk-screen kiosk-citizen kiosk-staff "$@"; do
        id -u "$user" >/dev/null 2>&1 && continue
        getent group "$user" >/dev/null || groupadd --system "$user"
        useradd --system --gid "$user" --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$user"
        made="$made $user"
    done
    # The screens talk to the service through a folder that only the group may enter.
    case " $(id -nG kiosk-screen) " in
        *" kiosk "*) ;;
        *) usermod --append --groups kiosk kiosk-screen ;;
    esac
    [ -z "$made" ] || say "Đã tạo người dùng hệ thống:$made" "Made the system users:$made"
}
