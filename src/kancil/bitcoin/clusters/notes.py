"""The sentences that must stand beside every cluster, the same at every door.

From what `views` answers, in its form for `--json`; keys and parameters, no words.
"""

from __future__ import annotations

from typing import Any

from kancil.ground.phrase import Phrase


def notes_of(value: dict[str, Any]) -> list[Phrase]:
    """The sentences; `value`: a `ClusterView` as a dictionary with its `labels`."""
    joins = value["coinjoins"]
    notes = [Phrase("note.cluster-not-proved"), Phrase("note.cluster-error")]
    if joins["excluded_by"] is None:
        notes.append(Phrase("note.cluster-coinjoins-in"))
    else:
        told = {"count": joins["excluded"], "method": joins["excluded_by"]}
        notes.append(Phrase("note.cluster-coinjoins-out", told))
        if joins["unsure"]:
            notes.append(Phrase("note.cluster-coinjoins-unsure", {"count": joins["unsure"]}))
        notes += errors_of(value["set_aside"])
        if joins["not_told_in_chain"]:
            untold = {"here": joins["not_told_total"], "chain": joins["not_told_in_chain"]}
            notes.append(Phrase("note.cluster-coinjoins-untold", untold))
    notes.append(Phrase("note.cluster-change-off"))
    unknown = value["not_known"]
    counts = {
        "here": unknown["inputs_not_held"] + unknown["inputs_without_address"],
        "chain": unknown["inputs_not_held_in_chain"],
        "scope": unknown["scope"],
    }
    notes.append(Phrase("note.cluster-not-known", counts))
    return [*notes, *doubts_of(value)]


def doubts_of(value: dict[str, Any]) -> list[Phrase]:
    """What speaks against the cluster itself, and how its labels are to be read."""
    notes = []
    if len(value["owners"]) > 1:
        notes.append(Phrase("note.cluster-owners", {"owners": ", ".join(value["owners"])}))
    for row in value["stopped"]:
        told = {
            "txid": row["txid"],
            "one": row["owners"][0],
            "other": row["owners"][1],
            "size": row["sizes"][0],
            "other_size": row["sizes"][1],
        }
        notes.append(Phrase("note.cluster-stopped", told))
    if value["labels"]:
        notes.append(Phrase("note.label-allegation"))
    return notes


def errors_of(rows: list[dict[str, Any]]) -> list[Phrase]:
    """What is known of the error of the heuristics that set these aside, each once."""
    keys = dict.fromkeys(row["heuristic"]["error"] for row in rows if row["heuristic"])
    return [Phrase(key) for key in keys]
