"""What is answered about one cluster: plain values, ready for a door.

From `clusters` and `tree`; shown by doors and reports. Lists are cut at `LISTED` entries
unless the whole is asked for; the total always stands beside what is listed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain import same_keys
from kancil.bitcoin.chain.address_ids import ANYBODYS
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NotInChain
from kancil.bitcoin.coinjoins.heuristics import heuristic_named
from kancil.bitcoin.coinjoins.verdicts import looks_of
from kancil.bitcoin.holdings.graph import UNKNOWN
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.script import bare_keys, same_key_address
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.plain import LEFT_OUT, plain

from .clusters import GUARD_REASON, HEURISTIC, VERSION, Clusters, find_address, stated_inputs
from .coins import MOST_COUNTED, coins_of
from .tree import Tree, tree_of, tree_without, way_between

LISTED = 1000
"""Entries of a list that are given unless the whole is asked for."""
KNOWN_ERROR = "no known error rate"
SOURCES = (
    "Nakamoto 2008, section 10",
    "Meiklejohn et al. 2013, heuristic 1",
    "Harrigan & Fretter 2016",
)
"""Where the heuristic comes from."""
METHOD = {"name": f"{HEURISTIC} {VERSION}", "source": "; ".join(SOURCES)}
"""Name with version, and source, for a sentence."""


@dataclass(frozen=True, slots=True)
class ClusterView:
    """One cluster, by one of its addresses."""

    address: dict[str, Any]
    size: int
    """Addresses, the asked one included."""
    scripts: dict[str, int]
    """How many of each script kind."""
    first: dict[str, Any]
    """First transaction in chain order that pays or spends one of them."""
    last: dict[str, Any]
    coins: dict[str, int | str] | None
    """What it received, and what of it was not seen to be spent; None: too many to count."""
    members: tuple[dict[str, Any], ...]
    labels: tuple[tuple[str, Label], ...] = field(metadata=LEFT_OUT)
    """Address and label of each labelled member; left to the door."""
    labelled: int
    """Members with a label."""
    owners: tuple[str, ...]
    """Different owners that these labels name."""
    held_by: tuple[dict[str, Any], ...]
    """The transactions of its merge tree in the order of the merges."""
    held_by_total: int
    spent_together: int
    """All transactions that spend from two of its addresses or more."""
    not_known: dict[str, Any]
    set_aside: tuple[dict[str, Any], ...]
    """Transactions that spend from it and join nothing, with the reason."""
    set_aside_total: int
    stopped: tuple[dict[str, Any], ...]
    """Those of them that the guard stopped, and what would have become one."""
    coinjoins: dict[str, Any]
    method: dict[str, Any]
    network: str
    is_real_money: bool
    without: dict[str, Any] | None = None
    between: dict[str, Any] | None = None
    heuristic_finding: bool = True
    one_owner_proved: bool = False
    """Always False: no heuristic proves it."""


def address_of_text(chain: Chain, clusters: Clusters, text: str) -> int:
    """Find the id of an address, or of a public key in hex.

    Of a key that paid directly (P2PK), else the first of its addresses that is held.
    Raises the errors of `decode_address`, OptionNotUsable for a script that anybody can spend,
    NotInChain.
    """
    kind, payload = script_of_text(chain, text)
    if kind in ANYBODYS:
        why = Phrase("why.cluster-anybodys")
        raise OptionNotUsable(option="ADDRESS", value=text.strip()[:100], why=why)
    found = find_address(chain, clusters.of_row, kind, payload)
    key = same_keys.key_of_text(text)
    if found < 0 and key:  # its other form, or one of its addresses
        each = (find_address(chain, clusters.of_row, *one) for one in same_keys.scripts_of_key(key))
        found = next((one for one in each if one >= 0), found)
    if found < 0:
        raise NotInChain(what=Phrase("thing.address"), name=text.strip()[:140], path=chain.name)
    return found


def script_of_text(chain: Chain, text: str) -> tuple[ScriptKind, bytes]:
    """Read an address, or a public key in hex (then the key paid directly, P2PK).

    Raises the errors of `decode_address`.
    """
    return same_keys.script_of_text(text, chain.network)


def ask_cluster(
    chain: Chain,
    clusters: Clusters,
    labels: LabelIndex,
    text: str,
    *,
    without: Sequence[str] = (),
    between: str | None = None,
    whole: bool = False,
) -> ClusterView:
    """Of the cluster of an address.

    `without`: ids of doubted transactions: what splits off if they are taken out. `between`:
    another address: by which transactions the two hang together, less the doubted ones.
    Raises as `address_of_text`, NameNotReadable.
    """
    asking = _Asking(chain, clusters, labels, None if whole else LISTED)
    address = address_of_text(chain, clusters, text)
    other = None if between is None else address_of_text(chain, clusters, between)
    doubted = [chain.tx_row(txid) for txid in without]
    return asking.view(address, doubted, other)


@dataclass(frozen=True, slots=True)
class ListPart:
    """Some rows of a list of a cluster, and how many there are."""

    rows: tuple[dict[str, Any], ...]
    total: int


def members_part(chain: Chain, clusters: Clusters, text: str, after: int, most: int) -> ListPart:
    """`most` addresses of an address's cluster, those after the first `after`.

    Raises as `address_of_text`.
    """
    members = clusters.members_of(address_of_text(chain, clusters, text))
    asking = _Asking(chain, clusters, None, most)
    return ListPart(asking.members(members[after:]), len(members))


def held_by_part(chain: Chain, clusters: Clusters, text: str, after: int, most: int) -> ListPart:
    """`most` transactions of the merge tree of an address's cluster, after the first `after`.

    Raises as `address_of_text`.
    """
    asking = _Asking(chain, clusters, None, most)
    return ListPart(*asking.held_by(address_of_text(chain, clusters, text), after))


class _Asking:
    def __init__(
        self, chain: Chain, clusters: Clusters, labels: LabelIndex | None, most: int | None
    ) -> None:
        self.chain, self.clusters, self.labels, self.most = chain, clusters, labels, most
        self.stated = stated_inputs(chain)

    def view(self, address: int, doubted: Sequence[int], other: int | None) -> ClusterView:
        clusters, chain = self.clusters, self.chain
        tree = tree_of(chain, clusters, self.stated, address)
        held_by, held_by_total = self._held_by(tree)
        labels, labelled = self._labels(tree.members)
        aside = clusters.aside_of(tree.members)
        recomputed = tree
        if doubted:
            recomputed = tree_without(chain, clusters, self.stated, address, doubted)
        txs = clusters.txs_of(address)
        span = self._span(tree.members)
        return ClusterView(
            address=self._address(address),
            size=len(tree.members),
            scripts=self._scripts(tree.members),
            first=span["first"],
            last=span["last"],
            coins=self._coins(tree.members),
            members=self.members(tree.members),
            labels=labels,
            labelled=labelled,
            owners=_owners(labels),
            held_by=held_by,
            held_by_total=held_by_total,
            spent_together=len(txs),
            not_known=self._not_known(txs),
            set_aside=self._set_aside(aside),
            set_aside_total=len(aside),
            stopped=self._stopped(aside),
            coinjoins=self._coinjoins(txs),
            method={
                "heuristic": HEURISTIC,
                "version": VERSION,
                "known_error": KNOWN_ERROR,
                "sources": list(SOURCES),
            },
            network=chain.network.name,
            is_real_money=chain.network.is_real_money,
            without=self._without(recomputed, address, doubted, txs) if doubted else None,
            between=None if other is None else self._between(recomputed, address, other),
        )

    def held_by(self, address: int, after: int) -> tuple[tuple[dict[str, Any], ...], int]:
        """A part of an address's merge tree, and how many transactions it has."""
        return self._held_by(tree_of(self.chain, self.clusters, self.stated, address), after)

    # --- addresses --------------------------------------------------------------------------------

    def _script(self, address: int) -> tuple[ScriptKind, bytes]:
        return script_of(self.chain, self.clusters, address)

    def _address(self, address: int) -> dict[str, Any]:
        return told_address(self.chain, *self._script(address))

    def _name(self, address: int) -> str:
        return name_of(self._address(address))

    def members(self, members: Array) -> tuple[dict[str, Any], ...]:
        """The first of these addresses."""
        return tuple(self._address(address) for address in members[: self.most].tolist())

    def _scripts(self, members: Array) -> dict[str, int]:
        rows = self.clusters.first_row[members]
        outputs = self.chain.columns.output_count
        kinds = np.concatenate(
            (
                self.chain.columns.output_script[rows[rows < outputs]],
                self.chain.arrays["x.spent_script"][rows[rows >= outputs] - outputs],
            )
        )
        values, counts = np.unique(kinds, return_counts=True)
        pairs = zip(values.tolist(), counts.tolist(), strict=True)
        return {ScriptKind(value).name.lower(): count for value, count in pairs}

    def _coins(self, members: Array) -> dict[str, int | str] | None:
        if len(members) > MOST_COUNTED:
            return None
        found = coins_of(self.chain, (self._script(address) for address in members.tolist()))
        told: dict[str, int | str] | None = plain(found)
        return told

    def _labels(self, members: Array) -> tuple[tuple[tuple[str, Label], ...], int]:
        """Address and label of each labelled member, and how many members have a label."""
        labelled = np.intersect1d(members, self.clusters.labelled).tolist()
        labels = tuple(
            (self._name(address), label)
            for address in labelled
            for label in (self.labels.of(*self._script(address)) if self.labels else ())
        )
        return labels, len(labelled)

    # --- transactions -----------------------------------------------------------------------------

    def _span(self, members: Array) -> dict[str, dict[str, Any]]:
        rank = self.chain.graph.tx_rank
        first, last = self.clusters.first_tx[members], self.clusters.last_tx[members]
        return {
            "first": self.chain.place_of_tx(int(first[np.argmin(rank[first])])),
            "last": self.chain.place_of_tx(int(last[np.argmax(rank[last])])),
        }

    def _held_by(self, tree: Tree, after: int = 0) -> tuple[tuple[dict[str, Any], ...], int]:
        """The transactions of a merge tree, each with the addresses that it joined.

        `after`: how many are left out before the first. The second is how many there are.
        """
        is_new = np.ones(len(tree.tx), np.bool_)
        is_new[1:] = tree.tx[1:] != tree.tx[:-1]
        begins = np.flatnonzero(is_new).tolist()
        ends = [*begins[1:], len(tree.tx)]
        until = None if self.most is None else after + self.most
        found = tuple(
            {
                **self.chain.place_of_tx(int(tree.tx[begin])),
                "heuristic": HEURISTIC,
                "address": self._name(int(tree.one[begin])),
                "joined_to": [self._name(each) for each in tree.other[begin:end].tolist()],
                "by_spent_outputs_file": self._is_stated(int(tree.tx[begin])),
            }
            for begin, end in zip(begins[after:until], ends[after:until], strict=False)
        )
        return found, len(begins)

    def _is_stated(self, tx: int) -> bool:
        """Whether a script of an input of this transaction is known from such a file alone."""
        inputs = self.chain.graph.inputs_of(tx)
        low, high = np.searchsorted(self.stated[0], (inputs.start, inputs.stop))
        return bool(high > low)

    def _set_aside(self, aside: dict[int, int]) -> tuple[dict[str, Any], ...]:
        reasons = self.clusters.told["reasons"]
        return tuple(
            {
                **self.chain.place_of_tx(tx),
                "reason": reasons[reason],
                "heuristic": self._heuristic(tx, reasons[reason]),
            }
            for tx, reason in list(aside.items())[: self.most]
        )

    def _heuristic(self, tx: int, reason: str) -> dict[str, Any] | None:
        """What the heuristic says that had a transaction set aside, None if none had."""
        name, version, *_ = [*reason.split(" "), ""]
        named = heuristic_named(name, version)
        looks = () if named is None else looks_of(self.chain, tx, (named,))
        return plain(looks[0]) if looks else None

    def _stopped(self, aside: dict[int, int]) -> tuple[dict[str, Any], ...]:
        owners = self.clusters.told["owners"]
        guard = len(self.clusters.told["reasons"]) - 1
        return tuple(
            {
                **self.chain.place_of_tx(tx),
                "reason": GUARD_REASON,
                "owners": [owners[one], owners[other]],
                "sizes": [size, other_size],
                "large": self.clusters.told["large"],
            }
            for tx, one, other, size, other_size in self.clusters.halts.tolist()
            if aside.get(tx) == guard
        )

    def _coinjoins(self, txs: Array) -> dict[str, Any]:
        """By what CoinJoins are excluded, and of what it cannot be told."""
        told = self.clusters.told
        untold = np.intersect1d(txs, self.clusters.untold)
        return {
            "excluded_by": told["method"],
            "excluded": told["excluded"],
            "unsure": told["unsure"],
            "not_told": [self.chain.place_of_tx(tx) for tx in untold[: self.most].tolist()],
            "not_told_total": len(untold),
            "not_told_in_chain": len(self.clusters.untold),
        }

    def _not_known(self, txs: Array) -> dict[str, Any]:
        """Count what this cluster's transactions spend from that no address is known of."""
        graph = self.chain.graph
        counts = graph.tx_input_start[txs + 1] - graph.tx_input_start[txs]
        before = np.cumsum(counts) - counts
        inputs = np.repeat(graph.tx_input_start[txs] - before, counts) + np.arange(counts.sum())
        sources = graph.input_source[inputs]
        is_unknown = (sources == UNKNOWN) & ~np.isin(inputs, self.stated[0])
        held = sources[sources >= 0]
        return {
            "inputs_not_held": int(is_unknown.sum()),
            "inputs_without_address": int((self.clusters.of_row[held] < 0).sum()),
            "inputs_not_held_in_chain": self.clusters.told["inputs_not_held"],
            "scope": self.chain.scope,
        }

    # --- doubts and ways --------------------------------------------------------------------------

    def _without(
        self, tree: Tree, address: int, doubted: Sequence[int], txs: Array
    ) -> dict[str, Any]:
        mine = int(tree.part[np.searchsorted(tree.members, address)])
        parts = [
            self._part(members, part, is_own=part == mine)
            for part, members in enumerate(tree.parts(self.most))
        ]
        known = set(txs.tolist())
        return {
            "transactions": [
                {**self.chain.place_of_tx(tx), "spends_from_this_cluster": tx in known}
                for tx in doubted
            ],
            "splits": tree.part_count > 1,
            "part_count": tree.part_count,
            "own_part": mine + 1,
            "parts": parts,
        }

    def _part(self, members: Array, part: int, *, is_own: bool) -> dict[str, Any]:
        labels, labelled = self._labels(members)
        return {
            "part": part + 1,
            "has_asked_address": is_own,
            "size": len(members),
            **self._span(members),
            "owners": list(_owners(labels)),
            "labelled": labelled,
            "labels": [{**plain(label), "address": name} for name, label in labels[: self.most]],
            "members": list(self.members(members)),
        }

    def _between(self, tree: Tree, address: int, other: int) -> dict[str, Any]:
        is_same = bool(np.isin(other, tree.members))
        way = way_between(tree, address, other) if is_same else None
        steps = [
            {
                "from": self._name(begin),
                "to": self._name(end),
                **self.chain.place_of_tx(tx),
                "heuristic": HEURISTIC,
                "by_spent_outputs_file": self._is_stated(tx),
            }
            for begin, tx, end in way or ()
        ]
        return {
            "other": self._address(other),
            "together": way is not None,
            "steps": steps if way is not None else None,
        }


def script_of(chain: Chain, clusters: Clusters, address: int) -> tuple[ScriptKind, bytes]:
    """The script of an address by its number."""
    row, rows = int(clusters.first_row[address]), chain.columns
    if row < rows.output_count:
        return rows.script_at(row)
    return chain.stated_at(row - rows.output_count)


def told_address(chain: Chain, kind: ScriptKind, payload: bytes) -> dict[str, Any]:
    """An address's text and form; of a bare key or multisig the keys."""
    keys = bare_keys(kind, payload)
    return {
        "address": encode_address(kind, payload, chain.network),
        "script": kind.name.lower(),
        "keys": [key.hex() for key in keys],
        "same_key_as": [same_key_address(key, chain.network) for key in keys],
    }


def name_of(told: dict[str, Any]) -> str:
    """An address's text; of a bare key or multisig its form and keys."""
    return str(told["address"] or f"{told['script']}:{','.join(told['keys'])}")


def _owners(labels: Collection[tuple[str, Label]]) -> tuple[str, ...]:
    return tuple(sorted({label.entity for _, label in labels} - {""}))
