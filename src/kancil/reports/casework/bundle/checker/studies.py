"""Recorded studies in a bundle, held against the ledger entries that name their results.

What a study answers is not computed again here: the blocks that it read are not in the bundle.
verify.html does the same (`page/script/studies.js`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kancil.custody.entry import Entry
from kancil.ground import canonical
from kancil.reports.casework.bundle.material import Material
from kancil.reports.casework.bundle.remark import Remark
from kancil.reports.casework.bundle.studies import SAME, CitedStudy, study_member
from kancil.studies.study import KIND

from .verdict import BundleVerdict, Step

ENTRIES = "custody/entries.jsonl"


def check_studies(
    material: Material, entries: Sequence[Entry], verdict: BundleVerdict, step: Step
) -> None:
    """Compare number, order, digest and question of each study with the signed entries."""
    making = verdict.making
    named = [] if making is None else making.body.get("studies", [])
    if not _fits(named, len(material.studies)):
        step.problems.append(Remark("studies-not-recorded", ENTRIES))
        return
    case = "" if making is None else making.case_id
    recorded = {
        entry.body.get("study"): entry.body
        for entry in entries
        if entry.kind == KIND and entry.case_id == case and isinstance(entry.body.get("study"), str)
    }
    hidden = [name for name in named if name not in recorded]
    if len(hidden) > _sealed(making):
        step.problems.append(Remark("studies-not-recorded", ENTRIES))
    for number, (name, cited) in enumerate(zip(named, material.studies, strict=True), 1):
        _check_study(number, cited, recorded.get(name), step)
    if material.studies:
        step.not_checked.append(Remark("studies-not-computed"))


def _fits(named: Any, count: int) -> bool:
    """Whether the making names so many studies, each once."""
    is_list = isinstance(named, list) and all(isinstance(name, str) for name in named)
    return is_list and len(named) == count and len(set(named)) == count


def _sealed(making: Entry | None) -> int:
    """How many entries the making keeps back; that these are the sealed ones is step 3."""
    withheld = [] if making is None else making.body.get("withheld")
    return len(withheld) if isinstance(withheld, list) else 0


def _check_study(
    number: int, cited: CitedStudy, body: Mapping[str, Any] | None, step: Step
) -> None:
    place, params = study_member(number), {"study": number}
    result = cited.result
    if result is None:
        step.problems.append(Remark("study-form", place))
        return
    if cited.run_again != SAME:
        step.said.append(Remark(f"study-again-{cited.run_again}", place, params))
    if body is None:
        step.not_checked.append(Remark("study-sealed", "", params))
        return
    if body.get("result_sha256") != cited.digest:
        step.problems.append(Remark("study-digest", place))
        return
    provenance = body.get("provenance")
    stated = provenance if isinstance(provenance, dict) else {}
    asked = [stated.get(name) for name in ("method", "version", "parameters")]
    told = [result.study, result.version, result.parameters]
    if canonical.dumps(asked) != canonical.dumps(told):
        step.problems.append(Remark("study-differs", place))
        return
    step.said.append(Remark("study-recorded", "", params))
