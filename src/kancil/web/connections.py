"""Connections of the server: gathered without a thread, limited by address, held to a least pace.

A thread is given to a request only when its head, and a small body with it, has arrived whole, so
that whoever drips bytes holds no thread. What is larger, a signed-in person's upload, is read in a
thread at no less than a least pace, and so is every answer. One address, or one IPv6 network, holds
no more than its share of connections and of threads.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from cheroot import server as cheroot_server
from cheroot.makefile import MakeFile

from .framing import SMALL_BODY_BYTES, Request, body_bytes, expects_word

SILENT_SECONDS = 10
"""After so long without a byte a connection is closed, between requests too."""
HEAD_SECONDS = 10
"""How long a request's head may take as a whole, TLS with it."""
LONGEST_HEADERS = 64_000
"""Bytes of a head; cookies and addresses of ours are far shorter."""
PACE_SECONDS = 20
LEAST_BYTES_PER_SECOND = 500
"""In every 20 s of waiting for the other side: the pace of Apache's `mod_reqtimeout`."""
LINGER_SECONDS = 30
"""How long what nobody reads is thrown away, so that the answer before it is heard (RFC 9112,
section 9.6)."""
_BLOCK_BYTES = 65_536
_NETWORK_BITS = 64
_BROKEN_LINE = re.compile(rb"(?<!\r)\n|\x00")
_SSL_WAITS = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class _Pace:
    """How much moved in how long a wait; the site's own work in between does not count."""

    __slots__ = ("_moved", "_waited")

    def __init__(self) -> None:
        self._waited, self._moved = 0.0, 0

    def check(self) -> None:
        """Refuse to wait on when too little moved; raises TimeoutError."""
        if self._waited >= PACE_SECONDS:
            if self._moved < PACE_SECONDS * LEAST_BYTES_PER_SECOND:
                raise TimeoutError("timed out")
            self._waited, self._moved = 0.0, 0

    def add(self, waited: float, moved: int) -> None:
        """Count one wait in seconds and what it moved in bytes."""
        self._waited += waited
        self._moved += moved


class _Wire:
    """What a request is read from and its answer written to: gathered bytes, then the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.held = bytearray()
        """Gathered and not read yet."""
        self._socket = sock
        self._in, self._out = _Pace(), _Pace()

    def recv_into(self, buffer: memoryview) -> int:
        """Read what was gathered, then from the socket; raises TimeoutError below the pace."""
        if self.held:
            count = min(len(buffer), len(self.held))
            buffer[:count] = self.held[:count]
            del self.held[:count]
            return count
        self._in.check()
        begun = time.monotonic()
        count = self._socket.recv_into(buffer)
        self._in.add(time.monotonic() - begun, count)
        return count

    def send(self, block: bytes) -> int:
        """Write to the socket; raises TimeoutError below the pace."""
        self._out.check()
        begun = time.monotonic()
        count = self._socket.send(block)
        self._out.add(time.monotonic() - begun, count)
        return count

    def begin(self) -> None:
        """Begin a request: it has a pace of its own, and the socket waits again."""
        self._in, self._out = _Pace(), _Pace()
        self._socket.settimeout(SILENT_SECONDS)

    def _decref_socketios(self) -> None:
        """Do nothing: the connection closes its socket itself (`socket.SocketIO` asks this)."""


class Connection(cheroot_server.HTTPConnection):
    """A connection that is gathered by the thread that accepts, and answered by another."""

    RequestHandlerClass = Request
    request: Request | None = None
    """The request at hand, which says of itself how much of it was read."""

    def __init__(self, server: Any, sock: Any, _makefile: object = None) -> None:
        """Take an accepted socket; TLS is not agreed on yet."""
        self.wire = _Wire(sock)
        super().__init__(server, sock, self._file)
        self.origin: str | None = None
        """Who connects, for limits; None until it was let in."""
        self.is_waiting = True
        """Whether no thread has it."""
        self._agreed = not isinstance(sock, ssl.SSLSocket)
        self._ends: float | None = time.monotonic() + HEAD_SECONDS
        self._wanted: int | None = None
        self._lingers = False

    def _file(self, _sock: object, mode: str, size: int) -> Any:
        return MakeFile(self.wire, mode, size)

    def gather(self) -> bool:
        """Take in what has arrived; True when a thread can answer without waiting for the rest.

        Raises OSError when the connection is to be closed: it ended, or took too long.
        """
        self.socket.settimeout(0)
        try:
            return self._gather()
        except _SSL_WAITS:
            return False

    def _gather(self) -> bool:
        if self._ends is not None and time.monotonic() > self._ends:
            raise TimeoutError("timed out")
        if not self._agreed:
            self.socket.do_handshake()
            self._agreed = True
        while block := self.socket.recv(_BLOCK_BYTES):
            if self._lingers:
                continue
            self._ends = self._ends or time.monotonic() + HEAD_SECONDS
            self.wire.held += block
            if self._is_whole():
                self._ends = self._wanted = None
                return True
        raise ConnectionAbortedError

    def _is_whole(self) -> bool:
        """Whether there is nothing to wait for; what is malformed is answered at once."""
        held = self.wire.held
        if self._wanted is None:
            end = held.find(b"\r\n\r\n")
            if end < 0:
                return len(held) > LONGEST_HEADERS or bool(_BROKEN_LINE.search(held))
            head = bytes(held[: end + 4])
            size = body_bytes(head)
            if size > SMALL_BODY_BYTES:
                return True
            self._wanted = end + 4 + size
            if len(held) < self._wanted:
                self._ends = time.monotonic() + PACE_SECONDS + size / LEAST_BYTES_PER_SECOND
                if expects_word(head):
                    self.socket.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return len(held) >= self._wanted

    def communicate(self) -> bool:
        """Answer a request; False when the connection is to be closed.

        Bytes that follow a request at once are not taken for the next one: no browser sends them.
        """
        self.wire.begin()
        try:
            keeps = bool(super().communicate())  # type: ignore[no-untyped-call]
        except OSError:
            keeps = False
        finally:
            self.server.has_answered(self)
        if keeps and not self._has_more():
            self.is_waiting = True
            return True
        return self._linger() if self.request is not None and self.request.is_unread else False

    def _has_more(self) -> bool:
        unread = isinstance(self.socket, ssl.SSLSocket) and self.socket.pending()
        return bool(self.rfile.has_data() or self.wire.held or unread)

    def _linger(self) -> bool:
        """No more, and let the thread go: what still arrives is thrown away for a while."""
        self.wire.held.clear()
        if self.rfile.has_data():
            self.rfile.read(len(self.rfile.peek(1)))
        try:
            socket.socket.shutdown(self.socket, socket.SHUT_WR)
        except OSError:
            return False
        self._lingers, self._ends = True, time.monotonic() + LINGER_SECONDS
        self.is_waiting = True
        return True

    def hang_up(self) -> None:
        """End a connection that waits; whoever accepts then finds its end, and closes it."""
        try:
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)
        except OSError:
            return

    def close(self) -> None:
        """Close it, and let another one in its place."""
        self.server.crowd.leave(self)
        super().close()


def origin(address: str) -> str:
    """Name who connects, for limits: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ip_network((int(found), _NETWORK_BITS), strict=False))
    return str(found)


