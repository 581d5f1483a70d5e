"""Serve the unit's site: one process, threads, and the reach that was declared.

Pages are never kept by a browser (`no-store`), for several people share one; fixed files are kept
for ever under an address that names their content. Nothing is compressed: on this machine it only
takes time, and a page that holds secrets beside what was typed must not be.
"""

from __future__ import annotations

import io
import logging
import ssl
from collections.abc import Callable, Iterable
from typing import Any

from cheroot import wsgi
from cheroot.makefile import MakeFile
from cheroot.ssl import Adapter
from django.core.wsgi import get_wsgi_application

from .connections import LONGEST_HEADERS, SILENT_SECONDS, Connection, Crowd, Shares
from .reach import Application, Reach, forwarded, take_up

THREADS = 16
"""A download or an upload holds one as long as it lasts; the others answer pages."""
SHARES = Shares(connections=400, connections_each=240, threads_each=12)
"""A class of thirty behind one address (NAT), whose browsers open six connections each, fits."""
SHARES_BEHIND_PROXY = Shares(connections=400, connections_each=400, threads_each=THREADS)
"""Everybody comes from the proxy's address: how much one browser may have is the proxy's to say."""
WAITING = 64
"""Connections that wait to be accepted."""
REQUESTS_END_SECONDS = 20
"""How long a request may take to end when the server does."""
_logger = logging.getLogger(__name__)


class Server(wsgi.Server):
    """A server that gathers requests before it gives them a thread, and logs its own faults."""

    ConnectionClass = Connection
    max_request_header_size = LONGEST_HEADERS

    def __init__(self, at: tuple[str, int], application: Application, shares: Shares) -> None:
        """Take where to listen, what answers, and how much one address may hold."""
        super().__init__(
            at,
            application,
            numthreads=THREADS,
            server_name="kancil",
            max=THREADS,
            request_queue_size=WAITING,
            timeout=SILENT_SECONDS,
            shutdown_timeout=REQUESTS_END_SECONDS,
        )
        self.keep_alive_conn_limit = shares.connections
        self.crowd = Crowd(shares)

    def process_conn(self, conn: Connection) -> None:
        """Gather what a connection has sent, and give it a thread once a request is whole."""
        try:
            if conn.origin is None and not self.crowd.enter(conn):
                raise ConnectionRefusedError
            is_whole = conn.gather()
        except OSError:
            conn.close()
            return
        if not is_whole:
            self.put_conn(conn)
        elif self.crowd.begin(conn):
            super().process_conn(conn)

    def has_answered(self, conn: Connection) -> None:
        """The thread's place to the next request of the same address, if one waits."""
        after = self.crowd.end(conn)
        if after is not None:
            super().process_conn(after)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Log a fault of the server; a connection that broke is told as a warning, and is none."""
        if level >= logging.ERROR:
            _logger.error(msg, exc_info=traceback)


class _Tls(Adapter):
    """Wraps connections; each agrees on TLS while it is gathered."""

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


def headed(application: Application) -> Application:
    """Answer HEAD with the head alone (RFC 9110, section 9.3.2)."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        found = application(environ, start)
        if environ["REQUEST_METHOD"] != "HEAD":
            return found
        close = getattr(found, "close", None)
        if close is not None:
            close()
        return ()

    return answer


def server(reach: Reach) -> Server:
    """Make the server of an opened desk; `prepare()` takes the port, `serve()` answers."""
    take_up(reach)
    application = headed(forwarded(get_wsgi_application(), reach.proxies))
    shares = SHARES_BEHIND_PROXY if reach.proxies else SHARES
    made = Server((reach.host, reach.port), application, shares)
    if reach.tls is not None:
        made.ssl_adapter = _Tls(reach.tls.context())
    return made
