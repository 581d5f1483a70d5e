"""Errors of the directory of offices."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotReadable, Refused


class OfficeNotFound(NotFound):
    """The directory has no entry of this id. Params: `office`."""

    code = "office-not-found"


class OfficeNotReadable(NotReadable):
    """A field of an entry is missing, unknown or wrong. Params: `place`, `field`, `why`."""

    code = "office-not-readable"


class OfficeTwice(NotReadable):
    """A file names two entries by one id. Params: `path`, `office`."""

    code = "office-twice"


class PublicAddressWanted(Refused):
    """An e-mail address at a free-mail domain. Params: `office`, `domain`, `count`."""

    code = "public-address-wanted"


class OfficesFileNotReadable(NotReadable):
    """A list of offices in YAML or JSON is none. Params: `path`, `line`, `why`."""

    code = "offices-file-not-readable"


class DirectoryFileTooLarge(NotReadable):
    """A file is larger than a directory may be. Params: `path`, `megabytes`."""

    code = "directory-file-too-large"


class DirectoryFileNotReadable(NotReadable):
    """A file is no directory file, or a part of it is wrong. Params: `path`, `why`."""

    code = "directory-file-not-readable"


class DirectoryFileBroken(IntegrityBroken):
    """The signature of a directory file does not fit. Params: `path`."""

    code = "directory-file-broken"
