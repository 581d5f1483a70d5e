"""Whoever drips bytes holds no thread, and one address holds no more than its share."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.web import connections
from kancil.web.connections import Shares, origin
from kancil.web.serving import SHARES, THREADS, Server, _Tls
from tests.web.certificates import pair
from tests.web.raw import all_of, asked, dialled, serving, until, up_to

pytestmark = pytest.mark.thorough

OTHER = "127.0.0.2"
GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def hello(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer, after reading what was sent."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    text = str(len(environ["wsgi.input"].read(length))).encode() if length else b"hello"
    start("200 OK", [("Content-Length", str(len(text)))])
    return [text]


class Held:
    """An application that answers `/held` only when it is let."""

    def __init__(self) -> None:
        self.at_work = 0
        self.let = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/held":
            self.at_work += 1
            assert self.let.wait(60)
        return hello(environ, start)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody who drips be given up: whoever is held up by them then waits for ever."""
    for limit in ("SILENT_SECONDS", "HEAD_SECONDS", "PACE_SECONDS"):
        monkeypatch.setattr(connections, limit, 3600)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(hello) as made:
        yield made


@contextmanager
def many(server: Server, count: int, first: bytes) -> Iterator[list[socket.socket]]:
    """Open connections from one address, each of which sends the beginning of something."""
    with ExitStack() as stack:
        opened = [stack.enter_context(dialled(server)) for _ in range(count)]
        for each in opened:
            each.sendall(first)
        until(lambda: sum(map(len, server.crowd._open.values())) >= count)
        yield opened


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("count", [14, 40])
@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\nExpect: 100-continue\r\n\r\n",
    ],
)
def test_connections_that_drip_hold_nobody_up(server: Server, count: int, first: bytes) -> None:
    with many(server, count, first) as opened:
        for source in (OTHER, "127.0.0.1"):
            for each in opened:
                if first:
                    each.sendall(b"x")
            assert asked(server, GET, source).endswith(b"hello")
        until(lambda: server.requests.idle == THREADS)  # they hold none


@pytest.mark.usefixtures("patience")
def test_large_bodies_that_drip_leave_threads_to_other_addresses(server: Server) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n"
    with many(server, 40, head + b"abc"):
        until(lambda: server.requests.idle == THREADS - SHARES.threads_each)
        assert asked(server, GET, OTHER).endswith(b"hello")
    until(lambda: server.requests.idle == THREADS)


def test_requests_beyond_a_share_wait_in_line_and_are_all_answered() -> None:
    held, found = Held(), []
    with serving(held) as server:
        request = GET.replace(b"/ ", b"/held ", 1)
        count = SHARES.threads_each + 5
        threads = [
            threading.Thread(target=lambda: found.append(asked(server, request)))
            for _ in range(count)
        ]
        for each in threads:
            each.start()
        until(lambda: sum(map(len, server.crowd._lines.values())) == 5)
        assert held.at_work == SHARES.threads_each
        assert asked(server, GET, OTHER).endswith(b"hello")
        held.let.set()
        for each in threads:
            each.join()
    assert [each[-5:] for each in found] == [b"hello"] * count
    assert not server.crowd._at_work
    assert not server.crowd._lines
    assert not server.crowd._open


def is_gone(slow: socket.socket) -> bool:
    """Send one more byte; True when nobody takes it any more."""
    try:
        slow.sendall(b"G")
    except ConnectionError:
        return True
    return False


def test_a_head_has_an_end_by_which_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    with serving(hello) as server, dialled(server) as slow:
        until(lambda: is_gone(slow))
        until(lambda: not server.crowd._open)


def test_a_small_body_has_an_end_by_which_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PACE_SECONDS", 0.2)
    monkeypatch.setattr(connections, "LEAST_BYTES_PER_SECOND", 1e6)
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
    with serving(hello) as server, dialled(server) as slow:
        slow.sendall(head)
        until(lambda: is_gone(slow))


def test_a_large_body_below_the_least_pace_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PACE_SECONDS", 0.2)
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n"
    with serving(hello) as server, dialled(server) as slow:
        slow.sendall(head)
        until(lambda: server.requests.idle == THREADS - 1)

        def is_free() -> bool:
            slow.sendall(b"G")
            return bool(server.requests.idle == THREADS)

        until(is_free)
        assert slow.recv(4096).startswith(b"HTTP/1.1 408 ")


