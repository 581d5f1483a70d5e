"""Labels as a bundle cites them: plain text, by the address as Kancil writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from kancil.bitcoin.labels.label import Label
from kancil.ground.cells import plain_cell
from kancil.studies.trace.cited import CitedLabel


def cite_label(label: Label, address: str) -> CitedLabel:
    """A label for a bundle; `address`: of the output, as Kancil writes it."""
    return CitedLabel(
        address=address,
        publisher=plain_cell(label.publisher),
        label=plain_cell(label.label),
        category=plain_cell(label.category or label.published_category),
        abuse=plain_cell(label.abuse),
        law=plain_cell(label.law),
        listed_on=_day(label.listed_on),
        modified_on=_day(label.modified_on),
        fetched_on=_day(label.fetched_on),
        confidence=plain_cell(label.confidence),
        licence=plain_cell(label.licence),
        source=plain_cell(label.source),
        sha256=label.file_sha256,
        place=plain_cell(label.place),
        is_service=label.is_service,
        is_listed_by_law=bool(label.law),
    )


def citing(
    label_of: Callable[[int], Iterable[Label]], address_of: Callable[[int], str | None]
) -> Callable[[int], tuple[CitedLabel, ...]]:
    """A function from an output's number to its labels as a bundle cites them."""

    def labels_of(output: int) -> tuple[CitedLabel, ...]:
        address = address_of(output)
        if address is None:
            return ()
        return tuple(sorted({cite_label(label, address) for label in label_of(output)}))

    return labels_of


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
