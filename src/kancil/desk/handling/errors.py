"""Errors of limits of use."""

from __future__ import annotations

from kancil.ground.errors import NotPermitted, Refused


class LimitForbidsUse(NotPermitted):
    """An exhibit may not be used for this. Params: `limits`, `todo`."""

    code = "limit-forbids-use"


class LimitNotUsable(Refused):
    """A limit, or what lifts it, is not stated as it must be. Params: `why`."""

    code = "limit-not-usable"
