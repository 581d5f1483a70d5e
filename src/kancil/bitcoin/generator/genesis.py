"""The first block of regtest, byte for byte, so that a generated chain begins where Core's does.

Its coinbase is mainnet's (Bitcoin Core, kernel/chainparams.cpp, CreateGenesisBlock); its reward can
never be spent.
"""

from __future__ import annotations

from kancil.bitcoin.network import GENESIS_MERKLE_ROOT, GENESIS_VERSION, Network

_HEADLINE = b"The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
_KEY = bytes.fromhex(
    "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112"
    "de5c384df7ba0b8d578a4c702b6bf11d5f"
)
_SCRIPT = bytes.fromhex("04ffff001d0104") + bytes([len(_HEADLINE)]) + _HEADLINE
COINBASE = (
    (1).to_bytes(4, "little")
    + b"\x01" + bytes(32) + b"\xff" * 4 + bytes([len(_SCRIPT)]) + _SCRIPT + b"\xff" * 4
    + b"\x01" + (50 * 100_000_000).to_bytes(8, "little") + b"\x43\x41" + _KEY + b"\xac"
    + bytes(4)
)  # fmt: skip


def genesis_block(network: Network) -> bytes:
    """A network's first block; true of all but testnet4, whose coinbase is another."""
    header = (
        GENESIS_VERSION.to_bytes(4, "little") + bytes(32) + GENESIS_MERKLE_ROOT
        + network.genesis_time.to_bytes(4, "little") + network.genesis_bits.to_bytes(4, "little")
        + network.genesis_nonce.to_bytes(4, "little")
    )  # fmt: skip
    return header + b"\x01" + COINBASE
