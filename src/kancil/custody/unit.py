"""Acts of the unit that belong to no case: disk, chains, labels, certificate, stamps, backups."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kancil.ground import clock

from .acting import ActingOfficer, write_act
from .entry import Draft, Entry
from .store import LedgerStore


def state_disk(
    ledger: LedgerStore, *, encrypted: str, seen: str, exception: str | None, by: ActingOfficer
) -> Entry:
    """Record what was seen of the disk's encryption: `yes`, `no` or `not known`.

    `seen`: what was looked at; `exception`: the officer's words when it is not encrypted.
    """
    body = {"encrypted": encrypted, "exception": exception, "seen": seen}
    return _record(ledger, "unit.disk-stated", body, by)


def set_default_policy(
    ledger: LedgerStore, *, policy: str, version: str, reason: str, by: ActingOfficer
) -> Entry:
    """Record the taint policy that the unit's traces use unless an officer states another, and why.

    Traces that were recorded before keep theirs.
    """
    body = {"policy": policy, "reason": reason, "version": version}
    return _record(ledger, "unit.default-policy", body, by)


def record_chain(
    ledger: LedgerStore,
    *,
    chain: str,
    network: str,
    sources: list[str],
    blocks: int,
    transactions: int,
    skipped: int,
    by: ActingOfficer,
    fetched_from: str | None = None,
) -> Entry:
    """Record that block files were read into a chain folder; `sources`: their SHA-256.

    `fetched_from`: the node that they were fetched from, and how, if that is where they came from.
    """
    body: dict[str, Any] = {
        "blocks": blocks,
        "chain": chain,
        "network": network,
        "skipped": skipped,
        "sources": sources,
        "transactions": transactions,
    }
    if fetched_from is not None:
        body["fetched_from"] = fetched_from
    return _record(ledger, "chain.ingested", body, by)


LABEL_KINDS = ("labels.imported", "label.withdrawn")
"""Kinds that name a label file or tag by its `sha256`."""


def record_labels(
    ledger: LedgerStore,
    *,
    sha256: str,
    publisher: str,
    law: str | None,
    labels: int,
    skipped: int,
    fetched_on: date | None,
    by: ActingOfficer,
    tag: dict[str, str] | None = None,
) -> Entry:
    """Record that a label file was imported: its digest, publisher, and whose law it rests on.

    `tag`: what an officer said of one address, where the unit itself is the publisher.
    """
    body: dict[str, Any] = {
        "fetched_on": None if fetched_on is None else fetched_on.isoformat(),
        "labels": labels,
        "law": law,
        "publisher": publisher,
        "sha256": sha256,
        "skipped": skipped,
    }
    if tag is not None:
        body["tag"] = tag
    return _record(ledger, "labels.imported", body, by)


def record_label_withdrawal(
    ledger: LedgerStore, *, sha256: str, reason: str, by: ActingOfficer
) -> Entry:
    """Record that a label of the unit is taken back; `sha256`: as its `labels.imported` has it."""
    return _record(ledger, "label.withdrawn", {"reason": reason, "sha256": sha256}, by)


def record_prices(
    ledger: LedgerStore,
    *,
    sha256: str,
    stated: dict[str, str | None],
    assets: list[str],
    currencies: list[str],
    rows: int,
    skipped: int,
    by: ActingOfficer,
) -> Entry:
    """Record that a price table was imported: its digest, and what the officer stated of it.

    `stated`: source, licence, day on which it was got, zone, span and form, as they were used.
    """
    body = {
        "assets": assets,
        "currencies": currencies,
        "rows": rows,
        "sha256": sha256,
        "skipped": skipped,
        "stated": stated,
    }
    return _record(ledger, "prices.imported", body, by)


def record_deconfliction_view(
    ledger: LedgerStore, *, account: str, shared: int, by: ActingOfficer
) -> Entry:
    """Record that an account looked at what cases have in common; `shared`: how many selectors."""
    body = {"account": account, "shared": shared}
    return _record(ledger, "deconfliction.viewed", body, by)


def record_deconfliction_notice(
    ledger: LedgerStore,
    *,
    account: str,
    kind: str,
    value_sha256: str,
    cases: list[str],
    by: ActingOfficer,
) -> Entry:
    """Record that the members of cases were notified of a selector that these have in common.

    `value_sha256`: of the selector, so that who reads the ledger does not learn it. `cases`: ids.
    """
    body = {"account": account, "cases": cases, "kind": kind, "value_sha256": value_sha256}
    return _record(ledger, "deconfliction.notified", body, by)


def record_certificate(
    ledger: LedgerStore, *, pem: str, sha256: str, subject: str, not_after: str, by: ActingOfficer
) -> Entry:
    """Record that the unit made an authority of its own, by which its reports are signed.

    `pem`: the authority's certificate; `sha256`: of its DER form; `not_after`: the day it ends.
    """
    body = {"not_after": not_after, "pem": pem, "sha256": sha256, "subject": subject}
    return _record(ledger, "certificate.made", body, by)


def attach_timestamp(
    ledger: LedgerStore,
    *,
    checkpoint_sha256: str,
    response_sha256: str,
    authority_sha256: str,
    time: datetime,
    by: ActingOfficer,
) -> Entry:
    """Record a verified time stamp over a checkpoint; `time`: the authority's, aware UTC.

    `authority_sha256`: SHA-256 of the DER of the certificate that signed it.
    """
    body = {
        "authority_sha256": authority_sha256,
        "checkpoint_sha256": checkpoint_sha256,
        "response_sha256": response_sha256,
        "time": clock.to_text(time),
    }
    return _record(ledger, "timestamp.attached", body, by)


def record_kept_bundle(
    ledger: LedgerStore, *, bundle: int, sha256: str, by: ActingOfficer
) -> Entry:
    """Record the digest of a bundle's file that the site keeps; `bundle`: its entry's number."""
    return _record(ledger, "bundle.kept", {"bundle": bundle, "sha256": sha256}, by)


def record_refused_file(
    ledger: LedgerStore, *, entry: int, sha256: str, by: ActingOfficer
) -> Entry:
    """Record that a kept file was not sent, since it is not what `entry` records.

    `sha256`: of what lies there.
    """
    return _record(ledger, "file.refused", {"entry": entry, "sha256": sha256}, by)


def record_backup(ledger: LedgerStore, *, sha256: str, by: ActingOfficer) -> Entry:
    """Record that a backup was made; `sha256` of its list of files."""
    return _record(ledger, "backup.made", {"sha256": sha256}, by)


def record_restore(ledger: LedgerStore, *, sha256: str, by: ActingOfficer) -> Entry:
    """Record that this workspace was restored from the backup with this digest."""
    return _record(ledger, "workspace.restored", {"sha256": sha256}, by)


def _record(ledger: LedgerStore, kind: str, body: dict[str, Any], by: ActingOfficer) -> Entry:
    return write_act(ledger, by, lambda _roll: Draft(kind, body, by.id))
