"""The custody part of a test bundle, from the tiny ledger; all shown, nothing sealed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from kancil.ground.signing import public_pem
from tests.reports.tiny_ledger import (
    CASE,
    EXHIBIT,
    OFFICER,
    UNIT,
    TinyLedger,
    canonical,
    fingerprint_of,
    found_ledger,
    key_of,
    path,
    raw_of,
    root,
)

FORMAT = "kancil-bundle/2"


def custody_members(
    ledger: TinyLedger, *, sealed: AbstractSet[int] = frozenset()
) -> dict[str, bytes]:
    """Every member under custody/; entries whose numbers are in `sealed` stay hashes."""
    proofs = {
        "case": [digest.hex() for digest in ledger.chains[CASE]],
        "entries": [
            {"hash": digest.hex(), "n": n + 1, "path": [p.hex() for p in path(n, ledger.hashes)]}
            for n, digest in enumerate(ledger.hashes)
        ],
        "exhibits": {EXHIBIT: [digest.hex() for digest in ledger.chains[EXHIBIT]]},
        "root": root(ledger.hashes).hex(),
        "size": len(ledger.hashes),
    }
    keys = [
        {
            "fingerprint": fingerprint_of(key_of(name)),
            "name": shown_name,
            "officer": officer,
            "public_key": base64.b64encode(raw_of(key_of(name))).decode(),
        }
        for name, officer, shown_name in (
            ("unit", None, "Sample Cybercrime Unit"),
            ("officer", OFFICER, "Dara (sample)"),
        )
    ]
    case = {"id": CASE, "number": 1, "title": "Sample: payment under threat", "unit": UNIT}
    members = {
        "custody/case.json": canonical(case),
        "custody/checkpoint.txt": ledger.checkpoint(),
        "custody/entries.jsonl": b"".join(
            entry + b"\n" for n, entry in enumerate(ledger.entries, 1) if n not in sealed
        ),
        "custody/heads/case.txt": ledger.head("case", CASE),
        f"custody/heads/{EXHIBIT}.txt": ledger.head("exhibit", EXHIBIT),
        "custody/keys.json": canonical(keys),
        "custody/proofs.json": canonical(proofs),
    }
    for number, name in enumerate(("unit", "officer"), 1):
        members[f"custody/keys/{number}.pem"] = public_pem(raw_of(key_of(name)))
    return members


def ledger_for(
    analysis_sha256: str,
    results: list[str],
    *,
    sealed: Mapping[int, str] | None = None,
    page: bytes | None = None,
    bundle_format: str | None = FORMAT,
    is_training: bool = False,
) -> TinyLedger:
    """A tiny ledger with the traces of these results, that ends in the making of a bundle.

    `sealed`: reason by number of each entry that the bundle keeps back. `bundle_format`: None for a
    making that declares neither format nor page, as those of the first format.
    """
    ledger = found_ledger(is_training=is_training)
    add_traces(ledger, results)
    add_making(ledger, analysis_sha256, sealed=sealed, page=page, bundle_format=bundle_format)
    return ledger


def add_traces(ledger: TinyLedger, results: list[str]) -> None:
    """Record a trace for each of these results."""
    for number, result in enumerate(results, 1):
        provenance = {"inputs": [], "method": "bitcoin.trace", "parameters": {}, "version": "1"}
        body = {
            "number": number,
            "provenance": provenance,
            "result_sha256": result,
            "trace": f"01936000-0000-7000-8000-0000000001{number:02d}",
        }
        ledger.add("trace.run", body, key=key_of("officer"), officer=OFFICER, case=CASE)


def add_making(
    ledger: TinyLedger,
    analysis_sha256: str,
    *,
    sealed: Mapping[int, str] | None = None,
    page: bytes | None = None,
    bundle_format: str | None = FORMAT,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Record the making of a bundle of all that was run so far; `changes`: to the entry's body."""
    statements = [json.loads(entry)["statement"] for entry in ledger.entries]
    traces = [one["body"]["trace"] for one in statements if one["kind"] == "trace.run"]
    studies = [one["body"]["study"] for one in statements if one["kind"] == "study.run"]
    withheld = [
        {"field": None, "n": n, "reason": reason, "sha256": ledger.hashes[n - 1].hex()}
        for n, reason in sorted((sealed or {}).items())
    ]
    body: dict[str, object] = {
        "analysis_sha256": analysis_sha256,
        "purpose": "to show",
        "traces": traces,
        "withheld": withheld,
    }
    if bundle_format is not None:
        page_sha256 = None if page is None else hashlib.sha256(page).hexdigest()
        body |= {"format": bundle_format, "page_sha256": page_sha256}
    if studies:
        body["studies"] = studies
    body |= changes or {}
    ledger.add("bundle.made", body, key=key_of("officer"), officer=OFFICER, case=CASE)
