"""How much a web face takes at once, and how long it listens. As they stand here they are those of the panel and menu.

A face for a whole nation takes more: many connections, and uploads over lines so slow that only their steadiness
says that somebody is there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

MAX_BODY = 65_536
# Two pages take files. Only their addresses may send so much, and only so many at once (connections.py).
MAX_UPLOAD = 1_100_000
MOST_UPLOADS = 2
REQUEST_SECONDS = 5  # for a request to arrive, and for a kept connection to say something again
HANDSHAKE_SECONDS = 3.0
CONNECTIONS_PER_PEER = 32
CONNECTIONS = 128

_PLAIN = b"HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"


def refusal(status: bytes) -> bytes:
    """An answer of one line, for what never reaches the app."""
    return _PLAIN % (status, len(status) + 1, status + b"\n")


@dataclass(frozen=True)
class Limits:
    """What one face bounds. Sizes in bytes, times in seconds.

    `body`: of any request. `upload`: of one whose head matches `uploads`, of which there are at most `most_uploads`
    at once, `peer_uploads` of them from one address. `steady`: bytes a second that an upload must bring on the whole
    to be listened to longer than a request; None: it has no more time than that. `hurried`: where all places for
    uploads are taken, one that brings less than that, or nothing for seconds, makes room. `linger`: for how long what
    somebody still sends is taken and thrown away after a refusal, so that they read it: who is cut off while sending
    hears nothing. `answers`: uploads that are worked on at once, others wait without a thread; 0: all that came.
    """

    connections: int = CONNECTIONS
    per_peer: int = CONNECTIONS_PER_PEER
    request_seconds: int = REQUEST_SECONDS
    handshake_seconds: float = HANDSHAKE_SECONDS
    body: int = MAX_BODY
    upload: int = MAX_UPLOAD
    uploads: "re.Pattern[bytes]" = re.compile(
        rb"^POST /(?:journal/import|s/[A-Za-z0-9-]{1,16}/province/receipts)(?:\?[!-~]*)? HTTP/1\.[01]\r?$", re.MULTILINE
    )
    most_uploads: int = MOST_UPLOADS
    peer_uploads: int = MOST_UPLOADS
    steady: int | None = None
    hurried: int = 0
    answers: int = 0
    linger: float = 0.0
    refusal: Callable[[bytes], bytes] = refusal

    @property
    def backlog(self) -> int:
        """Connections that the system keeps until they are accepted."""
        return 2 * self.per_peer

    def most(self, head: bytes) -> int:
        """Bytes that the body of a request with this head may have."""
        return self.upload if self.uploads.match(head) else self.body


PANEL = Limits()
