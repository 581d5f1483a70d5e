"""The command that sets heuristics against labelled transactions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kancil.bitcoin.evaluate import Measure, Part, evaluate
from kancil.bitcoin.heuristics import HEURISTICS
from kancil.bitcoin.labelled import open_labelled
from kancil.ground.clock import to_text
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.registry import Registry
from kancil.ground.units import grouped
from kancil.ground.words import render

from .door import Door
from .evaluating_patterns import evaluate_generated, is_generated
from .shares import share_text
from .skips import skipped_as_dicts


def evaluate_heuristics(
    context: typer.Context,
    labelled: Annotated[
        list[Path],
        typer.Argument(
            metavar="LABELLED",
            help="Dumplings scanner text, zips of it, lists of false positives; or folders that"
            " `bitcoin generate` made, on which patterns are measured.",
        ),
    ],
    heuristic: Annotated[
        list[str] | None, typer.Option(help="Only this heuristic; repeat for more.")
    ] = None,
    pattern: Annotated[
        list[str] | None, typer.Option(help="Of generated chains only this pattern; repeat.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help="Another threshold of a pattern; repeat."),
    ] = None,
) -> None:
    """Only labels known from an owner or from a protocol's own record make an error rate; against
    labels of another heuristic there is agreement alone. Needs no workspace.
    Against planted instances of generated chains there is a simulation. See
    docs/reference/heuristics.md and docs/reference/patterns.md.
    """
    door = Door(context)
    generated = [path for path in labelled if is_generated(path)]
    if generated:
        if heuristic or len(generated) < len(labelled):
            others = [str(path) for path in labelled if path not in generated]
            why = Phrase("why.generated-mixed")
            told = (others or heuristic or [""])[0][:80]
            raise OptionNotUsable(option="LABELLED", value=told, why=why)
        evaluate_generated(door, generated, pattern or [], param or [])
        return
    known = Registry("heuristic", HEURISTICS)
    chosen = [known.named(name) for name in dict.fromkeys(heuristic or known.names)]
    sets = open_labelled(labelled)
    result = evaluate(sets, chosen)
    digests = "".join(digest for _, digest in sets.files)
    value = {
        "id": sha256_hex(digests.encode("ascii")),
        "files": [{"file": name, "sha256": digest} for name, digest in sets.files],
        "measures": [measure.as_dict() for measure in result.measures],
        "skipped": skipped_as_dicts(result.skipped),
    }

    def text() -> None:
        for measure in result.measures:
            _show(door, measure)
        door.screen.say(render("note.evaluate-sets"))
        door.show_skipped(result.skipped)

    door.show(value, text)


def _show(door: Door, measure: Measure) -> None:
    screen = door.screen
    screen.title(
        f"{measure.heuristic} {measure.version}: {render(f'note.called-{measure.called}')}"
    )
    truth = "none" if measure.truth is None else measure.truth.value
    four = (measure.found, measure.missed, measure.wrong, measure.left)
    three = (measure.untold, measure.contradictory, measure.outside_period)
    span = [to_text(each) for each in (measure.first, measure.last) if each is not None]
    screen.facts(
        [
            (render("name.evaluate-known-how"), render(f"note.truth-{truth}")),
            (render("name.evaluate-known-by"), "; ".join(measure.known_by) or "-"),
            (render("name.evaluate-found"), share_text(measure.recall)),
            (render("name.evaluate-wrong"), share_text(measure.wrongly_called)),
            (render("name.evaluate-counts"), ", ".join(grouped(each) for each in four)),
            (render("name.evaluate-untold"), ", ".join(grouped(each) for each in three)),
            (render("name.evaluate-base"),
             f"{grouped(measure.base_rate.count)} / {grouped(measure.base_rate.of)}"),
            (render("name.evaluate-period"), " - ".join(span) or "-"),
        ]
    )  # fmt: skip
    screen.table(
        ("Label", "Set", "Count>", "Called>"),
        [
            *_rows("yes", measure.positives),
            *_rows("no", measure.negatives),
            *_rows("-", measure.elsewhere),
        ],
    )
    for each in measure.listed:
        screen.say(
            render("note.evaluate-listed", file=each.file, listed=each.listed, here=each.here,
                   called=each.called)
        )  # fmt: skip
    if measure.restates:
        screen.say(
            render("note.evaluate-restates", heuristic=measure.heuristic, program=measure.restates)
        )
    if measure.disagreements:
        screen.say(render("note.evaluate-differ", count=len(measure.disagreements)))


def _rows(label: str, parts: tuple[Part, ...]) -> list[tuple[str, str, str, str]]:
    return [(label, part.name, grouped(part.count), grouped(part.called)) for part in parts]
