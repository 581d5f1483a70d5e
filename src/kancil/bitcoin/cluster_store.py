"""Clusters kept beside a chain's arrays, so that a second question is answered from the map.

One file, `clusters.map`, in the form of the chain's own array file (`chain_store`). It is a cache:
it says of which arrays, labels, exclusions and method it was made, and is made anew when any of
these changed or when it cannot be read. The one step that counts is a rename, under the chain's
lock: killed at any moment, the folder holds the old file or the new one.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from kancil.ground.digests import sha256_hex
from kancil.ground.errors import ChainBroken
from kancil.ground.files import sync_folder, translated
from kancil.ground.progress import SILENT, Progress

from . import chain_store
from .chain import Chain
from .clusters import HEURISTIC, LARGE, VERSION, Clusters, Excluding, build_clusters
from .label_index import LabelIndex

FORMAT = 2
NAME = "clusters.map"
_MADE_OF = "made_of"
_TOLD = "told"
_ARRAYS = tuple(each.name for each in fields(Clusters) if each.name != "told")


def open_clusters(
    chain: Chain,
    labels: LabelIndex | None = None,
    excluding: Excluding | None = None,
    *,
    large: int = LARGE,
    progress: Progress = SILENT,
) -> Clusters:
    """Give the clusters of a chain: from the map, or made and kept.

    Raises ChainBusy while the chain is written, DiskFull.
    """
    made_of = _made_of(chain, labels, excluding, large)
    kept = _load(chain.path, made_of)
    if kept is not None:
        return kept
    with chain_store.held(chain.path):
        kept = _load(chain.path, made_of)
        if kept is not None:
            return kept
        made = build_clusters(chain, labels, excluding, large=large, progress=progress)
        if chain_store.read_record(chain.path).arrays != chain.record.arrays:
            return made  # right for the chain as it was opened, which is no longer the one here
        _keep(chain.path, made, made_of)
    return _load(chain.path, made_of) or made


def kept_clusters(
    chain: Chain,
    labels: LabelIndex | None = None,
    excluding: Excluding | None = None,
    *,
    large: int = LARGE,
) -> Clusters | None:
    """Give the clusters that are kept, None where they are not, or were made of something else.

    Makes none: for a door that must answer at once.
    """
    return _load(chain.path, _made_of(chain, labels, excluding, large))


def kept_numbers(chain: Chain) -> Clusters | None:
    """Give clusters kept of these arrays by whatever exclusions and labels, None if there are none.

    Only for the numbers of the chain's addresses, which depend on neither.
    """
    return _load(chain.path, {"arrays": chain.record.arrays, "format": FORMAT})


def _made_of(
    chain: Chain, labels: LabelIndex | None, excluding: Excluding | None, large: int
) -> dict[str, Any]:
    """Say all that the answer depends on."""
    imports = sorted(stored.path.name for stored in labels.imports) if labels else []
    return {
        "format": FORMAT,
        "heuristic": f"{HEURISTIC} {VERSION}",
        "arrays": chain.record.arrays,
        "labels": sha256_hex("\n".join(imports).encode()),
        "excluding": excluding.method if excluding else "",
        "large": large,
    }


def _load(chain_dir: Path, made_of: dict[str, Any]) -> Clusters | None:
    """Map the clusters kept; None if there are none, not of all this, or not readable."""
    try:
        arrays = chain_store.map_arrays(chain_dir / NAME)
        kept = json.loads(arrays[_MADE_OF].tobytes())
        if any(kept.get(name) != value for name, value in made_of.items()):
            return None
        told = json.loads(arrays[_TOLD].tobytes())
        return Clusters(**{name: arrays[name] for name in _ARRAYS}, told=told)
    except (OSError, ChainBroken, KeyError, ValueError):
        return None


def _keep(chain_dir: Path, clusters: Clusters, made_of: dict[str, Any]) -> None:
    """Write the map and make it the one that counts. Raises DiskFull, FileNotReadable."""
    arrays = {name: getattr(clusters, name) for name in _ARRAYS}
    arrays[_MADE_OF] = _as_bytes(made_of)
    arrays[_TOLD] = _as_bytes(clusters.told)
    temporary = chain_store.new_temporary(chain_dir)
    try:
        chain_store.write_arrays(temporary, arrays)
        temporary.replace(chain_dir / NAME)
        sync_folder(chain_dir)
    except OSError as error:
        raise translated(error, chain_dir / NAME) from error
    finally:
        temporary.unlink(missing_ok=True)


def _as_bytes(value: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(json.dumps(value, sort_keys=True).encode(), np.uint8)
