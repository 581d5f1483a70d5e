"""Errors of cases on the desk."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, Refused


class ExhibitMoved(Refused):
    """Something was recorded of an exhibit since it was looked at. Params: `exhibit`."""

    code = "exhibit-moved"


class PageNotFound(NotFound):
    """There is no such page or case, or none that this person may know of."""

    code = "page-not-found"


class KeptFileChanged(IntegrityBroken):
    """A bundle or report that the site keeps is not what was made. Params: `name`, `n`."""

    code = "kept-file-changed"
