"""A server of ours before a small application, and raw sockets that speak to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from kancil.web.serving import SHARES, Server, headed

SECONDS = 30
"""For a machine that has other things to do."""
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@contextmanager
def serving(application: Application, shares: Any = SHARES, tls: Any = None) -> Iterator[Server]:
    """Serve an application on every address of this machine's own."""
    made = Server(("0.0.0.0", 0), headed(application), shares)
    made.ssl_adapter = tls
    made.prepare()
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.stop()
        thread.join()


def dialled(server: Server, source: str = "127.0.0.1") -> socket.socket:
    """Connect from one of this machine's addresses."""
    port = server.bind_addr[1]
    return socket.create_connection(("127.0.0.1", port), SECONDS, source_address=(source, 0))


def all_of(connection: socket.socket) -> bytes:
    """Read until the server closes."""
    found = b""
    try:
        while block := connection.recv(65_536):
            found += block
    except ConnectionResetError:
        pass
    return found


def up_to(connection: Any, end: bytes) -> bytes:
    """Read until what was answered ends like this, on a connection that stays."""
    found = b""
    while not found.endswith(end):
        block = connection.recv(65_536)
        assert block, found
        found += block
    return found


def asked(server: Server, data: bytes, source: str = "127.0.0.1") -> bytes:
    """Send bytes, and read all that is answered until the server closes."""
    with dialled(server, source) as connection:
        connection.sendall(data)
        return all_of(connection)


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < ends, "it does not come about"
        time.sleep(0.01)
