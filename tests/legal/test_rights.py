"""The human-rights check: every question answered, and no risk without an assurance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.words import has, render_phrase
from kancil.legal.errors import CheckNotAtOnce
from kancil.legal.rights import Answer, check_for, none_applies, questions, rights_problems
from tests.legal.letters import good

SAFE = {each.id: "no-risk" for each in questions()}
GIVEN = "Ministry of Justice of XB, letter of 2026-11-20: no death sentence is carried out"


def test_a_whole_check_without_risk_has_no_problem() -> None:
    assert rights_problems(SAFE, {}) == ()
    assert len(SAFE) == 6
    for each in questions():
        assert has(each.words.key)
        assert each.sources
        assert all("verify" in source.note for source in each.sources)


def test_every_question_is_to_be_answered() -> None:
    assert [id for id, _ in rights_problems({}, {})] == list(SAFE)
    ((id, phrase),) = rights_problems({**SAFE, "fair-trial": "perhaps"}, {})
    assert id == "fair-trial"
    assert render_phrase(phrase).startswith("The human-rights check is not complete. Answer: May")


@pytest.mark.parametrize("answer", ["risk", "not-known"])
@pytest.mark.parametrize("id", ["death-penalty", "torture", "political-offence", "discrimination"])
def test_a_risk_is_refused_until_an_assurance_names_giver_and_day(id: str, answer: str) -> None:
    answers = {**SAFE, id: answer}
    ((found, phrase),) = rights_problems(answers, {})
    assert found == id
    assert render_phrase(phrase).startswith("The request is refused while")
    for vague in (
        "  ",
        "yes",
        "2026-11-20",
        "the ministry promised it",
        "the ministry, 2026-13-40",
    ):
        assert rights_problems(answers, {id: vague})
    assert rights_problems(answers, {id: GIVEN}) == ()


def test_an_assurance_that_is_claimed_is_to_be_there() -> None:
    for id in SAFE:
        ((_, phrase),) = rights_problems({**SAFE, id: "assured"}, {})
        assert "none is entered" in render_phrase(phrase)
        assert rights_problems({**SAFE, id: "assured"}, {id: GIVEN}) == ()


def test_fairness_and_necessity_may_be_in_doubt_and_are_shown() -> None:
    assert rights_problems({**SAFE, "fair-trial": "not-known", "necessity": "risk"}, {}) == ()


@given(
    st.dictionaries(st.sampled_from(list(SAFE)), st.sampled_from([*Answer, "", "no"])),
    st.dictionaries(st.sampled_from(list(SAFE)), st.text(max_size=20)),
)
def test_an_assurance_never_makes_a_new_problem(
    answers: dict[str, str], assurances: dict[str, str]
) -> None:
    without = {id for id, _ in rights_problems(answers, {})}
    assert {id for id, _ in rights_problems(answers, assurances)} <= without


def test_one_act_answers_all_questions_of_a_letter_straight_to_a_keeper_at_home() -> None:
    draft = good("freeze")
    home = replace(draft, addressee=replace(draft.addressee, country="LA"), rights={},
                   assurances={"torture": "Ministry, 2026-03-01"})  # fmt: skip
    made = none_applies(home, " Noy S., duty officer ")
    assert made.rights == SAFE
    assert made.assurances == {}
    assert made.text("rights_checked_by") == "Noy S., duty officer"
    others: tuple[dict[str, Any], ...] = (
        {"country": "TH"}, {"country": ""}, {"through": "FIU"}, {"kind": "central-authority"},
    )  # fmt: skip
    for to in others:
        away = replace(home, addressee=replace(home.addressee, **to))
        with pytest.raises(CheckNotAtOnce):
            none_applies(away, "Noy S.")
    with pytest.raises(CheckNotAtOnce):
        none_applies(home, "  ")


def test_a_check_holds_for_the_country_that_it_was_made_for() -> None:
    draft = good("subscriber")
    assert check_for(draft, draft.addressee.country) is draft
    moved = check_for(draft, "ZZ")
    assert moved.rights == {}
    assert moved.assurances == {}
    assert not moved.text("rights_checked_by")
    assert moved.text("facts") == draft.text("facts")
