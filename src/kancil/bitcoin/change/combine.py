"""Change heuristics put together: all agree, a majority, or the first of an ordered list.

A combination asks several members of one transaction and says which voted, which abstained and
why. A member that names no output, or cannot tell, abstains. How to put members together is a
choice, not a finding: H. Kalodner and others, *BlockSci* (USENIX Security 2020), leave it to the
user, for single heuristics contradict each other; so it is told with each answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.registry import Registry

from .codes import NONE, NOT_ASKED, UNKNOWN
from .heuristic import ChangeHeuristic, ChangeVerdict, Named, Seen, names, names_none, untold
from .heuristics import (
    ADDRESS_TYPE,
    FINGERPRINT,
    HEURISTICS,
    ONE_TIME,
    OPTIMAL_CHANGE,
    PEELING,
    REUSE,
    ROUND_AMOUNT,
)
from .run import Sweep


class Way(StrEnum):
    """How votes make an answer."""

    ALL = "all"
    """All that vote name the same output, and at least `least` vote."""
    MAJORITY = "majority"
    """More than half of those that vote name the same output, and at least `least` do."""
    FIRST = "first"
    """The first in the list that names an output decides."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one member of a combination said."""

    member: ChangeHeuristic
    verdict: ChangeVerdict

    @property
    def is_cast(self) -> bool:
        """Whether it names an output; else it abstains, and the verdict says why."""
        return self.verdict.answer is Named.CHANGE


@dataclass(frozen=True, slots=True)
class Combined:
    """What a combination says of one transaction."""

    combination: Combination
    verdict: ChangeVerdict
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Members, and how their votes make an answer."""

    name: str
    way: Way
    members: tuple[ChangeHeuristic, ...]
    least: int = 1

    version: str = "1"

    def judge(self, seen: Seen) -> Combined:
        """Ask each member of one transaction."""
        return self.count([Vote(member, member.judge(seen)) for member in self.members])

    def count(self, votes: Sequence[Vote]) -> Combined:
        """Make an answer of votes."""
        return Combined(self, self._verdict(votes), tuple(votes))

    def _verdict(self, votes: Sequence[Vote]) -> ChangeVerdict:
        cast = [vote for vote in votes if vote.is_cast]
        open_ = sum(vote.verdict.answer is Named.UNKNOWN for vote in votes)
        if self.way is Way.FIRST:
            if cast:
                first = cast[0]
                passed = votes.index(first)
                number = first.verdict.output or 0
                return names(
                    number, "first", "why.change-first", member=first.member.name, passed=passed
                )
            return untold("why.change-no-votes", open=open_) if open_ else _no_votes(open_)
        outputs = Counter(vote.verdict.output for vote in cast)
        named, most = max(outputs.items(), key=lambda pair: pair[1], default=(None, 0))
        total = len(cast)
        told = {"votes": most, "cast": total, "least": self.least}
        if named is not None and _carries(self.way, most, total, self.least):
            return names(named, self.way.value, f"why.change-{self.way}", **told)
        if open_ and _carries(self.way, most + open_, total + open_, self.least):
            return untold("why.change-votes-open", open=open_, **told)
        return names_none("why.change-votes", **told) if total else _no_votes(open_)

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows first to last - 1, as `kancil.bitcoin.change.run` has a member do."""
        rows = np.stack([over.change_of(first, last, member) for member in self.members])
        answer[:] = combine_rows(self.way, self.least, rows)


def _no_votes(open_: int) -> ChangeVerdict:
    return names_none("why.change-no-votes", open=open_)


def _carries(way: Way, votes: Any, cast: Any, least: int) -> Any:
    """Whether so many votes for one output, of all that are cast, decide: one or many."""
    enough = votes == cast if way is Way.ALL else 2 * votes > cast
    return enough & (votes >= max(1, least))


def combine_rows(way: Way, least: int, answers: Array) -> Array:
    """Make one answer a transaction of those of several members: int64 `[members, n]` to `[n]`."""
    cast = answers >= 0
    open_ = (answers == UNKNOWN).sum(axis=0)
    result = np.full(answers.shape[1], NONE, np.int64)
    if way is Way.FIRST:
        result[open_ > 0] = UNKNOWN
        for row, voted in zip(answers[::-1], cast[::-1], strict=True):
            result[voted] = row[voted]
    else:
        total, most = cast.sum(axis=0), np.zeros(answers.shape[1], np.int64)
        number = np.full(answers.shape[1], NONE, np.int64)
        for row, voted in zip(answers, cast, strict=True):
            votes = ((answers == row) & voted).sum(axis=0)
            better = votes > most
            most[better], number[better] = votes[better], row[better]
        tipped = _carries(way, most + open_, total + open_, least) & (open_ > 0)
        result[tipped] = UNKNOWN
        decided = _carries(way, most, total, least)
        result[decided] = number[decided]
    result[(answers == NOT_ASKED).any(axis=0)] = NOT_ASKED
    return result


_VOTERS = (REUSE, ONE_TIME, ADDRESS_TYPE, ROUND_AMOUNT, OPTIMAL_CHANGE, PEELING, FINGERPRINT)
"""Lock time, version and sequence are in the fingerprint already and would vote twice."""
ALL_AGREE = Combination("all-agree", Way.ALL, _VOTERS, 2)
MAJORITY = Combination("majority", Way.MAJORITY, _VOTERS, 2)
ORDERED = Combination(
    "ordered", Way.FIRST, (REUSE, ONE_TIME, FINGERPRINT, ADDRESS_TYPE, OPTIMAL_CHANGE)
)
COMBINATIONS = (ALL_AGREE, MAJORITY, ORDERED)
"""The combinations that have names. Which members, how many votes, which order: our choice."""
_GIVEN = re.compile(r"(?P<way>all|majority|first)(?::(?P<least>[1-9]))?=(?P<names>[a-z0-9,-]+)")


def combination_of(text: str) -> Combination:
    """Read `all-agree`, or `majority:2=one-time,address-type,reuse`.

    Raises OptionNotUsable, and MemberNotFound for a member that there is none of.
    """
    for each in COMBINATIONS:
        if text == each.name:
            return each
    found = _GIVEN.fullmatch(text)
    if found is None:
        known = ", ".join(each.name for each in COMBINATIONS)
        why = Phrase("why.change-combination", {"known": known})
        raise OptionNotUsable(option="--combine", value=text[:80], why=why)
    registry = Registry("change-heuristic", HEURISTICS)
    members = tuple(registry.named(name) for name in dict.fromkeys(found["names"].split(",")))
    return Combination(text, Way(found["way"]), members, int(found["least"] or 1))
