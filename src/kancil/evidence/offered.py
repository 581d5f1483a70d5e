"""What the server offers for intake: what an administrator has laid, or linked, under `intake/`."""

from __future__ import annotations

from pathlib import Path

from kancil.ground.workspace import Workspace

from .errors import FolderNotOffered


def offered_folders(workspace: Workspace) -> list[str]:
    """List what the server offers for intake, by name."""
    if not workspace.intake_dir.is_dir():
        return []
    return sorted(path.name for path in workspace.intake_dir.iterdir() if path.name[0] != ".")


def offered_folder(workspace: Workspace, name: str) -> Path:
    """Find what the server offers under a name; raises FolderNotOffered.

    An entry of `intake/` may be a link, to a mounted disk; one into the workspace itself is not
    followed, for there lie keys and other cases' bytes.
    """
    if name not in offered_folders(workspace):
        raise FolderNotOffered(name=name[:200])
    path = (workspace.intake_dir / name).resolve()
    inside = path.is_relative_to(workspace.root) or workspace.root.is_relative_to(path)
    if inside and not path.is_relative_to(workspace.intake_dir):
        raise FolderNotOffered(name=name[:200])
    return path
