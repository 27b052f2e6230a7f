# shellcheck shell=bash
# The system packages: asked by what they bring, not by name, so that another system's packages count too.

python=/usr/bin/python3
apt_options=() # where apt looks, when it is not its own sources

station_packages=(python3 python3-venv python3-tk openbox chromium chromium-l10n fonts-noto-core x11-xserver-utils passwd procps)
station_packages+=(dbus-daemon fcitx5 fcitx5-unikey fcitx5-frontend-gtk3) # typing Vietnamese
station_packages+=(espeak-ng alsa-utils vorbis-tools) # reading aloud: the voice, the way to the loudspeaker, a site's recordings
# A station that starts with the PC has its own screen, on whatever graphics and input devices there are.
installed_packages=("${station_packages[@]}" nftables udev dbus xserver-xorg-core xserver-xorg-input-libinput xserver-xorg-video-fbdev)

has() { # PACKAGE: is what this Debian package brings there?
    case $1 in
        python3) [ -x "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ;;
        python3-venv) [ -x "$python" ] && "$python" -c 'import ensurepip' 2>/dev/null ;;
        python3-tk) [ -x "$python" ] && "$python" -c 'import _tkinter' 2>/dev/null ;;
        udev) [ -x /lib/systemd/systemd-udevd ] && command -v udevadm >/dev/null ;;
        dbus) [ -e /usr/share/dbus-1/system.conf ] ;;
        systemd) command -v systemd-analyze >/dev/null && command -v systemctl >/dev/null ;;
        xserver-xorg-core) [ -x /usr/bin/Xorg ] ;;
        xserver-xorg-input-libinput) [ -e /usr/lib/xorg/modules/input/libinput_drv.so ] ;;
        xserver-xephyr) command -v Xephyr >/dev/null ;;
        xserver-xorg-video-dummy) [ -e /usr/lib/xorg/modules/drivers/dummy_drv.so ] ;;
        cron) [ -x /usr/sbin/cron ] ;;
        xserver-xorg-video-fbdev) [ -e /usr/lib/xorg/modules/drivers/fbdev_drv.so ] ;;
        xvfb) command -v Xvfb >/dev/null ;;
        chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null ;;
        chromium-l10n) compgen -G "/usr/lib/chromium*/locales/vi.pak" >/dev/null || { ! command -v chromium && command -v chromium-browser; } >/dev/null ;;
        nftables) [ -x /usr/sbin/nft ] ;; # no ordinary user of Debian has sbin in PATH
        iproute2) command -v ip >/dev/null || [ -x /sbin/ip ] ;;
        x11-apps) command -v xwd >/dev/null ;;
        x11-xserver-utils) command -v xset >/dev/null ;;
        x11-utils) command -v xwininfo >/dev/null ;;
        e2fsprogs) [ -x /sbin/mkfs.ext4 ] ;;
        dosfstools) [ -x /sbin/mkfs.vfat ] ;;
        exfatprogs) [ -x /sbin/mkfs.exfat ] ;;
        exfat-fuse) [ -x /sbin/mount.exfat-fuse ] ;;
        x11-xkb-utils) command -v setxkbmap >/dev/null && command -v xkbcomp >/dev/null ;;
        libfaketime) compgen -G "/usr/lib*/*/faketime/libfaketime.so.1" >/dev/null ;;
        alsa-utils) command -v aplay >/dev/null && command -v amixer >/dev/null ;;
        vorbis-tools) command -v oggdec >/dev/null && command -v oggenc >/dev/null ;;
        fcitx5-unikey) compgen -G "/usr/lib*/*/fcitx5/libunikey.so" >/dev/null || compgen -G "/usr/lib*/fcitx5/libunikey.so" >/dev/null ;;
        fcitx5-frontend-gtk3) compgen -G "/usr/lib*/*/gtk-3.0/3.0.0/immodules/im-fcitx5.so" >/dev/null || compgen -G "/usr/lib*/gtk-3.0/3.0.0/immodules/im-fcitx5.so" >/dev/null ;;
        imagemagick) command -v import >/dev/null ;;
        libglib2.0-bin) command -v gio >/dev/null ;;
        cups) [ -x /usr/sbin/cupsd ] ;;
        cups-client) command -v lpstat >/dev/null ;;
        cups-ipp-utils) command -v ipptool >/dev/null ;;
        cups-filters) [ -x /usr/lib/cups/filter/pdftopdf ] ;;
        libreoffice-calc-nogui) command -v soffice >/dev/null && compgen -G "/usr/lib*/libreoffice/program/libsclo.so" >/dev/null ;;
        poppler-utils) command -v pdfinfo >/dev/null ;;
        zbar-tools) command -v zbarimg >/dev/null ;;
        kiwix-tools) command -v kiwix-serve >/dev/null ;;
        postgresql) compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null ;;
        default-jre-headless) command -v java >/dev/null ;;
        passwd) [ -x /usr/sbin/useradd ] || command -v useradd >/dev/null ;; # no ordinary user of Debian has sbin in PATH
        procps) command -v ps >/dev/null ;;
        fonts-noto-core) [ -e /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ] || { fc-list : family | grep -q 'Noto Sans'; } 2>/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

missing_packages() { # PACKAGE...
    local package
    for package in "$@"; do
        has "$package" || printf '%s ' "$package"
    done
}

install_packages() { # PACKAGE...: as root by apt, and only what is missing; else one sentence and the end
    local missing
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if ! am_root || ! command -v apt-get >/dev/null; then
        fail "Máy còn thiếu: $missing— xin nhờ người quản trị chạy: apt-get install $missing" \
            "This machine lacks: $missing- have an administrator run: apt-get install $missing"
    fi
    say "Đang cài các gói hệ thống: $missing(lần đầu có thể mất vài phút)" \
        "Installing system packages: $missing(the first time may take some minutes)"
    # Old lists would bring an old browser, or one that is no longer there; with no network they are tried all the same.
    apt_get update || true
    # shellcheck disable=SC2086
    apt_get install -y --no-install-recommends $missing ||
        fail "Không cài được: $missing- xin xem lời của apt ở trên." "Not installed: $missing- see apt's words above."
    missing=$(missing_packages "$@")
    [ -z "$missing" ] || fail "Đã cài nhưng vẫn thiếu: $missing" "Installed, yet still missing: $missing"
}

want_nftables() { # keeps citizens off the panel's port; tried once: without it the PIN does, and kiosk check says so
    if am_root && ! has nftables && [ ! -e "$cache/without-nftables" ]; then
        (install_packages nftables) || { mkdir -p "$cache" && touch "$cache/without-nftables"; }
    fi
}

apt_get() { # ARGS...: never asks, and waits for another apt to end
    DEBIAN_FRONTEND=noninteractive apt-get -q "${apt_options[@]}" -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >&2 </dev/null
}
