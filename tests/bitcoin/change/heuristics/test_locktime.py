"""`locktime` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristics import LOCKTIME
from tests.bitcoin.change.examples import (
    names_the_output_whose_spender_bears_the_mark,
)


def test_locktime_names_the_one_output_whose_spender_bears_the_mark() -> None:
    names_the_output_whose_spender_bears_the_mark(LOCKTIME)
