"""What heuristics say of what is drawn, with their source and what is known of their error.

From the looks at transactions (`kancil.bitcoin.coinjoins.verdicts`) and from clusters; to values
that a node carries. A heuristic is a guess with a reason, so it is told as one, with its name and
version.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kancil.bitcoin.coinjoins.heuristic import outside_period
from kancil.bitcoin.coinjoins.verdicts import Look
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase
from kancil.studies.drawing.box_words import PLAIN, TITLE, Line

MOST_WHYS = 5
"""Reasons of one heuristic that are told beside one node; the count says how many there are."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one heuristic says of one node."""

    heuristic: str
    version: str
    says: str
    """`coinjoin`, `premix`, `equal-outputs`, or `cluster`."""
    answer: str
    """`yes`, or `unknown` where it cannot tell."""
    count: int
    """Of how many things in the node it says so."""
    told: str
    """What it says, in words."""
    whys: tuple[str, ...]
    """Reasons with their values."""
    source: str
    error: str
    """What is known of its error, and how."""

    def as_dict(self) -> dict[str, Any]:
        """The form for JSON."""
        return {**{name: getattr(self, name) for name in self.__slots__}, "whys": list(self.whys)}

    @property
    def is_coinjoin(self) -> bool:
        """Whether it takes something for a CoinJoin."""
        return self.says == "coinjoin" and self.answer == "yes"

    @property
    def sentence(self) -> str:
        """All of it as one text."""
        return render(
            "note.graph-heard",
            told=self.told,
            why="; ".join(self.whys),
            source=self.source,
            error=self.error,
        )


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One thing that a method says of the picture."""

    title: str
    text: str
    nodes: tuple[tuple[str, str], ...]
    """Id and name of the first nodes that it is about."""
    left: int
    """Nodes beyond those."""

    def as_dict(self) -> dict[str, Any]:
        """The form for JSON."""
        nodes = [list(pair) for pair in self.nodes]
        return {"title": self.title, "text": self.text, "nodes": nodes, "left": self.left}


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """All that one method says of the picture, with what must stand beside it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    closing: str
    rows: tuple[ToldRow, ...]

    def as_dict(self) -> dict[str, Any]:
        """The form for JSON."""
        return {
            "title": self.title,
            "facts": [list(pair) for pair in self.facts],
            "closing": self.closing,
            "rows": [row.as_dict() for row in self.rows],
        }


def heard_of(looks: Iterable[Look]) -> tuple[Heard, ...]:
    """Tell looks, those of one heuristic and answer, and of one known error, together."""
    found: dict[tuple[str, str, str, str], Heard] = {}
    for look in looks:
        heuristic, answer = look.heuristic, look.verdict.answer.value
        key = (*look.key, answer, look.error)
        before = found.get(key)
        whys = () if before is None else before.whys
        count = 1 if before is None else before.count + 1
        if len(whys) < MOST_WHYS:
            whys = tuple(dict.fromkeys((*whys, _why(look))))
        found[key] = Heard(
            heuristic=heuristic.name,
            version=heuristic.version,
            says=heuristic.says,
            answer=answer,
            count=count,
            told="",
            whys=whys,
            source=heuristic.source,
            error=render(look.error),
        )
    return tuple(replace(one, told=_told(one)) for one in found.values())


def _told(heard: Heard) -> str:
    what = heard.says if heard.answer == "yes" else heard.answer
    name = f"{heard.heuristic} {heard.version}"
    told = render(f"note.graph-look-{what}", name=name)
    return (
        told
        if heard.count == 1
        else render("note.graph-look-several", told=told, count=grouped(heard.count))
    )


def _why(look: Look) -> str:
    why = render_phrase(look.verdict.why)
    if look.in_period is not False:
        return why
    return f"{why} {render_phrase(outside_period(look.heuristic))}"


def looks_like(looks: Sequence[Look], *, is_fold: bool, is_end: bool) -> tuple[Line, ...]:
    """The lines in a node for what heuristics call, surely or not; CoinJoins stand out.

    `is_end`: of coins that end before one, which say that already, only by whose word.
    """
    fired = [look for look in looks if look.is_fired]
    joins = [look for look in fired if look.heuristic.says == "coinjoin"]
    if is_fold:
        if not joins:
            return ()
        return (Line(PLAIN, render("note.graph-box-coinjoins", count=grouped(len(joins)))),)
    title = "coinjoin" if any(look.is_yes for look in joins) else "unsure"
    lines = [Line(TITLE, render(f"note.graph-box-{title}"))] if joins and not is_end else []
    for manner, name in dict.fromkeys((look.manner, " ".join(look.key)) for look in fired):
        lines.append(Line(PLAIN, render(f"note.graph-box-{manner}-by", name=name)))
    return tuple(lines)
