"""Wasabi 1 (ZeroLink): ten or more equal outputs of about 0.1 BTC, change beside them, all P2WPKH.

Source: Ficsór's rule in Dumplings (nopara73/Dumplings, Scanner.cs, from block 610,000), published
as the Wasabi CoinJoin detection heuristic by Stütz, Stockinger, Haslhofer, Moreno-Sanchez, Maffei,
"Adoption and Actual Privacy of Decentralized CoinJoin Implementations in Bitcoin", AFT 2022 (arXiv
2109.10229). The base denomination began at 0.1 BTC and moved a little from round to round; larger
participants also received doubles of it. The protocol: Ficsór, TDevD, "ZeroLink: The Bitcoin
Fungibility Framework" (2017).

Unlike Dumplings', the rule leaves out what has JoinMarket's form (one value shared, as many other
outputs or one fewer) and in which participants earn (`kancil.bitcoin.coinjoins.balance`): everyone
in a Wasabi round pays. Dumplings' list holds such transactions, some of them on the list of false
ones of crocs-muni/coinjoin-analysis.

Rounds of 2018 and 2019 had other base denominations, and at first few participants. Dumplings tells
those before block 610,000 (27 December 2019) from two addresses to which the coordinator had its
fee paid until it took a fresh one for each round, from 31 January 2020 (WasabiDoc, FAQ, "What is
the coordinator address?"; Dumplings, Constants.cs; WalletWasabi, Constants.cs): an output pays one
of them, and three or more outputs are equal. Version 2 has that rule, whenever the transaction was
made: `coordinator-paid` where all is P2WPKH and there are no fewer inputs than equal outputs, as
the coordinator asked for; anybody can pay an address, so without these it is *unsure*, by
`coordinator-paid-other-form`. Where only the denomination is another it is *unsure* too, by
`other-denomination`. The last two are Kancil's own.

Early rounds could leave everyone without change: three rounds of 14 equal outputs of 0.05 BTC are
known that have one other output alone, the coordinator's. The published rule asks for two. Version
3 is *unsure* where only that is missing, by `one-other`: ten or more equal outputs and one other,
and all else as the first rule asks, whatever the denomination. It is Kancil's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.bitcoin.coinjoins.balance import are_makers_paid
from kancil.bitcoin.coinjoins.heuristic import (
    SEGWIT,
    Period,
    Rule,
    Shown,
    Verdict,
    doubts,
    fails,
    fired,
    kinds_of,
    untold,
)
from kancil.bitcoin.network import MAINNET
from kancil.bitcoin.script.address import decode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.phrase import Phrase

BASE_SAT, OFF_SAT = 10_000_000, 2_000_000
"""0.1 BTC, give or take 0.02."""
LEAST_EQUAL = 10
LEAST_SINGLE = 2
"""Outputs of a value no other has: change, and the coordinator's fee."""

LEAST_EQUAL_PAID = 3
"""Equal outputs where the coordinator is paid."""
COORDINATOR = frozenset(
    decode_address(address, MAINNET)
    for address in (
        "bc1qs604c7jv6amk4cxqlnvuxv26hv3e48cds4m0ew",
        "bc1qa24tsgchvuxsaccp8vrnkfd85hrcpafg20kmjw",
    )
)
"""Scripts of the coordinator's fixed addresses, until January 2020."""

PUBLISHED, OWN = "method.wasabi1.3", "method.wasabi1.own"
PERIOD = Period(
    date(2018, 7, 5),
    date(2024, 6, 1),
    "Dumplings scans from block 530,500 (5 July 2018); zkSNACKs ended its coordinators on "
    "1 June 2024",
)


