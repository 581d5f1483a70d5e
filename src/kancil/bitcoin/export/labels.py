"""The labels of an export: one row for each label of an exported address and each of its terms."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters, find_address
from kancil.bitcoin.exposure.marks import terms_of
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label

from .schema import LABELS, NO_DATE, SCHEMAS


def label_rows(
    chain: Chain, clusters: Clusters, labels: LabelIndex, seen: Array
) -> tuple[pa.Table, int]:
    """The rows of the labels table, and how many labels are of addresses not exported.

    `seen`: a bit for each address exported (`rows.RowMaker`).
    """
    rows: list[dict[str, Any]] = []
    left_out = 0
    found: list[tuple[int, Label]] = []
    for label in labels.all_labels():
        kind = label.kind
        address = -1 if kind is None else find_address(chain, clusters.of_row, kind, label.payload)
        if address < 0 or not seen[address >> 3] >> (address & 7) & 1:
            left_out += 1
            continue
        found.append((address, label))
    order = sorted(range(len(found)), key=lambda place: (found[place][0], place))
    for number, place in enumerate(order):
        address, label = found[place]
        rows += [_row(number, address, term, label) for term in sorted(terms_of(label))]
    return pa.Table.from_pylist(rows, schema=SCHEMAS[LABELS]), left_out


def _row(number: int, address: int, term: str, label: Label) -> dict[str, Any]:
    same = ("label", "category", "published_category", "abuse", "actor", "publisher", "law",
            "listed_on", "confidence", "licence", "source", "file_sha256", "place")  # fmt: skip
    return {
        "label_n": number,
        "address_id": address,
        "term": term,
        "listed_unknown": NO_DATE if label.listed_on is None else None,
        **{name: getattr(label, name) for name in same},
    }
