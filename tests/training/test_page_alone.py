"""Whoever reads the page of a lab and no file earns next to nothing.

What is read: story, basis, list of files, questions, units, choices. From it come the values that
stand there, the choice that is longest, and one ruling for all items.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kancil.ground.words import render_phrase
from kancil.training.key import Key
from kancil.training.lab import Lab, Made
from kancil.training.labs import LABS
from kancil.training.marking.mark import machine_marked, mark
from kancil.training.question import RULINGS, Answers, Kind, Question
from tests.training.made_labs import VARIANT, make

MOST_PERCENT = 5
SEEDS = {"admissibility": range(1, 61)}
"""Where it is not six: there luck has more to say."""
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9:.+/-]{4,}")


def page_of(made: Made) -> str:
    words = [*made.story, made.basis]
    words += [each for one in made.evidence for each in (one.title, one.source)]
    words += [each.words for each in made.questions]
    words += [choice.words for each in made.questions for choice in each.choices]
    return "\n".join(render_phrase(each) for each in words)


def longest(question: Question) -> str:
    return max(question.choices, key=lambda each: len(render_phrase(each.words))).code


def read(question: Question, tokens: list[str], ruling: str) -> Any:
    """What the page alone suggests for a question; `tokens`: by how often they stand there."""
    if question.kind is Kind.FINDING:
        return {"statement": longest(question), "pointers": []}
    if question.kind is Kind.RULING:
        obvious = {"telephone-copy": "digest-differs", "laptop": "authority-ended",
                   "custody": "custody-gap", "time-order": "zone-slip",
                   "cluster": "one-owner-claimed", "sum": "policy-not-stated",
                   "listing": "listed-later", "bundle": "bundle-changed"}  # fmt: skip
        reason = "sound" if ruling == "admit" else obvious[question.subject]
        return {"ruling": ruling, "reasons": [reason]}
    if question.kind in (Kind.SET, Kind.PATH):
        return tokens[:1]
    return None if question.kind is Kind.TEXT else tokens[0]


def share(lab: Lab, made: Made, ruling: str) -> float:
    """Percent of the machine-marked points, below nothing too."""
    counted = Counter(each for each in TOKEN.findall(page_of(made)) if re.search(r"\d", each))
    tokens = [each for each, _ in counted.most_common()] or ["-"]
    values = {each.id: read(each, tokens, ruling) for each in made.questions}
    key = Key(lab.name, lab.version, VARIANT, "1", {}, made.expected)
    marked = mark(key, made.questions, Answers(VARIANT, values))
    earned = sum(
        each.earned_hundredths or 0
        for each, asked in zip(marked.questions, made.questions, strict=True)
        if asked.kind is not Kind.TEXT
    )
    return earned / machine_marked(marked, made.questions)[1]


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: str(lab.name))
def test_the_page_names_nothing_that_is_right(lab: Lab, tmp_path: Path) -> None:
    """No account, address, transaction, order or keeper that is asked for stands on the page."""
    made = make(lab, tmp_path / "lab", 7).made
    page = page_of(made)
    exact = (Kind.ADDRESS, Kind.DIGEST, Kind.SET, Kind.PATH)
    for question, expected in zip(made.questions, made.expected, strict=True):
        if question.kind in exact:
            right = expected.value if isinstance(expected.value, list) else [expected.value]
            assert not [each for each in right if each in page], question.id


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: str(lab.name))
def test_a_choice_names_no_account_and_the_longest_is_seldom_right(
    lab: Lab, tmp_path: Path
) -> None:
    made = make(lab, tmp_path / "lab", 7).made
    for question, expected in zip(made.questions, made.expected, strict=True):
        if question.kind is Kind.FINDING:
            assert longest(question) != expected.value["statement"], question.id
            assert not [each for each in question.choices if each.words.params.get("account")]


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: str(lab.name))
def test_reading_the_page_alone_earns_less_than_five_percent(lab: Lab, tmp_path: Path) -> None:
    seeds = SEEDS.get(lab.name, range(1, 7))
    variants = [make(lab, tmp_path / f"lab-{seed}", seed).made for seed in seeds]
    for ruling in RULINGS if lab.name in SEEDS else RULINGS[:1]:
        shares = [share(lab, made, ruling) for made in variants]
        assert sum(shares) / len(shares) < MOST_PERCENT, (ruling, shares)
