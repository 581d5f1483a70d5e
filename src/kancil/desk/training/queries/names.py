"""What trainees are called in a list, so that two of one name are told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kancil.desk.people.models import Person
from kancil.desk.training.models import TrainingClass
from kancil.ground.folding import folded


def alike(name: str) -> str:
    """What two names have in common that are called alike: letter case and blanks aside."""
    return " ".join(folded(name).split())


def names_among(people: Iterable[Person]) -> dict[int, str]:
    """Names by the person's id; the user name stands beside where two of these are called alike."""
    known = {each.pk: each for each in people}
    count = Counter(alike(each.name) for each in known.values())
    return {
        key: f"{each.name} ({each.username})" if count[alike(each.name)] > 1 else each.name
        for key, each in known.items()
    }


def names_in(training_class: TrainingClass) -> dict[int, str]:
    """Names of everybody in a class, by the person's id, as `names_among` has them."""
    return names_among(Person.objects.filter(enrolments__training_class=training_class))
