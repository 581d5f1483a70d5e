"""People's rows held against the ledger: accounts, tokens, second factors, memberships, looks.

What no entry states (passwords, what a factor holds, the log of sign-ins) is not compared here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from allauth.mfa.models import Authenticator

from kancil.custody.accounts import StatedAccount, StatedToken
from kancil.desk.custody.store import DeskLedger
from kancil.desk.people.models import CaseOpening, Membership, Person, Token
from kancil.ground import clock

from .row_fault import RowFault
from .rows import Ledgered

_ROWS = 500
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these, and are none."""


def accounts_without_factors(ledger: DeskLedger) -> list[str]:
    """User names of accounts that are older than the recording of second factors."""
    accounts = ledger.folded_anew(Ledgered).accounts.found
    return sorted(name for name, each in accounts.items() if each.factors is None)


def mend_people(state: Ledgered) -> int:
    """Make accounts, memberships and looks what the ledger says; gives how many rows were not.

    An account of which no entry speaks is ended, and so are tokens that differ. Second factors are
    left: whoever removes one opens an account, so an administrator decides, and an entry says it.
    """
    return _mend_accounts(state) + _end_tokens(state) + _mend_members(state) + _drop_openings(state)


def _account_values(state: Ledgered, account: StatedAccount) -> dict[str, str | bool | None]:
    return {
        "name": account.name,
        "role": account.role,
        "officer": account.officer,
        "is_active": account.is_active,
        "needs_second_factor": account.role in state.roll.factor_roles,
    }


def _account_faults(state: Ledgered) -> Iterator[RowFault]:
    """An account that nobody added can do nothing once it has ended, and is then no fault."""
    table, seen = Person._meta.db_table, set()
    for person in Person.objects.order_by("pk").iterator(chunk_size=_ROWS):
        stated = state.accounts.found.get(person.username)
        seen.add(person.username)
        if stated is None:
            if person.is_active:
                yield RowFault(table, person.username, "", "stranger")
            continue
        for column, value in _account_values(state, stated).items():
            if getattr(person, column) != value:
                yield RowFault(table, person.username, column, "changed")
    for username in sorted(state.accounts.found.keys() - seen):
        yield RowFault(table, username, "", "missing")


def _mend_accounts(state: Ledgered) -> int:
    wrong = {fault.row for fault in _account_faults(state) if fault.code in ("changed", "stranger")}
    for username in wrong:
        stated = state.accounts.found.get(username)
        values = {"is_active": False} if stated is None else _account_values(state, stated)
        Person.objects.filter(username=username).update(**values)
    return len(wrong)


def _token_faults(state: Ledgered) -> Iterator[RowFault]:
    """A token that is good and that no entry made, or that may do more than its entry says.

    One that is missing lets nobody in: backups leave tokens out.
    """
    table = Token._meta.db_table
    for token, column in _odd_tokens(state):
        code = "changed" if column else "stranger"
        yield RowFault(table, f"{token.person.username} {token.id}", column, code)


def _odd_tokens(state: Ledgered) -> Iterator[tuple[Token, str]]:
    left: dict[str, list[StatedToken]] = {
        name: list(each.tokens) for name, each in state.accounts.found.items()
    }
    good = Token.objects.filter(ended_at=None).select_related("person").order_by("made_at", "id")
    for token in good.iterator(chunk_size=_ROWS):
        stated = left.get(token.person.username, [])
        found = next((each for each in stated if _is_of(each, token)), None)
        if found is None:
            yield token, ""
            continue
        stated.remove(found)
        if found.may_write not in (None, token.may_write):
            yield token, "may_write"
        elif found.expires_at not in (None, clock.to_text(token.expires_at)):
            yield token, "expires_at"


def _is_of(stated: StatedToken, token: Token) -> bool:
    return stated.name == token.name and stated.id in (None, token.id)


def _end_tokens(state: Ledgered) -> int:
    odd = [token.pk for token, _ in _odd_tokens(state)]
    return Token.objects.filter(pk__in=odd).update(ended_at=clock.now())


def _factor_faults(state: Ledgered) -> Iterator[RowFault]:
    """A factor that nobody set up lets a stranger in; one that is gone lets a password suffice."""
    table = Authenticator._meta.db_table
    held: dict[str, dict[str, str]] = defaultdict(dict)
    rows = Authenticator.objects.filter(type__in=_FACTORS)
    for number, kind, username in rows.values_list("pk", "type", "user__username"):
        held[username][str(number)] = kind
    for username, account in sorted(state.accounts.found.items()):
        stated, here = account.factors, held[username]
        if stated is None:
            continue
        for number in sorted(stated.keys() | here.keys()):
            if number not in here:
                yield RowFault(table, f"{username} {number}", "", "missing")
            elif number not in stated:
                yield RowFault(table, f"{username} {number}", "", "stranger")
            elif stated[number] != here[number]:
                yield RowFault(table, f"{username} {number}", "type", "changed")


def drop_strange_factors(ledger: DeskLedger) -> int:
    """Remove second factors that no entry states; gives how many rows went.

    Only where every password was made void first: an account without a factor then opens to nobody.
    """
    faults = list(_factor_faults(ledger.folded_anew(Ledgered)))
    strange = {fault.row.rpartition(" ")[2] for fault in faults if fault.code != "missing"}
    Authenticator.objects.filter(pk__in=strange).delete()
    return len(strange)


def _held() -> Iterator[tuple[int, str, str]]:
    """All memberships: row, case id, account."""
    rows = Membership.objects.values_list("pk", "case_id", "person__username")
    return iter(rows.iterator(chunk_size=_ROWS))


def people_faults(state: Ledgered) -> Iterable[RowFault]:
    """Compare accounts, tokens, second factors, who may see which case, and who looked."""
    yield from _account_faults(state)
    yield from _token_faults(state)
    yield from _factor_faults(state)
    table = Membership._meta.db_table
    held = {(case, account) for _, case, account in _held()}
    for case, account in sorted(held ^ state.members):
        code = "stranger" if (case, account) in held else "missing"
        yield RowFault(table, f"{case} {account}", "", code)
    table = CaseOpening._meta.db_table
    for _, *opening in _openings_unknown(state):
        yield RowFault(table, " ".join(str(each) for each in opening), "", "stranger")


def _openings_unknown(state: Ledgered) -> Iterator[tuple[int, int, str, str]]:
    """The key, entry, case and account of each opening of a case that no entry states."""
    openings = CaseOpening.objects.values_list("pk", "n", "case_id", "person__username")
    for row in openings.iterator(chunk_size=_ROWS):
        if row[1:] not in state.openings:
            yield row


def _drop_openings(state: Ledgered) -> int:
    unknown = [row for row, *_ in _openings_unknown(state)]
    CaseOpening.objects.filter(pk__in=unknown).delete()
    return len(unknown)


def _mend_members(state: Ledgered) -> int:
    """End memberships that no entry gave, and give back those that an entry gave.

    A membership of an account that is not here cannot come back; the check goes on telling it.
    """
    held = {(case, account): row for row, case, account in _held()}
    strangers = [row for key, row in held.items() if key not in state.members]
    Membership.objects.filter(pk__in=strangers).delete()
    missing = [key for key in state.members if key not in held]
    known = dict(Person.objects.values_list("username", "pk"))
    Membership.objects.bulk_create(
        Membership(person_id=known[account], case_id=case)
        for case, account in missing
        if account in known
    )
    return len(strangers) + sum(account in known for _, account in missing)
