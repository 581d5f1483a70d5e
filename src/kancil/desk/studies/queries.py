"""Chains of the unit, opened once and kept open until they change."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from kancil.bitcoin.chain import Chain
from kancil.ground.errors import PageNotFound
from kancil.ground.workspace import Workspace

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ABOUT = "chain.json"
_open: dict[Path, tuple[int, Chain]] = {}
_lock = threading.Lock()


def chain_names(workspace: Workspace) -> list[str]:
    """List the chains of the unit by name."""
    return sorted(path.parent.name for path in workspace.chains_dir.glob(f"*/{_ABOUT}"))


def open_chain(workspace: Workspace, name: str) -> Chain:
    """Give a chain, as it is now; raises PageNotFound, and what opening raises."""
    about = workspace.chains_dir / name / _ABOUT
    if _NAME.fullmatch(name) is None or not about.is_file():
        raise PageNotFound
    changed = about.stat().st_mtime_ns
    with _lock:
        known = _open.get(about)
        if known is None or known[0] != changed:
            known = _open[about] = (changed, Chain.open(about.parent))
        return known[1]
