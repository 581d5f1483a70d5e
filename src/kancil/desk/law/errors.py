"""Errors of the unit's own law."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotReadable


class LawFileTooLarge(NotReadable):
    """A file of law has too many bytes. Params: `path`, `megabytes`."""

    code = "law-file-too-large"


class LawFileChanged(IntegrityBroken):
    """A kept file of law is gone, or is not what was imported. Params: `name`, `entry`."""

    code = "law-file-changed"


class OffenceNotFound(NotFound):
    """No text of law has this id. Params: `offence`."""

    code = "offence-not-found"
