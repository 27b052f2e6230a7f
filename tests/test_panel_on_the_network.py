"""A whole station whose panel is open to the network: its certificate, what is said in plain, who may read the key."""

import http.client
import pwd
import ssl
import stat
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kiosk.web import certificate
from kiosk.web.addresses import own_addresses
from tests.running import CITIZEN, LONG, RunningStation
from tests.test_web_tls import trusting

pytestmark = [pytest.mark.slow, pytest.mark.root]


Line = http.client.HTTPConnection


class OpenStation(RunningStation):
    """Its panel listens on every address."""

    def site(self) -> str:
        return super().site().replace(f'"127.0.0.1:{self.panel}"', f'"0.0.0.0:{self.panel}"')


def asked(line: Line, path: str, **headers: str) -> http.client.HTTPResponse:
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    answer.read()
    return answer


def test_a_station_opens_its_panel_to_the_network_by_tls_alone(home: Path, xvfb: Callable[..., str]) -> None:
    with OpenStation(home, xvfb(), LONG) as station, ExitStack() as lines:

        def line(kind: type[Line], host: str, port: int, **more: Any) -> Line:
            made = kind(host, port, timeout=30, **more)
            lines.callback(made.close)
            return made

        file = station.paths.tls / "panel.pem"
        station.wait(file.exists, "the certificate")
        info, folder = file.stat(), file.parent.stat()
        service = pwd.getpwnam("kiosk").pw_uid
        assert (stat.S_IMODE(info.st_mode), stat.S_IMODE(folder.st_mode)) == (0o600, 0o700)
        assert (info.st_uid, folder.st_uid) == (service, service)
        own = certificate.read(file)
        assert own is not None and own.fingerprint in station.kiosk("check").stdout

        context = trusting(file)
        with_tls = line(http.client.HTTPSConnection, "127.0.0.1", station.panel, context=context)
        assert asked(with_tls, "/").getheader("Location") == "/sign-in"
        assert ssl.DER_cert_to_PEM_cert(with_tls.sock.getpeercert(True)) in file.read_text()
        here = line(http.client.HTTPConnection, "127.0.0.1", station.panel)
        assert asked(here, "/healthz").status == 200
        for address in [one for one in own_addresses() if "." in one][:1]:
            plain = line(http.client.HTTPConnection, address, station.panel)
            answer = asked(plain, "/sign-in")
            assert (answer.status, answer.getheader("Location")) == (307, f"https://{address}:{station.panel}/sign-in")
            shut = line(http.client.HTTPSConnection, address, station.panel, context=context)
            assert asked(shut, "/begin").status == 200
            assert asked(shut, "/sign-in", Host="evil.example").status == 400
            with pytest.raises(OSError):
                line(http.client.HTTPConnection, address, station.menu).request("GET", "/")

        assert station.kiosk("manager", "add", "Minh", "--role", "clerk", stdin="274916\n").returncode == 0
        assert '"role": "clerk"' in station.kiosk("manager", "list", "--json").stdout
        citizen = pwd.getpwnam(CITIZEN)
        stolen = subprocess.run(
            ["cat", str(file)], user=citizen.pw_uid, group=citizen.pw_gid, extra_groups=[], capture_output=True, cwd="/"
        )
        assert stolen.returncode != 0 and stolen.stdout == b""
