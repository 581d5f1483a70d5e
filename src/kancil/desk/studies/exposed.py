"""Exposure for whoever may not wait: the command's answer, or none after some seconds.

Nothing of a walk that is given up is shown: half an answer would look like a whole one.
"""

from __future__ import annotations

import shlex
import time
from dataclasses import replace
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.coins import MOST_COUNTED
from kancil.bitcoin.exposure.answer import SIDES, Question, answer_exposure
from kancil.bitcoin.labels.index import LabelIndex

from .errors import AnswerTakesLong
from .grouped import require_few

PATIENCE_SECONDS = 10.0
"""So long a page or a program waits for an answer."""
MOST_HOPS = 20
"""Transactions away that a page or a program may ask for."""


class Patience:
    """Progress that nobody watches, and that ends what takes too long."""

    def __init__(self, question: Question, chain: str) -> None:
        """Begin to wait."""
        self._until = time.monotonic() + PATIENCE_SECONDS
        self._command = command_of(question, chain)

    def start(self, _total: int | None, _unit: str, _label: str) -> None:
        """Begin a stage; raises AnswerTakesLong."""
        self.advance(0)

    def advance(self, _amount: int) -> None:
        """Go on; raises AnswerTakesLong."""
        if time.monotonic() > self._until:
            raise AnswerTakesLong(command=self._command)

    def finish(self) -> None:
        """End a stage."""


def command_of(question: Question, chain: str) -> str:
    """The command that answers the same question, however long it takes."""
    side = next(name for name, sides in SIDES.items() if sides == question.sides)
    parts = ["kancil", "bitcoin", "exposure", chain, question.address, "--direction", side,
             "--policy", question.policy, "--hops", str(question.hops)]  # fmt: skip
    parts += ["--cluster"] if question.is_cluster else []
    parts += ["--labels-reach-clusters"] if question.labels_reach_clusters else []
    parts += ["--also-allegations"] if question.also_allegations else []
    return shlex.join(parts)


def answer_soon(
    chain: Chain, labels: LabelIndex, question: Question, clusters: Clusters | None
) -> dict[str, Any]:
    """Answer as the command does, or not at all: raises AnswerTakesLong."""
    if question.is_cluster and clusters is not None:
        command = command_of(question, chain.name)
        require_few(chain, clusters, question.address, command, MOST_COUNTED)
    asked = replace(question, progress=Patience(question, chain.name))
    return answer_exposure(chain, labels, asked, clusters)
