"""What nobody in a session can turn on in LibreOffice: macros, extensions, programs of one's own choice.

A document from a stick may bring macros that run by themselves, and its settings can name a program to start. These
settings are finalized (a word of LibreOffice's own registry): no file of the citizen's, and no dialog, changes them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

# The part of its registry that belongs to the machine's owner: Debian's, another system's, The Document Foundation's.
REGISTRIES = (
    "/etc/libreoffice/registry",
    "/usr/lib/libreoffice/share/registry",
    "/usr/lib64/libreoffice/share/registry",
)
OPT = "libreoffice*/share/registry"
FILE = "kiosk.xcu"

SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "SecureURL", ""),  # places whose macros are trusted
    ("/org.openoffice.Office.ExtensionManager/ExtensionSecurity", "DisableExtensionInstallation", "true"),
    ("/org.openoffice.Office.ExtensionManager/ExtensionSecurity", "DisableExtensionRemoval", "true"),
    ("/org.openoffice.Office.Common/ExternalMailer", "Program", ""),
)
# Commands of menus and of keys: where a macro or extension is made, run or got, programs are chosen, mail is sent.
COMMANDS = (
    "OptionsTreeDialog", "RunMacro", "MacroDialog", "MacroOrganizer", "MacroRecorder", "ScriptOrganizer",
    "BasicIDEAppear", "BasicBreak", "OpenXMLFilterSettings", "AdditionsDialog", "SendMail", "SendMailDocAsPDF",
    "SendMailDocAsMS", "SendMailDocAsOOo", "service:com.sun.star.deployment.ui.PackageManagerDialog",
)  # fmt: skip

_SETTING = '<item oor:path="{}"><prop oor:name="{}" oor:op="fuse" oor:finalized="true">{}</prop></item>\n'
_COMMAND = """<item oor:path="/org.openoffice.Office.Commands/Execute/Disabled">
<node oor:name="kiosk{}" oor:op="replace" oor:finalized="true"><prop oor:name="Command"><value>{}</value></prop></node>
</item>
"""
_WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{}</oor:items>
"""


def laid() -> dict[str, dict[str, str]]:
    """What lies in a session's room, as room.py takes it: nothing where there is no LibreOffice."""
    return {f"{registry}/data": {FILE: text()} for registry in _registries()}


def text() -> str:
    """The settings, as LibreOffice reads them."""
    settings = [_SETTING.format(path, name, f"<value>{value}</value>") for path, name, value in SETTINGS]
    commands = [_COMMAND.format(number, command) for number, command in enumerate(COMMANDS)]
    return _WHOLE.format("".join(settings + commands))


def _registries() -> Iterator[str]:
    there = {os.path.realpath(one) for one in (*REGISTRIES, *map(str, Path("/opt").glob(OPT))) if os.path.isdir(one)}
    yield from sorted(there)
