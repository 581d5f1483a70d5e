"""What an insider can make: a ledger, custody members and a manifest, each bent before signing.

From the tests' own tiny ledger and the analysis of the sample bundle. Entries of the ledger:
1 unit, 2 officer, 3 disk, 4 case, 5 exhibit, 6 trace, 7 finding, 8 the making of the bundle.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kancil.reports.casework.bundle.analyse import analyse
from kancil.reports.casework.bundle.archive import write_archive
from kancil.reports.casework.bundle.manifest import (
    MANIFEST,
    PAGE,
    SIGNATURE,
    analysis_digest,
    digest_of_analysis,
    format_of,
    list_files,
)
from kancil.reports.casework.bundle.studies import CitedStudy
from tests.reports.make_sample_bundle import maker_of, sample_answers
from tests.reports.sample_studies import add_studies, answers_with
from tests.reports.tiny_custody import add_making, add_traces, custody_members
from tests.reports.tiny_ledger import (
    CASE,
    OFFICER,
    UNIT,
    TinyLedger,
    canonical,
    fingerprint_of,
    found_ledger,
    key_of,
)

FINDING = 7
MAKING = 8
KEY = fingerprint_of(key_of("officer"))
Members = dict[str, bytes]
PAGE_INSIDE = b"<!doctype html><title>The page that the ledger names</title>\n"
WITNESS = "It names a protected witness."


@cache
def analysis(studies: tuple[CitedStudy, ...] = (), *, traces: bool = True) -> Members:
    """The members under analysis/."""
    return analyse(answers_with(studies, traces=traces))


def ledger_before(studies: tuple[CitedStudy, ...] = (), *, traces: bool = True) -> TinyLedger:
    """The ledger up to the accepted finding, and the studies after it."""
    ledger = found_ledger()
    answers = sample_answers().answers if traces else ()
    add_traces(ledger, [answer.digest for answer in answers])
    add_finding(ledger)
    add_studies(ledger, studies)
    return ledger


def add_finding(ledger: TinyLedger) -> None:
    """Accept a finding: what an insider would most like to take out."""
    body: dict[str, object] = {
        "class": "chain-fact", "code": "finding.sample", "language": "en", "number": 1,
        "finding": "01936000-0000-7000-8000-0000000000f1", "params": {}, "result_sha256": None,
        "text": "The new coins of block 9 were not spent by the person charged.", "trace": None,
    }  # fmt: skip
    ledger.add("finding.accepted", body, key=key_of("officer"), officer=OFFICER, case=CASE)


@dataclass
class Forgery:
    """An honest bundle, unless something is bent; `make` gives the file."""

    declared: Mapping[int, str] = field(default_factory=dict)
    """Reason by number: what the signed entry of the making declares sealed."""
    sealed: frozenset[int] | None = None
    """What is sealed; None: what is declared."""
    page: bytes | None = None
    """verify.html, as it lies in the bundle and as the making names it."""
    studies: tuple[CitedStudy, ...] = ()
    traces: bool = True
    """Whether the trace of the sample is in it."""
    bend_analysis: Callable[[Members], object] = lambda _: None
    bend_ledger: Callable[[TinyLedger], object] = lambda _: None
    """Before the making."""
    making: Mapping[str, object] = field(default_factory=dict)
    """Changes to the body of the making."""
    making_format: str | None = ""
    """Empty: the one that fits."""
    after: Callable[[TinyLedger], object] = lambda _: None
    """After the making."""
    bend_custody: Callable[[Members], object] = lambda _: None
    bend_listed: Callable[[Members], object] = lambda _: None
    """After the making was recorded, before the manifest is written."""
    bend_manifest: Callable[[dict[str, Any]], object] = lambda _: None
    bend_members: Callable[[Members], object] = lambda _: None
    """After the manifest was signed."""
    signer: str = "officer"

    def ledger(self, analysis_sha256: str) -> TinyLedger:
        """Write the ledger."""
        ledger = ledger_before(self.studies, traces=self.traces)
        self.bend_ledger(ledger)
        fitting = f"kancil-bundle/{3 if self.studies else 2}"
        add_making(
            ledger,
            analysis_sha256,
            sealed=self.declared,
            page=self.page,
            bundle_format=fitting if self.making_format == "" else self.making_format,
            changes=self.making,
        )
        self.after(ledger)
        return ledger

    def members(self) -> Members:
        """All members."""
        parts = dict(analysis(self.studies, traces=self.traces))
        self.bend_analysis(parts)
        ledger = self.ledger(digest_of_analysis(parts))
        sealed = set(self.declared) if self.sealed is None else self.sealed
        custody = custody_members(ledger, sealed=sealed)
        self.bend_custody(custody)
        listed = {**parts, **custody}
        self.bend_listed(listed)
        members = sign(listed, self.bend_manifest, self.signer)
        if self.page is not None:
            members[PAGE] = self.page
        self.bend_members(members)
        return members

    def make(self) -> bytes:
        """The file."""
        return write_archive(self.members())


def sign(
    members: Members, bend: Callable[[dict[str, Any]], object] = lambda _: None, by: str = "officer"
) -> Members:
    """Write the manifest over members, bend it, and sign it with a test key."""
    files = list_files(members)
    network = json.loads(members["analysis/analysis.json"])["network"]
    maker = maker_of(members, network)
    checkpoint = [file for file in files if file["path"] == "custody/checkpoint.txt"]
    manifest: dict[str, Any] = {
        "analysis_sha256": analysis_digest(files), "case": CASE,
        "checkpoint_sha256": checkpoint[0]["sha256"], "files": files,
        "format": format_of(members), "kancil": maker.kancil, "key": fingerprint_of(key_of(by)),
        "made_at": maker.made_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "made_entry": maker.made_entry, "network": maker.network, "officer": OFFICER, "unit": UNIT,
    }  # fmt: skip
    bend(manifest)
    text = canonical(manifest)
    signature = base64.b64encode(key_of(by).sign(text)) + b"\n"
    held = {name: data for name, data in members.items() if name not in (MANIFEST, SIGNATURE)}
    return {**held, MANIFEST: text, SIGNATURE: signature}


def hide(*kinds_or_numbers: str | int) -> Callable[[Members], None]:
    """Take entries out of entries.jsonl, by kind or number; their hashes stay."""

    def bend(members: Members) -> None:
        lines = members["custody/entries.jsonl"].splitlines(keepends=True)
        kept = [line for line in lines if not _is_one(line, kinds_or_numbers)]
        assert len(kept) < len(lines)
        members["custody/entries.jsonl"] = b"".join(kept)

    return bend


def _is_one(line: bytes, wanted: tuple[str | int, ...]) -> bool:
    statement = json.loads(line)["statement"]
    return statement["kind"] in wanted or statement["n"] in wanted


def bend_json(name: str, change: Callable[[Any], object]) -> Callable[[Members], None]:
    """Change a JSON member."""

    def bend(members: Members) -> None:
        value = json.loads(members[name])
        change(value)
        members[name] = canonical(value)

    return bend


def replace_in(name: str, old: bytes, new: bytes) -> Callable[[Members], None]:
    """Replace bytes in a member, where they stand."""

    def bend(members: Members) -> None:
        assert old in members[name], (name, old)
        members[name] = members[name].replace(old, new)

    return bend


def put(**changes: object) -> Callable[[dict[str, Any]], None]:
    """Change keys of a manifest."""
    return lambda manifest: manifest.update(changes)


def as_format_1(manifest: dict[str, Any]) -> None:
    """Claim the older format."""
    manifest["format"] = "kancil-bundle/1"
    del manifest["made_entry"]
