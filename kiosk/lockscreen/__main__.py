"""What the citizen sees without a browser: `python -m kiosk.lockscreen lock [behind]|bar|sweep|first|raise|volume`.

The lock covers first and loads everything else afterwards, so keep the imports where they are.
"""

import sys

ROLES = "lock [behind]|bar|sweep|first|raise PID|volume PERCENT"


def main() -> int:
    """Run one of the two until the process is ended."""
    role = sys.argv[1] if len(sys.argv) > 1 else ""
    if role in ("sweep", "first"):
        from kiosk.lockscreen.sweep.leftovers import sweep

        return sweep(role == "first")
    if role == "raise" and len(sys.argv) == 3 and sys.argv[2].isdecimal():
        from kiosk.lockscreen.raising import show_again

        return show_again(int(sys.argv[2]))
    if role == "volume" and len(sys.argv) == 3 and sys.argv[2].isdecimal():
        from kiosk.lockscreen.voice.volume import Volume

        Volume().put_right(int(sys.argv[2]))
        return 0
    if role not in ("lock", "bar"):
        print(f"usage: python -m kiosk.lockscreen {ROLES}", file=sys.stderr)
        return 2
    from kiosk.lockscreen.x_connection import NoDisplay

    try:
        return draw(role)
    except NoDisplay as missing:
        print(f"no screen to draw on: {missing}", file=sys.stderr)
        return 1


def draw(role: str) -> int:
    """The lock or the bar, until it is ended. Raises NoDisplay also where the server has no connection more for it."""
    from kiosk.lockscreen.x11 import X11

    x = X11()
    if role == "bar":
        from kiosk.lockscreen.bar.bar import run_bar

        return run_bar(x)
    from kiosk.lockscreen.cover import Cover

    cover = Cover(x, behind=sys.argv[2:] == ["behind"])
    from kiosk.lockscreen.lock import run_lock

    return run_lock(cover)


if __name__ == "__main__":
    sys.exit(main())