@dataclass(frozen=True, slots=True)
class Shares:
    """How much there is, and how much of it one address may hold."""

    connections: int
    connections_each: int
    threads_each: int


class Crowd:
    """The connections that are open, and the threads that their requests hold, by address.

    Whoever comes when all is taken takes the place of the connection that has waited longest: of
    the same address, if that has its share, else of the address that has most.
    """

    def __init__(self, shares: Shares) -> None:
        """Begin with nobody."""
        self._shares = shares
        self._lock = threading.Lock()
        self._open: dict[str, dict[Connection, None]] = {}
        self._at_work: Counter[str] = Counter()
        self._lines: dict[str, deque[Connection]] = {}

    def enter(self, connection: Connection) -> bool:
        """Let a connection in; False when there is no room for it and none can be made."""
        address = origin(connection.remote_addr or "")
        with self._lock:
            own = self._open.setdefault(address, {})
            full: dict[Connection, None] | None = None
            if len(own) >= self._shares.connections_each:
                full = own
            elif sum(map(len, self._open.values())) >= self._shares.connections:
                full = max(self._open.values(), key=len)
            if full is not None:
                victim = next((each for each in full if each.is_waiting), None)
                if victim is None:
                    if not own:
                        del self._open[address]
                    return False
                del full[victim]
                victim.hang_up()
            own[connection] = None
            connection.origin = address
            return True

    def leave(self, connection: Connection) -> None:
        """Forget a connection that is closed."""
        address = connection.origin or ""
        with self._lock:
            own = self._open.get(address, {})
            own.pop(connection, None)
            if not own:
                self._open.pop(address, None)

    def begin(self, connection: Connection) -> bool:
        """A request a thread; False when its address has its share, and it waits in line."""
        address = connection.origin or ""
        connection.is_waiting = False
        with self._lock:
            if self._at_work[address] >= self._shares.threads_each:
                self._lines.setdefault(address, deque()).append(connection)
                return False
            self._at_work[address] += 1
            return True

    def end(self, connection: Connection) -> Connection | None:
        """Take a thread back; gives the next of the same address in line, which has it now."""
        address = connection.origin or ""
        with self._lock:
            line = self._lines.get(address)
            if line:
                after = line.popleft()
                if not line:
                    del self._lines[address]
                return after
            self._at_work[address] -= 1
            if not self._at_work[address]:
                del self._at_work[address]
            return None
