"""What an output script asks for, told from its form alone.

The forms are those of Bitcoin Core's `Solver` (src/script/solver.cpp); scripts are not run and
signatures are not checked. The kernels write these numbers into `Columns.output_script`, so a
number never changes its meaning.
"""

from __future__ import annotations

from enum import IntEnum


class ScriptKind(IntEnum):
    """The form of an output script; beside each, what its payload in the pool holds."""

    NONSTANDARD = 0
    """Any other script; payload empty. The bytes stand in the block."""
    P2PK = 1
    """Pay to a public key: the 33 or 65 key bytes. It has no address."""
    P2PKH = 2
    """Pay to the hash of a public key: 20 bytes."""
    P2SH = 3
    """Pay to the hash of a script (BIP 16): 20 bytes."""
    P2WPKH = 4
    """Witness version 0, hash of a public key (BIP 141): 20 bytes."""
    P2WSH = 5
    """Witness version 0, hash of a script (BIP 141): 32 bytes."""
    P2TR = 6
    """Witness version 1, taproot (BIP 341): the 32-byte output key."""
    P2A = 7
    """Pay to anchor: the 2 bytes 4e73."""
    WITNESS_FUTURE = 8
    """A witness program with no meaning yet: version number (1 to 16) as a byte, then program."""
    MULTISIG = 9
    """Bare m of n: m, n, then each key after a byte that holds its length. It has no address."""
    OP_RETURN = 10
    """Starts with OP_RETURN, never spendable: all bytes after the first. It has no address."""
