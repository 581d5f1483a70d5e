"""Drafts of forms: what a person typed and has not sent. Theirs alone, and no act of the books.

A draft is the form's fields as a browser sends them: names, each with its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kancil.desk.base.errors import TextNotStorable
from kancil.desk.base.keeping import check
from kancil.desk.people.models import Person
from kancil.desk.programme.models import FormDraft
from kancil.ground import clock

MOST_CHARACTERS = 200_000
"""Of one draft; a longer one is not kept."""

Given = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, and when it was kept."""

    given: Given
    at: datetime


def draft_of(person: Person, form: str) -> Draft | None:
    """The draft that a person has of a form; `form`: its address."""
    row = FormDraft.objects.filter(person=person, form=form[:120]).first()
    return None if row is None else Draft(row.given, row.at)


def keep_draft(*, by: Person, form: str, given: Mapping[str, Sequence[str]]) -> bool:
    """Keep what was typed, in place of what was kept before; says whether it could be."""
    typed = {name: list(values) for name, values in given.items()}
    if sum(len(each) for values in typed.values() for each in values) > MOST_CHARACTERS:
        return False
    row = FormDraft(person=by, form=form[:120], given=typed, at=clock.now())
    try:
        check(row)
    except TextNotStorable:
        return False
    FormDraft.objects.update_or_create(
        person=by, form=row.form, defaults={"given": row.given, "at": row.at}
    )
    return True


def drop_draft(*, by: Person, form: str) -> None:
    """Forget the draft of a form, once it was sent or is not wanted."""
    FormDraft.objects.filter(person=by, form=form[:120]).delete()
