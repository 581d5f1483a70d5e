"""Drafts of forms: one a person and form, theirs alone, and only what can be stored."""

from __future__ import annotations

from kancil.desk.people.models import Role
from kancil.desk.programme.drafts import MOST_CHARACTERS, draft_of, drop_draft, keep_draft
from kancil.desk.programme.models import FormDraft
from tests.desk.assessment.programme import person
from tests.desk.desks import Desk

FORM = "/activities/new/"


def test_a_draft_is_of_one_person_and_form_and_the_newest_stands(desk: Desk) -> None:
    ann, bo = person("ann", Role.ASSESSOR), person("bo", Role.ASSESSOR)
    assert keep_draft(by=ann, form=FORM, given={"title": ["One"]})
    assert keep_draft(by=ann, form=FORM, given={"title": ["Two"], "countries": ["XKA", "XBO"]})
    assert keep_draft(by=ann, form=f"{FORM}#report", given={"text": ["Three"]})
    found = draft_of(ann, FORM)
    assert found is not None
    assert found.given == {"title": ["Two"], "countries": ["XKA", "XBO"]}
    assert draft_of(bo, FORM) is None
    drop_draft(by=bo, form=FORM)
    drop_draft(by=ann, form=FORM)
    assert draft_of(ann, FORM) is None
    assert FormDraft.objects.count() == 1


def test_what_cannot_be_stored_leaves_the_draft_that_stands(desk: Desk) -> None:
    ann = person("ann", Role.ASSESSOR)
    assert keep_draft(by=ann, form=FORM, given={"title": ["One"]})
    for wrong in ("a\x00b", "\ud800", "x" * (MOST_CHARACTERS + 1)):
        assert not keep_draft(by=ann, form=FORM, given={"title": [wrong]})
    found = draft_of(ann, FORM)
    assert found is not None
    assert found.given == {"title": ["One"]}
