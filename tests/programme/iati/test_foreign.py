"""An activity of somebody's file as one of the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given

from kancil.programme.iati.activity import Marker, Narrative, Share
from kancil.programme.iati.facts import ActivityFacts
from kancil.programme.iati.foreign import Draft, drafted, own_code
from kancil.programme.iati.mapping import activity_of
from kancil.programme.iati.read import read_iati
from kancil.programme.vocabulary import ActivityKind, ActivityState
from tests.programme.iati.published import AT, REPORTER, TODAY, activities, kept

SAMPLE = Path(__file__).parents[2] / "data" / "iati" / "activity.xml"
(FOREIGN,) = read_iati(SAMPLE.read_bytes()).activities


def test_an_activity_of_somebody_else_is_taken_with_what_is_known() -> None:
    draft = drafted(replace(FOREIGN, hierarchy=""), ActivityKind.WORKSHOP)
    assert isinstance(draft, Draft)
    assert (draft.code, draft.kind, draft.state) == (
        "EXAMPLE-CYB-SEA-01", ActivityKind.WORKSHOP, ActivityState.CONFIRMED,
    )  # fmt: skip
    assert (draft.begins, draft.ends) == (date(2026, 1, 15), date(2027, 12, 31))
    assert draft.countries == ("TH", "VN")
    assert (draft.donors, draft.grants, draft.transactions) == (("AU-5",), (), 3)
    assert draft.sdg_targets == ("16.4",)


def test_the_title_is_in_the_language_that_is_asked() -> None:
    both = (Narrative("fr", "Cours"), Narrative("en", "Course"))
    other = replace(FOREIGN, hierarchy="", title=both)
    assert [getattr(drafted(other, ActivityKind.STUDY, each), "title", "") for each in
            ("en", "fr", "km")] == ["Course", "Cours", "Cours"]  # fmt: skip


def test_kind_and_region_are_those_of_the_file_where_it_says_them() -> None:
    tag = Marker("99", code="kind-mentoring")
    other = replace(
        FOREIGN, hierarchy="3", tags=(tag,), countries=(), regions=(Share("1", code="889"),)
    )
    draft = drafted(other, ActivityKind.STUDY)
    assert isinstance(draft, Draft)
    assert (draft.kind, draft.region) == (ActivityKind.MENTORING, "Oceania, regional")


def test_a_programme_or_a_grant_is_no_activity() -> None:
    assert drafted(FOREIGN, ActivityKind.STUDY) == "holds-others"
    assert own_code(replace(FOREIGN, reporter=None)) == FOREIGN.identifier


@given(activities().filter(kept))
def test_what_is_published_is_imported_as_it_was(done: ActivityFacts) -> None:
    found = drafted(activity_of(done, REPORTER, AT, TODAY), ActivityKind.WORKSHOP)
    assert isinstance(found, Draft)
    assert (found.code, found.kind, found.state, found.begins, found.ends) == (
        done.code, done.kind, done.state if done.state is not ActivityState.CONFIRMED
        or done.begins <= TODAY else ActivityState.PLANNED, done.begins, done.ends,
    )  # fmt: skip
