"""The kinds of request; adding one touches its file and this tuple."""

from __future__ import annotations

from kancil.ground.registry import Registry
from kancil.legal.request import RequestKind

from . import (
    confiscation,
    emergency,
    freeze,
    hold_change,
    mutual_assistance,
    network_24_7,
    preservation,
    spontaneous,
    subscriber,
    traffic,
    voluntary,
)

REQUESTS = (
    freeze,
    preservation,
    traffic,
    subscriber,
    emergency,
    voluntary,
    mutual_assistance,
    spontaneous,
    network_24_7,
    confiscation,
    hold_change,
)


def kinds() -> Registry[RequestKind]:
    """All kinds by name, the most urgent first."""
    return Registry("request-kind", [each.KIND for each in REQUESTS])
