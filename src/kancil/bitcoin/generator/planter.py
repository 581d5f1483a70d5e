"""Which instances are planted when: at the stated rates, spread over the chain, block by block.

A rate is the share of all transactions, in millionths, that belong to instances of one pattern,
their entries from ordinary life included. Room is kept for what instances in hand may still make,
so that a chain has exactly as many transactions as were asked for.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from kancil.bitcoin.generator.counter import MILLION, STREAM_PLANS, Draw
from kancil.bitcoin.generator.pattern import Pattern
from kancil.bitcoin.generator.rows import MAX_WEIGHT, ROOM_WEIGHT, WEIGHT
from kancil.bitcoin.generator.stage import Ground, Plant, Stage, Starved


@dataclass(slots=True)
class Wanted:
    """One pattern and how much of it."""

    member: Pattern
    rate: int
    """Millionths of all transactions."""
    asked: int
    """Transactions it is to have in the whole chain."""
    target: int
    """The same, less what is too little for one more instance."""
    given: int = 0
    """Transactions of instances that are done, and room of those that are not."""
    instances: int = 0
    """Instances that ended, and of those the ones that were not cut short."""
    complete: int = 0
    made: int = 0
    """Transactions of instances that ended."""


@dataclass(slots=True)
class Playing:
    """An instance in hand."""

    plant: Plant
    stage: Stage
    acts: Iterator[int]
    wanted: Wanted
    room: int


@dataclass(slots=True)
class Planter:
    """Starts instances and wakes those that wait."""

    ground: Ground
    transactions: int
    wanted: list[Wanted]
    finished: list[Plant] = field(default_factory=list)
    """Instances that ended and were not taken yet, in the order in which they did."""
    furthest: int = 0
    """The last block that an instance has waited for or waits for."""
    _numbered: int = 0
    _waiting: list[tuple[int, int]] = field(default_factory=list)
    _playing: dict[int, Playing] = field(default_factory=dict)
    _draw: Draw = field(init=False)

    def __post_init__(self) -> None:
        """Take the stream from which sizes are drawn."""
        self._draw = Draw(self.ground.seed, STREAM_PLANS)

    @property
    def reserved(self) -> int:
        """Transactions that instances in hand may still make."""
        return sum(one.room - len(one.plant.transactions) for one in self._playing.values())

    @property
    def still_wanted(self) -> int:
        """Transactions of instances that are not begun."""
        return sum(max(0, one.target - one.given) for one in self.wanted)

    @property
    def is_idle(self) -> bool:
        """Whether no instance is in hand."""
        return not self._playing

    def due(self, height: int) -> int:
        """Count the instances that act in this block."""
        return sum(at <= height for at, _ in self._waiting)

    def start(self, height: int, elapsed: int, left: int) -> None:
        """Begin the instances that are due by now, if `left` transactions have room for them.

        `elapsed`: millionths of the planned chain that are over. All are begun in its first three
        quarters, so that most can end before the chain does.
        """
        for wanted in self.wanted:
            member = wanted.member
            allowed = wanted.target * min(MILLION, elapsed * 4 // 3 + 1) // MILLION
            while wanted.given < max(1, allowed) and wanted.given < wanted.target:
                rest = wanted.target - wanted.given
                if rest < member.least and wanted.given:
                    wanted.target = wanted.given  # what is left is less than any instance takes
                    break
                rest = max(member.least, rest)
                room = min(self._draw.between(member.least, member.most), rest)
                if room > left or self.ground.rows.counts[WEIGHT] > MAX_WEIGHT - ROOM_WEIGHT:
                    return
                plant = Plant(self._numbered, member.name, height)
                stage = Stage(self.ground, plant, room)
                playing = Playing(plant, stage, member.play(stage), wanted, room)
                self._numbered += 1
                self._playing[plant.number] = playing
                wanted.given += room
                before = len(plant.transactions)
                if not self._act(playing, height):
                    break
                left -= room - before

    def is_due(self, height: int) -> bool:
        """Whether an instance acts in this block still."""
        return bool(self._waiting) and self._waiting[0][0] <= height

    def wake(self, height: int) -> None:
        """Have the next instance that is due act."""
        _, number = heapq.heappop(self._waiting)
        self._act(self._playing[number], height)

    def _act(self, playing: Playing, height: int) -> bool:
        """Let an instance act until it waits or ends; gives whether it could begin at all."""
        plant = playing.plant
        try:
            for pause in playing.acts:
                plant.last_height = height
                heapq.heappush(self._waiting, (height + pause, plant.number))
                self.furthest = max(self.furthest, height + pause)
                return True
            plant.is_complete = True
        except Starved:
            plant.is_complete = False
        self._end(playing, height)
        if not plant.transactions and plant.number == self._numbered - 1:
            # It never began: its number is given to the next, and it is tried again later.
            self._numbered -= 1
        return bool(plant.transactions)

    def _end(self, playing: Playing, height: int) -> None:
        plant, wanted = playing.plant, playing.wanted
        plant.last_height = height
        del self._playing[plant.number]
        made = len(plant.transactions)
        wanted.given += made - playing.room
        if made:
            wanted.instances += 1
            wanted.complete += plant.is_complete
            wanted.made += made
            self.finished.append(plant)

    def take_finished(self) -> list[Plant]:
        """The instances that ended since this was last asked."""
        taken, self.finished = self.finished, []
        return taken

    def close(self, height: int) -> None:
        """End those that made all their transactions and only wait; the chain is over."""
        for number in sorted(self._playing):
            playing = self._playing[number]
            playing.plant.is_complete = len(playing.plant.transactions) == playing.room
            self._end(playing, height)
