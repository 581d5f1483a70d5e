"""The member `change`: which output of a transaction heuristics name as change, and why.

The answer is `kancil.bitcoin.change.views`'s. Change is a guess with a reason: what a heuristic
names follows from its rule, and no error rate is known on the real chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kancil.bitcoin.change.combine import COMBINATIONS, combination_of
from kancil.bitcoin.change.heuristics import HEURISTICS as MEMBERS
from kancil.bitcoin.change.notes import notes_of
from kancil.bitcoin.change.views import ChangeView, ask_change
from kancil.bitcoin.coinjoins.heuristics import EARLIER
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS as COINJOINS
from kancil.bitcoin.script.selectors import ADDRESS, TXID
from kancil.ground.phrase import Param, Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.records.finding import Finding, FindingClass
from kancil.records.table import (
    Column,
    Holds,
    Table,
    count,
    identifier,
    phrase,
    sat,
    table_of,
    text,
)
from kancil.studies.study import (
    Answered,
    Material,
    Parameters,
    Result,
    chain_sources,
    members_of,
    named,
    not_supported,
    noted,
    notes_table,
    take,
)

_SAYS = (Column("answer", Holds.CODE, "name.change-answer"), *count("output"))
SUBJECT = (*identifier("txid", selector=TXID), *text("scope"))
OUTPUTS = (
    *count("output"),
    *sat("value_sat"),
    *identifier("address", selector=ADDRESS),
    *text("script"),
    Column("can_be_change", Holds.CODE, "name.answer"),
)
COMBINED = (
    *count("row"),
    *text("combination", "version"),
    *_SAYS,
    *identifier("address", selector=ADDRESS),
    *sat("value_sat"),
    *phrase("why"),
    *text("voted", "abstained"),
)
HEURISTICS = (
    *count("row"),
    *text("heuristic", "version"),
    *_SAYS,
    *identifier("address", selector=ADDRESS),
    *sat("value_sat"),
    *phrase("why", "known_error"),
    *text("source"),
)


class ChangeStudy:
    """Change of one transaction."""

    name = "change"
    version = "1"
    earlier: tuple[str, ...] = ()

    def ask(self, material: Material, given: Mapping[str, Any]) -> Parameters:
        """`chain`, `txid`; `combine`: combinations, else all of today."""
        every = [each.name for each in COMBINATIONS]
        asked = take(
            given,
            {
                "chain": "", "coinjoins": named(COINJOINS), "combine": every,
                "heuristics": named(MEMBERS), "txid": "",
            },
        )  # fmt: skip
        for name in asked["combine"]:
            combination_of(name)
        return asked

    def run(
        self,
        material: Material,
        parameters: Parameters,
        labels: tuple[str, ...] | None = None,
        progress: Progress = SILENT,
    ) -> Answered:
        """Answer as `kancil bitcoin change` does."""
        chain = material.chain(parameters["chain"])
        asked = [combination_of(name) for name in parameters["combine"]]
        members = members_of(parameters["heuristics"], MEMBERS)
        coinjoins = members_of(parameters["coinjoins"], (*COINJOINS, *EARLIER))
        view = ask_change(chain, parameters["txid"], asked, members, coinjoins)
        return Answered(self.result(view, parameters), chain_sources(chain))

    def result(self, view: ChangeView, parameters: Parameters) -> Result:
        """The result of an answer that was computed."""
        return Result(self.name, self.version, parameters, tuple(_tables(view)))

    def question(self, parameters: Parameters) -> Phrase:
        """What was asked."""
        return Phrase("study.change-question", {"txid": parameters["txid"]})

    def answer(self, result: Result) -> list[Phrase]:
        """What the first combination says."""
        first = result.table("combinations").row(1)
        if first is None:
            return [Phrase("study.change-not-applicable")]
        key = "named" if first["answer"] == "change" else str(first["answer"])
        told: dict[str, Param] = {"combination": str(first["combination"])}
        told["address"] = str(first["address"] or "") or Phrase("note.no-address")
        output = -1 if first["output"] is None else int(first["output"])
        return [Phrase(f"study.change-{key}", {**told, "output": output})]

    def limits(self, result: Result) -> list[Phrase]:
        """The sentences that stood beside the answer when it was computed."""
        return noted(result)

    def finding(self, result: Result, table: str, row: int) -> Finding:
        """The output that a heuristic or a combination names."""
        known = table in ("combinations", "heuristics")
        found = result.table(table).row(row) if known else None
        if found is None or found["answer"] != "change":
            raise not_supported(row)
        method = "combination" if table == "combinations" else "heuristic"
        return Finding(
            FindingClass.POLICY_RESULT,
            "change-output",
            {
                "address": str(found["address"] or ""),
                "output": f"{result.parameters['txid']}:{found['output']}",
                "policy": str(found[method]),
                "policy_version": str(found["version"]),
                "value_sat": str(found["value_sat"]),
            },
        )


def _tables(view: ChangeView) -> Iterator[Table]:
    value = view.as_dict()
    yield table_of("subject", SUBJECT, [value])
    yield table_of("outputs", OUTPUTS, ({**row, "output": row["n"]} for row in value["outputs"]))
    yield table_of("combinations", COMBINED, (
        {**row, **_output(row), "row": number, "why": one.verdict.why,
         "voted": ", ".join(row["voted"]),
         "abstained": ", ".join(each["member"] for each in row["abstained"])}
        for number, (row, one) in enumerate(
            zip(value["combinations"], view.combined, strict=True), 1)
    ))  # fmt: skip
    yield table_of("heuristics", HEURISTICS, (
        {**row, **_output(row), "row": number, "heuristic": row["member"], "why": vote.verdict.why,
         "known_error": Phrase(vote.member.words[-1])}
        for number, (row, vote) in enumerate(zip(value["members"], view.votes, strict=True), 1)
    ))  # fmt: skip
    yield notes_table(notes_of(view))


def _output(row: Mapping[str, Any]) -> dict[str, Any]:
    named = row["output"] or {}
    return {"output": named.get("n"), "address": named.get("address"),
            "value_sat": named.get("value_sat")}  # fmt: skip


CHANGE = ChangeStudy()
