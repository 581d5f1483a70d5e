"""Errors of labels."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotReadable, Refused


class LabelFormatUnknown(NotReadable):
    """A file is of no label format that Kancil knows. Params: `path`, `known`."""

    code = "label-format-unknown"


class LabelFileNotReadable(NotReadable):
    """A label file is broken as a whole. Params: `path`, `line` (0: not known)."""

    code = "label-file-not-readable"


class LabelFileTooLarge(Refused):
    """A label file is larger than any real one. Params: `path`, `limit_bytes`."""

    code = "label-file-too-large"


class UnitIsNotItsPublisher(Refused):
    """A label file names the unit as publisher of another's claim. Params: `publisher`."""

    code = "unit-is-not-its-publisher"


class LabelStoreBroken(IntegrityBroken):
    """A stored label import is not what was written. Params: `path`."""

    code = "label-store-broken"


class OtherAddressWrong(NotReadable):
    """An address of a chain other than bitcoin's fails its check. Params: `text`, `why`."""

    code = "other-address-wrong"
