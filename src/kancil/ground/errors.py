"""What every error is: its family, its code, its sentences; and the errors that every room raises.

Each class has a `code` and two sentences in the word lists (`error.<code>.sentence` for the
officer, `error.<code>.next` for what to do next), rendered by the doors with the error's named
parameters. A command ends with the status of the error's family; the code tells the rest. A room's
own errors stand in its `errors.py`. This file imports the phrase and nothing else of ours.

The tree::

    KancilError
    ├── Refused          10  the request is understood and will not be carried out
    ├── NotPermitted     11  this officer, this key or this legal basis does not allow it
    ├── IntegrityBroken  12  bytes are not what was recorded; the work stops
    ├── NotReadable      13  the input is not what it should be
    ├── NotFound         14  what was named is not here
    ├── Unreachable      15  a file system, disk or device does not answer
    └── Missing          16  a part of Kancil or of the system is not installed
"""

from __future__ import annotations

from typing import ClassVar

from .phrase import Param


class KancilError(Exception):
    """Base of all; never raised itself.

    `params`: the named parameters of its sentences: strings and integers as they are, and phrases
    where a part of the sentence has words of its own.
    """

    code: ClassVar[str] = "kancil"
    exit_status: ClassVar[int] = 1

    def __init__(self, **params: Param) -> None:
        """Keep the named parameters that the officer's sentence needs."""
        self.params: dict[str, Param] = params
        super().__init__(f"{self.code} {params}" if params else self.code)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by parameters, so that an error crosses from a child process whole."""
        return (_rebuild, (type(self), self.params))


def _rebuild(kind: type[KancilError], params: dict[str, Param]) -> KancilError:
    return kind(**params)


class Refused(KancilError):
    """The request is understood and will not be carried out."""

    code = "refused"
    exit_status = 10


class NotPermitted(KancilError):
    """This officer, key or legal basis does not allow it."""

    code = "not-permitted"
    exit_status = 11


class IntegrityBroken(KancilError):
    """Bytes are not what was recorded. The work stops; never a warning."""

    code = "integrity-broken"
    exit_status = 12


class NotReadable(KancilError):
    """The input is not what it should be."""

    code = "not-readable"
    exit_status = 13


class NotFound(KancilError):
    """What was named is not here."""

    code = "not-found"
    exit_status = 14


class Unreachable(KancilError):
    """A disk, folder or device does not answer."""

    code = "unreachable"
    exit_status = 15


class Missing(KancilError):
    """A part of Kancil or of the system is not installed."""

    code = "missing"
    exit_status = 16


class WorkspaceNotFound(NotFound):
    """No `kancil.toml` here, above, in KANCIL_HOME or under --workspace. Params: `path`."""

    code = "workspace-not-found"


class WorkspaceExists(Refused):
    """`init` met a workspace, or a folder that is not empty. Params: `path`."""

    code = "workspace-exists"


class FormatTooNew(Refused):
    """A file was written by a newer Kancil. Params: `what`, `found`, `known`."""

    code = "format-too-new"


class FormatTooOld(Refused):
    """A file needs `kancil upgrade` first. Params: `what`, `found`, `known`."""

    code = "format-too-old"


class SettingNotReadable(NotReadable):
    """A setting of `kancil.toml` is wrong. Params: `path`, `setting`, `value`."""

    code = "setting-not-readable"


class DiskFull(Unreachable):
    """No space left while writing. Params: `path`."""

    code = "disk-full"


class FileNotReadable(NotReadable):
    """A named file cannot be opened or read. Params: `path`."""

    code = "file-not-readable"


class FileExists(Refused):
    """A file to be written is already there and is not overwritten. Params: `path`."""

    code = "file-exists"


class SignatureWrong(IntegrityBroken):
    """A signed file's signature does not fit its bytes. Params: `path`."""

    code = "signature-wrong"


class NotCanonical(NotReadable):
    """JSON is not in the strict form that can be hashed or signed. Params: `why`."""

    code = "not-canonical"


class MemberNotFound(NotFound):
    """No method of that name is here. Params: `what`, `name`, `known`."""

    code = "member-not-found"


class WorkspaceExposed(Refused):
    """Others may read a workspace, and this account cannot change it. Params: `path`."""

    code = "workspace-exposed"


class TimeNotReadable(NotReadable):
    """A date or time was not understood, or has no zone. Params: `text`."""

    code = "time-not-readable"


class UploadNoRoom(Refused):
    """Taking the files in would leave the disk too little. Params: `size`, `free`, `reserve`."""

    code = "upload-no-room"


class ParserStopped(NotReadable):
    """The process that reads a file of others ended by itself or was killed. Params: `how`."""

    code = "parser-stopped"


class ParserLimitReached(Refused):
    """Reading a file of others took more than was allowed. Params: `limit` (a word), `amount`."""

    code = "parser-limit-reached"


class OptionNotUsable(NotReadable):
    """An option of a command does not fit. Params: `option`, `value`, `why`."""

    code = "option-not-usable"


class MadeInClassroom(Refused):
    """A file that a classroom signed was brought to another site. Params: `name`."""

    code = "made-in-classroom"


class NotInClassroom(Refused):
    """A file of a unit's real work was brought into a classroom. Params: `name`."""

    code = "not-in-classroom"


class LedgerFormatUnreleased(Refused):
    """A workspace or backup from before the first release. Params: `what`, `found`."""

    code = "ledger-format-unreleased"
