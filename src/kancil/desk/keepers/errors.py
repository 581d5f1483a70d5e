"""Errors of keepers."""

from __future__ import annotations

from kancil.ground.errors import NotFound


class TransferNotFound(NotFound):
    """No reported transfer or account of this case is named so. Params: `name`."""

    code = "transfer-not-found"
