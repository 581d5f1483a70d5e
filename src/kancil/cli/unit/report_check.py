"""Checking a printed report: what `kancil verify REPORT.pdf` says and how it ends."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509

from kancil.cli.frame.door import Door
from kancil.ground.errors import WorkspaceNotFound
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.reports.casework.bundle.checker.verdict import (
    EXIT_BYTES,
    EXIT_INTACT,
    EXIT_OTHER_KEY,
    EXIT_SIGNATURE,
)
from kancil.reports.errors import CertificateNotReadable
from kancil.reports.pdf.check import PdfVerdict, check_pdf


def verify_report(door: Door, path: Path, *, key: str | None, authority: Path | None) -> int:
    """Check a signed PDF, show what it came to, and give the exit status.

    `key`: SHA-256 of the certificate that must have signed. `authority`: certificates to trust;
    else those that the workspace's ledger names, if there is one.
    """
    trusted = _read_certificates(authority) if authority else _of_ledger(door)
    verdict = check_pdf(path, trusted, at=door.now)
    answer = verdict.answer(key, must_trust=authority is not None)
    entry = _entry(door, verdict.sha256)
    value = {
        "id": verdict.sha256,
        "path": str(path),
        "intact": answer == "intact",
        "readable": verdict.is_readable,
        "unchanged": verdict.is_unchanged,
        "trusted": verdict.is_trusted,
        "entry": entry,
        "signatures": [
            {
                "signer": one.signer,
                "certificate_sha256": one.certificate_sha256,
                "intact": one.is_intact,
                "fits": one.fits,
                "covers_all": one.covers_all,
                "trusted": one.is_trusted,
                "signed_at": None if one.signed_at is None else one.signed_at.isoformat(),
            }
            for one in verdict.signatures
        ],
    }
    door.show(value, lambda: _say(door, path, verdict, answer, entry))
    return _STATUS[answer]


_STATUS = {
    "intact": EXIT_INTACT,
    "changed": EXIT_BYTES,
    "not-readable": EXIT_BYTES,
    "not-signed": EXIT_SIGNATURE,
    "other-key": EXIT_OTHER_KEY,
}


def _say(door: Door, path: Path, verdict: PdfVerdict, answer: str, entry: int | None) -> None:
    screen = door.screen
    screen.title(render(f"note.report-file-{answer}", path=path.name))
    facts: list[tuple[str, str]] = [(render("name.sha256"), verdict.sha256)]
    for one in verdict.signatures:
        facts.append((render("name.report-signer"), one.signer))
        facts.append((render("name.pdf-certificate"), one.certificate_sha256))
        if one.signed_at is not None:
            facts.append((render("name.report-signed-at"), one.signed_at.isoformat(sep=" ")))
    screen.facts(facts)
    trust = "trusted" if verdict.is_trusted else "not-compared"
    if verdict.signatures:
        screen.say(render(f"note.report-file-{trust}"))
    if entry is not None:
        screen.say(render("note.report-file-recorded", n=entry))
    else:
        screen.say(render("note.report-file-not-recorded"))
    screen.say(render("note.report-file-limits"))
    screen.say(render("note.intact-means"))


def _read_certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(read_file(path))
    except ValueError as error:
        raise CertificateNotReadable(path=str(path), why=Phrase("why.certificate-pem")) from error


def _of_ledger(door: Door) -> list[x509.Certificate]:
    """The unit's own authorities that the ledger names; none outside a workspace."""
    try:
        entries = door.roll.certificates
    except WorkspaceNotFound:
        return []
    return [
        x509.load_pem_x509_certificate(str(entry.body["pem"]).encode("ascii")) for entry in entries
    ]


def _entry(door: Door, sha256: str) -> int | None:
    """Find the ledger entry that names this very file; None outside a workspace."""
    try:
        entries = door.ledger.entries()
    except WorkspaceNotFound:
        return None
    found = [
        entry.n
        for entry in entries
        if entry.kind == "report.made" and entry.body.get("sha256") == sha256
    ]
    return found[0] if found else None
