"""The legal matrix: what is cited, how provisions stand to each other, and what a lawyer signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kancil.assessment.answer import Evidence, Given, Kind, Outcome, Settled
from kancil.assessment.law.matrix import (
    Extract,
    InstrumentStatus,
    Matrix,
    RowStatus,
    bonds,
    make_matrix,
    matrix_json,
    matrix_sha256,
)
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.protocol import (
    Article,
    AskedIf,
    Confidence,
    Instrument,
    Part,
    Protocol,
    Related,
    Relation,
)
from kancil.assessment.protocol_files.library import named_protocol
from kancil.ground import canonical
from tests.assessment import small

X1 = Extract("x1", "Code", "No. 1", "12", "Whoever enters", "en", in_force_on=date(2020, 1, 1))
X2 = Extract("x2", "Act", "No. 2", "3", "Whoever takes", "en")
EXTRACTS = {"x1": X1, "x2": X2}
SIGNED = InstrumentStatus("t", date(2026, 5, 1), "The depositary", signed_on=date(2024, 1, 1))


def protocol() -> Protocol:
    words = small.text
    made = small.protocol(
        [
            small.indicator(
                "t.2",
                "a",
                article=Article("t", "2", words("Access"), "offence"),
                parts=(Part("intent", words("Is intent asked?"), "stages", "mental_element"),),
                related=(
                    Related("u.7", Relation.BROADER, words("Reaches further"), checked=True),
                    Related("t.3", Relation.SAME),
                ),
            ),
            small.indicator("t.3", "a", article=Article("t", "3", words("Taking"), "offence")),
            small.indicator("u.7", "a", article=Article("u", "7", words("Entry"), "offence")),
        ]
    )
    instrument = Instrument(
        "t", words("T"), words("Treaty"), "1", 2001, "Us", True, Confidence.LOW, words("Here")
    )
    return replace(made, instruments={"t": instrument, "u": replace(instrument, id="u")})


def cited(name: str, *extracts: str, value: int | Kind = 3, **more: Any) -> Settled:
    settled = small.agreed(name, value)
    evidence = tuple(Evidence(f"e-{each}", "A", each, "statute", extract=each) for each in extracts)
    assert settled.answer is not None
    answer = replace(settled.answer, evidence=evidence, **more)
    return replace(settled, answer=answer)


SETTLED = small.all_settled(
    cited("t.2", "x1", parts={"intent": Given(Kind.VALUE, 2)}), cited("u.7", "x2")
)


def matrix(**more: Any) -> Matrix:
    given: dict[str, Any] = {
        "protocol": protocol(),
        "settled": SETTLED,
        "country": "XAA",
        "extracts": EXTRACTS,
        "instruments": [SIGNED],
    }
    return make_matrix(**{**given, **more})


def status(matrix: Matrix) -> dict[str, RowStatus]:
    return {row.indicator: row.status for row in matrix.rows}


def test_a_relation_is_seen_from_both_sides_and_turned() -> None:
    found = bonds(protocol())
    (here,) = [each for each in found["t.2"] if each.to == "u.7"]
    (there,) = found["u.7"]
    assert (here.relation, here.is_stated_here) == (Relation.BROADER, True)
    assert (there.to, there.relation, there.is_stated_here) == ("t.2", Relation.NARROWER, False)
    assert there.difference is here.difference
    assert there.checked
    assert [each.relation for each in found["t.3"]] == [Relation.SAME]


def test_every_relation_of_the_packaged_matrix_is_seen_from_both_sides() -> None:
    found = bonds(named_protocol("legal"))
    for name, each in found.items():
        for bond in each:
            back = [other for other in found[bond.to] if other.to == name]
            assert [other.relation for other in back] == [bond.relation.turned]


def test_a_row_has_its_answer_its_elements_and_what_it_cites() -> None:
    row = matrix().rows[0]
    assert row.given == Given(Kind.VALUE, 3)
    assert [(each.part, each.kind, each.given) for each in row.elements] == [
        ("intent", "mental_element", Given(Kind.VALUE, 2))
    ]
    assert row.extracts == ("x1",)


def test_what_related_provisions_cite_is_offered_and_not_taken() -> None:
    first, second, third = matrix().rows
    assert (first.offered, third.offered) == (("x2",), ("x1",))
    assert (second.extracts, second.offered) == ((), ("x1",))


def test_a_row_says_how_far_it_is() -> None:
    assert status(matrix()) == {
        "t.2": RowStatus.AGREED,
        "t.3": RowStatus.OPEN,
        "u.7": RowStatus.AGREED,
    }
    others = small.all_settled(
        small.disputed("t.2", 1, 2), cited("t.3"), cited("u.7", value=Kind.NOT_APPLICABLE)
    )
    assert list(status(matrix(settled=others)).values()) == [
        RowStatus.DISPUTED,
        RowStatus.UNCITED,
        RowStatus.NOT_APPLICABLE,
    ]
    alone = replace(cited("t.3", "x1"), outcome=Outcome.ALONE)
    unknown = small.agreed("u.7", Kind.NOT_KNOWN)
    found = status(matrix(settled=small.all_settled(alone, unknown)))
    assert (found["t.3"], found["u.7"]) == (RowStatus.ALONE, RowStatus.NOT_KNOWN)


def test_that_one_alone_answered_is_said_whatever_else_is() -> None:
    """Also of a provision for which no law is cited."""
    alone = replace(cited("t.3"), outcome=Outcome.ALONE)
    row = matrix(settled=small.all_settled(alone, cited("u.7"))).rows
    assert [(each.status, each.is_alone) for each in row[1:]] == [
        (RowStatus.UNCITED, True), (RowStatus.UNCITED, False),
    ]  # fmt: skip
    told = matrix_json(matrix(settled=small.all_settled(alone)))["rows"][1]
    assert (told["status"], told["answered_by_one"]) == ("uncited", True)


LEGAL = named_protocol("legal")
ALL_NO = {part.id: Given(Kind.VALUE, "no") for part in LEGAL.indicators["budapest.2"].parts}


@pytest.mark.parametrize(
    ("value", "parts", "keys"),
    [
        (3, ALL_NO, ["why.law-missing"]),
        (2, {**ALL_NO, "conduct": Given(Kind.VALUE, "yes")}, ["why.law-missing"]),
        (2, {name: Given(Kind.VALUE, "yes") for name in ALL_NO}, []),
        (1, ALL_NO, []),
        (0, ALL_NO, []),
        (0, {**ALL_NO, "conduct": Given(Kind.VALUE, "yes")}, ["why.law-there"]),
        (Kind.NOT_KNOWN, ALL_NO, []),
    ],
)
def test_an_answer_that_goes_against_its_elements_is_named(
    value: int | Kind, parts: dict[str, Given], keys: list[str]
) -> None:
    settled = cited("budapest.2", "x1", value=value, parts=parts)
    found = matrix(protocol=LEGAL, settled=small.all_settled(settled))
    row = next(each for each in found.rows if each.indicator == "budapest.2")
    assert [each.key for each in row.contradictions] == keys
    told = next(each for each in matrix_json(found)["rows"] if each["indicator"] == row.indicator)
    assert [each["key"] for each in told["contradictions"]] == keys
    assert sum(bool(each.contradictions) for each in found.rows) == bool(keys)


def test_what_a_law_may_leave_out_goes_against_no_answer() -> None:
    """An exclusion or a reservation that it does not have."""
    parts = {
        part.id: Given(Kind.VALUE, "no" if part.kind in ("exclusion", "reservation") else "yes")
        for part in LEGAL.indicators["budapest.2"].parts
    }
    assert "no" in {each.value for each in parts.values()}
    settled = small.all_settled(cited("budapest.2", "x1", value=3, parts=parts))
    assert not any(each.contradictions for each in matrix(protocol=LEGAL, settled=settled).rows)


@pytest.mark.parametrize(
    ("indicator", "consent", "keys"),
    [
        ("budapest.2", "none", ["why.law-reserved-not-bound"]),
        ("budapest.2", "ratified", []),
        ("budapest.2", "", []),
        ("fatf_r15", None, ["why.law-reserved-of-none"]),
        ("unscr_1373", None, ["why.law-reserved-of-none"]),
        ("asean_2017", None, ["why.law-reserved-of-none"]),
    ],
)
def test_a_reservation_needs_an_instrument_that_binds_by_consent(
    indicator: str, consent: str | None, keys: list[str]
) -> None:
    asked = next(
        each for each in LEGAL.indicators.values()
        if each.id == indicator or (each.article and each.article.instrument == indicator)
    )  # fmt: skip
    parts = {part.id: Given(Kind.VALUE, "reserved") for part in asked.parts}
    settled = small.all_settled(cited(asked.id, "x1", value=2, parts=parts))
    stands = [] if consent is None else [replace(SIGNED, instrument="budapest", consent=consent)]
    found = matrix(protocol=LEGAL, settled=settled, instruments=stands)
    row = next(each for each in found.rows if each.indicator == asked.id)
    assert [each.key for each in row.contradictions] == keys


def test_all_in_law_is_called_so_and_all_partly() -> None:
    for value, band in ((3, "largely"), (2, "largely"), (1, "partly"), (0, "open")):
        settled = small.all_settled(*(cited(name, value=value) for name in LEGAL.indicators))
        figures = AREA_PROFILE_1.profile(LEGAL, settled).figures
        assert {each.band for each in figures} == {band}, value


def test_a_provision_that_is_not_asked_says_so() -> None:
    made = protocol()
    asked = replace(made.indicators["t.3"], asked_if=AskedIf("t.2", (0,)))
    found = matrix(protocol=replace(made, indicators={**made.indicators, "t.3": asked}))
    assert status(found)["t.3"] is RowStatus.NOT_ASKED


def test_instruments_are_shown_one_by_one() -> None:
    assert [row.indicator for row in matrix().of_instrument("t")] == ["t.2", "t.3"]
    other = replace(SIGNED, instrument="none")
    assert matrix(instruments=[other, SIGNED]).instruments == (SIGNED,)


def test_the_same_matrix_has_the_same_digest() -> None:
    shuffled = matrix(extracts=dict(reversed(EXTRACTS.items())))
    assert matrix_sha256(shuffled) == matrix_sha256(matrix())
    assert canonical.loads_canonical(canonical.dumps(matrix_json(matrix())))


@pytest.mark.parametrize(
    "changed",
    [
        {"extracts": {**EXTRACTS, "x1": replace(X1, text="Whoever enters.")}},
        {"extracts": {**EXTRACTS, "x1": replace(X1, in_force_on=date(2020, 1, 2))}},
        {"settled": {**SETTLED, "t.2": cited("t.2", "x1", "x2")}},
        {"settled": {**SETTLED, "t.2": cited("t.2", "x1", value=2)}},
        {"settled": {**SETTLED, "u.7": cited("u.7", "x2", comment="But")}},
        {"settled": {**SETTLED, "t.3": small.disputed("t.3", 1, 2)}},
        {"instruments": [replace(SIGNED, reservations="On article 2")]},
        {"instruments": []},
        {"country": "XBB"},
        {"protocol": replace(protocol(), sha256="1" * 64)},
    ],
)
def test_any_change_makes_a_signed_matrix_a_draft_again(changed: dict[str, Any]) -> None:
    found = matrix(**changed)
    assert found.missing or matrix_sha256(found) != matrix_sha256(matrix())


def test_who_answered_and_what_is_only_offered_is_not_signed() -> None:
    renamed = replace(cited("u.7", "x2", id="another", by="cy"), answers=())
    assert matrix_sha256(matrix(settled={**SETTLED, "u.7": renamed})) == matrix_sha256(matrix())


def test_a_matrix_with_a_citation_that_is_not_there_stays_a_draft() -> None:
    found = matrix(extracts={"x1": X1})
    assert found.missing == ("x2",)


def test_the_packaged_matrix_without_an_answer_is_made() -> None:
    legal = named_protocol("legal")
    found = make_matrix(legal, {}, "XAA", {})
    assert len(found.rows) == len(legal.indicators)
    assert {row.status for row in found.rows} == {RowStatus.OPEN}
    assert len(matrix_sha256(found)) == 64
