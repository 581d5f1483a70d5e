"""A running Bitcoin node, asked for its chain, heights and hashes, and whole blocks; no more.

Over REST (`-rest=1`, nobody is asked for a password) or JSON-RPC with the node's cookie. Never is
a single address or transaction asked for, so what is sent says no more than which blocks are
lacking. Sources: Bitcoin Core, doc/REST-interface.md, doc/JSON-RPC-interface.md; src/rpc/
blockchain.cpp (getblockchaininfo, getblockhash, getblockheader, getblock).
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeGuard

from kancil.bitcoin.holdings.read import MAX_SINGLE_BYTES
from kancil.ground.errors import FileNotReadable, OptionNotUsable
from kancil.ground.phrase import Phrase

from .errors import NodeAnswerWrong, NodeRefuses
from .window import Answer, Window

PORTS = {
    "mainnet": 8332,
    "testnet3": 18332,
    "testnet4": 48332,
    "signet": 38332,
    "regtest": 18443,
}
"""Source: Bitcoin Core, src/chainparamsbase.cpp."""
NETWORK_NAMES = {
    "main": "mainnet",
    "test": "testnet3",
    "testnet4": "testnet4",
    "signet": "signet",
    "regtest": "regtest",
}
"""What a node calls its network (src/util/chaintype.cpp), and what we do."""
_SMALL_BYTES = 1 << 18
_COOKIE_BYTES = 4096
_HASH_DIGITS = 64
_MAX_HEIGHT = 99_999_999
_NOT_FOUND = -5
_NO_SUCH_HEIGHT = -8
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class NodeState:
    """What a node says of its chain."""

    network: str
    height: int
    best_hash: bytes
    """Internal byte order."""
    size_bytes: int
    """Of its blocks on disk; 0 if it does not say."""
    pruned_below: int
    """Blocks below this height it has thrown away; 0 if none."""


class Node(Protocol):
    """A node, whichever way it is asked."""

    @property
    def window(self) -> Window:
        """What it is spoken to through."""

    @property
    def way(self) -> str:
        """`REST` or `RPC`."""

    def state(self) -> NodeState:
        """What the node says of its chain."""

    def hash_at(self, height: int) -> bytes | None:
        """The hash (internal byte order) at a height of its best chain; None if it ends."""

    def height_of(self, block_hash: bytes) -> int | None:
        """The height of a block in the node's best chain; None if it is not in it."""

    def block(self, block_hash: bytes) -> bytes | None:
        """A block's bytes; None if the node does not have it."""


# --- what both ways say ---------------------------------------------------------------------------


def _wrong(window: Window, what: str) -> NodeAnswerWrong:
    return NodeAnswerWrong(address=str(window.address), why=Phrase(f"why.node-{what}"))


def _no_way(window: Window, way: str) -> NodeRefuses:
    return NodeRefuses(address=str(window.address), why=Phrase("why.node-no-way", {"way": way}))


def _json_of(answer: Answer) -> Any:
    """What an answer says, None for one that is no JSON."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def _parsed(window: Window, answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise _wrong(window, "not-json") from error


def _state(window: Window, told: Any) -> NodeState:
    """Read `getblockchaininfo`, trusting no field's form. Raises NodeAnswerWrong."""
    if not isinstance(told, dict):
        raise _wrong(window, "not-json")
    name, height, best = told.get("chain"), told.get("blocks"), told.get("bestblockhash")
    if not isinstance(name, str) or not _is_height(height):
        raise _wrong(window, "state")
    size, pruned = told.get("size_on_disk", 0), told.get("pruneheight", 0)
    return NodeState(
        network=NETWORK_NAMES.get(name, name[:20]),
        height=int(height),
        best_hash=_hash(window, best),
        size_bytes=size if type(size) is int and 0 <= size < 1 << 53 else 0,
        pruned_below=int(pruned) if told.get("pruned") and _is_height(pruned) else 0,
    )


def _height_in(window: Window, told: Any, block_hash: bytes) -> int:
    """Read a header as nodes tell it. Raises NodeAnswerWrong if it is that of another block."""
    is_right = isinstance(told, dict) and told.get("hash") == block_hash[::-1].hex()
    if not is_right or not _is_height(told.get("height")):
        raise _wrong(window, "header")
    return int(told["height"])


