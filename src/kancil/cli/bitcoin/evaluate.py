"""The command that sets heuristics against transactions of which the truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.bitcoin.change.combine import COMBINATIONS
from kancil.bitcoin.change.heuristics import HEURISTICS as CHANGE_HEURISTICS
from kancil.bitcoin.clusters.coinjoins import called_coinjoins, judge_chain
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.coinjoins.verdicts import PROTOCOLS
from kancil.bitcoin.evaluation.change import (
    TX0_SET,
    ChangeEvaluation,
    ChangeMeasure,
    Judge,
    ingested,
    is_block,
    of_generated,
    on_blocks,
    on_tx0s,
)
from kancil.bitcoin.evaluation.coinjoins import on_planted, planted_in
from kancil.bitcoin.evaluation.evaluate import evaluate
from kancil.bitcoin.evaluation.generated_truth import GeneratedTruth, is_generated
from kancil.bitcoin.evaluation.labelled import Labelled, open_labelled
from kancil.bitcoin.evaluation.measure import Called, Measure, ProtocolMeasure
from kancil.bitcoin.network import MAINNET
from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.ground.clock import to_text
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.registry import Registry
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase

from .evaluate_coinjoins import show_measure, show_protocols
from .evaluate_patterns import evaluate_generated
from .shares import share_text

ALL = "all"


def evaluate_heuristics(
    context: typer.Context,
    labelled: Annotated[
        list[Path],
        typer.Argument(
            metavar="LABELLED",
            help="Dumplings scanner text, zips of it, lists of false positives, raw blocks,"
            " folders of generated chains.",
        ),
    ],
    heuristic: Annotated[
        list[str] | None,
        typer.Option(help="Only this heuristic, of CoinJoins or of change; repeat for more."),
    ] = None,
    pattern: Annotated[
        list[str] | None,
        typer.Option(
            help="Measure this pattern instead, on generated chains alone; repeat, or say all."
        ),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help="Another threshold of a pattern; repeat."),
    ] = None,
) -> None:
    """Compare heuristics with labelled transactions: what is known of their error.

    Only labels known from an owner or from a protocol's own record make an error rate; against
    labels of another heuristic there is agreement alone. Needs no workspace.
    Against planted rounds and instances of generated chains there is a simulation. See
    docs/reference/heuristics.md and docs/reference/patterns.md.

        kancil bitcoin evaluate SamouraiCoinJoins.txt --heuristic whirlpool
    """
    door = Door(context)
    generated = [path for path in labelled if is_generated(path)]
    if pattern or param:
        if heuristic or len(generated) < len(labelled):
            others = [str(path) for path in labelled if path not in generated]
            why = Phrase("why.generated-mixed")
            told = (others or heuristic or [""])[0][:80]
            raise OptionNotUsable(option="LABELLED", value=told, why=why)
        named = [] if pattern is None or ALL in pattern else pattern
        evaluate_generated(door, generated, named, param or [])
        return
    known: Registry[Any] = Registry("heuristic", [*HEURISTICS, *CHANGE_HEURISTICS, *COMBINATIONS])
    chosen = [known.named(name) for name in dict.fromkeys(heuristic or known.names)]
    folders = [path for path in labelled if path.is_dir()]
    files = [path for path in labelled if not path.is_dir()]
    sets = open_labelled(files)
    truths = [GeneratedTruth.open(folder) for folder in folders]
    joins = [each for each in chosen if each in HEURISTICS]
    judges = [each for each in chosen if each not in HEURISTICS]
    result = evaluate(sets, joins if files else [])
    rounds, protocols, changes = _on_generated(truths, joins, judges)
    protocols = [*result.protocols, *protocols]
    changes += _changes(files, sets, judges) if judges else []
    measures = [*result.measures, *rounds]
    digests = [*sets.files, *((truth.folder.name, truth.sha256) for truth in truths)]
    skipped = [*result.skipped, *(skip for each in changes for skip in each.skipped)]
    measured = [measure for each in changes for measure in each.measures]
    bare = [] if measured else judges
    value = {
        "id": sha256_hex("".join(digest for _, digest in digests).encode("ascii")),
        "files": [{"file": name, "sha256": digest} for name, digest in digests],
        "measures": plain(measures),
        "protocols": plain(protocols),
        "change": [
            *({**plain(one), "bias": render(f"note.change-bias-{one.population.code}")}
              for one in measured),
            *(_bare(judge) for judge in bare),
        ],
        "skipped": skipped_as_dicts(skipped),
    }  # fmt: skip

    def text() -> None:
        for measure in measures:
            show_measure(door, measure)
        show_protocols(door, protocols)
        for each in changes:
            _show_change(door, each)
        for judge in bare if heuristic else []:
            called = render(f"note.called-{Called.NOTHING}")
            door.screen.say(f"{judge.name} {judge.version}: {called}")
        door.screen.say(render("note.evaluate-sets"))
        door.show_skipped(skipped)

    door.show(value, text)


def _on_generated(
    truths: list[GeneratedTruth], joins: list[Any], judges: list[Any]
) -> tuple[list[Measure], list[ProtocolMeasure], list[ChangeEvaluation]]:
    """Measure CoinJoins and change on generated chains, each ingested and judged once."""
    rounds: list[Measure] = []
    protocols: list[ProtocolMeasure] = []
    changes: list[ChangeEvaluation] = []
    for truth in truths:
        with ingested([truth.blocks], truth.network) as chain:
            asked = dict.fromkeys([*joins, *(PROTOCOLS if judges else ())])
            judged = judge_chain(chain, tuple(asked))
            if joins:
                found = on_planted(planted_in(truth, chain), joins, judged)
                rounds += found.measures
                protocols += found.protocols
            if judges:
                changes.append(of_generated(truth, chain, judges, called_coinjoins(chain, judged)))
    return rounds, protocols, changes


def _changes(files: list[Path], sets: Labelled, judges: list[Any]) -> list[ChangeEvaluation]:
    """Measure change on whatever else was given of which change is known."""
    changes: list[ChangeEvaluation] = []
    blocks = [path for path in files if is_block(path)]
    if blocks:
        changes.append(on_blocks(blocks, judges, MAINNET))
    changes += [on_tx0s(each, judges) for each in sets.sets if each.name == TX0_SET]
    return changes


def _bare(judge: Judge) -> dict[str, Any]:
    """The measure of a change heuristic for which nothing was given."""
    return {
        "heuristic": judge.name,
        "version": judge.version,
        "kind": "change",
        "truth": None,
        "called": Called.NOTHING.value,
    }


def _show_change(door: Door, change: ChangeEvaluation) -> None:
    screen = door.screen
    for where in change.populations:
        screen.title(
            f"{render(f'note.change-population-{where.code}')}: "
            f"{render(f'note.called-{where.called}')}"
        )
        span = [to_text(each) for each in (where.first, where.last) if each is not None]
        screen.facts(
            [
                (render("name.evaluate-known-how"), render(f"note.truth-{where.truth.value}")),
                (render("name.evaluate-known-by"),
                 render_phrase(where.known_by)),
                (render("name.change-source"), where.name),
                (render("name.change-transactions"),
                 ", ".join(
                     grouped(each) for each in (where.transactions, where.refused, where.counted)
                 )),
                (render("name.evaluate-period"), " - ".join(span) or "-"),
            ]
        )  # fmt: skip
        screen.say(render(f"note.change-bias-{where.code}"))
    columns = ("judge", "found", "missed", "own", "mistaken", "wrong", "left", "untold", "base")
    if change.measures:
        screen.table(
            tuple(
                render(f"name.change-{name}") + (">" if place else "")
                for place, name in enumerate(columns)
            ),
            [_counts(measure) for measure in change.measures],
        )
    for measure in change.measures:
        screen.say(change_text(measure))


def _counts(one: ChangeMeasure) -> tuple[str, ...]:
    counts = (one.found, one.missed, one.own, one.mistaken, one.wrong, one.left, one.untold)
    base = f"{grouped(one.base_rate.count)} / {grouped(one.base_rate.of)}"
    return (f"{one.judge} {one.version}", *(grouped(each) for each in counts), base)


def change_text(one: ChangeMeasure) -> str:
    """Write of one change heuristic how often it is right, and how often it is wrong."""
    shares = {
        "right": share_text(one.right),
        "strangers": share_text(one.strangers),
        "found": share_text(one.recall),
    }
    text = render("note.change-shares", judge=f"{one.judge} {one.version}", **shares)
    return f"{text} {render('note.change-by-making')}" if one.by_making else text
