"""Errors of the desk: its database, its accounts, what is asked of it."""

from __future__ import annotations

from kancil.ground.errors import NotFound, NotPermitted, NotReadable, Refused, Unreachable


class KeyTriesSpent(NotPermitted):
    """Too many wrong passphrases were typed. Params: `where`, `minutes`."""

    code = "key-tries-spent"


class DatabaseUrlWrong(NotReadable):
    """DATABASE_URL is not a PostgreSQL address."""

    code = "database-url-wrong"


class DeskBusy(Unreachable):
    """Another process has held the desk's database for too long."""

    code = "desk-busy"


class DeskNotReadable(NotReadable):
    """The desk's database does not answer as it should. Params: `why`."""

    code = "desk-not-readable"


class AccountNameTaken(Refused):
    """Another account has this user name. Params: `name`."""

    code = "account-name-taken"


class PersonNotFound(NotFound):
    """No active account has this user name. Params: `name`."""

    code = "person-not-found"


class RoleHasNoCases(Refused):
    """People of this account's role are members of no case. Params: `name`."""

    code = "role-has-no-cases"


class MemberAlready(Refused):
    """The person belongs to the case already. Params: `name`."""

    code = "member-already"


class AdministratorNeeded(Refused):
    """Without this account nobody could keep accounts any more. Params: `name`."""

    code = "administrator-needed"


class TokensTooMany(Refused):
    """A person has as many good tokens, or made as many in an hour, as they may.

    Params: `most`, `within` (as many in an hour).
    """

    code = "tokens-too-many"


class DeskUnreachable(Unreachable):
    """The desk's database does not answer, or takes nothing. Params: `why`."""

    code = "desk-unreachable"


class TextNotStorable(NotReadable):
    """A text holds the character NUL, which no database column can hold."""

    code = "text-not-storable"


class DeskNotEmpty(Refused):
    """A backup is to be restored into a database that holds something already. Params: `name`."""

    code = "desk-not-empty"
