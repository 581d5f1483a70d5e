"""Chains that stay open between requests, and that are let go of when a writer waits for one.

Whoever takes blocks back from a store needs that nobody has it open (`bitcoin.store.files`), and
holds a lock in the chain's folder. Until it is let go no chain of the folder is kept: requests that
run end with theirs, later ones open one for themselves alone, or are refused while it is held
(ChainBeingChanged). No chain is opened under the lock of this file: others can be had meanwhile.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from typing import TypeVar, cast

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.store.files import is_wanted

_LOOK_SECONDS = 2.0
"""How often is looked whether a writer waits."""
T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    changed: int
    """When the chain's record was last changed, in nanoseconds since 1970."""
    chain: Chain
    beside: dict[str, object] = field(default_factory=dict)


class OpenChains:
    """The chains that one process keeps open; several threads may ask."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._kept: dict[Path, _Kept] = {}
        self._folders: set[Path] = set()
        """Of all chains that were ever asked for."""
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None

    def get(self, about: Path) -> Chain:
        """The chain of a record, as it is now; raises what opening raises."""
        folder = about.parent
        self._watch_over(folder)
        if is_wanted(folder):
            self.let_go()
            return Chain.open(folder)
        changed = about.stat().st_mtime_ns
        with self._lock:
            kept = self._kept.get(about)
            if kept is not None and kept.changed == changed:
                return kept.chain
        chain = Chain.open(folder)
        with self._lock:
            if is_wanted(folder):
                return chain
            kept = self._kept.get(about)
            if kept is None or kept.changed != changed:  # else another request was faster
                kept = self._kept[about] = _Kept(changed, chain)
            return kept.chain

    def _watch_over(self, folder: Path) -> None:
        with self._lock:
            self._folders.add(folder)
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, daemon=True)
                self._watcher.start()

    def beside(self, chain: Chain, name: str, make: Callable[[], T]) -> T:
        """What is kept for as long as a chain is; of one that is not kept it is made anew.

        `make` is called each time, so it is to be cheap.
        """
        made = make()
        with self._lock:
            for kept in self._kept.values():
                if kept.chain is chain:
                    return cast("T", kept.beside.setdefault(name, made))
        return made

    def let_go(self) -> bool:
        """Keep no chain that a writer waits for; says whether one waits."""
        with self._lock:
            wanted = {folder for folder in self._folders if is_wanted(folder)}
            for about in [about for about in self._kept if about.parent in wanted]:
                del self._kept[about]
        return bool(wanted)

    def _watch(self) -> None:
        while True:
            sleep(_LOOK_SECONDS)
            if self.let_go():
                gc.collect()  # what requests had of it may stand in circles of references
