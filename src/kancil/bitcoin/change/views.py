"""What is said of one transaction's change, member by member: plain values, ready for a door.

A coinbase, a transaction that is not in the chain, and one that a detector takes for a CoinJoin are
*not applicable*: several owners' change, or nobody's, cannot be named by rules for one payer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.heuristic import Heuristic
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS as COINJOIN_HEURISTICS
from kancil.bitcoin.coinjoins.verdicts import Look, looks_of
from kancil.bitcoin.holdings.graph import NO_RANK
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain

from .combine import Combination, Combined, Vote
from .heuristic import ChangeHeuristic, ChangeVerdict, Named, Seen
from .heuristics import HEURISTICS
from .seen import Reader


@dataclass(frozen=True, slots=True)
class OutputShown:
    """One output of the transaction asked of."""

    n: int
    value_sat: int
    script: str
    address: str | None
    can_be_change: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What the members and combinations say of one transaction."""

    txid: str
    not_applicable: Phrase | None
    """Why no member is asked; None where they are."""
    joins: tuple[Look, ...]
    """What detectors of CoinJoins and of equal outputs say, where one says yes or cannot tell."""
    outputs: tuple[OutputShown, ...]
    votes: tuple[Vote, ...]
    """What each member says, in the registry's order."""
    combined: tuple[Combined, ...]
    """What each combination says; the first is the answer."""
    scope: str
    """Up to where the blocks held reach."""
    network: str
    is_real_money: bool

    @property
    def output(self) -> OutputShown | None:
        """The output that the first combination names."""
        return None if not self.combined else self._shown(self.combined[0].verdict)

    def _shown(self, verdict: ChangeVerdict) -> OutputShown | None:
        return None if verdict.output is None else self.outputs[verdict.output]

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        why = self.not_applicable
        return {
            "txid": self.txid,
            "applicable": why is None,
            "not_applicable": plain(why),
            "joins": plain(self.joins),
            "output": plain(self.output),
            "answered_by": self.combined[0].combination.name if self.combined else None,
            "outputs": plain(self.outputs),
            "members": [self._vote(vote) for vote in self.votes],
            "combinations": [self._combined(each) for each in self.combined],
            "scope": self.scope,
            "network": self.network,
            "is_real_money": self.is_real_money,
        }

    def _vote(self, vote: Vote) -> dict[str, Any]:
        member = vote.member
        return {
            "member": member.name,
            "version": member.version,
            **self._verdict(vote.verdict),
            "looks_ahead": member.looks_ahead,
            "source": member.source,
        }

    def _verdict(self, verdict: ChangeVerdict) -> dict[str, Any]:
        return {
            "answer": verdict.answer.value,
            "output": plain(self._shown(verdict)),
            "rule": verdict.rule,
            "why": plain(verdict.why),
        }

    def _combined(self, one: Combined) -> dict[str, Any]:
        combination = one.combination
        return {
            "combination": combination.name,
            "version": combination.version,
            "way": combination.way.value,
            "least": combination.least,
            "members": [member.name for member in combination.members],
            **self._verdict(one.verdict),
            "voted": [vote.member.name for vote in one.votes if vote.is_cast],
            "abstained": [
                {
                    "member": vote.member.name,
                    "answer": vote.verdict.answer.value,
                    "why": plain(vote.verdict.why),
                }
                for vote in one.votes
                if not vote.is_cast
            ],
        }


def ask_change(
    chain: Chain,
    txid: str,
    combinations: Sequence[Combination],
    members: Sequence[ChangeHeuristic] = HEURISTICS,
    coinjoins: Sequence[Heuristic] = COINJOIN_HEURISTICS,
) -> ChangeView:
    """Ask every member, and every combination, of one transaction.

    `coinjoins`: the heuristics that say what a CoinJoin is. Raises NameNotReadable, NotInChain.
    """
    tx = chain.tx_row(txid)
    protocols = tuple(each for each in coinjoins if each.says == "coinjoin")
    seen = Reader(chain, protocols=protocols).seen_at(tx)
    looks = tuple(
        look for look in looks_of(chain, tx, coinjoins) if look.heuristic.says != "premix"
    )
    why = _not_applicable(chain, tx, seen, looks)
    votes: tuple[Vote, ...] = ()
    combined: tuple[Combined, ...] = ()
    if why is None:
        votes = tuple(Vote(member, member.judge(seen)) for member in members)
        combined = tuple(each.judge(seen) for each in combinations)
    graph = chain.graph
    return ChangeView(
        txid=chain.txid(tx),
        not_applicable=why,
        joins=looks,
        outputs=tuple(
            OutputShown(
                n=n,
                value_sat=coin.value_sat or 0,
                script="" if coin.kind is None else coin.kind.name.lower(),
                address=chain.address_of(row),
                can_be_change=n in seen.candidates,
            )
            for n, (row, coin) in enumerate(
                zip(graph.outputs_of(tx), seen.shown.outputs, strict=True)
            )
        ),
        votes=votes,
        combined=combined,
        scope=chain.scope,
        network=chain.network.name,
        is_real_money=chain.network.is_real_money,
    )


def _not_applicable(chain: Chain, tx: int, seen: Seen, looks: Sequence[Look]) -> Phrase | None:
    """Why no member is to be asked, None if they are."""
    if not seen.shown.inputs:
        return Phrase("why.change-coinbase")
    if int(chain.graph.tx_rank[tx]) == NO_RANK:
        return Phrase("why.change-not-in-chain")
    for look in looks:
        if look.heuristic.says == "coinjoin" and look.is_fired:
            return Phrase(
                "why.change-coinjoin",
                {"heuristic": look.heuristic.name, "why": look.verdict.why},
            )
    return None


__all__ = ["ChangeView", "Named", "OutputShown", "ask_change"]
