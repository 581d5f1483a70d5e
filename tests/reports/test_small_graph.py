"""A bundle's own graph gives the answers that the whole chain gave, whatever is not held."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.bitcoin.network import REGTEST
from kancil.reports.casework.bundle.answers import answer_all
from kancil.reports.casework.bundle.gather import gather_material
from kancil.reports.casework.bundle.material_read import read_material
from kancil.reports.casework.bundle.verify_chain import check_chain
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import Asked
from kancil.studies.trace.tables import result_digest, tables_of
from tests.reports.called import STOPS, Called
from tests.reports.make_sample_bundle import analyse_without_pictures, label_for
from tests.reports.tiny_mint import random_holdings
from tests.reports.tiny_view import TinyView


def question_of(view: TinyView, chance: random.Random) -> TraceQuestion:
    """Ask something at random about a view."""
    names = list(view.outpoints())
    starts = []
    for name in chance.sample(names, min(len(names), chance.choice((1, 1, 2, 3)))):
        value = int(view.graph.output_value[view.outpoints()[name]])
        share = chance.choice((None, None, chance.randint(0, value)))
        starts.append(NamedStart(name, share))
    direction: Literal["forward", "backward"] = chance.choice(("forward", "backward"))
    moment = datetime.fromtimestamp(1_600_000_000 + chance.randint(0, 9000), UTC)
    return TraceQuestion(
        starts=tuple(starts),
        policy=chance.choice(("poison", "haircut", "fifo", "lifo")),
        direction=direction,
        hops=chance.choice((None, None, 1, 2, 4)),
        min_sat=chance.choice((0, 0, 0, 50)),
        since=moment if chance.random() < 0.15 else None,
        until=moment if chance.random() < 0.15 else None,
        pass_services=chance.choice((None, "a reason")),
        stops_at=chance.choice((None, (), STOPS[:1], STOPS)),
    )


def labels_at_random(view: TinyView, chance: random.Random) -> dict[int, tuple[CitedLabel, ...]]:
    """Call some outputs services."""
    chosen = chance.sample(range(len(view.graph.output_value)), min(3, view.columns.output_count))
    return {
        output: (label_for(view.address_of(output), is_service=chance.random() < 0.7),)
        for output in chosen
    }


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_the_bundles_own_graph_gives_every_row_and_total_of_the_whole_chain(seed: int) -> None:
    chance = random.Random(seed)
    blocks, loose = random_holdings(seed)
    view = TinyView(blocks, REGTEST, loose if chance.random() < 0.5 else ())
    question = question_of(view, chance)
    labels = labels_at_random(view, chance)

    def labels_of(output: int) -> tuple[CitedLabel, ...]:
        return labels.get(output, ())

    called = Called(view, chance)
    results = question.answer(view.graph, view.outpoints(), labels_of, called)
    asked = Asked(question, results, called.of(question))
    material = gather_material(view, [asked], labels_of)
    check = check_chain(material)
    assert check.problems == []
    answers = answer_all(material, check.read)
    assert answers.problems == ()
    (answer,) = answers.answers
    whole = tables_of(results, question.policy, view, lambda _: "")
    assert answer.digest == result_digest(question.as_dict(), whole)
    for name, result in results.items():
        assert answer.results[name].totals == result.totals
    members = analyse_without_pictures(answers)
    assert read_material(members) == (material, [])