def test_an_answer_that_is_read_below_the_least_pace_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "PACE_SECONDS", 0.2)
    monkeypatch.setattr(connections, "LEAST_BYTES_PER_SECOND", 10**9)
    size = 64 << 20

    def large(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Length", str(size))])
        return (bytes(1 << 16) for _ in range(size >> 16))

    with serving(large) as server, dialled(server) as slow:
        slow.sendall(GET)
        taken = 0
        while block := slow.recv(1 << 16):
            taken += len(block)
            time.sleep(0.01)
        assert 0 < taken < size


def test_an_upload_that_is_fast_enough_is_read_whole(server: Server) -> None:
    size = 3_000_000
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size
    assert asked(server, head + bytes(size)).endswith(b"\r\n\r\n3000000")


def test_a_connection_beyond_the_limit_takes_the_place_of_the_one_that_waited_longest() -> None:
    with serving(hello, Shares(connections=6, connections_each=4, threads_each=2)) as server:
        with many(server, 4, b"G") as opened, dialled(server) as fifth:
            fifth.sendall(GET)
            assert all_of(fifth).endswith(b"hello")
            assert all_of(opened[0]) == b"", "the oldest one had to go"
            opened[1].sendall(GET[1:])
            assert all_of(opened[1]).endswith(b"hello"), "the others stay"
        until(lambda: not server.crowd._open)


def test_a_site_that_is_full_takes_from_the_address_that_has_most() -> None:
    shares = Shares(connections=4, connections_each=4, threads_each=2)
    with serving(hello, shares) as server, dialled(server, OTHER) as quiet:
        quiet.sendall(b"G")
        with many(server, 3, b"G") as opened, dialled(server, "127.0.0.3") as fresh:
            fresh.sendall(GET)
            assert all_of(fresh).endswith(b"hello")
            assert all_of(opened[0]) == b""
        quiet.sendall(GET[1:])
        assert all_of(quiet).endswith(b"hello")


def test_a_connection_that_finds_all_at_work_is_closed_at_once() -> None:
    held, shares = Held(), Shares(connections=2, connections_each=2, threads_each=2)
    with serving(held, shares) as server, ExitStack() as stack:
        for _ in range(2):
            each = stack.enter_context(dialled(server))
            each.sendall(GET.replace(b"/ ", b"/held ", 1))
        until(lambda: held.at_work == 2)
        with dialled(server, OTHER) as refused:
            assert all_of(refused) == b""
        held.let.set()


def tls_of(folder: Path) -> _Tls:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*pair(folder, "kancil.unit.lan"))
    return _Tls(context)


def test_tls_that_is_agreed_on_slowly_holds_nobody_up(tmp_path: Path) -> None:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    hello_begun = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    with serving(hello, tls=tls_of(tmp_path)) as server:
        with many(server, 40, hello_begun) as opened:
            for each in opened:
                each.sendall(b"x")
            for _ in range(2):
                with trusting.wrap_socket(dialled(server)) as quick:
                    quick.sendall(GET)
                    assert all_of(quick).endswith(b"hello")
            size = 3_000_000
            with trusting.wrap_socket(dialled(server)) as large:
                head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size
                large.sendall(head + bytes(size))
                up_to(large, b"3000000")
                large.sendall(GET)
                assert all_of(large).endswith(b"hello"), "and the connection stays"
            until(lambda: server.requests.idle == THREADS)
        with dialled(server) as plain:
            plain.sendall(GET)
            assert b"HTTP" not in all_of(plain)


def test_a_request_at_hand_is_answered_while_nobody_new_is_let_in() -> None:
    held = Held()
    with serving(held) as server, dialled(server) as asking, dialled(server) as half:
        asking.sendall(GET.replace(b"/ ", b"/held ", 1))
        half.sendall(b"GET / HT")
        until(lambda: held.at_work == 1)
        port = server.bind_addr[1]
        ending = threading.Thread(target=server.stop)
        ending.start()
        until(lambda: server.socket is None)
        with pytest.raises(ConnectionError):
            socket.create_connection(("127.0.0.1", port))
        assert all_of(half) == b""
        held.let.set()
        assert all_of(asking).endswith(b"hello")
        ending.join()


@given(st.ip_addresses(v=6))
def test_a_network_of_ipv6_is_one_origin(address: Any) -> None:
    if address.ipv4_mapped is None:
        network = origin(str(address))
        assert network.endswith("/64")
        assert origin(str(address.__class__(int(address) ^ 0xFFFF))) == network


def test_an_ipv4_address_is_an_origin_of_its_own_in_whichever_form() -> None:
    assert origin("192.0.2.7") == origin("::ffff:192.0.2.7") == "192.0.2.7"
    assert origin("fe80::1%eth0") == "fe80::/64"
    assert origin("") == ""
