"""Errors of asking nodes and servers."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, Refused, Unreachable


class NodeNotAllowed(Refused):
    """A node elsewhere than on this machine was named and not allowed. Params: `host`."""

    code = "node-not-allowed"


class NodeUnreachable(Unreachable):
    """A node gives no whole answer, though asked again. Params: `address`, `tries`, `why`."""

    code = "node-unreachable"


class NodeRefuses(Refused):
    """A node does not give what was asked for. Params: `address`, `why`."""

    code = "node-refuses"


class NodeAnswerWrong(IntegrityBroken):
    """A node's answer is not what was asked for. Params: `address`, `why`."""

    code = "node-answer-wrong"


class NodeOtherNetwork(Refused):
    """A node is of another network. Params: `address`, `network`, `belongs`."""

    code = "node-other-network"


class NodeChainDiffers(Refused):
    """No block held is in the node's best chain. Params: `address`."""

    code = "node-chain-differs"
