"""Errors of making a chain from its sources."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotReadable, Refused


class ValueOutOfRange(IntegrityBroken):
    """An output holds less than 0 or more than exists. Params: `output` (`txid:n`), `value_sat`."""

    code = "value-out-of-range"


class SpentValueContradicts(IntegrityBroken):
    """Spent-outputs file and output held differ. Params: `output`, `stated_sat`, `held_sat`."""

    code = "spent-value-contradicts"


class ChainNotFound(NotFound):
    """No chain of this name has been ingested. Params: `path`."""

    code = "chain-not-found"


class ChainBroken(IntegrityBroken):
    """A chain's files are not what Kancil wrote. Params: `path`."""

    code = "chain-broken"


class ChainBusy(Refused):
    """Another process is writing to the chain. Params: `path`."""

    code = "chain-busy"


class SourceNotFound(NotFound):
    """No file or folder has the name that was given. Params: `path`."""

    code = "source-not-found"


class SpentNotReadable(NotReadable):
    """A file is no list of spent outputs. Params: `path`, `offset` (byte)."""

    code = "spent-not-readable"


class SpentNotMatched(Refused):
    """No held block fits a file of spent outputs. Params: `path`, `count`, `why`."""

    code = "spent-not-matched"


class SpentAmbiguous(Refused):
    """More than one held block fits a file of spent outputs. Params: `path`, `count`, `blocks`."""

    code = "spent-ambiguous"
