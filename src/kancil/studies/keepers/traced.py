"""Keepers that a trace met: outputs that publishers label as a service's, or their cluster.

From a trace that was run; to keepers with amounts over all policies that add up. A label is its
publisher's allegation. A wallet that is labelled may be a hot wallet: the addresses that paid into
it are kept beside it, since one of them may be the customer's deposit address. Mixers and markets
get no letter; what came to them is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.labels.terms import category_of
from kancil.bitcoin.script.selectors import ADDRESS
from kancil.bitcoin.tracing.result import Holding, LeftOut, TraceResult
from kancil.ground.clock import from_unix
from kancil.studies.trace.run import TraceAnswer
from kancil.studies.trace.tables import each_result

from .keeper import (
    BANK,
    EXCHANGE,
    PAYMENT_SERVICE,
    UNKNOWN,
    Arrival,
    Elsewhere,
    Keeper,
    Keepers,
    Met,
)
from .rest import Rest

_DIGITS = 8
_NO_LETTER = frozenset({"tumbler", "dark_market", "dex", "defi"})
"""Terms of services that no letter stops: they hide who pays, or no keeper holds what they move."""
_KINDS = {
    "bank": BANK,
    "exchange": EXCHANGE, "peer_to_peer_exchange": EXCHANGE, "coin_swapping": EXCHANGE,
    "virtual_asset_service_provider": EXCHANGE,
    "hosted-wallet": PAYMENT_SERVICE, "escrow": PAYMENT_SERVICE, "crypto_atm": PAYMENT_SERVICE,
    "payment_processor": PAYMENT_SERVICE,
}  # fmt: skip
ClusterLabels = Callable[[int], Sequence[Label]]
"""What publishers say of the other addresses of an output's cluster."""


@dataclass(slots=True)
class _Paid:
    """One output that traced coins came to."""

    bounds: list[tuple[int, int]] = field(default_factory=list)
    """Under each result that reaches it."""
    labels: tuple[Label, ...] = ()
    spent: tuple[int, ...] = ()
    """The traced outputs that were spent for it."""
    row: int | None = None
    """Of the chosen policy's transfers."""
    is_end: bool = False
    """Unspent in the blocks held."""
    has_moved: bool = False
    """The trace went on from it."""


def traced_keepers(
    chain: Chain,
    answer: TraceAnswer,
    *,
    trace: str,
    label: str,
    cluster_labels: ClusterLabels = lambda _output: (),
) -> Keepers:
    """The keepers that a forward trace met; none for one that goes backward.

    `trace`: its id; `label`: its short number, `T1`; `cluster_labels`: none where clusters are not
    made.
    """
    if answer.question.direction != "forward":
        return Keepers()
    results = [each for each in each_result(answer.results) if each.totals.adds_up]
    paid = _paid(answer.chosen, results)
    named = _Named(chain, answer.chosen.totals.start)
    apart = 0
    for output, found in paid.items():
        labels = found.labels
        services = [each for each in labels if each.is_service]
        how = "label"
        if not services:
            services, how = [each for each in cluster_labels(output) if each.is_service], "cluster"
        keepers = list(keepers_of_labels(services, how))
        if keepers:
            arrival = _arrival(chain, output, found, len(results), trace, label)
            for keeper in keepers:
                named.add(keeper, output, arrival, has_moved=found.has_moved)
        elif services:
            apart += 1
    return Keepers(
        tuple(named.met()), tuple(_elsewhere(chain, paid, named, len(results), label)), apart
    )


def _paid(chosen: TraceResult, results: Iterable[TraceResult]) -> dict[int, _Paid]:
    """Every output that traced coins came to, the starts too where they went no further."""
    found: defaultdict[int, _Paid] = defaultdict(_Paid)
    for result in results:
        met = set[int]()
        for row in result.transfers:
            if row.output >= 0:
                met.add(row.output)
                one = found[row.output]
                one.bounds.append((row.lower, row.upper))
                one.labels = one.labels or _labels(row.labels)
                one.spent = one.spent or tuple(link.output for link in row.links)
            for link in row.links:
                found[link.output].has_moved = True
        ends: list[Holding | LeftOut] = [*result.holdings, *result.left_out]
        for end in ends:
            if end.output >= 0 and end.output not in met:
                one = found[end.output]
                one.bounds.append((end.lower, end.upper))
                one.labels = one.labels or _labels(end.labels)
    for output in [each for each, one in found.items() if not one.bounds]:
        del found[output]  # a start: where it went is told, not where it came from
    for row in chosen.transfers:
        if row.output in found:
            found[row.output].row = row.number
    for holding in chosen.holdings:
        if holding.output in found:
            found[holding.output].is_end = True
    return found


