"""Where made labs lie: `training/<run>/<variant's folder>/`, which no page serves as it is.

The sealed key lies beside the files. Files leave by name alone, through the manifest, to the
trainee whose variant it is.
"""

from __future__ import annotations

from pathlib import Path

from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file
from kancil.ground.workspace import Workspace
from kancil.training.lab import FILES, KEY, MANIFEST
from kancil.training.making import Manifest, read_manifest

from .errors import LabFilesChanged
from .models import LabRun, Variant

_FOLDER = "training"


def run_folder(workspace: Workspace, run: LabRun) -> Path:
    """The folder of a run's variants."""
    return workspace.root / _FOLDER / run.id


def first_blocks_folder(workspace: Workspace) -> Path:
    """Where the block files of the first real blocks lie: `training/first-blocks`."""
    return workspace.root / _FOLDER / "first-blocks"


def folder_of(workspace: Workspace, variant: Variant) -> Path:
    """The folder of a variant."""
    return run_folder(workspace, variant.run) / variant.folder


def manifest_of(workspace: Workspace, variant: Variant) -> Manifest:
    """The manifest of a variant; raises LabFilesChanged when it is not the one that was made."""
    folder = folder_of(workspace, variant)
    path = folder / MANIFEST
    if not path.is_file() or sha256_hex(read_file(path)) != variant.manifest_sha256:
        raise LabFilesChanged(name=MANIFEST)
    return read_manifest(folder)


def file_path(workspace: Workspace, variant: Variant, name: str) -> Path:
    """Where a file that the manifest names lies."""
    return folder_of(workspace, variant) / FILES / name


def key_path(workspace: Workspace, variant: Variant) -> Path:
    """Where the newest sealed key of a variant lies: `key.age`, then `key-2.age` and on."""
    folder = folder_of(workspace, variant)
    numbers = [int(path.stem.rpartition("-")[2]) for path in folder.glob("key-*.age")]
    return corrected_path(workspace, variant, max(numbers)) if numbers else folder / KEY


def corrected_path(workspace: Workspace, variant: Variant, version: int) -> Path:
    """Where a corrected key of that version lies; the ones before it stay."""
    return folder_of(workspace, variant) / f"key-{version}.age"
