"""Errors of traces."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, Refused


class TraceStartMissing(Refused):
    """A trace was asked for with no start. No params."""

    code = "trace-start-missing"


class TraceShareWrong(Refused):
    """A start's share exceeds its output. Params: `reference`, `share_sat`, `value_sat`."""

    code = "trace-share-wrong"


class PolicyUnknown(NotFound):
    """No such policy. Params: `name`, `known`."""

    code = "policy-unknown"


class TransactionOverspends(IntegrityBroken):
    """A transaction pays out more than it takes in; no valid block holds it. Params: `txid`."""

    code = "transaction-overspends"


class ServicePassWithoutReason(Refused):
    """Passing a labelled service was asked for with an empty reason. No params."""

    code = "service-pass-without-reason"


class TraceLimitWrong(Refused):
    """A limit of a trace makes no sense. Params: `limit`, `value`."""

    code = "trace-limit-wrong"
