"""Errors of stores: whole chains larger than memory."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, Refused


class ChainHasGap(Refused):
    """Blocks of a chain that is to be whole are missing.

    Params: `height`, `missing`, `child`, `count`.
    """

    code = "chain-has-gap"


class BlockNotSound(IntegrityBroken):
    """No copy of a block of the chain is what its header says.

    Params: `name`, `height`, `path`, `reason`.
    """

    code = "block-not-sound"


class SpendNotResolved(IntegrityBroken):
    """A whole chain lacks an output that it spends. Params: `outpoint`, `txid`, `height`."""

    code = "spend-not-resolved"


class AmountsNotPossible(IntegrityBroken):
    """A transaction of a chain pays out what it cannot have. Params: `txid`, `height`, `reason`."""

    code = "amounts-not-possible"


class SpentTwice(IntegrityBroken):
    """Two inputs of one chain spend the same output. Params: `outpoint`."""

    code = "spent-twice"


class StoreFull(Refused):
    """A store holds as many scripts as its format allows. Params: `path`."""

    code = "store-full"


class StoreNoRoom(Refused):
    """The disk has not enough room for what is to be made.

    Params: `path`, `blocks`, `needed`, `free`.
    """

    code = "store-no-room"


class ChainBeingRead(Refused):
    """Blocks cannot be taken back while somebody reads the chain. Params: `path`."""

    code = "chain-being-read"


class ChainBeingChanged(Refused):
    """Nobody can read the chain while blocks are taken back or made anew. Params: `path`."""

    code = "chain-being-changed"


class ChainNotStore(Refused):
    """The chain is no store. Params: `path`."""

    code = "chain-not-store"


class NoChainFound(NotFound):
    """No run of blocks begins where the store begins. Params: `path`, `height`."""

    code = "no-chain-found"
