"""Serve the unit's site: one process, threads, and the reach that was declared.

Pages are never kept by a browser (`no-store`), for several people share one; fixed files are kept
for ever under an address that names their content. Nothing is compressed: on this machine it only
takes time, and a page that holds secrets beside what was typed must not be.
"""

from __future__ import annotations

import io
import logging
import ssl
from typing import Any

from cheroot import server as cheroot_server
from cheroot import wsgi
from cheroot.makefile import MakeFile
from cheroot.ssl import Adapter
from django.core.wsgi import get_wsgi_application

from .reach import Reach, forwarded, take_up

THREADS = 12
"""A download or an upload holds one as long as it lasts; the others answer pages."""
CONNECTIONS = 200
"""Browsers keep their connections open between pages; more than these begin anew each time."""
WAITING = 64
"""Connections that wait to be taken while all are at work."""
REQUESTS_END_SECONDS = 20
"""How long a request may take to end when the server does."""
LONGEST_HEADERS = 64_000
"""Bytes before a request's body; cookies and addresses of ours are far shorter."""
_logger = logging.getLogger(__name__)


class _Server(wsgi.Server):
    """A server that says nothing of browsers that went away, and all of its own faults."""

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Log a fault of the server; a connection that broke is told as a warning, and is none."""
        if level >= logging.ERROR:
            _logger.error(msg, exc_info=traceback)


class _Connection(cheroot_server.HTTPConnection):
    """A connection whose TLS is agreed in a thread of its own, not in the one that accepts all."""

    _is_agreed = False

    def communicate(self) -> bool:
        """Agree on TLS first; whoever speaks none of it, or goes away, is left."""
        try:
            if isinstance(self.socket, ssl.SSLSocket) and not self._is_agreed:
                self.socket.do_handshake()
                self._is_agreed = True
            return bool(super().communicate())  # type: ignore[no-untyped-call]
        except OSError:
            return False


class _Tls(Adapter):
    """Wraps connections; that a browser is silent holds up nobody but itself."""

    def __init__(self, context: ssl.SSLContext) -> None:
        """Take how to wrap."""
        self.context = context

    def bind(self, sock: Any) -> Any:
        """Leave the listening socket as it is."""
        return sock

    def wrap(self, sock: Any) -> tuple[Any, dict[str, str]]:
        """Wrap a connection that was accepted."""
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, self.get_environ()

    def get_environ(self) -> dict[str, str]:
        """Say to the application that it is TLS."""
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, sock: Any, mode: str = "r", bufsize: int = io.DEFAULT_BUFFER_SIZE) -> Any:
        """Read and write a connection."""
        return MakeFile(sock, mode, bufsize)


def server(reach: Reach) -> wsgi.Server:
    """Make the server of an opened desk; `prepare()` takes the port, `serve()` answers."""
    take_up(reach)
    made = _Server(
        (reach.host, reach.port),
        forwarded(get_wsgi_application(), reach.proxies),
        numthreads=THREADS,
        server_name="kancil",
        max=THREADS,
        request_queue_size=WAITING,
        shutdown_timeout=REQUESTS_END_SECONDS,
    )
    made.keep_alive_conn_limit = CONNECTIONS
    made.max_request_body_size = 0
    made.max_request_header_size = LONGEST_HEADERS
    made.ConnectionClass = _Connection
    if reach.tls is not None:
        made.ssl_adapter = _Tls(reach.tls.context())
    return made
