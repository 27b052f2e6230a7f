"""What LibreOffice itself says of its settings, by a macro that is run from a command line, as no citizen can."""

from pathlib import Path
from xml.sax.saxutils import escape

RUN = ("--headless", "--norestore", "--nologo", "macro:///Standard.Module1.Main")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIBRARIES = f"""{_HEAD}<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"
 "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple"
 library:link="false"/></library:libraries>"""
_LIBRARY = f"""{_HEAD}<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>"""
_MODULE = f"""{_HEAD}<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Main
%s
End Sub</script:module>"""


# The citizen's own wish, where LibreOffice keeps it.
WISH = """<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>0</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/ExternalMailer">
<prop oor:name="Program" oor:op="fuse"><value>/usr/bin/xterm</value></prop></item></oor:items>"""
REGISTRY = "user/registrymodifications.xcu"
_TELLS = """Dim a(0) As New com.sun.star.beans.PropertyValue
p = CreateUnoService("com.sun.star.configuration.ConfigurationProvider")
a(0).Name = "nodepath" : a(0).Value = "/org.openoffice.Office.Common"
c = p.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", a())
s = c.getByHierarchicalName("Security/Scripting")
a(0).Value = "/org.openoffice.Office.Commands/Execute/Disabled"
d = p.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", a())
a(0).Value = "/org.openoffice.Office.ExtensionManager/ExtensionSecurity"
e = p.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", a())
Open "{told}" For Output As #1
Print #1, s.DisableMacrosExecution ; "|" ; s.MacroSecurityLevel ; "|" ; _
 c.getByHierarchicalName("ExternalMailer/Program") ; "|" ; e.DisableExtensionInstallation
n = d.ElementNames
For i = 0 To UBound(n)
Print #1, d.getByName(n(i)).Command
Next
Close #1"""


def telling(office: Path, told: Path) -> dict[str, str]:
    """Files below the user's installation `office`, which began once; the macro in them writes what holds to `told`."""
    wishes = (office / REGISTRY).read_text(encoding="utf-8").replace("</oor:items>", WISH)
    return {**library(_TELLS.replace("{told}", str(told))), REGISTRY: wishes}


def library(line: str) -> dict[str, str]:
    """Files below a user's installation, with a macro of these lines."""
    return {
        "user/basic/script.xlc": _LIBRARIES,
        "user/basic/Standard/script.xlb": _LIBRARY,
        "user/basic/Standard/Module1.xba": _MODULE % escape(line, {'"': "&quot;"}),
    }
