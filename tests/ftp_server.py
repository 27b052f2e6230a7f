"""A real FTP server on a port of its own, over a folder: for what is brought to `ftp://` addresses."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aioftp


@contextmanager
def ftp_server(folder: Path, user: str = "kiosk", password: str = "secret", writes: bool = True) -> Iterator[str]:
    """Serve `folder` while the block runs; yields the address `ftp://user:password@127.0.0.1:port/`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="ftp", daemon=True)
    thread.start()

    async def begin() -> aioftp.Server:
        allowed = aioftp.Permission("/", readable=True, writable=writes)
        server = aioftp.Server([aioftp.User(user, password, base_path=folder, home_path="/", permissions=[allowed])])
        await server.start("127.0.0.1", 0)
        return server

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield f"ftp://{user}:{password}@127.0.0.1:{server.server_port}/"
    finally:
        asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
