"""`fingerprint` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import Fate
from kancil.bitcoin.change.heuristics import FINGERPRINT
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from tests.bitcoin.change.examples import (
    MINE,
    names_the_output_whose_spender_bears_the_mark,
    said,
    two,
)
from tests.bitcoin.changing import HEAD, spender


def test_fingerprint_names_the_one_output_whose_spender_bears_the_mark() -> None:
    names_the_output_whose_spender_bears_the_mark(FINGERPRINT)


def test_one_differing_trait_makes_another_fingerprint() -> None:
    for change in (
        {"version": 1}, {"has_locktime": False}, {"signals_replacement": False},
        {"has_witness": False},
    ):  # fmt: skip
        other = Fate(spender(HEAD._replace(**change)))
        assert said(FINGERPRINT, two(other, MINE)) == 1


def test_the_marks_of_a_fingerprint_are_words_of_the_catalogue_with_values() -> None:
    why = FINGERPRINT.judge(two(Fate(spender(HEAD._replace(version=7))), MINE)).why
    mark = why.params["mark"]
    assert isinstance(mark, Phrase)
    assert mark.params["version"] == HEAD.version
    parts = [mark.params[name] for name in ("locktime", "replacement", "witness")]
    for part, has in zip(parts, HEAD[1:], strict=True):
        assert isinstance(part, Phrase)
        assert ("-no-" in part.key) is not has
    assert f"version {HEAD.version}, " in render(why.key, **why.params)
