"""Invented classes as plain facts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kancil.training.results import ClassFacts, TrainedPerson

TALLIES = {
    "sex": {"female": 9, "male": 11},
    "role": {"police": 14, "prosecutor": 6},
    "agency": {"police": 14, "prosecution": 6},
    "country": {"LA": 8, "TH": 12},
}


def person(number: int) -> TrainedPerson:
    """One of twenty: fourteen sat both tests, all worked the lab, twelve were certified."""
    sat = number < 14
    return TrainedPerson(
        certified=number < 12,
        before=Fraction(8 + number % 3, 20) if sat else None,
        after=Fraction(15 + number % 3, 20) if sat else None,
        labs={"ransom-payment": Fraction(70 + number, 100)},
    )


def facts(size: int = 20, **changed: Any) -> ClassFacts:
    """A class of the tracing course."""
    given: dict[str, Any] = {
        "course": "bitcoin-tracing",
        "people": tuple(map(person, range(size))),
        "tallies": TALLIES,
        "reactions": {"relevant": [5, 4, 4, 5, 5] * 4, "pace": [3, 3, 2]},
    }
    return ClassFacts(**(given | changed))
