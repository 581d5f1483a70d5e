"""Make a small, valid bundle from the first 600 mainnet blocks: `make_sample_bundle.py OUT`.

The coinbase of block 9, followed under FIFO: real blocks, real analysis; the custody part is made
by the tests' own tiny ledger. Keys and times are fixed, so the same file comes out every time.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kancil import __version__
from kancil.ground.clock import from_text
from kancil.ground.signing import MemorySigner
from kancil.reports.casework.bundle.analyse import (
    analyse,
    coinjoin_members,
    table_members,
    write_analysis,
    write_labels,
)
from kancil.reports.casework.bundle.answers import Answers, answer_all
from kancil.reports.casework.bundle.gather import gather_material
from kancil.reports.casework.bundle.manifest import digest_of_analysis
from kancil.reports.casework.bundle.material import proof_members
from kancil.reports.casework.bundle.material_read import ANALYSIS, LABELS
from kancil.reports.casework.bundle.rawtx import read_transaction
from kancil.reports.casework.bundle.seal import Maker, seal_members
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import Asked
from tests.reports.called import Called
from tests.reports.tiny_chain import first_600, shown
from tests.reports.tiny_custody import custody_members, ledger_for
from tests.reports.tiny_ledger import CASE, OFFICER, UNIT, key_of, leaf
from tests.reports.tiny_view import TinyView


def maker_of(custody: dict[str, bytes], network: str, *, is_training: bool = False) -> Maker:
    """Who made a bundle, as the newest `bundle.made` of these members states it.

    Where they show none, an entry that nothing shows is named.
    """
    lines = custody["custody/entries.jsonl"].split(b"\n")
    made = [line for line in lines if b'"kind":"bundle.made"' in line]
    at = json.loads(made[-1])["statement"]["at"] if made else "2026-11-24T09:00:00.000000Z"
    return Maker(
        unit=UNIT,
        officer=OFFICER,
        case=CASE,
        network=network,
        made_at=from_text(at),
        kancil=__version__,
        made_entry=leaf(made[-1] if made else b"").hex(),
        is_training=is_training,
    )


@dataclass
class Sample:
    """A bundle's parts before they are sealed."""

    analysis: dict[str, bytes]
    custody: dict[str, bytes]
    answers: Answers
    page: bytes | None = None
    """The verify.html that goes into it."""
    network: str = "mainnet"

    @property
    def members(self) -> dict[str, bytes]:
        """Everything that the manifest lists."""
        return {**self.analysis, **self.custody}

    def seal(self, signer: str = "officer") -> bytes:
        """The finished bundle, signed by a test key."""
        is_training = self.answers.material.is_training
        maker = maker_of(self.custody, self.network, is_training=is_training)
        return seal_members(
            self.members, maker=maker, signer=MemorySigner(key_of(signer)), page=self.page
        )


def answers_for(
    view: TinyView,
    questions: list[TraceQuestion],
    labels: dict[str, list[CitedLabel]] | None = None,
) -> Answers:
    """Trace on the whole chain, gather, and trace again on what was gathered."""
    found = labels or {}

    def labels_of(output: int) -> tuple[CitedLabel, ...]:
        return tuple(sorted(found.get(view.address_of(output), [])))

    outpoints = view.outpoints()
    called = Called(view, random.Random(0))
    asked = [
        Asked(q, q.answer(view.graph, outpoints, labels_of, called), called.of(q))
        for q in questions
    ]
    material = gather_material(view, asked, labels_of)
    read = {cited.txid: read_transaction(cited.raw) for cited in material.transactions}
    return answer_all(material, read)


def sample_of(
    answers: Answers, *, sealed: Mapping[int, str] | None = None, page: bytes | None = None
) -> Sample:
    """A bundle's parts for some answers; `sealed`: reason by number of entries kept back."""
    analysis = analyse(answers)
    digests = [answer.digest for answer in answers.answers]
    is_training = answers.material.is_training
    ledger = ledger_for(
        digest_of_analysis(analysis), digests, sealed=sealed, page=page, is_training=is_training
    )
    return Sample(analysis, custody_members(ledger, sealed=set(sealed or {})), answers, page)


def analyse_without_pictures(answers: Answers) -> dict[str, bytes]:
    """The members of an analysis that hold its material and tables."""
    members = proof_members(answers.material)
    members[ANALYSIS] = write_analysis(answers.material)
    members[LABELS] = write_labels(answers.material)
    members.update(coinjoin_members(answers.material))
    for answer in answers.answers:
        members.update(table_members(answer))
    return members


def label_for(address: str, *, is_service: bool = False, law: str = "") -> CitedLabel:
    """A label of an invented publisher."""
    return CitedLabel(
        address=address,
        publisher="Sample Publisher",
        label="Sample Exchange" if is_service else "Sample Person",
        category="exchange" if is_service else "",
        abuse="",
        law=law,
        listed_on="",
        modified_on="",
        fetched_on="2026-11-01",
        confidence="sample",
        licence="CC0-1.0",
        source="invented",
        sha256="0" * 64,
        place="line 1",
        is_service=is_service,
        is_listed_by_law=bool(law),
    )


def block_9_question() -> TraceQuestion:
    """Ask where the new coins of block 9 went."""
    start = first_600()[9].transactions[0]
    return TraceQuestion(
        starts=(NamedStart(f"{shown(start.txid)}:0"),),
        policy="fifo",
        policy_reason="The court in this country follows first in, first out.",
        last_height=599,
        asked=(f"{shown(start.txid)}:0",),
    )


@cache
def sample_answers() -> Answers:
    """The answer that the sample bundle holds."""
    return answers_for(TinyView(first_600()), [block_9_question()])


@cache
def make_sample() -> Sample:
    """The parts of the sample bundle."""
    return sample_of(sample_answers())


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(make_sample().seal())
