"""Which law may carry a request between two countries: nothing is claimed that no row says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.words import render_phrase
from kancil.legal.agreement import Form
from kancil.legal.bases import Bound, PossibleBasis, bases_for, in_letter
from kancil.legal.instruments.instrument import Entry, instruments
from kancil.legal.instruments.status import Status, TreatyStatus, statuses
from kancil.legal.lawfile import read_law
from kancil.legal.library import Library
from kancil.legal.requests import kinds
from tests.legal.lawfiles import LAW

TODAY = date(2026, 11, 29)
KINDS = [each.name for each in kinds()]
PAIRS = [("LA", "TH"), ("LA", "VN"), ("LA", "PH"), ("TH", "PH"), ("VN", "PH")]


def found(kind: str, one: str, other: str, on: date = TODAY) -> dict[str, PossibleBasis]:
    return {each.id: each for each in bases_for(kind, one, other, statuses(), on)}


def said(basis: PossibleBasis) -> str:
    return " ".join(render_phrase(each) for each in basis.sentences({"LA": "Lao PDR"}))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_in_asean_the_treaty_of_2004_binds_and_comes_first(one: str, other: str) -> None:
    bases = bases_for("mutual-assistance", one, other, statuses(), TODAY)
    first, *others = bases
    assert (first.id, first.bound) == ("asean_mlat", Bound.YES)
    assert [each.number for each in first.articles] == ["1", "5", "6", "11", "18"]
    assert {each.id for each in others} == {"budapest", "uncc", "untoc", "budapest_p2", "uncac",
                                            "sft", "arab", "malabo", "none-entered"}  # fmt: skip
    elsewhere = {each.id for each in others if each.bound is Bound.NO}
    assert elsewhere == {"arab", "malabo"}, "of other regions"
    assert {each.bound for each in others} == {Bound.NOT_KNOWN, Bound.NO}
    for side in first.sides:
        assert (side.status.as_of, side.reason) == ("2013", "party")
    assert "as of 2013. Nothing is known here of later time." in said(first)


def test_preservation_in_asean_has_no_article_that_is_known_to_bind() -> None:
    bases = found("preservation", "LA", "PH")
    assert "asean_mlat" not in bases
    assert bases["budapest"].bound is Bound.NOT_KNOWN
    assert [each.bound for each in bases["budapest"].sides] == [Bound.NOT_KNOWN, Bound.YES]
    assert "How Lao PDR stands to it is not known" in said(bases["budapest"])
    assert "coe.int" in said(bases["budapest"])
    assert [each.number for each in bases["budapest"].articles] == ["29", "35"]
    assert [each.number for each in bases["uncc"].articles] == ["42", "41"]


def test_an_instrument_that_could_not_be_in_force_is_said_to_be_so() -> None:
    before = found("preservation", "LA", "VN", date(2026, 6, 1))["uncc"]
    assert before.bound is Bound.NO
    assert "not yet in force on that day: it could not be before 2026-08-19" in said(before)
    after = found("preservation", "LA", "VN")["uncc"]
    assert after.bound is Bound.NOT_KNOWN
    assert "Lao PDR was not bound then: signed" in said(after)
    early = bases_for("preservation", "PH", "JP", statuses(), date(2004, 1, 1))
    assert {each.id: each.bound for each in early}["budapest"] is Bound.NO


def test_both_parties_of_the_budapest_convention_are_bound() -> None:
    basis = found("preservation", "PH", "JP")["budapest"]
    assert (basis.bound, basis.reason) == (Bound.YES, "both-yes")
    second = found("subscriber", "PH", "JP")["budapest_p2"]
    assert second.bound is Bound.NOT_KNOWN
    assert {side.reason for side in second.sides} == {"unknown", "ratified"}


def row(**given: object) -> TreatyStatus:
    told = {"status": Status.PARTY, "as_of": "2026-11-20", "source": "invented", **given}
    return TreatyStatus("XA", "budapest", **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "bound", "reason"),
    [
        (row(in_force_on="2026-11-29"), Bound.YES, "party"),
        (row(in_force_on="2026-11-30"), Bound.NO, "not-yet"),
        (row(in_force_on="2026"), Bound.NOT_KNOWN, "vague"),
        (row(acceded_on="2025-11-28"), Bound.YES, "party"),
        (row(acceded_on="2026-02-01"), Bound.NOT_KNOWN, "vague"),
        (row(ratified_on="2027-01-01"), Bound.NO, "not-yet"),
        (row(as_of="2013"), Bound.YES, "party"),
        (row(as_of="2026-12-24"), Bound.NOT_KNOWN, "later"),
        (row(in_force_on="2010-01-01", ended_on="2026-01-01"), Bound.NO, "ended"),
        (row(in_force_on="2010-01-01", ended_on="2027-01-01"), Bound.YES, "party"),
        (row(status=Status.RATIFIED, ratified_on="2023-08-10"), Bound.NOT_KNOWN, "ratified"),
        (row(status=Status.SIGNED), Bound.NOT_KNOWN, "no-consent-then"),
        (row(status=Status.SIGNED, as_of="2026-11-29"), Bound.NO, "no-consent"),
        (row(status=Status.NOT_ON_LIST, as_of="2025"), Bound.NOT_KNOWN, "no-consent-then"),
        (TreatyStatus("XA", "budapest"), Bound.NOT_KNOWN, "unknown"),
    ],
)
def test_a_row_speaks_of_no_later_time_than_its_own(
    status: TreatyStatus, bound: Bound, reason: str
) -> None:
    rows = {("XA", "budapest"): status, ("XB", "budapest"): row(in_force_on="2005-01-01")}
    basis = {each.id: each for each in bases_for("preservation", "XA", "XB", rows, TODAY)}
    side = basis["budapest"].sides[0]
    assert (side.bound, side.reason) == (bound, reason)
    assert basis["budapest"].bound is bound
    assert "=" not in said(basis["budapest"]), "a sentence lacks a parameter"


def test_the_units_own_law_stands_before_what_comes_packaged() -> None:
    library = read_law(LAW.encode(), "law.yaml")
    bases = library.bases("freeze", "TH", "LA", TODAY)
    assert [(each.form, each.id) for each in bases[:2]] == [
        (Form.BILATERAL, "la-th-mla"), (Form.DOMESTIC, "la-power"),
    ]  # fmt: skip
    there = [each.id for each in library.bases("freeze", "LA", "TH", TODAY)]
    assert "la-power" not in there, "nobody abroad is bound by it"
    assert "The unit looked at it on 2026-11-20" in said(bases[0])
    assert not any(each.id == "none-entered" for each in bases)
    uncc = next(each for each in bases if each.id == "uncc")
    assert (uncc.bound, uncc.reason) == (Bound.NO, "not-before")
    assert "2027-02-18" in said(uncc)
    after = library.bases("preservation", "LA", "PH", TODAY)
    assert (after[0].id, after[0].bound) == ("budapest", Bound.YES)
    before = library.bases("preservation", "LA", "PH", date(2026, 5, 1))
    assert {each.id: each.bound for each in before}["budapest"] is Bound.NO


def test_at_home_no_treaty_is_named() -> None:
    library = read_law(LAW.encode(), "law.yaml")
    assert [each.id for each in library.bases("freeze", "LA", "LA", TODAY)] == ["la-power"]
    (none,) = library.bases("subscriber", "LA", "LA", TODAY)
    assert (none.id, none.form, none.bound) == (
        "none-entered", Form.DOMESTIC, Bound.NOT_KNOWN,
    )  # fmt: skip
    assert "Ask the central authority" in said(none)


def test_an_agreement_that_ended_or_has_no_day_does_not_bind() -> None:
    ended = LAW.replace(
        "in_force_on: 2010-01-01", "in_force_on: 2010-01-01\n    ended_on: 2026-01-01"
    )
    basis = read_law(ended.encode(), "x").bases("freeze", "LA", "TH", TODAY)
    assert {each.id: each.bound for each in basis}["la-th-mla"] is Bound.NO
    vague = LAW.replace("    in_force_on: 2010-01-01\n", "")
    (found,) = [
        each for each in read_law(vague.encode(), "x").bases("freeze", "LA", "TH", TODAY)
        if each.id == "la-th-mla"
    ]  # fmt: skip
    assert (found.bound, found.reason) == (Bound.NOT_KNOWN, "no-day")


@given(
    st.sampled_from(KINDS), st.sampled_from(["LA", "TH", "PH", "NR", "ZZ"]),
    st.sampled_from(["VN", "JP", "VU", "QQ"]), st.dates(date(1990, 1, 1), date(2040, 1, 1)),
)  # fmt: skip
def test_what_binds_has_a_row_of_both_and_comes_before_what_may_not(
    kind: str, one: str, other: str, on: date
) -> None:
    bases = Library().bases(kind, one, other, on)
    ranks = [list(Bound).index(each.bound) for each in bases]
    assert ranks == sorted(ranks)
    for each in bases:
        assert "=" not in said(each)
        if each.bound is Bound.YES:
            assert all(side.status.source and side.status.as_of for side in each.sides)
            assert all(side.status.status is Status.PARTY for side in each.sides)
            entry = each.entry or Entry("")
            assert entry.in_force_on is None or entry.in_force_on <= on


def test_every_kind_but_the_voluntary_has_an_instrument() -> None:
    carried = {kind for kind in KINDS if any(i.carrying(kind) for i in instruments().values())}
    assert set(KINDS) - carried == {"voluntary"}


def test_a_letter_says_where_both_stand_with_day_and_source() -> None:
    first = found("freeze", "LA", "TH")["asean_mlat"]
    one, other = (render_phrase(each) for each in in_letter(first, {"LA": "Lao PDR"}))
    assert one.startswith("Lao PDR: a party, as of 2013 (asean.org")
    assert other.startswith("TH: a party")
    (unknown, _) = in_letter(found("freeze", "NR", "TH")["untoc"])
    assert render_phrase(unknown) == "NR: status not known to this unit."
    own = read_law(LAW.encode(), "x").bases("freeze", "LA", "TH", TODAY)[0]
    assert [render_phrase(each) for each in in_letter(own)] == [
        "In force since 2010-01-01 (Treaty series 3/2010 (invented))."
    ]


def test_two_parties_are_not_bound_by_what_may_not_be_in_force() -> None:
    def both(**given: object) -> PossibleBasis:
        rows = {(each, "uncc"): replace(row(**given), country=each, instrument="uncc")
                for each in ("XA", "XB")}  # fmt: skip
        bases = bases_for("preservation", "XA", "XB", rows, TODAY)
        return next(each for each in bases if each.id == "uncc")

    vague = both(ratified_on="2025-11-01")
    assert (vague.bound, vague.reason) == (Bound.NOT_KNOWN, "both-yes-since")
    assert "whether it is now is not known here" in said(vague)
    stated = both(in_force_on="2026-11-01")
    assert (stated.bound, stated.reason) == (Bound.YES, "both-yes")


def generally(kind: str, one: str, other: str) -> list[PossibleBasis]:
    """With the rows of general knowledge, as a unit without a file of its own has them."""
    return list(Library().bases(kind, one, other, TODAY))


def test_between_two_parties_of_budapest_it_comes_first_and_asks_to_be_verified() -> None:
    first, *others = generally("mutual-assistance", "DE", "FR")
    assert (first.id, first.bound) == ("budapest", Bound.UNVERIFIED)
    assert "DE is a party (2009), by general knowledge, compared with no list. Verify." in said(
        first
    )
    asean = next(each for each in others if each.id == "asean_mlat")
    assert (asean.bound, asean.reason) == (Bound.NO, "both-no")
    assert "DE is not a party: the treaty is open to other countries only." in said(asean)
    letter = " ".join(render_phrase(each) for each in in_letter(first))
    assert letter == "DE: status not known to this unit. FR: status not known to this unit."


def test_outside_its_members_the_treaty_of_asean_binds_nobody() -> None:
    for one, other in (("DE", "FR"), ("NG", "GH"), ("TH", "DE"), ("VN", "US")):
        of = {each.id: each.bound for each in generally("mutual-assistance", one, other)}
        assert of["asean_mlat"] is Bound.NO
    east = {each.id: each for each in generally("mutual-assistance", "TH", "TL")}["asean_mlat"]
    assert east.bound is Bound.NOT_KNOWN, "it may accede"


def test_conventions_on_organised_crime_corruption_and_terrorism_are_offered() -> None:
    found = generally("freeze", "VN", "KH")
    of = {each.id: each for each in found}
    for name in ("untoc", "uncac", "sft"):
        assert of[name].bound is Bound.UNVERIFIED, name
        assert [side.reason for side in of[name].sides] == ["party-verify", "party-verify"]
    order = [each.id for each in found if each.bound is Bound.UNVERIFIED]
    assert order == ["untoc", "uncac", "sft"], "those of one subject come after"
    assert "corruption" in str(of["uncac"].conditions)


def test_a_unit_that_looked_at_it_replaces_general_knowledge() -> None:
    rows = {
        (country, "budapest"): TreatyStatus(country, "budapest", Status.PARTY, as_of="2026-11-01")
        for country in ("DE", "FR")
    }
    library = replace(Library(), own_statuses=rows)
    (first, *_) = library.bases("mutual-assistance", "DE", "FR", TODAY)
    assert (first.id, first.bound) == ("budapest", Bound.YES)
