"""The command that tells how much of an address's or cluster's coins met which labels."""

from __future__ import annotations

from typing import Annotated

import typer

from kancil.bitcoin.exposure.answer import HOPS, SIDES, Question, answer_exposure, exposure_notes
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.tracing.trace import policy_named
from kancil.cli.frame.door import Door
from kancil.cli.frame.study import record_study, show_answer
from kancil.desk.studies.material import material_of
from kancil.ground.errors import OptionNotUsable
from kancil.ground.words import render_phrase
from kancil.studies.exposure.study import EXPOSURE

from .chains import ChainName, clusters_of, open_chain


def exposure(
    context: typer.Context,
    chain: ChainName,
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="Bitcoin address, or a public key in hex (P2PK)."),
    ],
    cluster: Annotated[
        bool, typer.Option("--cluster", help="Ask about its whole multi-input cluster.")
    ] = False,
    direction: Annotated[str, typer.Option(help="sent, received or both.")] = "both",
    policy: Annotated[str, typer.Option(help="haircut, poison, fifo or lifo.")] = "haircut",
    hops: Annotated[int, typer.Option(help="Maximum transactions away.")] = HOPS,
    labels_reach_clusters: Annotated[
        bool,
        typer.Option(
            "--labels-reach-clusters",
            help="Apply a label to the whole cluster of its address: a heuristic step.",
        ),
    ] = False,
    also_allegations: Annotated[
        bool,
        typer.Option(
            "--also-allegations",
            help="Also show, in a separate table, mere allegations of financing terrorism.",
        ),
    ] = False,
    case: Annotated[
        str | None, typer.Option(help="Record the study in this case: C1 or an id.")
    ] = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Print every row.")] = False,
) -> None:
    """Show how much of what an address sent or received met which labels.

    Direct is one transaction away, indirect is further, within --hops. Each coin counts once,
    at the first label it meets; what is exposed, unlabelled and not followed is all. A label is
    its publisher's allegation. Terrorist financing counts only UN or national designations and
    court findings, and says whether they came before the payment. See docs/reference/exposure.md.

        kancil bitcoin exposure main 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d --direction received
    """
    door = Door(context)
    policy_named(policy)
    sides = SIDES.get(direction)
    if sides is None:
        raise OptionNotUsable(option="--direction", value=direction[:40], why=", ".join(SIDES))
    opened = open_chain(door, chain)
    given = {
        "address": address, "also_allegations": also_allegations, "chain": chain,
        "cluster": cluster, "direction": direction, "hops": hops,
        "labels_reach_clusters": labels_reach_clusters, "policy": policy,
    }  # fmt: skip
    if case is not None:
        record_study(door, EXPOSURE, given, case, all_rows=all_rows)
        return
    labels = LabelIndex.load(door.workspace.labels_dir, opened.network, opened.name)
    with door.screen.progress() as progress:
        question = Question(
            address, cluster, sides, policy, hops, labels_reach_clusters, also_allegations, progress
        )
        clusters = None
        if question.needs_clusters:
            clusters = clusters_of(door, opened, labels, progress=progress)
        value = answer_exposure(opened, labels, question, clusters)
    result = EXPOSURE.result(opened, EXPOSURE.ask(material_of(door.workspace), given), value)
    value["notes"] = [render_phrase(note) for note in exposure_notes(value)]
    door.show(value, lambda: show_answer(door, EXPOSURE, result, all_rows=all_rows))
