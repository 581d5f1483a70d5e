"""Errors that several rooms of bitcoin raise."""

from __future__ import annotations

from kancil.ground.errors import NotFound, NotReadable, Refused


class NetworkUnknown(NotFound):
    """No network has this name. Params: `name`, `known`."""

    code = "network-unknown"


class LabelledSetNotReadable(NotReadable):
    """A file holds no set of labelled transactions that is known. Params: `path`, `why`."""

    code = "labelled-set-not-readable"


class SpreadNotExact(Refused):
    """Coins cannot be carried through a whole chain exactly. Params: `txid`, `why`."""

    code = "spread-not-exact"
