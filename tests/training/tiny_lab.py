"""A lab of one table and a question of each kind, for tests of making and marking."""

from __future__ import annotations

from pathlib import Path

from kancil.bitcoin.generator.counter import stream_key, word
from kancil.ground.files import write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress
from kancil.training.key import Criterion, Expected, Happening, Key
from kancil.training.lab import SMALL, Audience, Evidence, Knobs, Made
from kancil.training.question import Answers, Choice, Hint, Kind, Question

WORDS = Phrase("why.mark-right")
"""Words that exist; what they say is nobody's business here."""
NEIGHBOUR = "bcrt1qneighbour0000000000000000000000000000"
TABLE = "payments.csv"


def _questions() -> tuple[Question, ...]:
    hints = (Hint(WORDS, 1), Hint(WORDS, 2))
    said = (Choice("exchange", WORDS), Choice("neighbour", WORDS), Choice("nobody", WORDS))
    reasons = tuple(Choice(code, WORDS) for code in ("hash", "zone", "gap", "claim"))
    return (
        Question("payee", Kind.ADDRESS, 4, WORDS, hints=hints),
        Question("amount", Kind.AMOUNT, 3, WORDS, unit="BTC"),
        Question("moment", Kind.TIME, 3, WORDS),
        Question("linked", Kind.SET, 4, WORDS),
        Question("route", Kind.PATH, 4, WORDS),
        Question("table", Kind.DIGEST, 2, WORDS),
        Question("who", Kind.FINDING, 6, WORDS, choices=said),
        Question("admit", Kind.RULING, 4, WORDS, choices=reasons, subject=TABLE),
        Question("account", Kind.TEXT, 5, WORDS),
    )


def _right(payee: str, digest: str) -> dict[str, Expected]:
    blamed = {NEIGHBOUR: Phrase("why.mark-blank")}
    lines = (Criterion("clear", 2, WORDS), Criterion("limits", 2, WORDS))
    finding = {"statement": "exchange", "pointers": [f"files/{TABLE}:2", "E1"]}
    every = (
        Expected("payee", payee, WORDS, accusations=blamed),
        Expected("amount", "0.25000000", WORDS, tolerance="0.00001"),
        Expected("moment", "2026-03-09T14:05:00+07:00", WORDS, tolerance="60"),
        Expected("linked", ["a1", "a2", "a3", "a4"], WORDS, accusations=blamed),
        Expected("route", ["t1", "t2", "t3", "t4"], WORDS, accusations=blamed),
        Expected("table", digest, WORDS),
        Expected("who", finding, WORDS, accusations={"neighbour": WORDS}),
        Expected(
            "admit",
            {"ruling": "exclude", "reasons": ["hash", "gap"]},
            WORDS,
            accusations={"weight": WORDS},
        ),
        Expected("account", None, WORDS, rubric=lines),
    )
    return {each.question: each for each in every}


class TinyLab:
    """Writes one table of payments."""

    name = "tiny"
    version = "1"
    audience = Audience.INVESTIGATOR
    sources: tuple[str, ...] = ()

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        """Rows by the seed."""
        key = stream_key(seed, 1)
        payee = f"bcrt1q{word(key, 0):016x}{word(key, 1):016x}"
        rows = [f"{at},{word(key, at):016x}" for at in range(knobs.hops)]
        write_durably(folder / TABLE, "\n".join(["n,reference", *rows, payee, ""]).encode())
        write_durably(folder / "blocks" / "blk00000.dat", word(key, 99).to_bytes(8, "big"))
        evidence = (
            Evidence(TABLE, "bank-statement", WORDS, WORDS),
            Evidence("blocks", "blocks", WORDS, WORDS),
        )
        expected = tuple(_right(payee, "ab" * 32).values())
        happened = (Happening("2026-03-09T07:05:00Z", "payer", WORDS, (f"files/{TABLE}:2",)),)
        return Made((WORDS,), WORDS, evidence, _questions(), expected, happened, ("basis-first",))


LAB = TinyLab()
QUESTIONS = _questions()
VARIANT = "019b76da-a800-7000-8000-000000000001"
PAYEE = "bcrt1qpayee00000000000000000000000000000000"
EXPECTED = _right(PAYEE, "ab" * 32)
KEY = Key("tiny", "1", VARIANT, "7", {"hops": SMALL.hops}, tuple(EXPECTED.values()))
RIGHT = Answers(
    VARIANT, {name: each.value for name, each in EXPECTED.items() if each.value is not None}
)
"""All that a machine marks, answered as the key has it."""
