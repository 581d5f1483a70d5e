"""Reading label files, and showing where their publishers contradict each other.

Files come from publishers (US sanctions lists, GraphSense TagPacks, seizure orders, an officer's
table) and are exhibits in their own right. What is read goes to `store`, and from there to
`index`, by which the trace and the block pages look outputs up. Labels of other currencies
are counted apart and looked up by the address (`other_chains`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kancil.bitcoin.network import MAINNET, Network
from kancil.bitcoin.script.errors import (
    AddressIsExtendedKey,
    AddressIsPrivateKey,
    AddressNotReadable,
    AddressOfOtherCoin,
    AddressVersionWrong,
)
from kancil.ground.child import in_child
from kancil.ground.errors import FileNotReadable, KancilError
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped

from .errors import LabelFileTooLarge, LabelFormatUnknown
from .label import Given, Label, Row, label_of_row
from .label_format import MAX_FILE_BYTES, LabelFile
from .label_formats import LABEL_FORMATS
from .other_chains import address_fault, normal_address

OTHER_CURRENCY = "other"
"""Currency of a row whose publisher does not say which coin it is, and that is not bitcoin."""


@dataclass(frozen=True, slots=True)
class LabelImport:
    """One file, read: its labels, what was left out and why, and how to name it."""

    file_name: str
    file_sha256: str
    format: str
    given: Given
    network: str
    labels: list[Label]
    skipped: list[Skipped]

    @property
    def currencies(self) -> dict[str, int]:
        """How many labels are of which currency, the most first."""
        return dict(Counter(label.currency for label in self.labels).most_common())

    @property
    def bitcoin_count(self) -> int:
        """How many labels are of bitcoin addresses."""
        return sum(label.kind is not None for label in self.labels)

    @property
    def service_count(self) -> int:
        """How many labels of bitcoin addresses stop a trace."""
        return sum(label.kind is not None and label.is_service for label in self.labels)

    @property
    def skipped_codes(self) -> dict[str, int]:
        """How many rows were left out for which reason, the most first."""
        return dict(Counter(skip.code for skip in self.skipped).most_common())

    @property
    def publishers(self) -> tuple[str, ...]:
        """Whoever speaks in this file."""
        return tuple(sorted({label.publisher for label in self.labels}))

    @property
    def laws(self) -> tuple[str, ...]:
        """Whose law the listings rest on; empty if on none."""
        return tuple(sorted({label.law for label in self.labels if label.law}))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Labels of one address that do not agree; which is right is not for Kancil to say."""

    address: str
    currency: str
    labels: tuple[Label, ...]
    on: tuple[str, ...]
    """What they differ in: `category`, `entity` or both."""
    between_publishers: bool
    """False if one publisher contradicts itself."""


@in_child(memory_bytes=1 << 29, cpu_seconds=10)
def names_publisher(name: str, beginning: bytes) -> bool:
    """From name and beginning whether a label file says itself who speaks.

    True for a file of no known format: reading it will say so.
    """
    file = LabelFile(name, beginning)
    form = next((each for each in LABEL_FORMATS if each.recognises(file)), None)
    return form is None or form.names_publisher(file)


def read_label_file(
    path: Path, given: Given, *, network: Network = MAINNET, progress: Progress = SILENT
) -> LabelImport:
    """Read one label file from disk; `given` holds what the officer states about it.

    Raises FileNotReadable, LabelFileTooLarge, LabelFormatUnknown, LabelFileNotReadable.
    """
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error
    if size_bytes > MAX_FILE_BYTES:
        raise LabelFileTooLarge(path=str(path), limit_bytes=MAX_FILE_BYTES)
    return read_labels(LabelFile(path.name, read_file(path)), given, network, progress)


def read_labels(
    file: LabelFile, given: Given, network: Network = MAINNET, progress: Progress = SILENT
) -> LabelImport:
    """Read the labels of a file; rows that cannot be used are skips.

    Raises LabelFormatUnknown, LabelFileNotReadable.
    """
    form = next((each for each in LABEL_FORMATS if each.recognises(file)), None)
    if form is None:
        known = ", ".join(each.name for each in LABEL_FORMATS)
        raise LabelFormatUnknown(path=file.name, known=known)
    labels: list[Label] = []
    skipped: list[Skipped] = []
    seen: set[tuple[str, ...]] = set()
    progress.start(None, "labels", "progress.labels")
    for found in _labels_of(form.rows(file), given, network, file.sha256):
        progress.advance(1)
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        same = (found.currency, found.address, found.label, found.published_category, found.abuse)
        if same in seen:
            skipped.append(Skipped("label-repeated", found.place, {"address": found.address[:100]}))
            continue
        seen.add(same)
        labels.append(found)
    progress.finish()
    placed = [Skipped(skip.code, f"{file.name}, {skip.place}", skip.params) for skip in skipped]
    return LabelImport(file.name, file.sha256, form.name, given, network.name, labels, placed)


def _labels_of(
    rows: Iterable[Row | Skipped], given: Given, network: Network, sha256: str
) -> Iterator[Label | Skipped]:
    for row in rows:
        if isinstance(row, Skipped):
            yield row
            continue
        fault = address_fault(row.address, row.currency)
        if fault is not None:
            yield Skipped("label-address-wrong", row.place, {"why": Phrase(f"note.stated-{fault}")})
            continue
        try:
            yield label_of_row(row, given, network, sha256)
        except (AddressIsPrivateKey, AddressIsExtendedKey) as error:
            yield Skipped("label-is-key", row.place, {"why": _said(error)})
        except AddressNotReadable as error:
            is_other = isinstance(error, AddressOfOtherCoin | AddressVersionWrong)
            if row.may_be_other_coin and is_other:
                other = replace(row, currency=OTHER_CURRENCY)
                yield label_of_row(other, given, network, sha256)
                continue
            yield Skipped("label-address-wrong", row.place, {"why": _said(error)})


def _said(error: KancilError) -> Phrase:
    """Let a skip say what an error says."""
    return Phrase(f"error.{error.code}.sentence", error.params)


# --- conflicts ------------------------------------------------------------------------------------


def conflicts(labels: Iterable[Label]) -> list[Conflict]:
    """List the addresses whose labels name different kinds of owner or different owners.

    A label without category or owner (a bare sanctions list) contradicts nobody on it.
    """
    by_address: dict[tuple[str, str | tuple[int, bytes]], list[Label]] = {}
    for label in labels:
        by_address.setdefault(
            (label.currency, label.key or normal_address(label.address)), []
        ).append(label)
    found = []
    for group in by_address.values():
        on = tuple(
            what
            for what, values in (
                ("category", {label.category or label.published_category for label in group}),
                ("entity", {label.entity for label in group}),
            )
            if len(values - {""}) > 1
        )
        if on:
            publishers = {label.publisher for label in group}
            first = group[0]
            found.append(
                Conflict(first.address, first.currency, tuple(group), on, len(publishers) > 1)
            )
    return found
