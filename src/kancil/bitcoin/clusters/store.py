"""Clusters kept beside a chain's arrays, so that a second question is answered from the map.

One file, `clusters.map`, in the form of the chain's own array file (`holdings.store`). It is a
cache: it says of which arrays, labels, exclusions and method it was made, and is made anew when any
of these changed or when it cannot be read. The one step that counts is a rename, under the chain's
lock: killed at any moment, the folder holds the old file or the new one.

It holds the SHA-256 of each of its arrays. A question checks them as far as that costs next to
nothing (`CHECKED_BYTES`, the small ones first), `kancil bitcoin verify` all. A damaged file is made
anew. This is against accidents: whoever changes an array can change its digest too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.labels.index import LabelIndex
from kancil.ground.digests import sha256_hex
from kancil.ground.files import sync_folder, translated
from kancil.ground.progress import SILENT, Progress

from .clusters import HEURISTIC, LARGE, VERSION, Clusters, Excluding, build_clusters
from .relabelled import is_doubtful, relabel

FORMAT = 3
NAME = "clusters.map"
CHECKED_BYTES = 256 << 20
"""How much of the file a question reads to see whether it is damaged, in a fifth of a second."""
_MADE_OF = "made_of"
_IMPORTS = "imports"
_TOLD = "told"
_CHECKS = "checks"
_ARRAYS = tuple(each.name for each in fields(Clusters) if each.name != "told")


def open_clusters(
    chain: Chain,
    labels: LabelIndex | None = None,
    excluding: Excluding | None = None,
    *,
    large: int = LARGE,
    progress: Progress = SILENT,
    on_damage: Callable[[], None] = lambda: None,
) -> Clusters:
    """The clusters of a chain: from the map, or made and kept.

    `on_damage`: called before clusters are made because the kept ones are not what was written.
    Raises ChainBusy while the chain is written, DiskFull.
    """
    made_of = _made_of(chain, labels, excluding, large)
    kept, _ = _current(chain, labels, made_of)
    if kept is not None and not is_doubtful(kept):
        return kept
    with chain_store.held(chain.path):
        kept, is_damaged = _current(chain, labels, made_of)
        if kept is not None and not is_doubtful(kept):
            return kept
        if is_damaged:
            on_damage()
        made = build_clusters(chain, labels, excluding, large=large, progress=progress)
        if _held_in(chain_store.read_record(chain.path)) != _held_in(chain.record):
            return made  # right for the chain as it was opened, which is no longer the one here
        _keep(chain.path, made, {**made_of, _IMPORTS: _names(labels)})
    return _load(chain.path, made_of)[0] or made


def damage_of(chain_dir: Path) -> tuple[str, ...] | None:
    """Read all of the clusters kept beside a chain, and give the arrays that are damaged.

    None if there are none, or of a format that has no digests. The caller holds the chain.
    """
    try:
        arrays = chain_store.map_arrays(chain_dir / NAME)
        made_of = json.loads(arrays[_MADE_OF].tobytes())
        if isinstance(made_of, dict) and made_of.get("format") != FORMAT:
            return None
        return tuple(_damaged(arrays, None))
    except FileNotFoundError:
        return None
    except (OSError, ChainBroken, KeyError, TypeError, ValueError):
        return (NAME,)


def forget_clusters(chain_dir: Path) -> None:
    """Take away the clusters kept: the next question makes them anew. The caller holds the chain.

    Raises FileNotReadable.
    """
    try:
        (chain_dir / NAME).unlink(missing_ok=True)
        sync_folder(chain_dir)
    except OSError as error:
        raise translated(error, chain_dir / NAME) from error


def kept_clusters(
    chain: Chain,
    labels: LabelIndex | None = None,
    excluding: Excluding | None = None,
    *,
    large: int = LARGE,
) -> Clusters | None:
    """The clusters that are kept, None where they are not, or were made of something else.

    Kept from before a label import they are these too, where the guard would decide alike. Makes
    none: for a door that must answer at once.
    """
    found = standing_clusters(chain, labels, excluding, large=large)
    return None if found is None or is_doubtful(found) else found


def standing_clusters(
    chain: Chain,
    labels: LabelIndex | None = None,
    excluding: Excluding | None = None,
    *,
    large: int = LARGE,
) -> Clusters | None:
    """As `kept_clusters`, but also where newer labels leave some in doubt (`is_doubtful`).

    For what is shown with that said, never for what is recorded.
    """
    return _current(chain, labels, _made_of(chain, labels, excluding, large))[0]


def _current(
    chain: Chain, labels: LabelIndex | None, made_of: dict[str, Any]
) -> tuple[Clusters | None, bool]:
    """Load the clusters kept of what is here now, or of fewer label imports; see `_load`."""
    kept, is_damaged = _load(chain.path, made_of)
    if kept is not None or is_damaged or labels is None:
        return kept, is_damaged
    before = _imports_of(chain.path)
    now = _names(labels)
    if before is None or not set(before) < set(now):
        return None, False
    earlier = {**made_of, "labels": _digest_of(before)}
    kept, is_damaged = _load(chain.path, earlier)
    if kept is None:
        return None, is_damaged
    new = [stored.id for stored in labels.imports if stored.path.name not in before]
    return relabel(chain, kept, labels, new), False


def _names(labels: LabelIndex | None) -> list[str]:
    return sorted(stored.path.name for stored in labels.imports) if labels else []


def _digest_of(names: list[str]) -> str:
    return sha256_hex("\n".join(names).encode())


def _imports_of(chain_dir: Path) -> list[str] | None:
    """The label imports of which the kept clusters were made; None where that is not said."""
    try:
        arrays = chain_store.map_arrays(chain_dir / NAME)
        found = json.loads(arrays[_MADE_OF].tobytes()).get(_IMPORTS)
    except (OSError, ChainBroken, KeyError, TypeError, ValueError):
        return None
    return found if isinstance(found, list) else None


def kept_numbers(chain: Chain) -> Clusters | None:
    """Clusters kept of these arrays by whatever exclusions and labels, None if there are none.

    Only for the numbers of the chain's addresses, which depend on neither.
    """
    return _load(chain.path, {"arrays": _held_in(chain.record), "format": FORMAT})[0]


def _made_of(
    chain: Chain, labels: LabelIndex | None, excluding: Excluding | None, large: int
) -> dict[str, Any]:
    """All that the answer depends on."""
    return {
        "format": FORMAT,
        "heuristic": f"{HEURISTIC} {VERSION}",
        "arrays": _held_in(chain.record),
        "labels": _digest_of(_names(labels)),
        "excluding": excluding.method if excluding else "",
        "large": large,
    }


def _held_in(record: chain_store.Record) -> str:
    """Name what a chain holds: its array file, or the ranges of blocks of a store."""
    if record.store is None:
        return record.arrays
    store = record.store
    told = [store.seed, store.first_height, store.tree, [one.as_dict() for one in store.ranges]]
    return sha256_hex(json.dumps(told, sort_keys=True).encode())


def _load(chain_dir: Path, made_of: dict[str, Any]) -> tuple[Clusters | None, bool]:
    """Map the clusters kept, and say whether there are some that are damaged.

    None if there are none, of something else, or damaged.
    """
    try:
        arrays = chain_store.map_arrays(chain_dir / NAME)
        kept = json.loads(arrays[_MADE_OF].tobytes())
        if any(kept.get(name) != value for name, value in made_of.items()):
            return None, False
        if any(_damaged(arrays, CHECKED_BYTES)):
            return None, True
        told = json.loads(arrays[_TOLD].tobytes())
        return Clusters(**{name: arrays[name] for name in _ARRAYS}, told=told), False
    except FileNotFoundError:
        return None, False
    except (OSError, ChainBroken, KeyError, TypeError, ValueError):
        return None, True


def _damaged(arrays: Mapping[str, Array], most_bytes: int | None) -> Iterator[str]:
    """The arrays that are not what was written, the small ones first.

    `most_bytes`: of content to read; None: all. Types and shapes are always compared.
    Raises KeyError, TypeError, ValueError where there are no digests to be read.
    """
    checks = json.loads(arrays[_CHECKS].tobytes())
    names = (*_ARRAYS, _MADE_OF, _TOLD)
    if not isinstance(checks, dict) or set(checks) != set(names):
        yield _CHECKS
        return
    left = most_bytes
    for name in sorted(names, key=lambda name: int(arrays[name].nbytes)):
        kind, shape, digest = checks[name]
        if [arrays[name].dtype.str, list(arrays[name].shape)] != [kind, shape]:
            yield name
            continue
        if left is not None:
            left -= arrays[name].nbytes
            if left < 0:
                continue
        if _digest(arrays[name]) != digest:
            yield name


def _digest(array: Array) -> str:
    digest = hashlib.sha256()
    if array.size:
        digest.update(np.ascontiguousarray(array).data.cast("B"))
    return digest.hexdigest()


def _keep(chain_dir: Path, clusters: Clusters, made_of: dict[str, Any]) -> None:
    """Write the map and make it the one that counts. Raises DiskFull, FileNotReadable."""
    arrays = {name: getattr(clusters, name) for name in _ARRAYS}
    arrays[_MADE_OF] = _as_bytes(made_of)
    arrays[_TOLD] = _as_bytes(clusters.told)
    checks = {
        name: [array.dtype.str, list(array.shape), _digest(array)] for name, array in arrays.items()
    }
    arrays[_CHECKS] = _as_bytes(checks)
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
