"""Somebody else's server on the way between a PC and its province learns no code, and joins nothing."""

import http.client
import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import RefusedError
from kiosk.export import joining
from kiosk.export.signing import Key
from tests.collector_stage import ROOT, Collector, nobody, serving
from tests.joining_stage import HERE, station_home


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with serving(tmp_path_factory.mktemp("joining") / "home") as collector:
        yield collector


class Between(threading.Thread):
    """Somebody else's server on the way, with a certificate of its own: hands on what is asked, as it likes."""

    def __init__(self, pem: Path, place: tuple[str, int], change: Any) -> None:
        super().__init__(daemon=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context, self._real, self._change = context, place, change
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.heard: list[bytes] = []

    def run(self) -> None:
        while True:
            try:
                line, _peer = self._listener.accept()
            except OSError:
                return
            with line, self._context.wrap_socket(line, server_side=True) as tls:
                file = tls.makefile("rb")
                first = file.readline()
                request = http.client.parse_headers(file)
                body = file.read(int(request["Content-Length"]))
                self.heard.append(first + body)
                asked, answer = self._change(body)
                if answer is None:
                    real = http.client.HTTPSConnection(*self._real, context=nobody(), timeout=20)
                    real.request("POST", first.split()[1].decode(), asked)
                    got = real.getresponse()
                    answer = (got.status, got.read())
                    real.close()
                tls.sendall(b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n" % (answer[0], len(answer[1])) + answer[1])

    def close(self) -> None:
        self._listener.close()


@contextmanager
def between(pem: Path, province: Collector, change: Any) -> Iterator[Between]:
    thread = Between(pem, province.place, change)
    thread.start()
    try:
        yield thread
    finally:
        thread.close()


@pytest.mark.slow
def test_somebody_in_between_learns_no_code_and_joins_nothing(province: Collector, tmp_path: Path) -> None:
    pem, mallory = tmp_path / "mallory.pem", Key.make()
    made = "from pathlib import Path; from datetime import *; from kiosk.web.making_certificates import make;" \
           "make(Path({!r}), ['127.0.0.1'], datetime(2026,11,1), datetime(2030,1,1))"  # fmt: skip
    subprocess.run([sys.executable, "-c", made.format(str(pem))], check=True, cwd=ROOT, timeout=60)

    def own_key(body: bytes) -> tuple[bytes, Any]:
        return json.dumps(json.loads(body) | {"public": mallory.public.hex()}).encode(), None

    def own_welcome(body: bytes) -> tuple[bytes, Any]:
        told = json.loads(body)
        answer = json.dumps({"site": "evil", "station": "01", "key": "", "card": json.dumps(province.card())})
        return body, (200, json.dumps({"answer": answer, "mac": told["mac"]}).encode())

    def own_card(body: bytes) -> tuple[bytes, Any]:
        real = province.ask("POST", "/v1/enrol", body)
        answer = json.dumps(json.loads(real.told["answer"]) | {"site": "evil"})
        return body, (200, json.dumps(real.told | {"answer": answer}).encode())

    for number, change in enumerate((own_key, own_welcome, own_card)):
        code = province.code("F-1", f"{number}")
        paths = station_home(tmp_path / f"station{number}")
        with between(pem, province, change) as evil:
            with pytest.raises(RefusedError):
                joining.join(paths, evil.url, code.shown, HERE, True, lambda *_: None)
        heard = b"".join(evil.heard)
        assert heard and code.secret.encode() not in heard and code.shown.encode() not in heard
        assert not (paths.enrolment / "enrolment.json").exists()
        keys = [key["key"] for key in province.order("station show", site="F-1", station=f"{number}")["keys"]]
        assert mallory.id not in keys
    honest = province.code("F-1", "9")
    with between(pem, province, lambda body: (body, None)) as relay:  # the control: handed on as it is, it works
        joined, _ = joining.join(
            station_home(tmp_path / "honest"), relay.url, honest.shown, HERE, True, lambda *_: None
        )
    assert joined.site == "F-1" and honest.secret.encode() not in b"".join(relay.heard)
