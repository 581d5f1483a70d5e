"""What an import added and nothing rests on since; and what stays, with the reason.

Something rests on a row when another row names it, when a figure counted it, when somebody changed
it, or when the person it is asked to be forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import ManyToOneRel, Model, Q

from kancil.desk.programme.matching import chunks
from kancil.desk.programme.models import (
    Activity,
    BudgetLine,
    Figure,
    ImportBatch,
    Participant,
    Participation,
)
from kancil.ground.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that an import added and that stays."""

    thing: str
    """`participant`, `registration`, `activity`, `budget-line`."""
    id: str
    why: Phrase


@dataclass(frozen=True, slots=True)
class Added:
    """What an import added and is still there."""

    free: tuple[tuple[type[Model], list[Any]], ...]
    """Ids of what can go, by what it is, in the order in which it goes."""
    kept: list[Kept]

    @property
    def count(self) -> int:
        """How many entries can go."""
        return sum(len(ids) for _, ids in self.free)


def added(batch: ImportBatch) -> Added:
    """What of an import could be undone now."""
    kept: list[Kept] = []
    places = Participation.objects.filter(batch=batch)
    free_places = _free(places, "registration", kept, Q(marks__isnull=True))
    people = Participant.objects.filter(batch=batch)
    whole = Q(restricted_at=None, forgotten_at=None, same_as=None)
    free_people = _free(people, "participant", kept, whole, leaving=free_places)
    activities = _free(Activity.objects.filter(batch=batch), "activity", kept, Q(version=1))
    lines = _free(BudgetLine.objects.filter(batch=batch), "budget-line", kept, Q(replaced_at=None))
    return Added(
        ((Participation, free_places), (Participant, free_people), (Activity, activities),
         (BudgetLine, lines)),
        kept,
    )  # fmt: skip


def _free(
    rows: Any, thing: str, kept: list[Kept], untouched: Q, *, leaving: Collection[Any] = ()
) -> list[Any]:
    """Ids of rows on which nothing rests; the others are kept, with the first reason."""
    ids = list(rows.values_list("pk", flat=True))
    as_it_was = set(rows.filter(untouched).values_list("pk", flat=True))
    why = {each: Phrase("why.import-changed") for each in ids if each not in as_it_was}
    for each in _counted(thing, ids):
        why.setdefault(each, Phrase("why.import-counted"))
    for named, name in _resting(rows.model, ids, leaving):
        for each in named:
            why.setdefault(
                each, Phrase("why.import-rests", {"thing": Phrase(f"thing.resting-{name}")})
            )
    kept += [Kept(thing, str(each), phrase) for each, phrase in sorted(why.items())]
    return [each for each in ids if each not in why]


def _counted(thing: str, ids: Collection[Any]) -> set[Any]:
    """Rows that a figure counted."""
    name = {"registration": "participations", "activity": "activities"}.get(thing)
    found: set[Any] = set()
    for records in Figure.objects.values_list("records", flat=True) if name and ids else ():
        found.update(records.get(name, ()))
    return found & set(ids)


def _resting(
    model: type[Model], ids: Collection[Any], leaving: Collection[Any]
) -> Iterable[tuple[set[Any], str]]:
    """Rows that others name, and the kind of those; `leaving`: registrations that go as well."""
    own = {each.remote_field.through for each in model._meta.many_to_many}
    for each in model._meta.get_fields(include_hidden=True):
        if not isinstance(each, ManyToOneRel) or each.related_model in own:
            continue
        name = each.field.name
        others = each.related_model._base_manager
        found: set[Any] = set()
        for some in chunks(ids):
            held = others.filter(**{f"{name}__in": some}).values_list(f"{name}_id", "pk")
            goes = set(leaving) if each.related_model is Participation else set()
            found.update(at for at, pk in held if pk not in goes)
        yield found, each.related_model._meta.model_name or ""


def resting_names() -> set[str]:
    """The kinds of rows that may rest on what an import adds; each has its words."""
    models = (Participation, Participant, Activity, BudgetLine)
    return {name for model in models for _, name in _resting(model, (), ())}
