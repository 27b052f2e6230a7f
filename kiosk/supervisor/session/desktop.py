"""The desktop around the programs: windows, a plain ground, no menu, and what opens which file.

Openbox knows no root menu, no other desktops and four keys; who closes everything gets the menu's page back.
"""

PAPER, BLACK = "#F4F7F3", "#000000"  # tokens.json: ground, also in high contrast

OPENBOX = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <theme>
    <name>Clearlooks</name><titleLayout>LMC</titleLayout>
    <font place="ActiveWindow"><name>Noto Sans</name><size>14</size></font>
    <font place="InactiveWindow"><name>Noto Sans</name><size>14</size></font>
    <font place="ActiveOnScreenDisplay"><name>Noto Sans</name><size>14</size></font>
    <font place="InactiveOnScreenDisplay"><name>Noto Sans</name><size>14</size></font>
  </theme>
  <margins><top>{top}</top></margins>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <keyboard>
    <keybind key="A-Tab"><action name="NextWindow"/></keybind>
    <keybind key="A-S-Tab"><action name="PreviousWindow"/></keybind>
    <keybind key="A-F4"><action name="Close"/></keybind>
    <keybind key="W-d"><action name="ToggleShowDesktop"/></keybind>
  </keyboard>
  <mouse>
    <context name="Titlebar">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
      <mousebind button="Left" action="Drag"><action name="Move"/></mousebind>
      <mousebind button="Left" action="DoubleClick"><action name="ToggleMaximize"/></mousebind>
    </context>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
      <mousebind button="Right" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
    </context>
    <context name="Close"><mousebind button="Left" action="Click"><action name="Close"/></mousebind></context>
    <context name="Maximize">
      <mousebind button="Left" action="Click"><action name="ToggleMaximize"/></mousebind>
    </context>
  </mouse>
  <menu><showIcons>no</showIcons></menu>
  <applications>
    <application type="normal"><maximized>yes</maximized></application>
  </applications>
</openbox_config>
"""

# No button makes a window small: there is no list of windows to find it in again.
TEXT, LARGE_TEXT = 13, 15  # points; a browser's frame multiplies them by its own factor
GTK = """[Settings]
gtk-font-name=Noto Sans {size}
gtk-theme-name={theme}
gtk-decoration-layout=menu:maximize,close
gtk-enable-event-sounds=false
gtk-recent-files-enabled=false
"""

USER_DIRS = "".join(
    f'XDG_{name}_DIR="$HOME/{folder}"\n'
    for name, folder in (
        ("DESKTOP", ""), ("DOWNLOAD", "Downloads"), ("DOCUMENTS", "Documents"), ("PICTURES", "Documents"),
        ("MUSIC", "Documents"), ("VIDEOS", "Documents"), ("TEMPLATES", ""), ("PUBLICSHARE", ""),
    )
)  # fmt: skip
FOLDERS = ("Downloads", "Documents")

BROWSED = (
    "text/html", "application/xhtml+xml", "x-scheme-handler/http", "x-scheme-handler/https", "application/pdf",
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "text/plain", "audio/mpeg", "audio/ogg",
    "video/mp4", "video/webm",
)  # fmt: skip
WRITTEN = (
    "application/vnd.oasis.opendocument.text", "application/msword", "application/rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)  # fmt: skip
CALCULATED = (
    "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.ms-excel", "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip
SHOWN = (
    "application/vnd.oasis.opendocument.presentation", "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)  # fmt: skip
OWN_BROWSER = "kiosk-browser.desktop"


def openbox(top: int) -> str:
    """Openbox's configuration; `top`: pixels at the top of the screen that belong to the time bar."""
    return OPENBOX.replace("{top}", str(top))


def ground_command(contrast: bool) -> list[str]:
    """Colours what lies behind all windows."""
    return ["xsetroot", "-solid", BLACK if contrast else PAPER, "-cursor_name", "left_ptr"]


def files(browser_command: list[str], large: bool, contrast: bool) -> dict[str, str]:
    """What lies in the citizen's home: where things are kept, and what opens what."""
    kinds = {OWN_BROWSER: BROWSED, "libreoffice-writer.desktop": WRITTEN}
    kinds |= {"libreoffice-calc.desktop": CALCULATED, "libreoffice-impress.desktop": SHOWN}
    opens = "".join(f"{kind}={entry}\n" for entry, listed in kinds.items() for kind in listed)
    look = GTK.format(size=LARGE_TEXT if large else TEXT, theme="HighContrastInverse" if contrast else "Adwaita")
    return {
        ".config/gtk-3.0/settings.ini": look,
        ".config/user-dirs.dirs": USER_DIRS,
        ".config/mimeapps.list": f"[Default Applications]\n{opens}",
        f".local/share/applications/{OWN_BROWSER}": own_entry(browser_command),
    }


def own_entry(browser_command: list[str]) -> str:
    """The browser that runs. Its maker's entry would start a second one, with another profile and its questions."""
    started = " ".join(map(_quoted, browser_command))
    return f"[Desktop Entry]\nType=Application\nName=Web\nExec={started} %U\nMimeType={';'.join(BROWSED)};\n"


def _quoted(word: str) -> str:
    """A word of an Exec line, by the Desktop Entry Specification."""
    plain = word.replace("%", "%%")
    if not set(plain) & set(" \t\n\"'\\><~|&;$*?#()`"):
        return plain
    inside = "".join(f"\\{one}" if one in '"`$\\' else one for one in plain)
    return '"' + inside.replace("\\", "\\\\") + '"'
