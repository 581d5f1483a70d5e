"""Transactions made by hand for the heuristics' tests, and the sample of labelled ones."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from kancil.bitcoin.coinjoins.heuristic import Coin, Heuristic, Shown
from kancil.bitcoin.evaluation.labelled import Labelled, LabelledSet, Meaning, Truth, open_labelled
from kancil.bitcoin.script.kind import ScriptKind

SAMPLE = Path(__file__).parent.parent / "data" / "bitcoin" / "coinjoin"
WPKH = ScriptKind.P2WPKH


def coins(
    values: Sequence[int | None], first: int = 0, kind: ScriptKind | None = WPKH, again: int = 0
) -> tuple[Coin, ...]:
    """Give coins of these values, each with a script of its own but for the last `again`."""
    last = len(values) - again
    return tuple(
        Coin(value, kind, (first + min(place, last)).to_bytes(20, "big"))
        for place, value in enumerate(values)
    )


def made(
    inputs: Sequence[int | None],
    outputs: Sequence[int],
    *,
    kind: ScriptKind | None = WPKH,
    out_kind: ScriptKind = WPKH,
    more: tuple[Coin, ...] = (),
    time: datetime | None = datetime(2023, 6, 1, tzinfo=UTC),
) -> Shown:
    """A transaction whose coins all have scripts of their own; `more`: further outputs."""
    return Shown(
        txid="ab" * 32,
        inputs=coins(inputs, 1, kind),
        outputs=(*coins(outputs, 100_000, out_kind), *more),
        time=time,
    )


def key(heuristic: Heuristic, shown: Shown) -> str:
    """The rule that fired, else the reason why none did."""
    verdict = heuristic.judge(shown)
    return verdict.rule or verdict.why.key


def sample() -> Labelled:
    """Open the labelled transactions in the tree."""
    return open_labelled([*sorted(SAMPLE.glob("*.txt")), *sorted(SAMPLE.glob("*.json"))])


def of_set(name: str) -> list[Shown]:
    """The transactions of one set of the sample."""
    (one,) = [each for each in sample().sets if each.name == name]
    return [shown for shown in one.transactions() if isinstance(shown, Shown)]


def labelled_set(name: str, meaning: Meaning, truth: Truth, *lines: str) -> LabelledSet:
    """A set of Dumplings lines of which somebody says one thing."""

    def opened() -> AbstractContextManager[IO[bytes]]:
        return nullcontext(BytesIO("\n".join(lines).encode()))

    known_by = "Dumplings" if truth is Truth.HEURISTIC else "the owner"
    return LabelledSet(name, f"{name}.txt", meaning, truth, known_by, opened)
