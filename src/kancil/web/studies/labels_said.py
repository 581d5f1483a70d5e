"""What imported labels say, on pages: each an allegation of its publisher, with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.same_keys import script_of_text
from kancil.bitcoin.labels.label import Label
from kancil.desk.studies.queries import LabelShelf
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.web.cells import Section, link, note, table, tag
from kancil.web.parts import Cell, Tag
from kancil.web.studies.chain_cells import named_cell

MOST_LABELS = 100


def _labels_of(opened: Chain, shelf: LabelShelf, address: str) -> tuple[Label, ...]:
    kind, payload = script_of_text(address, opened.network)
    return shelf.index(opened.network).of(kind, payload)


def said_cell(opened: Chain, shelf: LabelShelf, address: str | None) -> Cell:
    """Show that publishers say something of an address: who, and of what kind."""
    found = _labels_of(opened, shelf, address) if address else ()
    if not found:
        return Phrase("web.labels.none-here")
    first = min(found, key=lambda label: (not label.law, not label.is_service))
    told = Phrase("web.labels.says", {"publisher": first.publisher, "label": first.label})
    more = len({(label.publisher, label.label) for label in found}) - 1
    if more:
        told = Phrase("web.labels.says-more", {"first": told, "count": more})
    return Tag("danger" if first.law else "service", told)


def labels_of_all(opened: Chain, shelf: LabelShelf, addresses: Sequence[str]) -> list[Section]:
    """Show what imported labels say of addresses."""
    said = (
        (address, label)
        for address in dict.fromkeys(addresses)
        for label in _labels_of(opened, shelf, address)
    )
    return label_sections(opened, shelf, said)


def label_sections(
    opened: Chain, shelf: LabelShelf, said: Iterable[tuple[str, Label]]
) -> list[Section]:
    """Show labels, each with the address that it is about: nothing where there are none."""
    rows: list[tuple[Cell, ...]] = [
        (
            named_cell(opened.name, address),
            label.publisher,
            label.label,
            category_tag(label.category or label.published_category or label.label, law=label.law),
            label.law or Phrase("note.not-stated"),
            label.listed_on.isoformat() if label.listed_on else Phrase("note.no-listed-on"),
            label.fetched_on.isoformat() if label.fetched_on else Phrase("note.not-stated"),
            _source_link(shelf, label),
        )
        for address, label in said
    ]
    if not rows:
        return []
    columns = ("address", "publisher", "label", "category", "law", "listed", "fetched", "source")
    shown = {**table("web.address.labels", columns, rows[:MOST_LABELS]), "scroll": True}
    found = [note("warn", "note.label-allegation"), shown]
    if len(rows) > MOST_LABELS:
        found.append(note("info", "web.labels.more", count=grouped(len(rows) - MOST_LABELS)))
    return found


def _source_link(shelf: LabelShelf, label: Label) -> Cell:
    """Link to the import that a label comes from."""
    stored = next((each for each in shelf.imports if each.file_sha256 == label.file_sha256), None)
    if stored is None:
        return label.source or Phrase("note.not-stated")
    url = reverse("label_source", kwargs={"source": stored.id})
    return link(url, f"{stored.file_name}, {label.place}")


def category_tag(name: str, *, law: str | None) -> Cell:
    """Show a category; what rests on a law's list is red, with its word."""
    return tag("danger" if law else "service", "web.label.category", category=name)
