"""Several nets of one chain as one: what one question draws joins what another draws.

From nets of the same graph; to one net of whole outputs. Shares of different traces answer
different questions and are never added: each strand keeps them apart, under the trace's name.
"""

from __future__ import annotations

from collections.abc import Sequence

from .net import COINJOIN, FURTHER, NOT_DRAWN, Net, Sight, Strand, spender_of


def merge_nets(sight: Sight, nets: Sequence[Net], names: Sequence[str]) -> Net:
    """Merge nets; `names`: what each trace is called, empty for a question without a policy."""
    hops: dict[int, int] = {}
    for net in nets:
        for tx, hop in net.hops.items():
            hops[tx] = min(hop, hops.get(tx, hop))
    found: dict[int, list[tuple[int, Strand]]] = {}
    for place, net in enumerate(nets):
        for strand in net.strands:
            found.setdefault(strand.key, []).append((place, strand))
    told = [place for place, name in enumerate(names) if name]
    return Net(
        hops=hops,
        fees={},
        strands=[_merged(sight, several, hops, told) for several in found.values()],
        fetches=sorted({fetch for net in nets for fetch in net.fetches}),
        policies=0,
        cut=any(net.cut for net in nets),
        traces=tuple(names[place] for place in told),
        traces_add_up=tuple(bool(nets[place].adds_up and nets[place].adds_up[0]) for place in told),
    )


def _merged(
    sight: Sight, several: Sequence[tuple[int, Strand]], hops: dict[int, int], told: Sequence[int]
) -> Strand:
    """One strand of what several questions say of the same coins."""
    first = several[0][1]
    one = Strand(first.output, first.input, max(strand.value_sat for _, strand in several))
    _join(sight, one, [strand for _, strand in several], hops)
    one.is_start = any(strand.is_start for _, strand in several)
    one.declared_sat = max(one.value_sat, 0) if one.is_start else 0
    one.labels = sight.label_of(one.output) if one.output >= 0 else ()
    for place, strand in several:
        if place in told and strand.shares:
            one.traced[told.index(place)] = strand.shares[0]
    return one


def _join(sight: Sight, one: Strand, several: Sequence[Strand], hops: dict[int, int]) -> None:
    """Which of its transactions are drawn, and why it ends where one is not."""
    graph = sight.graph
    if one.output >= 0:
        maker, spender = graph.tx_of_output(one.output), spender_of(graph, one.output)
    else:
        maker, spender = NOT_DRAWN, graph.tx_of_input(one.input)
    one.made_by = maker if maker in hops else NOT_DRAWN
    one.spent_by = spender if spender in hops else NOT_DRAWN
    if one.made_by >= 0 and one.spent_by >= 0:
        return
    states = [strand for strand in several if strand.state]
    further = next((strand for strand in states if strand.state == FURTHER), None)
    ends = further or next(iter(states), None)
    if ends is not None:
        one.state, one.stopped_at = ends.state, ends.stopped_at
    beyond = {strand.further for strand in several} - set(hops) - {NOT_DRAWN}
    if beyond and one.state != COINJOIN:
        one.further = min(beyond)
