"""The label imports that an answer looked at: loaded for a chain, all of today or those of then."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.store import load_imports
from kancil.ground.phrase import Phrase

from .errors import TraceNotReadable


@dataclass(frozen=True, slots=True)
class LabelsUsed:
    """The label imports that an answer looked at."""

    index: LabelIndex
    imports: tuple[str, ...]
    """Ids of the imports, in order."""


def load_labels(labels_dir: Path, chain: Chain, only: tuple[str, ...] | None = None) -> LabelsUsed:
    """Load the label imports of a workspace for a chain's network.

    `only`: ids of the imports that a recorded answer looked at, withdrawn since or not. Raises
    LabelStoreBroken, TraceNotReadable when one of them is gone.
    """
    loaded = [
        (stored, table)
        for stored, table in load_imports(labels_dir, chain.name)
        if stored.network == chain.network.name
        and (not stored.is_withdrawn if only is None else stored.id in only)
    ]
    found = tuple(stored.id for stored, _ in loaded)
    if only is not None and set(found) != set(only):
        missing = ", ".join(sorted(set(only) - set(found)))
        raise TraceNotReadable(why=Phrase("why.label-import-gone", {"id": missing}))
    return LabelsUsed(LabelIndex(loaded, chain.network), found)
