"""Errors of asking a chain."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotReadable, Refused


class ChainOtherNetwork(Refused):
    """The chain was begun on another network. Params: `path`, `network` (asked), `belongs`."""

    code = "chain-other-network"


class NetworkNotNamed(Refused):
    """Nothing that was read tells the network, and nobody stated it. Params: `known`."""

    code = "network-not-named"


class NothingToIngest(NotReadable):
    """No block, transaction, proof or header was found. Params: `files`, `reason`, `place`."""

    code = "nothing-to-ingest"


class SourceChanged(IntegrityBroken):
    """A source no longer holds the bytes that were read from it. Params: `path`, `what`."""

    code = "source-changed"


class NotInChain(NotFound):
    """A block or transaction is not among those held. Params: `what`, `name`, `path`."""

    code = "not-in-chain"


class NameNotReadable(NotReadable):
    """Text is no height, block hash or transaction id. Params: `text`, `expected`."""

    code = "name-not-readable"


class HeightAmbiguous(Refused):
    """Several held blocks have this height. Params: `height`, `blocks`."""

    code = "height-ambiguous"


class StoreLimitReached(Refused):
    """Adding blocks needed more than was allowed. Params: `limit` (a phrase), `amount`."""

    code = "store-limit-reached"


class ChainIsStore(Refused):
    """A store takes block files alone, in the order of the chain. Params: `path`, `what`."""

    code = "chain-is-store"


class StartHasNoCoins(Refused):
    """What was named as a start holds no coins that could be followed. Params: `start`, `why`."""

    code = "start-has-no-coins"


class StartsTableNotReadable(NotReadable):
    """A table of starts is not what it should be. Params: `path`, `line`, `why`."""

    code = "starts-table-not-readable"
