"""The identifiers on a disk, and the disks of a reader's cases on which one of them stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kancil.custody.errors import ExhibitGone, LegalBasisExpired
from kancil.custody.reading import require_readable
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.store import LedgerStore
from kancil.desk.cases.triage import image_files
from kancil.desk.selectors.kinds import read_selectors
from kancil.evidence.errors import VaultBytesMissing
from kancil.evidence.triage.selector_rows import rows_of_selector
from kancil.evidence.vault import Vault
from kancil.records.selector import Selector

from .examination import Examination, find_examination


@dataclass(frozen=True, slots=True)
class Standing:
    """An identifier on a disk."""

    kind: str
    value: str
    places: int
    number: int
    """Of the entry in which it stands first."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A disk on which an identifier stands."""

    exhibit: Exhibit
    selector: Selector
    places: int


def kinds_of(found: Examination) -> dict[str, int]:
    """How many different identifiers of each kind stand on a disk."""
    grouped = found.outcome.selectors.group_by("kind").aggregate([("value", "count_distinct")])
    counts = {row["kind"]: row["value_count_distinct"] for row in grouped.to_pylist()}
    return dict(sorted(counts.items()))


def identifiers(found: Examination, kind: str) -> list[Standing]:
    """The identifiers of a kind, those that stand at most places first."""
    selectors = found.outcome.selectors
    own = selectors.filter(pc.equal(selectors["kind"], kind))
    grouped = own.group_by("value").aggregate([("number", "count"), ("number", "min")])
    rows = [
        Standing(kind, row["value"], row["number_count"], row["number_min"])
        for row in grouped.to_pylist()
    ]
    return sorted(rows, key=lambda each: (-each.places, each.value))


def in_file(found: Examination, number: int) -> list[dict[str, Any]]:
    """The identifiers in an entry, and in what lies in it: rows of `SeenSelector`."""
    selectors = found.outcome.selectors
    rows: list[dict[str, Any]] = selectors.filter(pc.equal(selectors["number"], number)).to_pylist()
    return rows


def secrets_of(found: Examination) -> Counter[tuple[int, str]]:
    """How many secrets of which kind stand in which entry."""
    rows = found.outcome.secrets
    return Counter(zip(rows["number"].to_pylist(), rows["kind"].to_pylist(), strict=True))


def rows_on(found: Examination, selector: Selector) -> pa.Table:
    """Every place of an identifier on a disk: rows of `SeenSelector`."""
    return rows_of_selector(found.outcome, selector.kind, selector.value)


def as_on_disk(found: Examination, typed: str) -> Selector:
    """What was typed, as an identifier that stands on the disk, else as it would stand there."""
    value = typed.strip()
    may_be = [*read_selectors(value), *(Selector(kind, value) for kind in kinds_of(found))]
    standing = (each for each in may_be if value and len(rows_on(found, each)))
    return next(standing, may_be[0] if value and may_be else Selector("", value))


def on_disks(
    ledger: LedgerStore,
    vault: Vault,
    folder: Path,
    selectors: Iterable[Selector],
    cases: Iterable[str],
) -> list[OnDisk]:
    """The examined disks of these cases on which one of these identifiers stands.

    An exhibit that may not be read now is left out: nothing says that it is there.
    """
    asked, mine = list(selectors), set(cases)
    roll = ledger.folded(Roll)
    found = []
    for exhibit in [each for each in roll.exhibits.values() if each.case in mine]:
        try:
            require_readable(roll, exhibit.id)
            opened = find_examination(vault, folder, exhibit) if asked else None
        except (ExhibitGone, LegalBasisExpired, VaultBytesMissing):
            continue
        if opened is None:
            continue
        for each in asked:
            places = len(rows_on(opened, each))
            if places:
                found.append(OnDisk(exhibit, each, places))
    return found


def inputs_of(vault: Vault, exhibit: Exhibit) -> list[str]:
    """SHA-256 of an image's files, in their order, by which a study names it."""
    return [each.sha256 for each in image_files(exhibit, vault)]
