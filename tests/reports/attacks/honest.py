"""Bundles in which nothing is wrong, and how much is known of each."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from pathlib import Path

from kancil.custody.merkle import Tree
from kancil.reports.casework.bundle.manifest import digest_of_analysis
from kancil.reports.casework.bundle.page.build import PAGE as PAGE_FILE
from tests.reports.tiny_custody import add_making
from tests.reports.tiny_ledger import CASE, OFFICER, UNIT, canonical, found_ledger, key_of

from .attack import NOBODY, Attack
from .forge import FINDING, KEY, WITNESS, Forgery, analysis, as_format_1

OLD = Path(__file__).parents[2] / "data" / "reports" / "bundle-format-1.zip.xz"


def attacks() -> Iterator[Attack]:
    """Every honest bundle."""

    def one(name: str, forgery: Forgery, answer: str, key: str = "", note: bytes = b"") -> Attack:
        return Attack(name, forgery.make(), NOBODY, answer, key, note)

    whole = Forgery()
    checkpoint = whole.members()["custody/checkpoint.txt"]
    yield one("whole", whole, "unchanged")
    yield one("whole, fingerprint fits", whole, "confirmed", KEY)
    yield one("whole, checkpoint fits", whole, "confirmed", note=checkpoint)
    yield one(
        "whole, earlier checkpoint fits", whole, "confirmed", note=found_ledger().checkpoint()
    )
    yield one("whole, later checkpoint alone", whole, "unchanged", note=later()[0])
    for grown in (1, 2, 3, 8, 9):
        note, proof = later(grown=grown)
        name = f"whole, checkpoint {grown} later and its proof"
        yield Attack(name, whole.make(), NOBODY, "confirmed", "", note, proof)
    yield one("whole, another fingerprint", whole, "not-intact", f"SHA256:{'A' * 43}")
    with_page = Forgery(page=PAGE_FILE.read_bytes())
    yield one("with today's page", with_page, "confirmed", KEY)
    no_page = Forgery(page=PAGE_FILE.read_bytes(), bend_members=lambda m: m.pop("verify.html"))
    yield one("without the page that the ledger names", no_page, "confirmed", KEY)
    yield one("one entry sealed as declared", Forgery(declared={5: WITNESS}), "unchanged")
    two = Forgery(declared={5: WITNESS, FINDING: WITNESS})
    yield one("two entries sealed as declared, fingerprint fits", two, "confirmed", KEY)
    entered = Forgery(
        after=lambda ledger: ledger.add(
            "case.entered", {"account": "dara"}, key=key_of("officer"), officer=OFFICER, case=CASE
        )
    )
    yield one("a later entry of the case is shown", entered, "confirmed", KEY)
    other = Forgery(bend_ledger=lambda ledger: add_making(ledger, "ab" * 32, sealed={5: WITNESS}))
    yield one("a bundle of another analysis was made before", other, "unchanged")
    old = Forgery(making_format=None, bend_manifest=as_format_1)
    yield one("format 1", old, "undeclared")
    yield one("format 1, fingerprint fits", old, "undeclared", KEY)
    real = lzma.decompress(OLD.read_bytes())
    yield Attack("a bundle of format 1 that Kancil wrote", real, NOBODY, "undeclared")


def later(*, grown: int = 9, other: bool = False) -> tuple[bytes, bytes]:
    """A checkpoint over more entries than the bundle's, and the proof that leads to it.

    `other`: of a ledger that is another one from its third entry on.
    """
    ledger = Forgery().ledger(digest_of_analysis(analysis()))
    size = len(ledger.entries)
    if other:
        ledger = found_ledger("Another matter")
    while len(ledger.entries) < size + grown:
        ledger.add("case.entered", {}, key=key_of("officer"), officer=OFFICER, case=CASE)
    path = [step.hex() for step in Tree(ledger.hashes).consistency_path(size)]
    proof = {
        "format": "kancil-consistency/1", "from": size, "path": path, "to": size + grown,
        "unit": UNIT,
    }  # fmt: skip
    return ledger.checkpoint(), canonical(proof)
