"""A bundle and the ledger entry `bundle.made` of its making: each states what the other must be.

The manifest names the entry by its hash. The entry, signed before the bundle was closed, names the
format, the digest of the analysis, the digest of verify.html and every entry that is kept back; so
whoever signs a manifest anew cannot hide an entry, claim an older format or change the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kancil.custody.checkpoint import Checkpoint
from kancil.custody.entry import Entry
from kancil.custody.verdict import ShownVerdict
from kancil.ground.clock import from_text
from kancil.ground.digests import sha256_hex
from kancil.reports.casework.bundle.manifest import (
    MADE_ENTRY,
    MANIFEST,
    PAGE,
    TRACES_NUMBER,
    UNDECLARED_NUMBER,
)
from kancil.reports.casework.bundle.page.published import published, published_before
from kancil.reports.casework.bundle.remark import Remark

from .verdict import BundleVerdict

ENTRIES = "custody/entries.jsonl"


def check_making(
    members: Mapping[str, bytes],
    verdict: BundleVerdict,
    entries: list[Entry],
    shown: ShownVerdict,
    checkpoint: Checkpoint,
) -> None:
    """Find the entry of this bundle's making, and compare what it and the bundle state."""
    manifest, problems = verdict.manifest, verdict.steps["custody"].problems
    if manifest is None:
        return
    made = [
        entry
        for entry in entries
        if entry.kind == "bundle.made"
        and entry.body.get("analysis_sha256") == manifest["analysis_sha256"]
        and entry.case_id == manifest["case"]
    ]
    # Of several the last counts: what a later one declares cannot be passed by.
    if not made or manifest.get(MADE_ENTRY, made[-1].hash.hex()) != made[-1].hash.hex():
        problems.append(Remark("making-not-recorded", ENTRIES))
        return
    verdict.making = entry = made[-1]
    _check_maker(verdict, entry, manifest, shown, checkpoint)
    _check_format(verdict, entry, entries, manifest)
    _check_time(verdict, entry, manifest, checkpoint)
    _check_sealed(verdict, entry, shown)
    _check_page(members, verdict, entry)


def _check_maker(
    verdict: BundleVerdict,
    entry: Entry,
    manifest: Mapping[str, Any],
    shown: ShownVerdict,
    checkpoint: Checkpoint,
) -> None:
    """The officer whose key signed the manifest made the entry, with a key that was active."""
    stated = (manifest["key"], manifest["officer"], manifest["unit"])
    is_same = (entry.key, entry.officer, entry.unit) == stated
    span = shown.keys.spans.get(manifest["key"])
    is_active = span is not None and span.is_active(entry.n)
    if not (is_same and is_active and checkpoint.unit == manifest["unit"]):
        params: dict[str, str | int] = {"n": entry.n}
        verdict.steps["custody"].problems.append(Remark("making-by-another", ENTRIES, params))


def _check_format(
    verdict: BundleVerdict, entry: Entry, entries: list[Entry], manifest: Mapping[str, Any]
) -> None:
    """The format of the manifest is the one that the entry declares; the first declared none.

    A unit whose ledger has once declared a format does not go back to the one before.
    """
    declared = entry.body.get("format")
    is_undeclared = verdict.format_number == UNDECLARED_NUMBER
    went_back = is_undeclared and any(
        one.kind == "bundle.made" and "format" in one.body and one.n < entry.n for one in entries
    )
    expected = None if is_undeclared else manifest["format"]
    if declared != expected or went_back:
        params: dict[str, str | int] = {"n": entry.n, "format": str(manifest["format"])}
        verdict.steps["custody"].problems.append(Remark("making-format", MANIFEST, params))


def _check_time(
    verdict: BundleVerdict, entry: Entry, manifest: Mapping[str, Any], checkpoint: Checkpoint
) -> None:
    """`made_at` is the time of the entry; in format 1, when it was closed, some time after."""
    made_at, problems = from_text(manifest["made_at"]), verdict.steps["custody"].problems
    is_undeclared = verdict.format_number == UNDECLARED_NUMBER
    params: dict[str, str | int] = {"n": entry.n}
    if made_at < entry.at if is_undeclared else made_at != entry.at:
        problems.append(Remark("made-at-differs", MANIFEST, params))
    if not is_undeclared and checkpoint.at < entry.at:
        problems.append(Remark("checkpoint-before-making", MANIFEST, params))


def _check_sealed(verdict: BundleVerdict, entry: Entry, shown: ShownVerdict) -> None:
    """Every sealed entry is declared with number, hash and reason, and nothing else is declared."""
    step = verdict.steps["custody"]
    declared = _declared(entry)
    found = shown.sealed_entries
    reasons = {one: reason for (_, one), reason in (declared or {}).items()}
    for hash_, n in sorted(found.items(), key=lambda item: item[1]):
        params: dict[str, str | int] = {"n": n}
        if (n, hash_) in (declared or {}):
            params["reason"] = reasons[hash_]
            step.said.append(Remark("sealed-declared", "", params))
        elif verdict.format_number == UNDECLARED_NUMBER:
            step.not_checked.append(Remark("sealed-not-known", "", params))
        else:
            step.problems.append(Remark("sealed-not-declared", ENTRIES, params))
    if verdict.format_number == UNDECLARED_NUMBER:
        step.not_checked.append(Remark("sealed-set-not-declared", "", {"n": entry.n}))
        return
    if declared is None:
        step.problems.append(Remark("declared-form", ENTRIES, {"n": entry.n}))
    for n, hash_ in sorted(declared or {}):
        if found.get(hash_) != n:
            step.problems.append(Remark("declared-not-sealed", ENTRIES, {"n": n}))
    if not found:
        step.said.append(Remark("nothing-sealed", ""))


def _declared(entry: Entry) -> dict[tuple[int, str], str] | None:
    """Read number, hash and reason of what the entry declares sealed; None for another form."""
    listed = entry.body.get("withheld")
    if not isinstance(listed, list):
        return None
    declared: dict[tuple[int, str], str] = {}
    for one in listed:
        if not isinstance(one, dict) or set(one) != {"field", "n", "reason", "sha256"}:
            return None
        n, found, reason = one["n"], one["sha256"], one["reason"]
        is_whole = one["field"] is None and type(n) is int and isinstance(found, str)
        if not is_whole or not isinstance(reason, str) or not reason.strip():
            return None
        declared[n, found] = reason
    return declared if len(declared) == len(listed) else None


def _check_page(members: Mapping[str, bytes], verdict: BundleVerdict, entry: Entry) -> None:
    """verify.html is the one that the entry names; in format 1, which names none, a published one.

    The page proves nothing of the bundle that it lies in; this says only whether it was replaced.
    """
    step, page = verdict.steps["custody"], members.get(PAGE)
    named = entry.body.get("page_sha256")
    if page is None:
        if named is not None:
            step.said.append(Remark("page-not-inside", PAGE))
        return
    found = sha256_hex(page)
    params: dict[str, str | int] = {"sha256": found}
    if verdict.format_number == UNDECLARED_NUMBER:
        is_right = found in published_before(TRACES_NUMBER)
    else:
        is_right = found == named
    if not is_right:
        step.problems.append(Remark("page-replaced", PAGE, params))
    elif found in published():
        step.said.append(Remark("page-published", PAGE, params))
    else:
        step.not_checked.append(Remark("page-not-published", PAGE, params))
