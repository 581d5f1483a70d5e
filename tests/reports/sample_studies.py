"""Recorded studies for documents: results in the members' own form, over invented names."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

from kancil import __version__
from kancil.custody.entry import read_entry
from kancil.custody.roll import Numbered
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.records.table import table_of
from kancil.reports.casework.bundle.answers import Answers, answer_all
from kancil.reports.casework.bundle.material import without_chain
from kancil.reports.casework.bundle.studies import SAME, CitedStudy, ShownStudy
from kancil.studies.change.study import CHANGE, COMBINED, HEURISTICS
from kancil.studies.exposure.study import CATEGORIES, ENDS, EXPOSURE, LABELS, ROWS, SUBJECT
from kancil.studies.study import NOTES, Result, notes_table
from tests.reports.make_sample_bundle import sample_answers
from tests.reports.tiny_ledger import CASE, OFFICER, TinyLedger, key_of

ADDRESS = "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"
LISTED = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
STUDY = "01936000-0000-7000-8000-0000000002{number:02d}"
TXID, OTHER = "41f366c2afcc222fe45398b6dc13dcca" * 2, "f4184fc596403b9d638783cf57adfe4c" * 2
TIME = "2015-08-19T22:49:44Z"


@cache
def exposure() -> Result:
    """Two labelled outputs, one of an address listed by law."""
    amounts = {"lower_sat": 500_000_000, "upper_sat": 523_100_000}
    ends = {"side": "sent", "within": "hops", "group": "exposed", "end": "1", **amounts}
    whole = {f"{part}{end}": amounts[end] for part in ("total_", "direct_") for end in amounts}
    first = {
        "row": 1, "side": "sent", "txid": TXID, "time": TIME, "hop": 1, "outpoint": f"{TXID}:0",
        "address": LISTED, **amounts, "categories": "sanctions", "by_cluster": False,
        "listed": "before", "way": TXID,
    }  # fmt: skip
    second = {**first, "row": 2, "txid": OTHER, "hop": 2, "outpoint": f"{OTHER}:1",
              "address": ADDRESS, "lower_sat": 0, "way": f"{TXID} {OTHER}"}  # fmt: skip
    label = {
        "row": 1, "of_row": 1, "labelled_address": LISTED, "publisher": "Sample Treasury",
        "label": "Sample Person", "category": "sanctions", "law": "Sample Act, section 1",
        "authority": "national-designation", "listed_on": "2014-01-02",
        "fetched_on": "2026-11-01", "source": "invented", "file_sha256": "0" * 64,
        "place": "line 1",
    }  # fmt: skip
    subject = {
        "address": ADDRESS, "addresses": 1, "outputs": 3, "spends_of_unknown": 0,
        "maybe_coinjoins": 0, "scope": "600 blocks in 1 run",
    }  # fmt: skip
    parameters: dict[str, Any] = {
        "address": ADDRESS, "also_allegations": False, "chain": "main", "cluster": False,
        "coinjoins": [], "direction": "sent", "hops": 3, "labels_reach_clusters": False,
        "policy": "haircut", "policy_version": "1",
    }  # fmt: skip
    return Result(EXPOSURE.name, EXPOSURE.version, parameters, (
        table_of("subject", SUBJECT, [subject]),
        table_of("ends", ENDS, [ends]),
        table_of("categories", CATEGORIES, [
            {"side": "sent", "categories": "sanctions", "outputs": 2, **whole}
        ]),
        table_of("rows", ROWS, [first, second]),
        table_of("labels", LABELS, [label]),
        notes_table([Phrase("note.label-allegation"), Phrase("note.exposure-sense"),
                     Phrase("note.policy-is-a-choice"), Phrase("note.block-time")]),
    ))  # fmt: skip


@cache
def change() -> Result:
    """An output that a combination names as change."""
    combined = {
        "row": 1, "combination": "agree", "version": "1", "answer": "change", "output": 1,
        "address": ADDRESS, "value_sat": 4_000_000_000,
        "why": Phrase("note.change-agree", {"count": 2}), "voted": "round-value, script-type",
    }  # fmt: skip
    parameters = {"chain": "main", "coinjoins": [], "heuristics": [], "txid": OTHER}
    return Result(CHANGE.name, CHANGE.version, parameters, (
        table_of("combinations", COMBINED, [combined]),
        table_of("heuristics", HEURISTICS, []),
        table_of("notes", NOTES, [{"note": Phrase("note.block-time")}]),
    ))  # fmt: skip


def cited(*results: Result, run_again: str = SAME) -> tuple[CitedStudy, ...]:
    """Results as a bundle holds them."""
    return tuple(CitedStudy(result.data, run_again) for result in results)


@cache
def answers_with(studies: tuple[CitedStudy, ...], *, traces: bool = True) -> Answers:
    """The sample's answers with these studies beside them; without `traces`: the studies alone."""
    if not traces:
        return answer_all(without_chain(__version__, studies), {})
    answers = sample_answers()
    return replace(answers, material=replace(answers.material, studies=studies))


def body_of(number: int, study: CitedStudy) -> dict[str, Any]:
    """What the ledger records of a study."""
    result = study.result
    assert result is not None
    provenance = {
        "chain": "main", "inputs": [], "labels": [], "method": result.study,
        "parameters": result.parameters, "version": result.version,
    }  # fmt: skip
    return {
        "number": number, "provenance": provenance, "result_sha256": study.digest,
        "study": STUDY.format(number=number),
    }  # fmt: skip


def add_studies(ledger: TinyLedger, studies: tuple[CitedStudy, ...]) -> None:
    """Record each of these studies."""
    for number, study in enumerate(studies, 1):
        ledger.add("study.run", body_of(number, study), key=key_of("officer"), officer=OFFICER,
                   case=CASE)  # fmt: skip


def shown_studies(ledger: TinyLedger, studies: tuple[CitedStudy, ...]) -> tuple[ShownStudy, ...]:
    """The studies with the entries that record them."""
    entries = {
        json.loads(line)["statement"]["body"].get("study"): read_entry(line)
        for line in ledger.entries
        if b'"kind":"study.run"' in line
    }
    return tuple(
        ShownStudy(
            Numbered(STUDY.format(number=n), n, CaseId(CASE), entries[STUDY.format(number=n)]),
            study,
        )
        for n, study in enumerate(studies, 1)
    )
