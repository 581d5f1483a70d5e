"""Serve the unit's site: one process, threads, the loopback address unless TLS is set up."""

from __future__ import annotations

from cheroot import wsgi
from django.core.wsgi import get_wsgi_application

THREADS = 8
LOOPBACK = "127.0.0.1"


def server(port: int, *, host: str = LOOPBACK) -> wsgi.Server:
    """Make the server of an opened desk; `start()` serves until it is interrupted."""
    made = wsgi.Server(
        (host, port), get_wsgi_application(), numthreads=THREADS, server_name="kancil", max=64
    )
    made.max_request_body_size = 0
    return made
