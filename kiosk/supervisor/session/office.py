"""LibreOffice's first start without its questions: in Vietnamese or English, saving by itself, no tips, no news.

Written into the citizen's home before it starts. Where LibreOffice is not installed nobody reads it.
"""

AUTOSAVE_MINUTES = 2

_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
_WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}</oor:items>
"""


def files(lang: str) -> dict[str, str]:
    """What lies in the citizen's home; `lang`: "vi" or "en", of the program's own menus where that is installed."""
    vi = lang == "vi"
    chosen: tuple[tuple[str, str, object], ...] = (
        ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", True),
        ("/org.openoffice.Setup/L10N", "ooLocale", "vi" if vi else "en-US"),
        ("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", "vi-VN"),
        ("/org.openoffice.Office.Linguistic/General", "UILocale", "vi" if vi else "en-US"),
        ("/org.openoffice.Office.Linguistic/General", "DefaultLocale", "vi-VN"),
        ("/org.openoffice.Office.Common/Misc", "FirstRun", False),
        ("/org.openoffice.Office.Common/Misc", "ShowTipOfTheDay", False),
        ("/org.openoffice.Office.Common/Misc", "ShowDonation", False),
        ("/org.openoffice.Office.Common/Misc", "CrashReport", False),
        ("/org.openoffice.Office.Common/Misc", "CollectUsageInformation", False),
        ("/org.openoffice.Office.Common/Misc", "PerformFileExtCheck", False),
        # The document itself is saved, not only a copy to recover it from: nobody is here to recover it.
        ("/org.openoffice.Office.Recovery/AutoSave", "Enabled", True),
        ("/org.openoffice.Office.Recovery/AutoSave", "TimeIntervall", AUTOSAVE_MINUTES),
        ("/org.openoffice.Office.Recovery/AutoSave", "UserAutoSaveEnabled", True),
        ("/org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", False),
        # 3: macros only from trusted places, and there are none.
        ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", 3),
    )
    # None of these has a letter that XML would mind.
    items = "".join(_ITEM.format(path=path, name=name, value=_value(value)) for path, name, value in chosen)
    return {".config/libreoffice/4/user/registrymodifications.xcu": _WHOLE.format(items=items)}


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
