# shellcheck shell=bash
# A screen to show things on: the one of DISPLAY, else an X server in memory that ends with us.

start_display() { # sets and exports DISPLAY
    [ -z "${DISPLAY:-}" ] || return 0
    local said size=${KIOSK_SCREEN:-1366x768}
    said=$(mktemp)
    # -displayfd lets the server choose a free number; -noreset keeps it up when its last window closes. It has a
    # session of its own, so that Ctrl+C reaches it last, and it ends when this process, soon kiosk run, has ended.
    setsid bash -c '
        Xvfb -displayfd 3 -screen 0 "$2x24" -noreset -nolisten tcp 3>"$1" & server=$!
        tail --pid="$3" -f /dev/null & watch=$!
        wait -n || true
        kill "$server" "$watch" 2>/dev/null
        wait' kiosk-screen "$said" "$size" $$ </dev/null >/dev/null 2>&1 &
    for _ in $(seq 100); do
        [ -s "$said" ] && break
        sleep 0.1
    done
    DISPLAY=:$(tr -d '\n' <"$said")
    rm -f "$said"
    [ "$DISPLAY" != : ] || fail "Không mở được màn hình ảo Xvfb." "The virtual screen Xvfb did not start."
    export DISPLAY
    say "Máy không có màn hình, nên đã mở màn hình ảo $DISPLAY ($size). Xem: xwd -display $DISPLAY -root -out anh.xwd (mở bằng GIMP hoặc ImageMagick)" \
        "There is no display, so a virtual screen $DISPLAY ($size) was started. To look: xwd -display $DISPLAY -root -out shot.xwd (GIMP and ImageMagick open it)"
}
