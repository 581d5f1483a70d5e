"""The toy: which blocks of a chain are held without a known height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.records.finding import Finding, FindingClass
from kancil.records.table import count, identifier, table_of
from kancil.studies.study import (
    Answered,
    Material,
    Parameters,
    Result,
    chain_sources,
    not_supported,
    take,
)

ROWS = (*count("row", "toy_blocks"), *identifier("toy_chain"))


class Toy:
    """How many blocks a chain holds."""

    name = "toy"
    version = "1"
    earlier: tuple[str, ...] = ()

    def ask(self, material: Material, given: Mapping[str, Any]) -> Parameters:
        return take(given, {"chain": "", "toys": 1})

    def run(
        self,
        material: Material,
        parameters: Parameters,
        labels: tuple[str, ...] | None = None,
        progress: Progress = SILENT,
    ) -> Answered:
        chain = material.chain(parameters["chain"])
        row = {"row": 1, "toy_chain": chain.name, "toy_blocks": chain.columns.block_count}
        result = Result(self.name, self.version, parameters, (table_of("toys", ROWS, [row]),))
        return Answered(result, chain_sources(chain))

    def question(self, parameters: Parameters) -> Phrase:
        return Phrase("study.toy-question", {"chain": parameters["chain"]})

    def answer(self, result: Result) -> Sequence[Phrase]:
        found = result.table("toys").row(1) or {}
        return [Phrase("study.toy-answer", {"count": found["toy_blocks"] or 0})]

    def limits(self, result: Result) -> Sequence[Phrase]:
        return [Phrase("study.toy-limit")]

    def finding(self, result: Result, table: str, row: int) -> Finding:
        found = result.table("toys").row(row) if table == "toys" else None
        if found is None:
            raise not_supported(row)
        params = {"chain": str(found["toy_chain"]), "count": str(found["toy_blocks"])}
        return Finding(FindingClass.CHAIN_FACT, "toy", params)


TOY = Toy()
