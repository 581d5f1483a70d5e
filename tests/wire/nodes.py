"""A node that is none: serves a generated chain on this machine, by REST and RPC, well or badly.

Answers have the form of Bitcoin Core's (doc/REST-interface.md, src/rpc/blockchain.cpp); a fault
stands for what a bad line, a bad node or a bad actor does.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.bitcoin.regtest import Block

COOKIE = "__cookie__:0123abcd"


class FakeNode:
    """What a node has, and what is wrong with it."""

    def __init__(self, blocks: list[Block], *, name: str = "regtest", first: int = 0) -> None:
        self.blocks = blocks
        self.name = name
        self.first = first
        """Height of the first block it knows: it is a window of a longer chain."""
        self.port = 0
        self.paths: list[str] = []
        self.fault: Callable[[Any, str], bool] | None = None
        """Given the request and its path; answers itself and says so, or lets it be answered."""
        self.before: Callable[[str], None] | None = None
        self.pruned_below = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def state(self) -> dict[str, Any]:
        pruned = {"pruned": True, "pruneheight": self.pruned_below} if self.pruned_below else {}
        return {
            "chain": self.name,
            "blocks": self.first + len(self.blocks) - 1,
            "bestblockhash": self.blocks[-1].shown,
            "size_on_disk": sum(len(block.raw) for block in self.blocks),
            **pruned,
        }

    def at(self, height: int) -> Block | None:
        place = height - self.first
        return self.blocks[place] if 0 <= place < len(self.blocks) else None

    def height(self, shown: str) -> int | None:
        for place, block in enumerate(self.blocks):
            if block.shown == shown:
                return self.first + place
        return None

    def raw(self, shown: str) -> bytes | None:
        height = self.height(shown)
        if height is None or height < self.pruned_below:
            return None
        block = self.at(height)
        return None if block is None else block.raw


class Asked(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    node: FakeNode

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def give(self, status: int, body: bytes, kind: str = "application/octet-stream") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def give_json(self, value: Any, status: int = 200) -> None:
        self.give(status, json.dumps(value).encode(), "application/json")

    def do_GET(self) -> None:
        node = self.node
        node.paths.append(self.path)
        if node.before is not None:
            node.before(self.path)
        if node.fault is not None and node.fault(self, self.path):
            return
        parts = self.path.removeprefix("/rest/").split("/")
        name = parts[-1].rpartition(".")[0]
        if parts[0] == "chaininfo.json":
            self.give_json(node.state())
        elif parts[0] == "blockhashbyheight":
            block = node.at(int(name))
            if block is None:
                self.give(404, b"Block height out of range\r\n", "text/plain")
            else:
                self.give_json({"blockhash": block.shown})
        elif parts[0] == "headers":
            height = node.height(name)
            self.give_json([] if height is None else [{"hash": name, "height": height}])
        elif parts[0] == "block":
            raw = node.raw(name)
            if raw is None:
                self.give(404, b"not found\r\n", "text/plain")
            else:
                self.give(200, raw)
        else:
            self.give(404, b"")

    def do_POST(self) -> None:
        node = self.node
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = "Basic " + base64.b64encode(COOKIE.encode()).decode()
        if self.headers["Authorization"] != wanted:
            self.give(401, b"")
            return
        asked = json.loads(body)
        method, params = asked["method"], asked["params"]
        node.paths.append(f"{method} {params}")
        if node.before is not None:
            node.before(method)
        if node.fault is not None and node.fault(self, method):
            return
        result: Any = None
        if method == "getblockchaininfo":
            result = node.state()
        elif method == "getblockhash":
            block = node.at(params[0])
            result = None if block is None else block.shown
            code = -8
        elif method == "getblockheader":
            height = node.height(params[0])
            result = None if height is None else {"hash": params[0], "height": height}
            code = -5
        elif method == "getblock":
            raw = node.raw(params[0])
            result = None if raw is None else raw.hex()
            code = -5
        if result is None:
            error = {"code": code, "message": "no"}
            self.give_json({"result": None, "error": error, "id": asked["id"]}, 500)
            return
        self.give_json({"result": result, "error": None, "id": asked["id"]})


class Served(ThreadingHTTPServer):
    """Who asks may be killed, or hang up: only that is no fault of the node's."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(node: FakeNode) -> Iterator[FakeNode]:
    """Serve on a free port of the loopback until the block ends."""
    kind = type("Here", (Asked,), {"node": node})
    with Served(("127.0.0.1", 0), kind) as server:
        node.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield node
        finally:
            server.shutdown()