def _labels(labels: Iterable[object]) -> tuple[Label, ...]:
    return tuple(each for each in labels if isinstance(each, Label))


def keepers_of_labels(services: Iterable[Label], how: str) -> Iterable[Keeper]:
    """One keeper for each service that is named, with all who name it."""
    said: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for each in services:
        term = each.category or category_of(each.published_category)
        if term in _NO_LETTER:
            continue
        kind = _KINDS.get(term or each.published_category.casefold(), UNKNOWN)
        said[each.entity or each.label.casefold(), kind].setdefault(
            each.publisher, each.label or each.actor
        )
    for (_, kind), publishers in said.items():
        name = next(iter(publishers.values()))
        yield Keeper(name, kind, ", ".join(sorted(publishers)), how)


def _arrival(
    chain: Chain, output: int, found: _Paid, results: int, trace: str, label: str
) -> Arrival:
    outpoint = chain.outpoint(output)
    txid = outpoint.partition(":")[0]
    _, seconds = chain.height_and_time_of_tx(chain.tx_row(txid))
    at = None if seconds is None else from_unix(seconds)
    least, most = _bounds(found, results)
    whole = int(chain.graph.output_value[output])
    through = dict.fromkeys(chain.address_of(each) or "" for each in found.spent)
    return Arrival(
        f"{label}, output {outpoint}", least, most, whole, "", at, at, txid=txid, outpoint=outpoint,
        through=tuple(each for each in through if each), source=trace, row=found.row,
    )  # fmt: skip


def _bounds(found: _Paid, results: int) -> tuple[int, int]:
    """Over all policies; one that does not reach the output brings nothing there."""
    least = min(lower for lower, _ in found.bounds) if len(found.bounds) == results else 0
    return least, max(upper for _, upper in found.bounds)


class _Named:
    """Arrivals gathered by keeper and address."""

    def __init__(self, chain: Chain, start_sat: int) -> None:
        self.chain, self.start_sat = chain, start_sat
        self.outputs = set[int]()
        self._found: defaultdict[tuple[Keeper, str], list[Arrival]] = defaultdict(list)
        self._moved = set[str]()

    def add(self, keeper: Keeper, output: int, arrival: Arrival, *, has_moved: bool) -> None:
        self.outputs.add(output)
        if has_moved:
            self._moved.add(arrival.outpoint)
        name = self.chain.address_of(output) or arrival.outpoint
        self._found[keeper, name].append(arrival)

    def met(self) -> Iterable[Met]:
        for (keeper, name), arrivals in self._found.items():
            ordered = sorted(
                arrivals, key=lambda each: (each.at is None, each.at or 0, each.outpoint)
            )
            found = Met(
                keeper, name, ADDRESS, self.chain.network.coin, "bitcoin", "", _DIGITS,
                self.start_sat, tuple(self._once(ordered)),
            )  # fmt: skip
            staying = (each.most for each in ordered if each.outpoint not in self._moved)
            most = min(found.most, sum(staying))
            yield replace(found, rest=Rest(most, found.most, most))

    def _once(self, arrivals: list[Arrival]) -> Iterator[Arrival]:
        """Where coins moved on from any of them, the others may be the same coins again."""
        moved = any(each.outpoint in self._moved for each in arrivals)
        for place, each in enumerate(arrivals):
            yield replace(each, may_be_again=moved and place > 0)


def _elsewhere(
    chain: Chain, paid: dict[int, _Paid], named: _Named, results: int, label: str
) -> Iterable[Elsewhere]:
    """What is unspent at addresses of which nobody names a keeper."""
    ends = {
        output: found for output, found in paid.items()
        if found.is_end and output not in named.outputs
        and not any(each.is_service for each in found.labels)
    }  # fmt: skip
    if ends:
        addresses = {chain.address_of(output) or output for output in ends}
        most = sum(_bounds(found, results)[1] for found in ends.values())
        yield Elsewhere(
            label, chain.network.coin, _DIGITS, len(addresses), min(named.start_sat, most)
        )