def _is_height(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= _MAX_HEIGHT


def _hash(window: Window, text: Any) -> bytes:
    """Read a hash as nodes write it, into internal order. Raises NodeAnswerWrong."""
    try:
        raw = bytes.fromhex(text) if isinstance(text, str) and len(text) == _HASH_DIGITS else b""
    except ValueError:
        raw = b""
    if len(raw) * 2 != _HASH_DIGITS:
        raise _wrong(window, "hash")
    return raw[::-1]


# --- REST -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RestNode:
    """A node asked over REST."""

    window: Window
    way: str = "REST"

    def state(self) -> NodeState:
        """What the node says of its chain. Raises NodeRefuses where REST is off."""
        answer = self.window.get("/rest/chaininfo.json", most_bytes=_SMALL_BYTES)
        if answer.status != 200:
            raise _no_way(self.window, self.way)
        return _state(self.window, _parsed(self.window, answer))

    def hash_at(self, height: int) -> bytes | None:
        """The hash at a height; None if the node's chain ends below."""
        path = f"/rest/blockhashbyheight/{height}.json"
        answer = self.window.get(path, most_bytes=_SMALL_BYTES)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise _wrong(self.window, "hash")
        told = _parsed(self.window, answer)
        return _hash(self.window, told.get("blockhash") if isinstance(told, dict) else None)

    def height_of(self, block_hash: bytes) -> int | None:
        """The height of a block in the node's best chain; None if it is not in it."""
        path = f"/rest/headers/1/{block_hash[::-1].hex()}.json"
        answer = self.window.get(path, most_bytes=_SMALL_BYTES)
        if answer.status == 404:
            return None
        told = _parsed(self.window, answer) if answer.status == 200 else None
        if not isinstance(told, list):
            raise _wrong(self.window, "header")
        return _height_in(self.window, told[0], block_hash) if told else None

    def block(self, block_hash: bytes) -> bytes | None:
        """A block's bytes; None if the node does not have it."""
        path = f"/rest/block/{block_hash[::-1].hex()}.bin"
        answer = self.window.get(path, most_bytes=MAX_SINGLE_BYTES)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise _wrong(self.window, "block")
        return answer.body


# --- JSON-RPC -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RpcNode:
    """A node asked over JSON-RPC."""

    window: Window
    cookie: str
    """`user:password`."""
    way: str = "RPC"

    def state(self) -> NodeState:
        """What the node says of its chain."""
        return _state(self.window, self._call("getblockchaininfo", [], _SMALL_BYTES))

    def hash_at(self, height: int) -> bytes | None:
        """The hash at a height; None if the node's chain ends below."""
        told = self._call("getblockhash", [height], _SMALL_BYTES)
        return None if told is None else _hash(self.window, told)

    def height_of(self, block_hash: bytes) -> int | None:
        """The height of a block in the node's best chain; None if it is not in it."""
        told = self._call("getblockheader", [block_hash[::-1].hex(), True], _SMALL_BYTES)
        if told is None:
            return None
        if isinstance(told, dict) and told.get("confirmations") == -1:
            return None
        return _height_in(self.window, told, block_hash)

    def block(self, block_hash: bytes) -> bytes | None:
        """A block's bytes; None if the node does not have it."""
        most = 2 * MAX_SINGLE_BYTES + _SMALL_BYTES
        told = self._call("getblock", [block_hash[::-1].hex(), 0], most)
        if told is None:
            return None
        try:
            return bytes.fromhex(told)
        except (TypeError, ValueError) as error:
            raise _wrong(self.window, "block") from error

    def _call(self, method: str, params: list[Any], most_bytes: int) -> Any:
        """Call a method; None where the node says that there is no such block or height."""
        asked = {"jsonrpc": "1.0", "id": "kancil", "method": method, "params": params}
        secret = base64.b64encode(self.cookie.encode("utf-8")).decode("ascii")
        headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        answer = self.window.post("/", json.dumps(asked).encode("ascii"), headers, most_bytes)
        told = _json_of(answer)
        if told is None and answer.status == 404:
            raise _no_way(self.window, self.way)
        if not isinstance(told, dict):
            raise _wrong(self.window, "not-json")
        error = told.get("error")
        if not error:
            return told.get("result")
        code = error.get("code") if isinstance(error, dict) else None
        if code in (_NOT_FOUND, _NO_SUCH_HEIGHT):
            return None
        message = str(error.get("message") if isinstance(error, dict) else error)[:_SHOWN]
        why = Phrase("why.node-says", {"message": message})
        raise NodeRefuses(address=str(self.window.address), why=why)


def read_cookie(path: Path) -> str:
    """Read a cookie file: one line `user:password`. Raises OptionNotUsable, FileNotReadable."""
    try:
        with path.open("rb") as file:
            text = file.read(_COOKIE_BYTES + 1).decode("utf-8").strip("\r\n")
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error
    except UnicodeDecodeError as error:
        raise _cookie_wrong(path) from error
    if ":" not in text or "\n" in text or len(text) > _COOKIE_BYTES:
        raise _cookie_wrong(path)
    return text


def _cookie_wrong(path: Path) -> OptionNotUsable:
    return OptionNotUsable(option="--cookie", value=str(path), why=Phrase("why.node-cookie"))
