"""One request and one answer over HTTP: bounded in time and size, never sent on to elsewhere.

The only module of Kancil that opens a connection; to what `gate` let through, and straight to it:
no proxy is asked, no redirect followed, no name sent but the one given. `bitcoin_node` is its user.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import sleep
from typing import Any

from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase

from .errors import NodeAnswerWrong, NodeRefuses, NodeUnreachable
from .gate import OPTION, Address, is_loopback

_CHUNK_BYTES = 1 << 16
_PAUSES = (0.5, 1.0, 2.0, 4.0)
_NOT_ALLOWED = (401, 403)
_SHUT_BOTH = 2
"""SHUT_RDWR (POSIX <sys/socket.h>): nothing more is read or written."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an exchange may be."""

    silence_seconds: float = 30.0
    """Without a single byte."""
    answer_seconds: float = 180.0
    """For one whole answer."""
    pauses: tuple[float, ...] = _PAUSES
    """Before each further try; their number is that of further tries."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class _Passing(Exception):
    """A try failed in a way that another may not."""

    def __init__(self, why: Phrase) -> None:
        self.why = why
        super().__init__(why.key)


@dataclass(slots=True)
class Window:
    """Speaks to one address, over one connection as long as it holds."""

    address: Address
    limits: Limits = field(default_factory=Limits)
    tell_retry: Callable[[int], None] = lambda _number: None
    """Told before each further try how many have failed."""
    wait: Callable[[float], None] = sleep
    requests: int = 0
    """How many were sent."""
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str, *, most_bytes: int) -> Answer:
        """Ask for a path. Raises NodeUnreachable, NodeRefuses, NodeAnswerWrong."""
        return self._ask("GET", path, None, {}, most_bytes)

    def post(self, path: str, body: bytes, headers: Mapping[str, str], most_bytes: int) -> Answer:
        """Send a body to a path. Raises NodeUnreachable, NodeRefuses, NodeAnswerWrong."""
        return self._ask("POST", path, body, headers, most_bytes)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], most: int
    ) -> Answer:
        """Try as often as allowed; what fails for good is an error at once."""
        number = 0
        while True:
            number += 1
            try:
                return self._once(method, path, body, headers, most)
            except _Passing as failed:
                self.close()
                if number > len(self.limits.pauses):
                    raise NodeUnreachable(
                        address=str(self.address), tries=number, why=failed.why
                    ) from failed
                self.tell_retry(number)
                self.wait(self.limits.pauses[number - 1])

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], most: int
    ) -> Answer:
        connection = self._open()
        ended = threading.Event()
        timer = threading.Timer(self.limits.answer_seconds, self._cut, (connection.sock, ended))
        timer.daemon = True
        timer.start()
        try:
            self.requests += 1
            connection.request(method, path, body, {"Connection": "keep-alive", **headers})
            response = connection.getresponse()
            data = self._body(response, most)
        except TimeoutError as error:
            raise _Passing(Phrase("why.node-silent")) from error
        except (OSError, http.client.HTTPException) as error:
            why = "why.node-slow" if ended.is_set() else "why.node-broke-off"
            raise _Passing(Phrase(why)) from error
        finally:
            timer.cancel()
        if ended.is_set():
            raise _Passing(Phrase("why.node-slow"))
        return self._judged(response, data)

    def _judged(self, response: http.client.HTTPResponse, data: bytes) -> Answer:
        """Sort an answer: no right to ask and being sent elsewhere end the work, a fault passes."""
        if response.status in _NOT_ALLOWED:
            self.close()
            why = Phrase("why.node-no-right", {"status": response.status})
            raise NodeRefuses(address=str(self.address), why=why)
        if 300 <= response.status < 400:
            self.close()
            raise NodeAnswerWrong(address=str(self.address), why=Phrase("why.node-redirect"))
        # JSON-RPC states its own errors with 500 and a body; whoever asked looks there first.
        is_json = response.getheader("Content-Type", "").startswith("application/json")
        if response.status >= 500 and not is_json:
            raise _Passing(Phrase("why.node-status", {"status": response.status}))
        return Answer(response.status, data)

    def _body(self, response: http.client.HTTPResponse, most: int) -> bytes:
        """Read a body piece by piece. Raises NodeAnswerWrong where it is larger than it may be."""
        stated = response.length
        if stated is not None and stated > most:
            raise self._too_large(most)
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_CHUNK_BYTES):
            parts.append(part)
            size += len(part)
            if size > most:
                raise self._too_large(most)
        if stated is not None and size != stated:
            raise http.client.IncompleteRead(b"", stated - size)
        response.close()  # the connection stays, and may be asked again
        return b"".join(parts)

    def _too_large(self, most: int) -> NodeAnswerWrong:
        self.close()
        why = Phrase("why.node-too-large", {"bytes": most})
        return NodeAnswerWrong(address=str(self.address), why=why)

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is not None and self._connection.sock is not None:
            return self._connection
        address = self.address
        connection = http.client.HTTPConnection(
            address.host, address.port, timeout=self.limits.silence_seconds
        )
        try:
            connection.connect()
        except TimeoutError as error:
            raise _Passing(Phrase("why.node-silent")) from error
        except OSError as error:
            raise _Passing(Phrase("why.node-no-connection")) from error
        reached = str(connection.sock.getpeername()[0])
        if address.is_local and not is_loopback(reached):
            connection.close()
            raise OptionNotUsable(
                option=OPTION, value=str(address), why=Phrase("why.node-not-here")
            )
        self._connection = connection
        return connection

    @staticmethod
    def _cut(opened: Any, ended: threading.Event) -> None:
        """End an exchange that takes too long, whatever it waits for."""
        ended.set()
        with suppress(OSError, AttributeError):
            opened.shutdown(_SHUT_BOTH)
