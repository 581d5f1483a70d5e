"""Errors of requests and of what they stand on."""

from __future__ import annotations

from kancil.ground.errors import NotReadable


class DraftNotReadable(NotReadable):
    """A stored draft is not of its form, or was changed."""

    code = "draft-not-readable"
