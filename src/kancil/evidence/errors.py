"""Errors of exhibits, the vault, backups, tables and prices."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotReadable, Refused, Unreachable


class VaultBytesMissing(IntegrityBroken):
    """A content that is named is not in the vault. Params: `sha256`."""

    code = "vault-bytes-missing"


class VaultBytesBroken(IntegrityBroken):
    """The bytes in the vault are not those that were taken in. Params: `sha256`."""

    code = "vault-bytes-broken"


class VaultBusy(Unreachable):
    """An intake runs, so bytes cannot be removed now. Params: `path`."""

    code = "vault-busy"


class InPlaceChanged(IntegrityBroken):
    """A file that stayed in place is not what was recorded. Params: `path`."""

    code = "in-place-changed"


class NothingTaken(NotReadable):
    """An intake found not one file that it could take. Params: `source`, `skipped`."""

    code = "nothing-taken"


class BackupNotReadable(NotReadable):
    """A backup file is cut, altered or no backup at all. Params: `path`, `why`."""

    code = "backup-not-readable"


class BackupBroken(IntegrityBroken):
    """A member of a backup is not what its list says. Params: `path`, `member`."""

    code = "backup-broken"


class BackupSignerUnknown(IntegrityBroken):
    """A backup was signed with another key than one of its ledger, or than the one expected.

    Params: `path`, `fingerprint` (of the key that signed it, `-` for none).
    """

    code = "backup-signer-unknown"


class BackupOfOtherSite(Refused):
    """A classroom's backup is restored as such alone, and no other backup is.

    Params: `path`, `site` (`name.site-<value>`).
    """

    code = "backup-of-other-site"


class NotAdmitted(Refused):
    """A file is none of those that a classroom may take in. Params: `name`."""

    code = "not-admitted"


class TableNotReadable(NotReadable):
    """A file is no table, or breaks off being one. Params: `path`, `line`, `why`."""

    code = "table-not-readable"


class TableTooLarge(Refused):
    """A table is larger than Kancil reads. Params: `path`, `megabytes`, `rows` (the limits)."""

    code = "table-too-large"


class TableIsNoText(NotReadable):
    """A file is a workbook, an archive or a PDF, where a table in text is needed.

    Params: `path`, `what`.
    """

    code = "table-is-no-text"


class MappingNotReadable(NotReadable):
    """A mapping is not what it should be. Params: `part` (as its JSON names it), `why`."""

    code = "mapping-not-readable"


class MappingIncomplete(Refused):
    """Parts of a mapping are not decided yet. Params: `missing` (as its JSON names them)."""

    code = "mapping-incomplete"


class MappingColumnMissing(Refused):
    """A mapping names columns that the table has not. Params: `column`, `known`."""

    code = "mapping-column-missing"


class NothingStated(NotReadable):
    """No row of a table could be read. Params: `path`, `skipped`, `reason` (of the first)."""

    code = "nothing-stated"


class StatedTransfersBroken(IntegrityBroken):
    """Stored transfers are not those that the ledger records. Params: `path`."""

    code = "stated-transfers-broken"


class PricesBroken(IntegrityBroken):
    """A stored price table is not what was written. Params: `path`."""

    code = "prices-broken"


class ExhibitFileNotNamed(Refused):
    """An exhibit has several files, or none of that name. Params: `exhibit`, `count`, `known`."""

    code = "exhibit-file-not-named"


class FolderNotOffered(NotFound):
    """The server offers no folder of this name for intake. Params: `name`."""

    code = "folder-not-offered"


class UploadNotReadable(NotReadable):
    """What a browser sent for an upload cannot be used. Params: `why`."""

    code = "upload-not-readable"


class FileNotOfForm(NotReadable):
    """A file cannot be shown in the way that is asked for. Params: `way`, `why`."""

    code = "file-not-of-form"


class ImageNotReadable(NotReadable):
    """The files of an exhibit are no disk image that can be opened. Params: `path`, `why`."""

    code = "image-not-readable"


class SearchNotUnderstood(NotReadable):
    """What is looked for in a disk's text says nothing that can be looked for. Params: `why`."""

    code = "search-not-understood"


class ExaminationRuns(Unreachable):
    """Another command or job is reading the same image. Params: `path`."""

    code = "examination-runs"


class StoredDigestDiffers(IntegrityBroken):
    """An image's bytes are not those whose digest its acquisition stored in it.

    Params: `path`, `digest` (`md5`, `sha1`), `stored`, `found`.
    """

    code = "stored-digest-differs"
