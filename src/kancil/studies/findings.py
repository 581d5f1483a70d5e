"""From a trace's row to a finding that an officer can accept: one of three classes, no percentage.

A chain fact says what a transaction did; a policy result says what follows under a policy that
somebody chose; an attribution repeats what a publisher alleges.
"""

from __future__ import annotations

from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.ground.phrase import Phrase
from kancil.records.finding import Finding, FindingClass
from kancil.studies.errors import FindingNotSupported

from .trace.amount import amount_finding
from .trace.run import TraceAnswer

CLASSES = tuple(each.value for each in FindingClass)


def make_finding(
    chain: Chain, answer: TraceAnswer, finding_class: str, row: int, label: int
) -> Finding:
    """Make the finding of one row of a trace's transfers, or of one label it names.

    `row`: number of the transfer; `label`: number of the label, for an attribution. Raises
    FindingNotSupported.
    """
    if finding_class not in CLASSES:
        raise FindingNotSupported(why=Phrase("why.finding-class", {"known": ", ".join(CLASSES)}))
    wanted = FindingClass(finding_class)
    if wanted is FindingClass.ATTRIBUTION:
        return _attribution(answer, label)
    told = answer.as_dict()
    rows = {int(str(each["row"])): each for each in told["transfers"]}
    if row not in rows:
        raise FindingNotSupported(why=Phrase("why.finding-row", {"row": row}))
    if wanted is FindingClass.CHAIN_FACT:
        found = _payment(chain, rows[row])
    else:
        found = amount_finding(
            rows[row],
            policy=answer.question.policy,
            policy_version=str(answer.chosen.parameters["policy_version"]),
            totals=told["totals"],
            is_backward=answer.question.direction == "backward",
        )
    return found if chain.network.is_real_money else found.on(chain.network.name)


def _payment(chain: Chain, row: dict[str, Any]) -> Finding:
    """State what the row's transaction did; its value and payee are read from the chain."""
    target = str(row["to_output"]).split(" ")[0]
    txid, _, number = target.partition(":")
    output = chain.output_row(bytes.fromhex(txid)[::-1], int(number)) if target else None
    if not row["block_hash"] or output is None:
        raise FindingNotSupported(why=Phrase("why.finding-not-in-block"))
    params = {name: str(row[name]) for name in ("txid", "block_hash", "block_time", "from_outputs")}
    params["to_output"] = target
    params["value_sat"] = str(int(chain.graph.output_value[output]))
    params["address"] = chain.address_of(output) or ""
    return Finding(FindingClass.CHAIN_FACT, "payment", params)


def _attribution(answer: TraceAnswer, number: int) -> Finding:
    if not 1 <= number <= len(answer.labels):
        raise FindingNotSupported(why=Phrase("why.finding-label", {"count": len(answer.labels)}))
    label = answer.labels[number - 1]
    params = {
        "address": label.address,
        "category": label.category or "",
        "fetched_on": label.fetched_on.isoformat() if label.fetched_on else "",
        "label": label.label or "",
        "law": label.law or "",
        "listed_on": label.listed_on.isoformat() if label.listed_on else "",
        "publisher": label.publisher,
        "source": label.source or label.place,
    }
    return Finding(FindingClass.ATTRIBUTION, "label-says", params)
