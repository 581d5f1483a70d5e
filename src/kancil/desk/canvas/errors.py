"""Errors of saved views."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound


class SavedViewNotFound(NotFound):
    """No saved view of this case has this number. Params: `view`."""

    code = "saved-view-not-found"


class SavedViewChanged(IntegrityBroken):
    """A saved view's file is gone, or is not what was saved. Params: `view`."""

    code = "saved-view-changed"
