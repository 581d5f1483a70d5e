"""Transactions of a chain as the change heuristics see them, one at a time.

From a chain's columns, graph and script index; for `kancil bitcoin change`. What later
transactions do is told as far as the blocks held reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from weakref import WeakKeyDictionary

from kancil.bitcoin.blocks.columns import LOOSE, Array
from kancil.bitcoin.chain.address_ids import WITH_ID
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.heuristic import Coin, Heuristic, Shown
from kancil.bitcoin.coinjoins.verdicts import PROTOCOLS, looks_of, shown_at
from kancil.bitcoin.holdings.graph import COINBASE, NO_SPEND_SEEN
from kancil.bitcoin.script.kind import ScriptKind

from .codes import FINAL_SEQUENCE
from .heuristic import Fate, Seen, Shape, Spender, Traits
from .run import held_around

_Script = tuple[ScriptKind, bytes]
_held: WeakKeyDictionary[Chain, tuple[Array, Array]] = WeakKeyDictionary()
"""What `held_around` gives of chains that are open: all blocks are gone through for it."""


def _around_of(chain: Chain) -> tuple[Array, Array]:
    found = _held.get(chain)
    if found is None:
        rows, graph = chain.columns, chain.graph
        found = held_around(rows, graph.tx_run, graph.tx_run_after, graph.tx_rank)
        _held[chain] = found
    return found


def coins_read(chain: Chain, tx: int) -> int:
    """Count the inputs and outputs of a transaction and of all that spend its outputs.

    So many coins are read to judge it; what it costs grows as they do.
    """
    graph = chain.graph
    numbers = [int(graph.output_spender[output]) for output in graph.outputs_of(tx)]
    spenders = {graph.tx_of_input(number) for number in numbers if number != NO_SPEND_SEEN}
    return sum(len(graph.inputs_of(one)) + len(graph.outputs_of(one)) for one in {tx, *spenders})


def payments_read(chain: Chain, tx: int) -> int:
    """Count the payments held that are read to say whether its addresses were paid before or again.

    Each script that the transaction pays counts once, however often it pays it.
    """
    if chain.store is not None:
        return 0
    paid = {chain.columns.script_at(output): output for output in chain.graph.outputs_of(tx)}
    outputs = [output for (kind, _), output in paid.items() if kind in WITH_ID]
    return sum(chain.payments_gone_through(output) for output in outputs)


class Reader:
    """Reads transactions of one chain."""

    def __init__(
        self,
        chain: Chain,
        excluded: Array | None = None,
        protocols: Sequence[Heuristic] = PROTOCOLS,
    ) -> None:
        """Take a chain; `excluded`: CoinJoins if they were found, else spenders are looked at.

        `protocols`: the heuristics that then say what a CoinJoin is.
        """
        self.chain, self._excluded, self._protocols = chain, excluded, protocols
        self._around = _around_of(chain)
        self._spender = lru_cache(maxsize=1024)(self._read_spender)

    def seen_at(self, tx: int) -> Seen:
        """The transaction in this row of the columns."""
        chain, graph = self.chain, self.chain.graph
        shown = shown_at(chain, tx)
        paid: dict[_Script, tuple[bool, bool]] = {}
        maker = None
        if shown.inputs:
            source = int(graph.input_source[graph.inputs_of(tx).start])
            maker = self._shape(graph.tx_of_output(source)) if source >= 0 else None
        return Seen(
            shown=shown,
            fates=tuple(
                self._fate(tx, output, coin, paid)
                for output, coin in zip(graph.outputs_of(tx), shown.outputs, strict=True)
            ),
            traits=self._traits(tx, shown),
            fee_sat=graph.fee_of(tx),
            maker=maker,
        )

    def _traits(self, tx: int, shown: Shown) -> Traits:
        rows = self.chain.columns
        sequences = shown.sequences or ()
        return Traits(
            version=int(rows.tx_version[tx]),
            has_locktime=int(rows.tx_locktime[tx]) > 0,
            signals_replacement=any(each < FINAL_SEQUENCE for each in sequences),
            has_witness=bool(rows.tx_segwit[tx]),
        )

    def _shape(self, tx: int) -> Shape:
        graph = self.chain.graph
        inputs = graph.inputs_of(tx)
        spends = sum(int(graph.input_source[one]) != COINBASE for one in inputs)
        return Shape(spends, len(graph.outputs_of(tx)))

    def _read_spender(self, tx: int) -> Spender:
        chain = self.chain
        if self._excluded is not None:
            is_excluded = bool(self._excluded[tx])
        else:
            is_excluded = is_coinjoin(chain, tx, self._protocols)
        return Spender(
            txid=chain.txid(tx),
            traits=self._traits(tx, shown_at(chain, tx)),
            shape=self._shape(tx),
            fee_sat=chain.graph.fee_of(tx),
            is_excluded=is_excluded,
        )

    def _fate(
        self, tx: int, output: int, coin: Coin, paid: dict[_Script, tuple[bool, bool]]
    ) -> Fate:
        """What became of an output; `paid`: what was found of scripts of this transaction."""
        graph = self.chain.graph
        number = int(graph.output_spender[output])
        spender = None
        if number != NO_SPEND_SEEN:
            spender = self._spender(graph.tx_of_input(number))
        if coin.kind is None or coin.kind not in WITH_ID:
            return Fate(spender)
        is_whole, is_settled = self._held_around(tx)
        script = coin.kind, coin.payload
        if script not in paid:
            paid[script] = self.chain.paid_around(output)
        before, again = paid[script]
        return Fate(
            spender,
            paid_before=True if before else (False if is_whole else None),
            paid_again=True if again else (False if is_settled else None),
        )

    def _held_around(self, tx: int) -> tuple[bool, bool]:
        block = int(self.chain.columns.tx_block[tx])
        if block == LOOSE:
            return False, False
        return bool(self._around[0][block]), bool(self._around[1][block])


def is_coinjoin(chain: Chain, tx: int, protocols: Sequence[Heuristic] = PROTOCOLS) -> bool:
    """Whether a detector of a CoinJoin protocol says yes, or is unsure."""
    return any(look.is_fired for look in looks_of(chain, tx, protocols))
