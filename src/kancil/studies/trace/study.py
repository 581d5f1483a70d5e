"""The member `trace`, the first one: coins followed under a policy, recorded as `trace.run`.

Its tables are those of a bundle, and the ledger names its answer by `result_digest` of them. Pages
and documents show more of a trace than tables, and work with `TraceAnswer`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kancil.bitcoin.script.selectors import ADDRESS, TXID
from kancil.bitcoin.tracing.trace import VERSION, VERSIONS, policy_named
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.records.finding import Finding
from kancil.records.table import Column, Holds, Row, Table, table_of
from kancil.studies.errors import TraceNotReadable
from kancil.studies.study import (
    Answered,
    Material,
    Parameters,
    Result,
    chain_sources,
    not_supported,
    take,
)

from .amount import amount_finding
from .answer import trace_answer
from .asking import TraceInput, ask_trace
from .question import read_question
from .run import run_trace
from .tables import COLUMNS

DIRECTIONS = ("forward", "backward")
_COUNTS = ("row", "hop")
_SELECTORS = {
    "address": ADDRESS, "from_outputs": TXID, "outpoint": TXID, "output": TXID, "to_output": TXID,
    "txid": TXID,
}  # fmt: skip


class TraceStudy:
    """Coins followed forward or backward."""

    name = "trace"
    version = VERSION
    earlier = tuple(each for each in VERSIONS if each != VERSION)

    def ask(self, material: Material, given: Mapping[str, Any]) -> Parameters:
        """`chain`, `starts`, `policy`; limits as `kancil bitcoin trace` takes them."""
        asked = take(
            given,
            {
                "chain": "", "direction": "forward", "hops": None, "min_sat": "0",
                "pass_services": None, "policy": "", "since": None, "starts": [],
                "through_coinjoins": False, "until": None, "why": "",
            },
        )  # fmt: skip
        policy_named(asked["policy"])
        if asked["direction"] not in DIRECTIONS:
            why = ", ".join(DIRECTIONS)
            raise OptionNotUsable(option="direction", value=asked["direction"][:40], why=why)
        chain = asked.pop("chain")
        question = ask_trace(material.chain(chain), TraceInput(**asked))
        return {"chain": chain, **question.as_dict()}

    def run(
        self,
        material: Material,
        parameters: Parameters,
        labels: tuple[str, ...] | None = None,
        progress: Progress = SILENT,
    ) -> Answered:
        """Follow the coins under every policy that the parameters name."""
        asked = {name: value for name, value in parameters.items() if name != "chain"}
        question = read_question(asked)
        if question is None:
            raise TraceNotReadable(why=Phrase("why.trace-parameters"))
        chain = material.chain(parameters["chain"])
        used = material.labels(chain, labels)
        answer = run_trace(chain, used, question, progress)
        tables = tuple(_table(name, rows) for name, rows in answer.tables.items())
        result = Result(self.name, question.method_version, parameters, tables)
        return Answered(result, chain_sources(chain, used), earlier_digest=answer.digest)

    def question(self, parameters: Parameters) -> Phrase:
        """What was asked."""
        starts = ", ".join(parameters["asked"])
        told = {"starts": starts, "policy": parameters["policy"]}
        return Phrase(f"study.trace-question-{parameters['direction']}", told)

    def answer(self, result: Result) -> list[Phrase]:
        """What was paid at the first step and where the coins are, over all policies."""
        tables = {each.name: each.as_rows() for each in result.tables}
        return trace_answer(result.parameters, tables)

    def limits(self, result: Result) -> list[Phrase]:
        """That the policy is a choice, and that times are the miner's."""
        return [Phrase("note.policy-is-a-choice"), Phrase("note.block-time")]

    def finding(self, result: Result, table: str, row: int) -> Finding:
        """The amount of a transfer under the chosen policy."""
        found = result.table(table).row(row) if table == "transfers" else None
        if found is None:
            raise not_supported(row)
        asked = result.parameters
        (chosen,) = (
            each
            for each in _rows(result.table("totals"))
            if (each["policy"], each["order"]) == (asked["policy"], "as-written")
        )
        return amount_finding(
            found, policy=asked["policy"], policy_version=str(chosen["version"]),
            totals=chosen, is_backward=asked["direction"] == "backward",
        )  # fmt: skip


def _rows(table: Table) -> list[dict[str, Any]]:
    return [table.row(number + 1) or {} for number in range(len(table.rows))]


def kept_tables(data: bytes) -> tuple[Table, ...]:
    """The tables of a trace as the workspace keeps it; `data`: the file's bytes.

    One that an older version did not keep is left out.
    """
    kept = json.loads(data)
    rows = {**kept, "totals": kept.get("policies")}
    return tuple(
        table_of(name, [_column(each) for each in columns], rows[name])
        for name, columns in COLUMNS.items()
        if rows.get(name) is not None
    )


def _table(name: str, rows: list[Row]) -> Table:
    return Table(name, tuple(_column(each) for each in COLUMNS[name]), tuple(rows))


def _column(name: str) -> Column:
    if name.endswith("_sat"):
        return Column(name, Holds.SAT)
    if name in _COUNTS:
        return Column(name, Holds.COUNT)
    if name == "block_time":
        return Column(name, Holds.TIME)
    if name in _SELECTORS or name == "block_hash":
        return Column(name, Holds.ID, selector=_SELECTORS.get(name, ""))
    return Column(name)


TRACE = TraceStudy()
