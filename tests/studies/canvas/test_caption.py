"""The caption of a picture that leaves: case, question, policy, blocks held, digest, limits."""

from __future__ import annotations

from dataclasses import replace

from kancil.studies.canvas.caption import caption_of, whole_caption
from kancil.studies.canvas.picture import draw_view
from kancil.studies.canvas.telling import as_json
from kancil.studies.canvas.view import ChainSource, View
from tests.reports.test_studies import Unit600, chains, unit
from tests.reports.test_views import FIRST, bare, traced

__all__ = ["chains", "unit"]
"""Fixtures of the neighbours."""


def test_a_file_says_case_question_policy_blocks_what_is_hidden_digest_and_limits(
    unit: Unit600,
) -> None:
    entry, material = traced(unit)
    view = bare(entry)
    graph = draw_view(material, view)
    digest = entry.entry.body["result_sha256"]
    assert material.chain is not None
    lines = whole_caption(material, view, graph, "C1 Sample")
    assert lines[0] == "Case C1 Sample"
    assert graph.title in lines
    policy = "Policy: first in, first out, chosen because: The court in this country follows"
    wanted = (policy, material.chain.scope, f"Rests on: T{entry.number} SHA-256 {digest}",
              f"Limits of this result ({len(graph.notes)})", "Its author hid nothing.")  # fmt: skip
    text = "\n".join(lines)
    assert [words for words in wanted if words not in text] == []
    assert all(f"\u2013 {note}" in lines for note in graph.notes)
    assert "the officer" not in text, "nothing of the officer's own is in it"
    hidden = replace(view, hidden=(graph.nodes[-1].id,), positions={graph.nodes[0].id: (0, 0)})
    text = "\n".join(whole_caption(material, hidden, graph, ""))
    assert "Its author hid 1 boxes" in text
    assert "are the officer" in text
    assert "Case" not in text.split("\n")[0]


def test_a_picture_of_the_chain_alone_names_no_policy_and_no_digest(unit: Unit600) -> None:
    _, material = traced(unit)
    view = View(sources=(ChainSource("main", (FIRST,)),))
    graph = draw_view(material, view)
    caption = caption_of(material, view, graph)
    assert not [line for line in (*caption.what, *caption.rests_on) if "Policy:" in line]
    assert not [line for line in caption.rests_on if "SHA-256" in line]
    assert as_json(material, view, graph)["caption"]["what"] == list(caption.what)
