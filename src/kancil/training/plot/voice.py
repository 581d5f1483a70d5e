"""How people of one language are named and what they write, from `voices/<language>.yaml`.

All names, banks, shops and places are invented, and so are the rates of exchange. The sentences are
plain ones, written by hand for the labs; no native speaker has read those in other languages than
English (*verify*). English names in other scripts are not transliterated: a trainee meets the
script of the region in the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from kancil.bitcoin.generator.counter import Draw
from kancil.ground.yaml_tree import Listed, Node, Scalar, compose, read_bounded

from .errors import LabLanguageUnknown

FOLDER = Path(__file__).parent / "voices"
EXCHANGES = ("Tamarin Exchange", "Langur Coin Market", "Pangolin Digital", "Hornbill Trade")
"""Invented; the same in all languages, since exchanges serve many countries."""
BTC_IN_USDT = 64_000
"""The invented price of a bitcoin in all labs."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Names and sentences of one language."""

    language: str
    zone: str
    """IANA name, which the trainee's tools take."""
    offset_minutes: int
    currency: str
    decimals: int
    per_usdt: int
    """Units of the currency for one USDT; invented."""
    said: dict[str, Any]
    """The lists of names and sentences, by their names in the file."""

    @property
    def unit(self) -> int:
        """Smallest units that a bank writes in one of the currency: 100 of two decimals."""
        return int(10**self.decimals)

    def local(self, seconds: int) -> datetime:
        """A Unix time on a clock of this place."""
        return datetime.fromtimestamp(seconds, UTC).astimezone(offset(self.offset_minutes))

    def person(self, draw: Draw) -> str:
        """A drawn name in the order in which it is written here."""
        names = {
            "given": draw.pick(self.said["given"]),
            "family": draw.pick(self.said["family"]),
        }
        return " ".join(names[part] for part in self.said["order"].split())

    def people(self, draw: Draw, count: int, used: set[str] | None = None) -> list[str]:
        """As many different names, none of those in `used`, to which they are added.

        Nobody in a lab may have the name of another: who is named by mistake would be wronged.
        """
        taken = set() if used is None else used
        found: list[str] = []
        while len(found) < count:
            name = self.person(draw)
            if name in taken and len(taken) >= self._names:
                name = f"{name} {len(taken) + 1}"
            if name not in taken:
                taken.add(name)
                found.append(name)
        return found

    @property
    def _names(self) -> int:
        """How many names are drawn before those that are left are slow to hit by chance."""
        return len(self.said["given"]) * len(self.said["family"]) * 3 // 4

    def line(self, kind: str, **params: str) -> str:
        """A line of a bank statement."""
        return str(self.said["bank_lines"][kind]).format(**params)

    def lines(self, story: str, **params: str) -> list[str]:
        """The messages of one story, in order."""
        return [str(each).format(**params) for each in self.said[story]]


def offset(minutes: int) -> timezone:
    """A zone of a fixed offset, so that no machine's table of zones changes a byte."""
    return timezone(timedelta(minutes=minutes))


@cache
def voice_of(language: str) -> Voice:
    """The voice of a language of `LANGUAGES`; raises LabLanguageUnknown."""
    known = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    if language not in known:
        raise LabLanguageUnknown(name=language[:20], known=", ".join(known))
    path = FOLDER / f"{language}.yaml"
    tree, faults = compose(read_bounded(path), path.name)
    if tree is None or faults:
        raise LabLanguageUnknown(name=language, known=", ".join(known))
    said = _plain(tree)
    return Voice(
        language=said["language"],
        zone=said["zone"],
        offset_minutes=int(said["zone_minutes"]),
        currency=said["currency"],
        decimals=int(said["decimals"]),
        per_usdt=int(said["per_usdt"]),
        said=said,
    )


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listed):
        return [_plain(each) for each in node.items]
    return {name: _plain(value) for name, (_, value) in node.pairs.items()}
