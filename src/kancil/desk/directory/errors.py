"""Errors of the unit's directory."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotPermitted, Refused


class DirectoryKeyUnknown(NotPermitted):
    """A file is signed by a key that no officer compared. Params: `fingerprint`, `unit`."""

    code = "directory-key-unknown"


class DirectoryKeyChanged(NotPermitted):
    """A unit known under one key signed with another. Params: `fingerprint`, `unit`, `known`."""

    code = "directory-key-changed"


class DirectoryKeyOther(NotPermitted):
    """The fingerprint that was typed is not the file's. Params: `fingerprint`, `typed`."""

    code = "directory-key-other"


class DirectoryUnitOther(NotPermitted):
    """A known key signed for another unit than before. Params: `fingerprint`, `unit`, `known`."""

    code = "directory-unit-other"


class DirectoryIsOwn(Refused):
    """The file is this unit's own."""

    code = "directory-is-own"


class DirectoryOlder(Refused):
    """A newer or another file of this version is held. Params: `unit`, `version`, `held`."""

    code = "directory-older"


class DirectoryFileChanged(IntegrityBroken):
    """A file that was taken in is gone or changed. Params: `unit`, `sha256`."""

    code = "directory-file-changed"


class OfficeThereAlready(Refused):
    """An entry of this id is there; it is corrected, not added. Params: `office`, `name`."""

    code = "office-there-already"


class OfficeChangesKind(Refused):
    """A correction has another id or kind than its entry. Params: `office`."""

    code = "office-changes-kind"


class OfficeWithoutWay(Refused):
    """An entry that names no channel, or no address, cannot be found right. Params: `name`."""

    code = "office-without-way"


class VerificationNotYet(Refused):
    """The day of a verification has not come. Params: `day`."""

    code = "verification-not-yet"


class NothingVerified(Refused):
    """The unit verified no entry, so that there is nothing to export."""

    code = "nothing-verified"


class OfficeChangedMeanwhile(Refused):
    """The entry is another one than the officer saw. Params: `name`."""

    code = "office-changed-meanwhile"
