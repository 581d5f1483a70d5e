"""What the unit holds, as studies ask of it."""

from __future__ import annotations

from kancil.ground.workspace import Workspace
from kancil.studies.study import Material


def material_of(workspace: Workspace) -> Material:
    """The chains, labels, prices and examined disks of a workspace."""
    return Material(
        workspace.chains_dir, workspace.labels_dir, workspace.prices_dir, workspace.triage_dir
    )
