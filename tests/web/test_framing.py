"""Requests are cut out of a connection strictly: nothing of one is taken for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from kancil.web.serving import Server
from tests.web.raw import asked, dialled, serving, up_to

HOST = b"Host: a\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class Seen(list[str]):
    """An application that notes what it is asked, and reads no body unless it is told to."""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.append(path)
        body = environ["wsgi.input"].read(1000) if path == "/read" else b""
        text = b"answer:" + body
        start("200 OK", [("Content-Length", str(len(text)))])
        return [text]


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


@pytest.fixture(scope="module")
def server(seen: Seen) -> Iterator[Server]:
    with serving(seen) as made:
        yield made


def test_head_is_answered_without_a_body(server: Server) -> None:
    told = asked(server, b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 7\r\n" in told
    assert told.endswith(b"\r\n\r\n")


def test_head_that_is_malformed_is_refused_without_a_body(server: Server) -> None:
    told = asked(server, b"HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: +5\r\n",
        b"Content-Length: 5, 5\r\n",
        b"Content-Length: 0x10\r\n",
        b"Content-Length: 5_0\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length:\r\n",
        b"Content-Length: " + b"9" * 40 + b"\r\n",
        "Content-Length: \u0665\r\n".encode(),
        b"Content-Length: 5\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length : 5\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"X-Folded: a\r\n b\r\n",
        b" X-First: folded\r\n",
        b"X-Bare: a\nX-Other: b\r\n",
        b"X-Return: a\rb\r\n",
        b"X-Nul: a\x00b\r\n",
        b"X-Escape: \x1b[0m\r\n",
        b"No colon\r\n",
        b": no name\r\n",
        b"Host: b\r\n",
    ],
)
def test_headers_that_could_be_read_in_two_ways_are_refused(
    lines: bytes, server: Server, seen: Seen
) -> None:
    before = len(seen)
    told = asked(server, b"POST / HTTP/1.1\r\n" + HOST + lines + b"\r\n" + SMUGGLED)
    assert told.startswith(b"HTTP/1.1 400 "), told
    assert told.count(b"HTTP/1.1 ") == 1
    assert len(seen) == before


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1\n",
        b"GET /\x00 HTTP/1.1\r\n",
        b"GET /\t HTTP/1.1\r\n",
        b"GET / HTTP/1.+1\r\n",
        b"GET / HTTP/1.1 \r\n"[:-3] + b" x\r\n",
        b"get / HTTP/1.1\r\n",
        b"GET  / HTTP/1.1\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\n",
    ],
)
def test_a_first_line_that_could_be_read_in_two_ways_is_refused(
    line: bytes, server: Server, seen: Seen
) -> None:
    before = len(seen)
    told = asked(server, line + HOST + b"\r\n")
    assert told.startswith(b"HTTP/1.1 400 "), told
    assert len(seen) == before


def test_a_chunked_body_is_asked_for_its_length(server: Server, seen: Seen) -> None:
    before = len(seen)
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    told = asked(server, head + b"2d\r\n" + SMUGGLED + b"\r\n0\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 411 ")
    assert told.count(b"HTTP/1.1 ") == 1
    assert len(seen) == before


def test_a_body_that_nobody_reads_is_not_the_next_request(server: Server, seen: Seen) -> None:
    seen.clear()
    small = b"POST /small HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED)
    with dialled(server) as connection:
        connection.sendall(small + SMUGGLED)
        assert up_to(connection, b"answer:").startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET /next HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        assert up_to(connection, b"answer:").startswith(b"HTTP/1.1 200 ")
    assert seen == ["/small", "/next"]


def test_a_large_body_that_nobody_reads_ends_the_connection_and_the_answer_is_heard(
    server: Server, seen: Seen
) -> None:
    seen.clear()
    size = 3_000_000
    head = b"POST /large HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % size
    told = asked(server, head + SMUGGLED + bytes(size - len(SMUGGLED)))
    assert told.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close\r\n" in told
    assert told.endswith(b"answer:")
    assert seen == ["/large"]


def test_what_follows_a_request_at_once_is_not_answered(server: Server, seen: Seen) -> None:
    seen.clear()
    told = asked(server, b"GET /first HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED)
    assert told.count(b"HTTP/1.1 200 ") == 1
    assert seen == ["/first"]


def test_a_header_with_an_underscore_does_not_stand_for_another(server: Server) -> None:
    head = b"POST /read HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"
    told = asked(server, head + b"Content-Length: 2\r\nContent_Length: 5\r\n\r\nabcde")
    assert told.endswith(b"answer:ab")


def test_a_body_that_waits_for_a_word_is_asked_for(server: Server) -> None:
    head = b"POST /read HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    with dialled(server) as connection:
        connection.sendall(head)
        assert up_to(connection, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ab")
        assert b"100 Continue" not in up_to(connection, b"answer:ab")


def test_another_header_that_stands_twice_is_one_list() -> None:
    seen: list[str] = []

    def note(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.append(environ["HTTP_X_FORWARDED_FOR"])
        start("200 OK", [("Content-Length", "0")])
        return []

    lines = b"X-Forwarded-For: 1\r\nX-Forwarded-For: 2\r\nConnection: close\r\n"
    with serving(note) as noting:
        asked(noting, b"GET / HTTP/1.1\r\n" + HOST + lines + b"\r\n")
    assert seen == ["1, 2"]
