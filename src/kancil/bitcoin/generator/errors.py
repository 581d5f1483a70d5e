"""Errors of generated chains."""

from __future__ import annotations

from kancil.ground.errors import Refused


class GeneratedFolderNotEmpty(Refused):
    """A chain is to be generated where something is already. Params: `path`."""

    code = "generated-folder-not-empty"


class GeneratedRateWrong(Refused):
    """A rate of planted instances, or all together, is out of range. Params: `name`, `most`."""

    code = "generated-rate-wrong"


class GeneratedTooSmall(Refused):
    """A chain is too short for what is to be planted. Params: `transactions`, `needed`."""

    code = "generated-too-small"


class GeneratedOutOfRange(Refused):
    """A seed, size or start of a chain is out of range. Params: `option`, `least`, `most`."""

    code = "generated-out-of-range"
