"""What of an answer goes over to a provision that asks the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.assessment.answer import Answer, Given, Kind
from kancil.assessment.law.carry_over import Proposal, beside, proposals, same_as
from kancil.assessment.law.matrix import RESERVED
from kancil.assessment.protocol import Part, Protocol, Related, Relation, ScaleKind
from kancil.assessment.protocol_files.library import named_protocol
from tests.assessment import small

LEGAL = named_protocol("legal")
YES = Given(Kind.VALUE, "yes")


def own(name: str, value: int = 2, **parts: Given) -> dict[str, Answer]:
    return {name: replace(small.answer(name, value), parts=parts)}


def offers(protocol: Protocol, mine: dict[str, Answer], **more: Any) -> dict[str, Proposal]:
    told = {"may_answer": set(protocol.indicators), "again": {}, **more}
    return {each.target: each for each in proposals(protocol, mine, **told)}


def chain(*relations: Relation) -> Protocol:
    """Provisions a, b, c …, each standing so to the next."""
    names = "abcdef"[: len(relations) + 1]
    part = Part("intent", small.text("Is intent asked?"), "stages")
    pairs = zip(names, names[1:], relations, strict=False)
    next_to = {name: (Related(to, each),) for name, to, each in pairs}
    return small.protocol(
        [small.indicator(name, "x", parts=(part,), related=next_to.get(name, ())) for name in names]
    )


def test_illegal_access_goes_over_from_budapest_2_to_uncc_7_with_its_elements() -> None:
    elements = dict.fromkeys(("conduct", "mental", "right"), YES)
    found = offers(LEGAL, own("budapest.2", 2, option=Given(Kind.VALUE, RESERVED), **elements))
    assert list(found) == ["uncc.7"]
    one = found["uncc.7"]
    assert (one.given, dict(one.parts)) == (Given(Kind.VALUE, 2), elements)
    assert one.open == ("option",), "a reservation is made to one treaty"
    assert [each.to for each in one.way] == ["uncc.7"]
    assert not one.differs


def test_what_is_the_same_in_turn_is_reached_and_the_way_is_told() -> None:
    protocol = chain(Relation.SAME, Relation.SAME, Relation.BROADER, Relation.SAME)
    found = offers(protocol, own("a", 3, intent=Given(Kind.VALUE, 1)))
    assert {name: [each.to for each in one.way] for name, one in found.items()} == {
        "b": ["b"], "c": ["b", "c"],
    }  # fmt: skip
    assert set(offers(protocol, own("e"))) == {"d"}
    assert set(same_as(protocol)) == set("abcde")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(list(Relation)), min_size=1, max_size=5),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 4), max_size=6),
)
def test_only_the_same_carries_and_never_over_an_answer(
    relations: list[Relation], values: dict[str, int]
) -> None:
    protocol = chain(*relations)
    mine = {
        name: small.answer(name, value)
        for name, value in values.items()
        if name in protocol.indicators
    }
    order = list(protocol.indicators)
    found = offers(protocol, mine)
    for target, one in found.items():
        assert target not in mine
        low, high = sorted((order.index(target), order.index(one.source.indicator)))
        assert set(relations[low:high]) == {Relation.SAME}
        assert one.given == mine[one.source.indicator].given
    near = beside(protocol, mine, set(order))
    assert all(each.bond.relation is not Relation.SAME for each in near)
    assert not {each.bond.to for each in near} & set(mine)


def test_elements_of_another_kind_and_answers_that_are_no_value_stay_open() -> None:
    protocol = chain(Relation.SAME)
    other = Part("intent", small.text("Is intent asked?"), "stages", "reservation")
    b = replace(protocol.indicators["b"], parts=(other,))
    changed = replace(protocol, indicators={**protocol.indicators, "b": b})
    one = offers(changed, own("a", 3, intent=Given(Kind.VALUE, 1)))["b"]
    assert (dict(one.parts), one.open) == ({}, ("intent",))
    unknown = {"a": small.answer("a", Kind.NOT_KNOWN)}
    assert offers(protocol, unknown) == {}
    without = {"a": small.answer("a", Kind.NOT_APPLICABLE)}
    assert offers(protocol, without) == {}
    in_words = replace(protocol.scales["stages"], id="words", kind=ScaleKind.TEXT)
    told = replace(
        protocol,
        scales={**protocol.scales, "words": in_words},
        indicators={**protocol.indicators, "b": replace(b, scale="words")},
    )
    assert offers(told, own("a")) == {}, "its scale is another"


def test_answers_of_ones_own_that_differ_are_said_to() -> None:
    protocol = chain(Relation.SAME, Relation.SAME)
    found = offers(protocol, {**own("a", 3), **own("c", 1)})
    assert (found["b"].source.indicator, found["b"].differs) == ("a", True)
    assert not offers(protocol, {**own("a", 3), **own("c", 3)})["b"].differs


def test_what_was_carried_is_proposed_again_from_its_source_alone() -> None:
    protocol = chain(Relation.SAME, Relation.SAME)
    mine = {**own("a", 3), **own("b", 2), **own("c", 0)}
    assert offers(protocol, mine) == {}
    again = offers(protocol, mine, again={"b": "a"})
    assert (again["b"].source.indicator, again["b"].follows) == ("a", mine["b"].id)
    assert set(again) == {"b"}
    assert offers(protocol, mine, again={"b": "a"}, may_answer={"a", "c"}) == {}


@pytest.mark.parametrize("name", ["budapest.2", "uncc.7"])
def test_what_is_near_is_shown_with_its_difference(name: str) -> None:
    found = beside(LEGAL, own(name), set(LEGAL.indicators))
    assert {each.source.indicator for each in found} <= {name}
    assert all(each.bond.relation is not Relation.SAME for each in found)
