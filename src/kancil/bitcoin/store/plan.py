"""What a whole chain will need, said before anything is begun."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kancil.bitcoin.holdings.sources import SourcePath, is_undo_name, list_files, without_others
from kancil.bitcoin.holdings.store_layout import expected_rows


@dataclass(frozen=True, slots=True)
class Plan:
    """Bytes, by the sizes of the files and what the mainnet held of each kind of row in 2025."""

    block_bytes: int
    """Of all files given; they stay where they are."""
    column_bytes: int
    """About so many will be written for them."""
    free_bytes: int
    """Free where the chain will lie."""


def plan_for(chain_dir: Path, sources: Sequence[SourcePath]) -> Plan:
    """What the files given will need. Raises SourceNotFound."""
    found, _ = without_others(list_files(sources)[0], blocks_only=True)
    block_bytes = sum(file.size_bytes for file in found if not is_undo_name(file))
    nearest = next(one for one in (chain_dir, *chain_dir.parents) if one.is_dir())
    free = shutil.disk_usage(nearest).free
    return Plan(block_bytes, expected_rows(block_bytes).size_bytes, free)
