"""Bundles in which nothing is wrong, and how much is known of each."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from pathlib import Path

from kancil.reports.casework.bundle.page.build import PAGE as PAGE_FILE
from tests.reports.tiny_custody import add_making
from tests.reports.tiny_ledger import CASE, OFFICER, found_ledger, key_of

from .attack import NOBODY, Attack
from .forge import FINDING, KEY, WITNESS, Forgery, as_format_1

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
    yield one("whole, later checkpoint alone", whole, "unchanged", note=_later())
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


def _later() -> bytes:
    """A checkpoint over more entries than the bundle's."""
    ledger = found_ledger()
    for _ in range(9):
        ledger.add("case.entered", {}, key=key_of("officer"), officer=OFFICER, case=CASE)
    return ledger.checkpoint()
