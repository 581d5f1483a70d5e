"""Errors of commands."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotPermitted, Refused, Unreachable


class TransfersNotRead(NotFound):
    """No table of this exhibit has been read for transfers. Params: `exhibit`."""

    code = "transfers-not-read"


class OfficerNotNamed(NotPermitted):
    """Nobody said who acts, and there is not exactly one officer. Params: `known`."""

    code = "officer-not-named"


class PortTaken(Unreachable):
    """The port is used by another program, or is not for this user. Params: `port`."""

    code = "port-taken"


class UnitSiteNeeded(Refused):
    """A command for cases was called in a programme's workspace. Params: `path`."""

    code = "unit-site-needed"


class ProgrammeSiteNeeded(Refused):
    """A command for assessments was called in a unit's workspace. Params: `path`."""

    code = "programme-site-needed"


class AccountNotNamed(NotPermitted):
    """Nobody said who acts, and there is not exactly one account. Params: `known`."""

    code = "account-not-named"


class RowsDiffer(IntegrityBroken):
    """Rows of the desk do not say what the ledger says. Params: `count`."""

    code = "rows-differ"


class LabKeyPlain(Refused):
    """A key would have been written unsealed, which nobody asked for."""

    code = "lab-key-plain"


class ClassroomNeeded(Refused):
    """The command belongs to a classroom, and the workspace is none. Params: `path`."""

    code = "classroom-needed"