@dataclass(frozen=True, slots=True)
class Wasabi1:
    """The member; see the module."""

    name: str = "wasabi1"
    version: str = "3"
    says: str = "coinjoin"
    source: str = (
        "Stütz, Stockinger, Haslhofer, Moreno-Sanchez, Maffei: Adoption and Actual Privacy of "
        "Decentralized CoinJoin Implementations in Bitcoin. AFT 2022 (arXiv 2109.10229); "
        "Dumplings, Scanner.cs, Constants.cs; WasabiDoc, FAQ; Ficsór, TDevD: ZeroLink (2017)"
    )
    period: Period = PERIOD
    possible_from: date = SEGWIT
    words: tuple[str, ...] = (
        "method.wasabi1.1",
        "method.wasabi1.early",
        OWN,
        PUBLISHED,
    )
    rules: tuple[Rule, ...] = (
        Rule("base-denomination", PUBLISHED),
        Rule("coordinator-paid", PUBLISHED),
        Rule("coordinator-paid-other-form", OWN, is_sure=False),
        Rule("other-denomination", OWN, is_sure=False),
        Rule("one-other", OWN, is_sure=False),
    )
    protocol: str = "wasabi1"
    restates: str = "Dumplings"
    knows_early: bool = True
    """Whether rounds of other denominations are told: from version 2."""
    knows_one_other: bool = True
    """Whether rounds in which nobody has change are told: from version 3."""

    def judge(self, shown: Shown) -> Verdict:
        """Judge one transaction; the scripts of its inputs are needed, at times their values."""
        value, count = shown.most_common
        if self.knows_early and count >= LEAST_EQUAL_PAID and _pays_coordinator(shown):
            return _early(shown, value, count)
        is_base = abs(value - BASE_SAT) <= OFF_SAT
        single = _single(shown)
        is_alone = self.knows_one_other and single == len(shown.outputs) - count == 1
        if lack := _lack(shown, is_base=is_base or self.knows_early, is_alone=is_alone):
            return fails(lack)
        if None in kinds_of(shown.inputs):
            return untold()
        if kinds_of(shown.inputs) != {ScriptKind.P2WPKH}:
            return fails(Phrase("why.wasabi1-kinds"))
        others = len(shown.outputs) - count
        if shown.repeated_values == 1 and others in (count, count - 1):
            if shown.input_values is None:
                return untold()
            if are_makers_paid(shown, others):
                return fails(Phrase("why.wasabi1-earned", {"count": count, "others": others}))
        params = {"count": count, "value": value, "inputs": len(shown.inputs), "single": single}
        if is_alone:
            return doubts("one-other", Phrase("why.wasabi1-one-other", params))
        if is_base:
            return fired("base-denomination", Phrase("why.wasabi1-round", params))
        why = Phrase("why.wasabi1-other-base", {**params, "base": BASE_SAT})
        return doubts("other-denomination", why)


def _lack(shown: Shown, *, is_base: bool, is_alone: bool) -> Phrase | None:
    """The first condition on outputs and the number of inputs that fails, None if none does.

    `is_base`: whether the denomination will do; `is_alone`: whether one other output will.
    """
    value, count = shown.most_common
    if count < LEAST_EQUAL:
        return Phrase("why.wasabi1-equal", {"count": count, "least": LEAST_EQUAL})
    if not is_base:
        return Phrase("why.wasabi1-base", {"value": value, "base": BASE_SAT})
    if len(shown.inputs) < count:
        return Phrase("why.fewer-inputs", {"inputs": len(shown.inputs), "count": count})
    if not is_alone and (single := _single(shown)) < LEAST_SINGLE:
        return Phrase("why.wasabi1-single", {"single": single})
    if kinds_of(shown.outputs) != {ScriptKind.P2WPKH}:
        return Phrase("why.wasabi1-kinds")
    return None


def _single(shown: Shown) -> int:
    """Count the outputs of a value that no other has."""
    return sum(times == 1 for times in shown.value_counts.values())


def _pays_coordinator(shown: Shown) -> bool:
    return any((coin.kind, coin.payload) in COORDINATOR for coin in shown.outputs)


def _early(shown: Shown, value: int, count: int) -> Verdict:
    """Judge what pays the coordinator and has equal outputs."""
    params = {"count": count, "value": value, "inputs": len(shown.inputs)}
    if None in kinds_of(shown.inputs):
        return untold()
    kinds = kinds_of(shown.outputs) | kinds_of(shown.inputs)
    if kinds == {ScriptKind.P2WPKH} and len(shown.inputs) >= count:
        return fired("coordinator-paid", Phrase("why.wasabi1-paid", params))
    return doubts("coordinator-paid-other-form", Phrase("why.wasabi1-paid-other", params))


WASABI1 = Wasabi1()
WASABI1_1 = Wasabi1(
    version="1",
    words=("method.wasabi1.1", "method.wasabi1.2", PUBLISHED),
    rules=(Rule("base-denomination", PUBLISHED),),
    knows_early=False,
    knows_one_other=False,
)
WASABI1_2 = Wasabi1(version="2", rules=WASABI1.rules[:-1], knows_one_other=False)
