"""Authorising a letter, on each database: what it needs now, and what was authorised before."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from kancil.desk.requests.actions import authorise_request, draft_request, record_request_event
from kancil.desk.requests.due import Due, limits_of
from kancil.desk.requests.errors import DraftHasProblems
from kancil.desk.requests.queries import open_letters, read_version, request_named, requests_of
from kancil.ground.clock import now
from kancil.ground.ids import CaseId
from kancil.legal.clock import Asked as Clock
from kancil.legal.request import Draft
from kancil.legal.request_events import Event, What
from kancil.legal.rights import questions
from kancil.legal.working_days import Side
from tests.desk.desks import Desk
from tests.desk.figures.asked import Asked, asked
from tests.legal.letters import good


def letter(kind: str = "preservation", **changes: object) -> Draft:
    """A letter against which nothing stands but that its check may be wanting."""
    made = good(kind)
    late = {name: "2099-01-15" for name in ("order_by", "hold_until") if name in made.texts}
    return replace(made, texts={**made.texts, **late}, findings=(), **changes)  # type: ignore[arg-type]


def drafted(unit: Asked, draft: Draft) -> str:
    made = draft_request(
        unit.ledger, unit.desk.workspace, case=unit.case, draft=draft, by=unit.anna
    )
    return made.label


def authorised(unit: Asked, request: str) -> None:
    authorise_request(
        unit.ledger, unit.desk.workspace, unit.desk.vault, case=unit.case, request=request,
        authority="Head", post="Head of the unit", by=unit.anna,
    )  # fmt: skip


def test_nothing_is_authorised_without_its_human_rights_check(desk: Desk) -> None:
    unit = asked(desk)
    request = drafted(unit, letter(rights={}))
    with pytest.raises(DraftHasProblems) as refused:
        authorised(unit, request)
    assert refused.value.params["count"] == 1
    partly = {each.id: "no-risk" for each in questions()[1:]}
    with pytest.raises(DraftHasProblems):
        authorised(unit, drafted(unit, letter(rights=partly)))
    whole = drafted(unit, letter())
    authorised(unit, whole)
    assert request_named(unit.ledger, unit.case, whole).authorisation is not None


def test_the_limits_of_days_name_each_weekend_that_is_not_known(desk: Desk) -> None:
    asked_of = Clock("freeze", Side("IR"), Side("LY"), "bank")
    found = limits_of([cast(Due, SimpleNamespace(asked=asked_of))])
    told = [each.params for each in found if each.key == "note.deadline-weekend-differs"]
    assert told == [{"country": "IR"}]
    assert "note.deadline-weekends" not in [each.key for each in found]


def test_what_was_authorised_before_without_a_check_opens_and_is_sent(desk: Desk) -> None:
    """Its entries and its file were written when a freeze asked for none."""
    unit = asked(desk)
    unit.request("sent", draft=replace(good("freeze"), rights={}))
    (held,) = requests_of(unit.ledger, unit.case)
    assert read_version(desk.workspace, held).rights == {}
    assert held.authorisation is not None
    record_request_event(
        unit.ledger, case=unit.case, request=held.label, event=Event(What.ACKNOWLEDGED, now()),
        by=unit.anna,
    )  # fmt: skip
    assert request_named(unit.ledger, unit.case, held.label).state == "acknowledged"


def test_a_pair_of_laws_is_offered_to_open_letters_between_both_countries(desk: Desk) -> None:
    unit = asked(desk)
    abroad = letter("mutual-assistance", persons=())
    home = replace(abroad, addressee=replace(abroad.addressee, country="LA"))
    unknown = replace(abroad, addressee=replace(abroad.addressee, country=""))
    labels = [drafted(unit, each) for each in (abroad, home, unknown, letter("hold-change"))]
    unit.request("sent", kind="mutual-assistance")

    def offered(*ends: str) -> set[str]:
        found = open_letters(unit.ledger, desk.workspace, [unit.case], (ends[0], ends[1]))
        return {held.label for held, _ in found}

    assert offered("LA", "TH") == offered("TH", "LA") == {labels[0], labels[2]}
    assert offered("LA", "KH") == {labels[2]}
    assert offered("TH", "KH") == set()
    assert list(open_letters(unit.ledger, desk.workspace, [CaseId("none")], ("LA", "TH"))) == []
