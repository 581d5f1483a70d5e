"""What a transaction did, in one sentence that can be read aloud."""

from __future__ import annotations

from datetime import UTC, tzinfo

from kancil.bitcoin.chain.views import OutputView, TxView
from kancil.ground.clock import from_unix
from kancil.ground.phrase import Param, Phrase
from kancil.studies.amounts import btc, short
from kancil.studies.sentences import date_of, joined

_NAMED = 2
"""Outputs that are named; the others are counted."""


def transaction_answer(view: TxView, zone: tzinfo = UTC) -> list[Phrase]:
    """When, how much came in, to whom it went, and the fee."""
    paid = sorted((one for one in view.outputs if one.value_sat), key=lambda one: -one.value_sat)
    told: dict[str, Param] = {"inputs": _inputs(view), "paid": _paid(paid), "fee": _fee(view)}
    said = Phrase("study.tx-said", told)
    if view.time is None:
        return [Phrase("study.tx-undated", {"said": said})]
    when: dict[str, Param] = {
        "said": said,
        "date": date_of(from_unix(view.time).astimezone(zone).date()),
        "height": "" if view.height is None else str(view.height),
    }
    return [Phrase("study.tx-on" if view.height is None else "study.tx-in", when)]


def _inputs(view: TxView) -> Phrase:
    if any(one.status == "coinbase" for one in view.inputs):
        return Phrase("study.tx-newly-issued")
    values = [one.value_sat for one in view.inputs]
    known = sum(value for value in values if value is not None)
    told: dict[str, Param] = {"count": len(values), "amount": btc(known)}
    if None in values:
        return Phrase("study.tx-inputs-unknown", {**told, "unknown": values.count(None)})
    return Phrase("study.tx-inputs" if len(values) > 1 else "study.tx-input", told)


def _paid(outputs: list[OutputView]) -> Phrase:
    if not outputs:
        return Phrase("study.tx-paid-nobody")
    told = joined(
        [
            Phrase("study.tx-paid", {"amount": btc(one.value_sat), "party": _party(one)})
            for one in outputs[:_NAMED]
        ]
    )
    more = len(outputs) - _NAMED
    return Phrase("study.tx-paid-more", {"told": told, "count": more}) if more > 0 else told


def _party(output: OutputView) -> Param:
    if output.address:
        return short(output.address)
    if output.same_key_as:
        return Phrase("study.tx-key-of", {"address": short(output.same_key_as[0])})
    return Phrase("study.tx-output", {"n": output.n})


def _fee(view: TxView) -> Phrase:
    if any(one.status == "coinbase" for one in view.inputs):
        return Phrase("study.tx-fee-none")
    if view.fee_sat is None:
        return Phrase("study.tx-fee-unknown")
    return Phrase("study.tx-fee", {"amount": btc(view.fee_sat)})
