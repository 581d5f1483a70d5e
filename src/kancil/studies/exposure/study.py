"""The member `exposure`: how much of what an address or cluster sent or received met which labels.

The answer is `kancil.bitcoin.exposure.answer`'s, in tables: where all coins ended, the amounts by
category, each amount with its transaction and labels, and terrorist financing by when the address
was listed. Amounts follow under the chosen policy; labels are their publishers' allegations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.heuristics import EARLIER, HEURISTICS
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.bitcoin.exposure.answer import HOPS, SIDES, Question, answer_exposure, exposure_notes
from kancil.bitcoin.script.selectors import ADDRESS, TXID
from kancil.bitcoin.tracing.trace import policy_named
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Param, Phrase
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
from kancil.studies.amounts import btc, btc_range
from kancil.studies.clusters_used import clusters_for
from kancil.studies.sentences import joined
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
from kancil.studies.sums import require_most

_NAMED = 3
"""Categories that the answer names."""
_SIDE = Column("side", Holds.CODE, "name.exposure-side")
_AMOUNTS = tuple(
    Column(f"{part}{end}_sat", Holds.SAT)
    for part in ("total_", "direct_", "indirect_", "by_cluster_")
    for end in ("lower", "upper")
)
ENDS = (
    _SIDE,
    Column("within", Holds.CODE, "name.exposure-within"),
    Column("group", Holds.CODE, "name.exposure"),
    *text("end"),
    *sat("lower_sat", "upper_sat"),
)
CATEGORIES = (_SIDE, *text("categories"), *count("outputs"), *_AMOUNTS)
ROWS = (
    *count("row"),
    _SIDE,
    *identifier("txid", selector=TXID),
    *time("time"),
    *count("hop"),
    *identifier("outpoint", selector=TXID),
    *identifier("address", selector=ADDRESS),
    *sat("lower_sat", "upper_sat"),
    *text("categories"),
    Column("by_cluster", Holds.CODE, "name.answer"),
    Column("listed", Holds.CODE, "name.listed"),
    *identifier("way", selector=TXID),
)
LABELS = (
    *count("row", "of_row"),
    *identifier("labelled_address", selector=ADDRESS),
    *text("publisher", "label", "category", "law"),
    Column("authority", Holds.CODE, "name.authority"),
    *day("listed_on", "fetched_on"),
    *text("source"),
    *identifier("file_sha256"),
    *text("place"),
)
TERRORISM = (
    _SIDE,
    Column("claim", Holds.CODE, "name.terrorism-claim"),
    Column("listed", Holds.CODE, "name.listed"),
    *count("outputs"),
    *_AMOUNTS[:2],
)
SUBJECT = (
    *identifier("address", selector=ADDRESS),
    *count("addresses", "outputs", "spends_of_unknown", "maybe_coinjoins"),
    *text("scope"),
)


class ExposureStudy:
    """Exposure of an address, or of its whole cluster, to labels."""

    name = "exposure"
    version = "1"
    earlier: tuple[str, ...] = ()

    def ask(self, material: Material, given: Mapping[str, Any]) -> Parameters:
        """`chain`, `address`; else as the options of `kancil bitcoin exposure`."""
        asked = take(
            given,
            {
                "address": "", "also_allegations": False, "chain": "", "cluster": False,
                "coinjoins": named(HEURISTICS), "direction": "both", "hops": HOPS,
                "labels_reach_clusters": False,
                "policy": "haircut", "policy_version": None,
            },
        )  # fmt: skip
        if asked["direction"] not in SIDES:
            why = ", ".join(SIDES)
            raise OptionNotUsable(option="direction", value=asked["direction"][:40], why=why)
        policy = policy_named(asked["policy"], asked["policy_version"])
        return {**asked, "policy_version": policy.version}

    def run(
        self,
        material: Material,
        parameters: Parameters,
        labels: tuple[str, ...] | None = None,
        progress: Progress = SILENT,
    ) -> Answered:
        """Answer as `kancil bitcoin exposure` does."""
        chain = material.chain(parameters["chain"])
        used = material.labels(chain, labels)
        question = Question(
            parameters["address"], parameters["cluster"], SIDES[parameters["direction"]],
            parameters["policy"], parameters["hops"], parameters["labels_reach_clusters"],
            parameters["also_allegations"], progress,
        )  # fmt: skip
        heuristics = members_of(parameters["coinjoins"], (*HEURISTICS, *EARLIER))
        clusters = None
        if question.needs_clusters:
            clusters = clusters_for(chain, used.index, heuristics, progress=progress)
        looks = CoinjoinLooks(chain, heuristics)
        value = answer_exposure(chain, used.index, question, clusters, looks)
        return Answered(self.result(chain, parameters, value), chain_sources(chain, used))

    def result(self, chain: Chain, parameters: Parameters, value: dict[str, Any]) -> Result:
        """The result of an answer that was computed; `value`: what `answer_exposure` gives."""
        return Result(self.name, self.version, parameters, tuple(_tables(chain, value)))

    def question(self, parameters: Parameters) -> Phrase:
        """What was asked."""
        subject = "cluster" if parameters["cluster"] else "address"
        return Phrase(
            f"study.exposure-question-{subject}",
            {
                "address": parameters["address"],
                "direction": Phrase(f"name.exposure-direction-{parameters['direction']}"),
                "policy": parameters["policy"],
                "hops": parameters["hops"],
            },
        )

    def answer(self, result: Result) -> list[Phrase]:
        """How much of each side met labels, of how much, and in which categories most."""
        return [_side_said(result, side) for side in SIDES[result.parameters["direction"]]]

    def limits(self, result: Result) -> list[Phrase]:
        """The sentences that stood beside the answer when it was computed."""
        return noted(result)

    def finding(self, result: Result, table: str, row: int) -> Finding:
        """From `rows` the amount under the policy; from `labels` what its publisher alleges."""
        found = result.table(table).row(row) if table in ("rows", "labels") else None
        if found is None:
            raise not_supported(row)
        if table == "labels":
            return label_finding(found, "labelled_address")
        asked = result.parameters
        fields = ("address", "hop", "lower_sat", "outpoint", "txid", "upper_sat")
        return Finding(
            FindingClass.POLICY_RESULT,
            f"exposure-{found['side']}",
            {
                **{name: str(found[name] or "") for name in fields},
                "categories": str(found["categories"] or ""),
                "policy": asked["policy"],
                "policy_version": asked["policy_version"],
                "subject": asked["address"],
            },
        )


def _side_said(result: Result, side: str) -> Phrase:
    """What one side met, in one sentence."""
    rows = _where(result.table("rows"), side=side)
    told: dict[str, Param] = {
        "side": Phrase(f"name.exposure-side-{side}"),
        "count": len(rows),
        "policy": result.parameters["policy"],
        "hops": result.parameters["hops"],
    }
    if not rows:
        return Phrase("study.exposure-none", told)
    ends = _where(result.table("ends"), side=side, within="hops")
    met = [row for row in ends if row["group"] == "exposed"]
    if not met:
        return Phrase("study.exposure-reached", told)
    whole = [sum(int(row[name] or 0) for row in ends) for name in ("lower_sat", "upper_sat")]
    categories = _where(result.table("categories"), side=side)
    largest = sorted(categories, key=lambda row: -int(row["total_upper_sat"] or 0))[:_NAMED]
    named = [
        Phrase("study.exposure-category", {"category": str(row["categories"]),
               "amount": _range(row, "total_")})
        for row in largest
    ]  # fmt: skip
    for row in categories:
        require_most(side, max(whole), _bounds_of(row, "total_"))
    told |= {"amount": _range(met[0]), "all": btc(whole[1])}
    if whole[0] != whole[1]:
        told["all"] = btc_range(min(whole), max(whole))
    return Phrase("study.exposure-amount", {**told, "categories": joined(named)})


def _range(row: Mapping[str, Any], part: str = "") -> str:
    return btc_range(*_bounds_of(row, part))


def _bounds_of(row: Mapping[str, Any], part: str = "") -> tuple[int, int]:
    return int(row[f"{part}lower_sat"] or 0), int(row[f"{part}upper_sat"] or 0)


def _where(table: Table, **wanted: str) -> list[dict[str, Any]]:
    rows = (table.row(number) or {} for number in range(1, len(table.rows) + 1))
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def _tables(chain: Chain, value: dict[str, Any]) -> Iterator[Table]:
    """The answer's tables; `value`: what `answer_exposure` gives."""
    maybe = {txid for side in value["sides"] for txid in side["maybe_coinjoins"]}
    subject = {
        **value, "address": value["id"], "maybe_coinjoins": len(maybe),
    }  # fmt: skip
    yield table_of("subject", SUBJECT, [subject])
    yield table_of("ends", ENDS, (row for side in value["sides"] for row in _ends(side)))
    yield table_of("categories", CATEGORIES, (
        {**row, "side": side["side"]} for side in value["sides"] for row in side["categories"]
    ))  # fmt: skip
    rows = [{**row, "side": side["side"]} for side in value["sides"] for row in side["rows"]]
    numbered = [{**row, "row": number} for number, row in enumerate(rows, 1)]
    yield table_of("rows", ROWS, ({**row, "time": row["time"]} for row in numbered))
    labels = [{**label, "of_row": row["row"]} for row in numbered for label in row["labels"]]
    own = [{**label, "of_row": None, "labelled_address": label["address"]}
           for label in value["own_labels"]]  # fmt: skip
    yield table_of("labels", LABELS, (
        {**label, "row": number} for number, label in enumerate([*own, *labels], 1)
    ))  # fmt: skip
    yield table_of("terrorism", TERRORISM, (
        {**row, "side": side["side"], "claim": claim}
        for side in value["sides"]
        for claim, key in (("counted", "terrorist_financing"), ("alleged", "terrorism_allegations"))
        if side[key] is not None
        for row in side[key]["by_time"]
    ))  # fmt: skip
    yield notes_table(exposure_notes(value))


def _ends(side: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for within, key in (("one", "one_transaction"), ("hops", "within")):
        for row in side[key]["ends"]:
            yield {**row, "side": side["side"], "within": within}


EXPOSURE = ExposureStudy()
