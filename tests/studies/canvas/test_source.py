"""A source adds its boxes once, left of those they pay, and joins what names the same thing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.studies.canvas.picture import Material, draw_view
from kancil.studies.canvas.source import Ground, Hung
from kancil.studies.canvas.view import TransfersSource, View
from kancil.studies.drawing.box_words import NAME, Line
from kancil.studies.moneygraph.folding import MOST_NODES
from kancil.studies.moneygraph.parts import Folded, Part, Subject
from kancil.studies.moneygraph.stated import StatedTie
from tests.studies.canvas.made_chain import FIRST, address_of, material, view_of

pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30)


class Made:
    """Parties by number who pay each other, and maybe what the chain draws."""

    def __init__(self, pays: list[tuple[int, int]], address: str = "", txid: str = "") -> None:
        self.key = (tuple(pays), address, txid)
        self._pays, self._address, self._txid = pays, address, txid

    def add(self, ground: Ground) -> tuple[str, ...]:
        for payer, payee in self._pays:
            self._tie(ground, self._party(ground, payer), self._party(ground, payee))
        for part in (ground.address(self._address), ground.transaction(self._txid)):
            if part is not None:
                self._tie(ground, self._party(ground, 0), part)
        return (f"{len(self._pays)} told",)

    def facts(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        return ()

    def _tie(self, ground: Ground, source: Part | None, target: Part | None) -> None:
        if source is not None and target is not None:
            ground.tie(source, target, StatedTie("A bank", "USD"))

    def _party(self, ground: Ground, number: int) -> Part | None:
        return ground.party(Subject("party", "bank", str(number)), [Line(NAME, str(number))])


@given(pairs)
def test_payers_stand_left_of_those_they_pay_but_for_what_closes_a_circle(
    pays: list[tuple[int, int]],
) -> None:
    folded = Folded({}, [])
    Hung((Made(pays),)).on(Ground(folded))
    assert len(folded.parts) == len({one for pair in pays for one in pair})
    order = {part.subject.value: part.order for part in folded.parts.values() if part.subject}
    rank: dict[int, set[int]] = {}
    for payer, payee in pays:
        rank.setdefault(payer, set()).add(payee)

    def reaches(begin: int, end: int) -> bool:
        seen, queue = set[int](), [begin]
        while queue:
            one = queue.pop()
            if one == end:
                return True
            if one not in seen:
                seen.add(one)
                queue += rank.get(one, ())
        return False

    for payer, payee in pays:
        if not reaches(payee, payer):
            assert order[str(payer)] < order[str(payee)]


def test_what_a_source_names_on_the_chain_is_joined() -> None:
    hung = Hung((Made([(0, 1)], address_of(11), FIRST.shown),))
    given_material = Material(
        material().chain, material().labels, hung=(hung,), runs=material().runs
    )
    graph = draw_view(given_material, view_of(FIRST.shown))
    parties = {node.id: node for node in graph.nodes if node.kind == "party"}
    assert {node.subject.value for node in parties.values()} == {"0", "1"}
    joined = {edge.target for edge in graph.edges if edge.source in parties and edge.stated_by}
    assert f"tx-{FIRST.shown}" in joined
    assert "1 told" in graph.notes
    assert all(edge.amount.value_sat is None for edge in graph.edges if edge.stated_by)


def test_a_picture_of_transfers_alone_needs_no_chain_and_never_grows_too_large() -> None:
    view = View(sources=(TransfersSource(),))
    alone = Material(None, None, hung=(Hung((Made([(0, 1), (1, 2)]),)),))
    graph = draw_view(alone, view)
    assert [node.subject.value for node in graph.nodes] == ["0", "1", "2"]
    assert [node.x for node in graph.nodes] == sorted({node.x for node in graph.nodes})
    many = Material(None, None, hung=(Hung((Made([(n, n + 1) for n in range(900)]),)),))
    assert len(draw_view(many, view).nodes) == MOST_NODES
