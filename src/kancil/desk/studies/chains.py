"""Chains of the workspace and the exhibits they are read from, for all doors alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kancil.bitcoin.holdings.sources import SourcePath
from kancil.custody.roll import Exhibit
from kancil.evidence.named import exhibit_files
from kancil.evidence.vault import Vault
from kancil.ground.workspace import Workspace
from kancil.studies.study import CHAIN_NAME

from .errors import ChainNameWrong


def chain_folder(workspace: Workspace, name: str) -> Path:
    """The folder of a chain, which need not be there; raises ChainNameWrong."""
    if CHAIN_NAME.fullmatch(name) is None:
        raise ChainNameWrong(name=name[:80])
    return workspace.chains_dir / name


def exhibit_sources(exhibit: Exhibit, vault: Vault) -> Iterator[SourcePath]:
    """The files of an exhibit as what a chain can be read from."""
    for file in exhibit_files(exhibit, vault):
        path = Path(file.path) if file.in_place else vault.path_of(file.sha256)
        yield SourcePath(path, file.path, exhibit.id)
