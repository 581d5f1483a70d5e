"""Checking a bundle, all six steps of docs/formats/bundle.md, believing nothing but its bytes.

A door gives the path and what came by another road (a checkpoint, a fingerprint, an authority's
certificates), and renders the verdict. Nothing raises for what a bundle holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kancil.custody.checkpoint import Checkpoint
from kancil.custody.consistency import Consistency
from kancil.custody.entry import Entry
from kancil.ground import canonical
from kancil.ground.files import read_file
from kancil.reports.casework.bundle.material_read import read_material
from kancil.reports.casework.bundle.remark import Remark
from kancil.reports.casework.bundle.statements import statements_of
from kancil.reports.casework.bundle.verify_chain import check_chain

from .custody import PROOFS, check_custody, check_when
from .files import check_bytes
from .table import check_table
from .verdict import HOLDS, NOT_CHECKED, NOTHING, BundleVerdict

_NOT_COMPARED = "checkpoint-of-other-size"
"""The only problem with what came by another road that does not speak against the bundle."""


def verify_bundle(
    path: Path,
    *,
    against: Checkpoint | None = None,
    key: str | None = None,
    timestamp_chain: bytes | None = None,
    consistency: Consistency | None = None,
) -> BundleVerdict:
    """Check a bundle file; raises FileNotReadable only.

    `against`: a checkpoint held elsewhere. `key`: the maker's fingerprint, received by another
    road. `timestamp_chain`: PEM certificates of the time stamp authority that the checker trusts.
    `consistency`: the unit's proof that leads from the bundle's checkpoint to a later `against`.
    """
    return verify_bytes(
        read_file(path),
        against=against,
        key=key,
        timestamp_chain=timestamp_chain,
        consistency=consistency,
    )


def verify_bytes(
    data: bytes,
    *,
    against: Checkpoint | None = None,
    key: str | None = None,
    timestamp_chain: bytes | None = None,
    consistency: Consistency | None = None,
) -> BundleVerdict:
    """Check a bundle's bytes; see `verify_bundle`."""
    verdict = BundleVerdict(hashlib.sha256(data).hexdigest(), len(data))
    members = check_bytes(data, verdict, key)
    if verdict.is_too_new or not members:
        return verdict
    entries = check_custody(members, verdict, against, consistency)
    check_when(members, verdict, against=against, timestamp_chain=timestamp_chain)
    _take_statements(members, verdict, entries)
    chain = verdict.steps["chain"]
    material, problems = read_material(members)
    chain.problems.extend(problems)
    if material is None:
        chain.close()
        return verdict
    check = check_chain(material)
    chain.problems.extend(check.problems)
    chain.said.extend(check.said)
    chain.not_checked.extend(check.not_checked)
    chain.close()
    if chain.state == HOLDS and any(one.block is None for one in material.transactions):
        # What was not shown to be in any block is not proved by the chain.
        chain.state = NOT_CHECKED
    if chain.state == HOLDS and not material.has_chain:
        chain.state = NOTHING
    if chain.problems:
        verdict.steps["table"].not_checked.append(Remark("chain-first"))
        return verdict
    check_table(members, material, check.read, entries, verdict)
    return verdict


def _take_statements(
    members: Mapping[str, bytes], verdict: BundleVerdict, entries: list[Entry]
) -> None:
    """Read what the unit states, where nothing speaks against its being this unit's ledger."""
    holds = all(verdict.steps[name].state == HOLDS for name in ("bytes", "custody"))
    contradicted = {each.code for each in verdict.steps["when"].problems} - {_NOT_COMPARED}
    if not holds or verdict.manifest is None or verdict.key_differs or contradicted:
        return
    verdict.statements = statements_of(
        entries,
        proofs=canonical.loads(members[PROOFS]),
        analysis_sha256=verdict.manifest["analysis_sha256"],
    )
