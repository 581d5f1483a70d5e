"""Tags: labels of the unit, one address each, stored and recorded in one."""

from __future__ import annotations

from kancil.bitcoin.chain.same_keys import script_of_text
from kancil.bitcoin.labels.store import StoredImport, store_import, withdraw_import
from kancil.bitcoin.labels.tag import FORMAT, Tag, tag_import
from kancil.bitcoin.network import Network
from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.custody.unit import record_label_withdrawal, record_labels
from kancil.desk.custody.store import one_transaction
from kancil.desk.people.models import Person, Role
from kancil.ground.workspace import Workspace

from .errors import TagNotOwn, TagOfAnother, TagWithdrawnAlready
from .own_chains import labels_folder, may_write

_LEADS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.TRAINER})


def tag_address(
    ledger: LedgerStore,
    workspace: Workspace,
    tag: Tag,
    network: Network,
    *,
    by: ActingOfficer,
    chain: str = "",
) -> StoredImport:
    """Make a label of the unit; the very same one of the same day only once.

    `chain`: where it was made; in a classroom a case's own chain keeps its labels to itself.

    Where it cannot be recorded, its file goes again. Raises DiskFull, and what
    `script_of_text` and `tag_import` raise.
    """
    script = script_of_text(tag.address, network)
    stored = store_import(labels_folder(workspace, chain), tag_import(tag, script, network))
    if not stored.is_new:
        return stored
    try:
        record_labels(
            ledger,
            sha256=tag.sha256,
            publisher=tag.publisher,
            law=None,
            labels=1,
            skipped=0,
            fetched_on=tag.made_on,
            by=by,
            tag={
                "address": tag.address,
                "category": tag.category,
                "confidence": tag.confidence,
                "label": tag.label,
                "reason": tag.reason,
            },
        )
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    return stored


def may_withdraw(
    ledger: LedgerStore, workspace: Workspace, stored: StoredImport, person: Person
) -> bool:
    """Whether a person made this tag, or leads; in a classroom, where they may change labels."""
    if not may_write(workspace, stored.chain, person):
        return False
    return person.role in _LEADS or any(
        entry.body["sha256"] == stored.file_sha256 and _is_of(entry, person)
        for entry in ledger.folded(Roll).labels
    )


def _is_of(entry: Entry, person: Person) -> bool:
    behalf = entry.on_behalf
    if behalf is not None:
        return bool(behalf["account"] == person.username)
    return person.officer is not None and entry.actor == person.officer


def withdraw_tag(
    ledger: LedgerStore,
    workspace: Workspace,
    stored: StoredImport,
    reason: str,
    *,
    person: Person,
    by: ActingOfficer,
) -> None:
    """Take a label of the unit back: no new answer looks at it; recorded ones still do.

    Raises TagWithdrawnAlready, TagOfAnother, TagNotOwn for what a publisher's file says.
    """
    if stored.format != FORMAT:
        raise TagNotOwn(name=stored.file_name)
    if not may_withdraw(ledger, workspace, stored, person):
        raise TagOfAnother
    with one_transaction():  # of two who withdraw it at once, the second is told
        if stored.is_withdrawn or not stored.path.is_file():
            raise TagWithdrawnAlready
        path = withdraw_import(stored)
        try:
            record_label_withdrawal(ledger, sha256=stored.file_sha256, reason=reason, by=by)
        except BaseException:
            path.rename(stored.path)
            raise
