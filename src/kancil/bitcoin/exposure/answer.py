"""The whole answer about exposure: subject, each side with its tables, and the sentences beside it.

From `exposure` and `views`, asked once for all doors, so that they answer alike. No words
are rendered here: codes and phrases only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypedDict

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import HEURISTIC, Clusters
from kancil.bitcoin.clusters.clusters import VERSION as CLUSTERS_VERSION
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.bitcoin.labels.authority import has_unstated_purpose
from kancil.bitcoin.labels.index import LabelIndex
from kancil.ground.phrase import Param, Phrase
from kancil.ground.progress import SILENT, Progress

from .exposure import Asked, Exposure, Subject, expose, find_subject, terrorist_financing
from .marks import Side
from .views import ExposureView, label_dict

SIDES: dict[str, tuple[Side, ...]] = {
    "sent": ("sent",),
    "received": ("received",),
    "both": ("sent", "received"),
}
HOPS = 4
"""Transactions away, unless said otherwise."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about an address, or about its whole cluster."""

    address: str
    is_cluster: bool = False
    sides: tuple[Side, ...] = SIDES["both"]
    policy: str = "haircut"
    hops: int = HOPS
    labels_reach_clusters: bool = False
    also_allegations: bool = False
    progress: Progress = field(default=SILENT)

    @property
    def needs_clusters(self) -> bool:
        """Whether it is answered from the clusters of the chain."""
        return self.is_cluster or self.labels_reach_clusters


class _Known(TypedDict):
    """What all walks of an answer share."""

    clusters: Clusters | None
    looks: CoinjoinLooks


def answer_exposure(
    chain: Chain,
    labels: LabelIndex,
    question: Question,
    clusters: Clusters | None,
    looks: CoinjoinLooks | None = None,
) -> dict[str, Any]:
    """Answer a question in the form for `--json`, all but its `notes`.

    `clusters`: needed where `needs_clusters` says so. `looks`: of the heuristics that speak, else
    those of today. Raises as `find_subject` and `expose`.
    """
    of_cluster = clusters if question.is_cluster else None
    subject = find_subject(chain, labels, question.address, of_cluster)
    known: _Known = {"clusters": clusters, "looks": looks or CoinjoinLooks(chain)}
    return {
        "id": subject.name,
        **_subject(subject),
        "policy": question.policy,
        "hops": question.hops,
        "labels_reach_clusters": question.labels_reach_clusters,
        "label_imports": [stored.id for stored in labels.imports],
        "scope": chain.scope,
        "network": chain.network.name,
        "sides": [_side(chain, labels, subject, side, question, known)
                  for side in question.sides],
    }  # fmt: skip


def _side(
    chain: Chain,
    labels: LabelIndex,
    subject: Subject,
    side: Side,
    question: Question,
    known: _Known,
) -> dict[str, Any]:
    """One side: exposure, terrorist financing, and if asked what is alleged of it."""
    asked = Asked(
        question.policy, question.hops, side, question.labels_reach_clusters, question.progress
    )
    found = expose(chain, labels, subject, asked, **known)
    counted = terrorist_financing(chain, labels, subject, asked, **known)
    alleged = None
    if question.also_allegations:
        alleged = terrorist_financing(chain, labels, subject, asked, alleged=True, **known)
    return {
        **ExposureView(chain, found).as_dict(),
        "terrorist_financing": _timed(chain, counted),
        "terrorism_allegations": None if alleged is None else _timed(chain, alleged),
    }


def _timed(chain: Chain, found: Exposure) -> dict[str, Any]:
    view = ExposureView(chain, found)
    return {"by_time": view.by_time(), **view.as_dict()}


def _subject(subject: Subject) -> dict[str, Any]:
    return {
        "is_cluster": subject.is_cluster,
        "addresses": subject.address_count,
        "outputs": len(subject.outputs),
        "spends_of_unknown": subject.stated_spends,
        "own_labels": [{"address": name, **label_dict(each)} for name, each in subject.labels],
    }


def exposure_notes(value: dict[str, Any]) -> list[Phrase]:
    """The sentences that must stand beside every exposure."""
    notes = [Phrase("note.label-allegation"), Phrase("note.exposure-sense")]
    if value["is_cluster"] or value["labels_reach_clusters"]:
        method: dict[str, Param] = {"heuristic": HEURISTIC, "version": CLUSTERS_VERSION}
        notes.append(Phrase("note.exposure-cluster", method))
    if value["labels_reach_clusters"]:
        notes.append(Phrase("note.exposure-reach"))
    if value["spends_of_unknown"]:
        notes.append(Phrase("note.exposure-stated", {"count": value["spends_of_unknown"]}))
    maybe = {txid for side in value["sides"] for txid in side["maybe_coinjoins"]}
    if maybe:
        notes.append(Phrase("note.trace-coinjoin-unknown", {"count": len(maybe)}))
    unstated = {
        row["outpoint"]
        for side in value["sides"]
        for row in side["rows"]
        if any(
            has_unstated_purpose(label["authority"], label["category"], label["abuse"])
            for label in row["labels"]
        )
    }
    if unstated:
        notes.append(Phrase("note.exposure-purpose", {"count": len(unstated)}))
    notes.append(Phrase("note.scope", {"scope": value["scope"]}))
    notes.append(Phrase("note.policy-is-a-choice"))
    notes.append(Phrase("note.block-time"))
    return notes
