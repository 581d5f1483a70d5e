"""Errors of the law that a request stands on."""

from __future__ import annotations

from kancil.ground.errors import NotFound, NotReadable


class LawFileNotReadable(NotReadable):
    """A file of law has a fault. Params: `path`, `line`, `why`."""

    code = "law-file-not-readable"


class ElementNotFound(NotFound):
    """A pair of elements names one that the offence has not. Params: `element`, `offence`."""

    code = "element-not-found"
