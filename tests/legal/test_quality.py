"""What a reader would send a letter back for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kancil.legal.quality import readers_view
from kancil.legal.request import SAFEGUARDS, Draft, Item, Person, Role, Sought
from kancil.legal.requests import kinds
from tests.legal.letters import DATA, OFFENCES, PERSON, TRON, codes, good, problems


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": TRON[:-1] + "x", "selector": "tron-address"}, "item-checksum"),
        ({"value": "", "selector": "name"}, "item-identifier"),
        ({"value": "Somchai", "selector": "name"}, "item-name-only"),
        ({"value": "x", "selector": "carrier-pigeon"}, "item-kind"),
        ({"keeper": ""}, "item-keeper"),
        ({"value": "all accounts of this person", "selector": "name"}, "item-everything"),
        ({"since": "2027-01-01", "until": "2027-02-01"}, "item-future"),
    ],
)
def test_an_item_that_a_keeper_could_not_use_stops_the_letter(changes: Any, code: str) -> None:
    draft = good("subscriber")
    assert code in codes(replace(draft, items=(replace(DATA, **changes),)))


def test_a_right_identifier_of_each_chain_passes() -> None:
    draft = good("subscriber")
    item = Item(Sought.SUBSCRIBER, "tron-address", TRON, "Example Exchange")
    assert codes(replace(draft, items=(item,))) == set()


def test_short_or_undated_facts_are_vague() -> None:
    draft = good("preservation")
    assert codes(replace(draft, texts={**draft.texts, "facts": "Fraud."})) == {"facts-short"}
    undated = " ".join(["somebody deceived somebody else by telephone"] * 4)
    assert codes(replace(draft, texts={**draft.texts, "facts": undated})) == {"facts-undated"}


def test_a_day_that_does_not_exist_or_is_over_is_wrong() -> None:
    draft = good("freeze")
    for day, code in (("2026-02-30", "no-day"), ("2026-03-01", "day-over")):
        assert code in codes(replace(draft, texts={**draft.texts, "hold_until": day}))


def test_a_person_outside_the_legal_basis_stops_the_letter() -> None:
    draft = replace(good("mutual-assistance"), persons=(replace(PERSON, basis=""),))
    assert codes(draft) == {"person-basis"}
    accused = replace(draft, persons=(replace(PERSON, proof=""),))
    assert codes(accused) == {"person-proof"}


def test_a_victim_by_name_is_advised_against_and_stops_nothing() -> None:
    person = Person("Victim A", Role.VICTIM, "order 17")
    draft = replace(good("mutual-assistance"), persons=(person,))
    assert codes(draft) == set()
    assert [each.said.key for each in problems(draft)] == ["problem.request-victim-named"]


def test_the_language_of_the_addressee_is_wanted_and_its_translator() -> None:
    draft = good("preservation")
    thai = replace(draft, addressee=replace(draft.addressee, language="th"))
    assert codes(thai) == {"language"}
    assert codes(replace(thai, second_language="th")) == {"no-translator"}


def missed(draft: Draft) -> set[str]:
    """Fields without which a draft may not be authorised."""
    return {each.field for each in problems(draft) if each.stops}


@pytest.mark.parametrize("name", kinds().names)
def test_no_human_rights_check_no_letter_of_any_kind(name: str) -> None:
    draft = good(name)
    assert missed(replace(draft, rights={})) == {"rights"}
    one_left = {key: answer for key, answer in draft.rights.items() if key != "fair-trial"}
    assert codes(replace(draft, rights=one_left)) == {"rights.problem-unanswered"}
    nobody = {key: text for key, text in draft.texts.items() if key != "rights_checked_by"}
    assert missed(replace(draft, texts=nobody)) == {"rights_checked_by"}


def test_a_kind_cannot_be_written_without_the_check() -> None:
    kind = replace(kinds().named("freeze"), required=("contact",), optional=())
    assert kind.required == ("contact", *SAFEGUARDS)


@pytest.mark.parametrize("name", ["mutual-assistance", "confiscation"])
def test_both_laws_stand_side_by_side_or_a_sentence_says_why_not(name: str) -> None:
    draft = good(name)
    assert [each.said.key for each in problems(draft) if each.field in _OF_LAW] == []
    alone = replace(draft, offences=OFFENCES)
    assert codes(alone) == set()
    assert "problem.request-no-pair" in {each.said.key for each in problems(alone)}
    unsaid = {key: text for key, text in draft.texts.items() if key != "dual_criminality"}
    assert codes(replace(alone, texts=unsaid)) == {"no-pair"}
    home = replace(alone, texts=unsaid, addressee=replace(draft.addressee, country="LA"))
    assert codes(home) == set(), "no other law is asked at home"


_OF_LAW = ("offences", "dual_criminality")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"counterpart": "TH Criminal Code of Tests, 35"}, "counterpart"),
        ({"counterpart": OFFENCES[0].label}, "counterpart"),
        ({"compared_on": "last week"}, "compared-on"),
    ],
)
def test_a_counterpart_is_an_offence_of_another_country_in_the_letter(
    changes: dict[str, str], code: str
) -> None:
    ours = replace(OFFENCES[0], **changes)
    assert code in codes(replace(good("freeze"), offences=(ours, OFFENCES[1])))


def test_a_risk_without_an_assurance_stops_the_letter() -> None:
    draft = good("mutual-assistance")
    risk = replace(draft, rights={**draft.rights, "death-penalty": "risk"})
    assert codes(risk) == {"rights.problem-refused-risk"}
    given = {"death-penalty": "Ministry of Tests, note of 2026-03-01"}
    assert codes(replace(risk, assurances=given)) == set()


def test_the_readers_view_answers_each_question_or_says_what_is_open() -> None:
    draft = good("freeze")
    seen = readers_view(kinds().named("freeze"), draft, problems(draft))
    assert all(not each.open for each in seen)
    assert [each.question for each in seen][:4] == ["who", "law", "offence", "facts"]
    bare = replace(draft, texts={})
    left = {
        name
        for each in readers_view(kinds().named("freeze"), bare, problems(bare))
        for name in each.open
    }
    assert {"contact", "hold_until", "urgency"} <= left
