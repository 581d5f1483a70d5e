"""The member `cluster`: which addresses are spent together, and the transactions that link them.

The answer is `kancil.bitcoin.clusters.views`'s. That two addresses were spent by one transaction is
a chain fact; that they have one owner follows from the multi-input heuristic and is not proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kancil.bitcoin.clusters.notes import notes_of
from kancil.bitcoin.clusters.views import ClusterView, ask_cluster, name_of
from kancil.bitcoin.coinjoins.heuristics import EARLIER, HEURISTICS
from kancil.bitcoin.exposure.views import label_dict
from kancil.bitcoin.script.selectors import ADDRESS, TXID
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.progress import SILENT, Progress
from kancil.records.finding import Finding, FindingClass
from kancil.records.table import (
    Column,
    Holds,
    Table,
    count,
    day,
    identifier,
    sat,
    table_of,
    text,
    time,
)
from kancil.studies.clusters_used import clusters_for
from kancil.studies.study import (
    Answered,
    Material,
    Parameters,
    Result,
    chain_sources,
    label_finding,
    members_of,
    named,
    not_supported,
    noted,
    notes_table,
    take,
)

_PLACE = (
    *identifier("txid", selector=TXID),
    *count("height"),
    *time("time"),
)
SUBJECT = (
    *identifier("address", selector=ADDRESS),
    *count("addresses", "spent_together"),
    *sat("received_sat", "unspent_sat"),
    *text("heuristic", "heuristic_version"),
)
MEMBERS = (
    *count("row"),
    *identifier("address", selector=ADDRESS),
    *text("script"),
)
LINKS = (
    *count("row"),
    *_PLACE,
    *identifier("address", "joined_to", selector=ADDRESS),
)
LABELS = (
    *count("row"),
    *identifier("address", selector=ADDRESS),
    *text("publisher", "label", "category", "law"),
    Column("authority", Holds.CODE, "name.authority"),
    *day("listed_on", "fetched_on"),
    *text("source"),
    *identifier("file_sha256"),
    *text("place"),
)
EXCLUDED = (*_PLACE, *text("reason"))
PARTS = (
    *count("part"),
    Column("has_asked_address", Holds.CODE, "name.answer"),
    *count("addresses"),
    *identifier("address", selector=ADDRESS),
    *text("owners"),
)
WAY = (
    *count("row"),
    *identifier("from", selector=ADDRESS),
    *_PLACE,
    *identifier("to", selector=ADDRESS),
)


class ClusterStudy:
    """The multi-input cluster of an address."""

    name = "cluster"
    version = "1"
    earlier: tuple[str, ...] = ()

    def ask(self, material: Material, given: Mapping[str, Any]) -> Parameters:
        """`chain`, `address`; `without` (transaction ids), `between`, and what may join."""
        return take(
            given,
            {
                "address": "", "between": None, "chain": "", "coinjoins": named(HEURISTICS),
                "coinjoins_join": False, "unsure_join": False, "without": [],
            },
        )  # fmt: skip

    def run(
        self,
        material: Material,
        parameters: Parameters,
        labels: tuple[str, ...] | None = None,
        progress: Progress = SILENT,
    ) -> Answered:
        """Answer as `kancil bitcoin cluster --all` does."""
        chain = material.chain(parameters["chain"])
        used = material.labels(chain, labels)
        heuristics = members_of(parameters["coinjoins"], (*HEURISTICS, *EARLIER))
        clusters = clusters_for(
            chain, used.index, heuristics, coinjoins_join=parameters["coinjoins_join"],
            unsure_join=parameters["unsure_join"], progress=progress,
        )  # fmt: skip
        view = ask_cluster(
            chain, clusters, used.index, parameters["address"], without=parameters["without"],
            between=parameters["between"], whole=True,
        )  # fmt: skip
        return Answered(self.result(view, parameters), chain_sources(chain, used))

    def result(self, view: ClusterView, parameters: Parameters) -> Result:
        """The result of an answer that was computed."""
        return Result(self.name, self.version, parameters, tuple(_tables(view, parameters)))

    def question(self, parameters: Parameters) -> Phrase:
        """What was asked."""
        return Phrase("study.cluster-question", {"address": parameters["address"]})

    def answer(self, result: Result) -> list[Phrase]:
        """How many addresses, and what splits or links where that was asked."""
        subject = result.table("subject").row(1) or {}
        size = int(subject["addresses"] or 0)
        key = "study.cluster-answer" if size > 1 else "study.cluster-alone"
        told = [Phrase(key, {"address": str(subject["address"]), "count": size})]
        if result.parameters["without"]:
            parts = len(result.table("parts").rows)
            key = "study.cluster-splits" if parts > 1 else "study.cluster-holds"
            told.append(Phrase(key, {"count": parts}))
        other = result.parameters["between"]
        if other is not None:
            steps = len(result.table("way").rows)
            key = "study.cluster-linked" if steps else "study.cluster-not-linked"
            told.append(Phrase(key, {"other": other, "count": steps}))
        return told

    def limits(self, result: Result) -> list[Phrase]:
        """The sentences that stood beside the answer when it was computed."""
        return noted(result)

    def finding(self, result: Result, table: str, row: int) -> Finding:
        """`links`: a chain fact; `members`: a result of the heuristic; `labels`: an allegation."""
        known = table in ("links", "members", "labels")
        found = result.table(table).row(row) if known else None
        if found is None:
            raise not_supported(row)
        if table == "labels":
            return label_finding(found, "address")
        if table == "links":
            shown = ("address", "joined_to", "time", "txid")
            return Finding(
                FindingClass.CHAIN_FACT, "spent-together",
                {name: str(found[name] or "") for name in shown},
            )  # fmt: skip
        subject = result.table("subject").row(1) or {}
        return Finding(
            FindingClass.POLICY_RESULT,
            "same-cluster",
            {
                "address": str(found["address"]),
                "policy": str(subject["heuristic"]),
                "policy_version": str(subject["heuristic_version"]),
                "subject": str(subject["address"]),
            },
        )


def _tables(view: ClusterView, parameters: Parameters) -> Iterator[Table]:
    labels = [{"address": name, **label_dict(label)} for name, label in view.labels]
    coins = view.coins or {}
    yield table_of("subject", SUBJECT, [{
        "address": name_of(view.address), "addresses": view.size,
        "spent_together": view.spent_together, "received_sat": coins.get("received_sat"),
        "unspent_sat": coins.get("no_spend_seen_sat"), "heuristic": view.method["heuristic"],
        "heuristic_version": view.method["version"],
    }])  # fmt: skip
    yield table_of("members", MEMBERS, _numbered(
        [{"address": name_of(each), "script": each["script"]} for each in view.members]
    ))  # fmt: skip
    yield table_of("links", LINKS, _numbered(view.held_by))
    yield table_of("labels", LABELS, _numbered(labels))
    yield table_of("excluded", EXCLUDED, view.set_aside)
    if view.without is not None:
        yield table_of("parts", PARTS, (
            {**part, "addresses": part["size"], "address": name_of(part["members"][0]),
             "owners": "; ".join(part["owners"])}
            for part in view.without["parts"]
        ))  # fmt: skip
    if view.between is not None:
        yield table_of("way", WAY, _numbered(view.between["steps"] or ()))
    notes = notes_of({**plain(view), "labels": labels})
    yield notes_table(notes)


def _numbered(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({"row": number, **row} for number, row in enumerate(rows, 1))


CLUSTER = ClusterStudy()
