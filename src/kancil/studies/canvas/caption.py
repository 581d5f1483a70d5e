"""The caption of a picture that leaves: what it is and what it rests on, the same on every file.

From a view and its picture to lines in words. What its author shows and hides stands between the
two parts: the server counts it for a table, the browser for the picture on its screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kancil.ground.words import render, render_phrase
from kancil.studies.moneygraph.model import MoneyGraph

from .picture import Material, RecordedTrace
from .summary import hidden_of
from .view import TraceSource, View


@dataclass(frozen=True, slots=True)
class Caption:
    """The lines that no choice of its author changes."""

    what: tuple[str, ...]
    """Question, answer, policy with the reason for it, blocks held."""
    rests_on: tuple[str, ...]
    """Digests of the results drawn, and the limits, counted and each."""


def caption_of(
    material: Material, view: View, graph: MoneyGraph, notes: Sequence[str] | None = None
) -> Caption:
    """The caption of a picture; `notes`: its limits, where there are more than its own."""
    traces = traces_of(material, view)
    limits = graph.notes if notes is None else notes
    digests = [f"{one.name} SHA-256 {one.result_sha256}" for one in traces]
    what = [
        graph.title,
        *answer_of(traces, material.reported),
        *dict.fromkeys(_policy(one) for one in traces),
        "" if material.chain is None else render("note.scope", scope=material.chain.scope),
    ]
    rests_on = [
        render("web.canvas.caption-digest", digest="; ".join(digests)) if digests else "",
        render("web.canvas.caption-limits", count=len(limits)),
        *(f"\u2013 {note}" for note in limits),
    ]
    return Caption(tuple(filter(None, what)), tuple(filter(None, rests_on)))


def whole_caption(material: Material, view: View, graph: MoneyGraph, case: str) -> list[str]:
    """The caption of a file that the server makes: case, what it is, what is hidden, its ground."""
    caption = caption_of(material, view, graph)
    has_own = view.groups or view.colours or view.paths or view.positions
    return [
        *([render("web.canvas.caption-case", case=case)] if case else []),
        *caption.what,
        hidden_of(material.chain, view, graph).sentence,
        *([render("web.canvas.caption-own")] if has_own else []),
        *caption.rests_on,
    ]


def traces_of(material: Material, view: View) -> list[RecordedTrace]:
    """The recorded traces that a view draws."""
    return [
        material.traces[one.trace]
        for one in view.sources
        if isinstance(one, TraceSource) and one.trace in material.traces
    ]


def answer_of(traces: Sequence[RecordedTrace], reported: Sequence[str] = ()) -> list[str]:
    """What is read aloud above the picture: of one trace its answer, of several each with its name.

    What is reported from victims to cash-out comes first, then each trace, then the parts. Nothing
    where neither is drawn: nobody asked under a policy.
    """
    if len(traces) == 1 and not reported:
        return [render_phrase(phrase) for phrase in traces[0].answer]
    first = [f"{one.name}: {render_phrase(one.answer[0])}" for one in traces if one.answer]
    return [*reported[:1], *first, *reported[1:]]


def _policy(trace: RecordedTrace) -> str:
    """Under which policy a trace was asked, and why."""
    question = trace.question
    policy = render(f"web.policy.{question.policy}")
    key = "web.canvas.caption-policy-why" if question.policy_reason else "web.canvas.caption-policy"
    return render(key, policy=policy, reason=question.policy_reason)
