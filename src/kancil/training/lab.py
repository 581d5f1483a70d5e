"""What a lab must do: make, from one seed, a case folder, its questions and its key.

Members stand in `kancil.training.labs`. A member writes its files and returns what is true of them;
manifest, sealing and packing are the same for all (`making.py`). Same seed, knobs and version: the
same bytes on every machine, the sealed key apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress

from .key import Expected, Happening
from .question import Question

MANIFEST_FORMAT = "kancil-lab/1"
MANIFEST, FILES, KEY = "lab.json", "files", "key.age"
"""Of a lab's folder: the manifest, the folder of evidence, the sealed key."""
NETWORK = "regtest"
"""Of the blocks of every lab: a private test network (`plot/chain.py`)."""
LANGUAGES = ("en", "id", "km", "lo", "my", "th", "vi")
"""Of names and messages in the evidence."""


class Audience(StrEnum):
    """For whom a lab is; the words are `name.audience-<value>`."""

    INVESTIGATOR = "investigator"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class Knobs:
    """How hard a variant is; the same knobs make variants of equal difficulty."""

    hops: int = 4
    """Transactions from the first to the one that answers the question; 2 to 12."""
    decoys: int = 2
    """Side branches that lead to nobody who did anything; 0 to 8."""
    missing: int = 0
    """Records left out of the files, each of which the key names; 0 to 4."""
    noise: int = 1_500
    """Transactions of everyday life in the blocks; 200 to 20,000."""
    language: str = "en"


SMALL = Knobs(hops=3, decoys=1, noise=250)
"""For tests: made in under three seconds."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file of the case folder."""

    name: str
    """`bank-statement.csv`; under `files`."""
    kind: str
    """`blocks`, `bank-statement`, `exchange-return`, `chat`, `document`, `report`, `bundle`."""
    title: Phrase
    source: Phrase
    """Who handed it over, and under what."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act that is played in the case before the trainee sees it, by its code."""

    act: str
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What a lab's member returns."""

    story: tuple[Phrase, ...]
    """Paragraphs: what happened, what the trainee is asked to do, under which authority."""
    basis: Phrase
    """The legal authority of the story: what the trainee is to record before work begins."""
    evidence: tuple[Evidence, ...]
    questions: tuple[Question, ...]
    expected: tuple[Expected, ...]
    timeline: tuple[Happening, ...]
    process: tuple[str, ...]
    """Codes of process checks: `training/marking/conduct.py`."""
    script: tuple[Step, ...] = ()
    minutes: int = 0
    """Of the class's clock from the lab's start; 0 where a lab is not against the clock."""


class Lab(Protocol):
    """The promise of a member of `kancil.training.labs`."""

    @property
    def name(self) -> str:
        """The word of the command line: `ransom-payment`."""

    @property
    def version(self) -> str:
        """Version of what it makes; another one makes other files of the same seed."""

    @property
    def audience(self) -> Audience:
        """For whom it is."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Publications that describe what it teaches."""

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        """Write the evidence into `folder`, which is empty; `seed`: 0 to 2^64 - 1."""
