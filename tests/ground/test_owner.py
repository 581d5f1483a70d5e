"""A workspace that others may read is shut to them, once and whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kancil.ground import owner
from kancil.ground.errors import WorkspaceExposed
from kancil.ground.owner import tighten
from tests.modes import mode, open_to_others


@pytest.fixture
def exposed(tmp_path: Path) -> Path:
    """Lay a workspace out as versions did that had no umask of their own."""
    mask = os.umask(0o022)
    try:
        return _laid_out(tmp_path / "unit")
    finally:
        os.umask(mask)


def _laid_out(root: Path) -> Path:
    (root / "vault" / "ab").mkdir(parents=True)
    (root / "desk").mkdir()
    (root / "intake").mkdir()
    for name in ("kancil.toml", "desk/desk.sqlite", "desk/desk.sqlite-wal", "intake/sent.raw"):
        (root / name).write_bytes(b"")
    (root / "vault" / "ab" / "content").write_bytes(b"")
    (root / "vault" / "ab" / "content").chmod(0o444)
    for path in (root, *root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else path.stat().st_mode & 0o777)
    return root


def test_everything_that_kancil_wrote_is_shut_and_nothing_else(exposed: Path) -> None:
    (exposed / "vault" / "link").symlink_to(exposed / "intake" / "sent.raw")

    assert tighten(exposed) == 8

    assert open_to_others(exposed) == {"intake", "intake/sent.raw"}
    assert mode(exposed) == mode(exposed / "vault" / "ab") == 0o700
    assert mode(exposed / "vault" / "ab" / "content") == 0o400
    assert mode(exposed / "desk" / "desk.sqlite") == 0o600
    assert tighten(exposed) == 0


def test_a_database_that_is_opened_later_is_shut_too(exposed: Path) -> None:
    tighten(exposed)
    (exposed / "desk" / "desk.sqlite-wal").chmod(0o640)
    assert tighten(exposed) == 1
    assert open_to_others(exposed / "desk") == set()


def test_what_was_interrupted_is_done_at_the_next_opening(
    exposed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real = Path.chmod

    def stops(path: Path, wanted: int) -> None:
        if path.name == "ab":
            raise KeyboardInterrupt
        done.append(path.name)
        real(path, wanted)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "chmod", stops)
        with pytest.raises(KeyboardInterrupt):
            tighten(exposed)
    assert done[0] == "unit", "the root is shut first"
    assert {"vault", "vault/ab"} <= open_to_others(exposed)

    tighten(exposed)
    assert open_to_others(exposed) == {"intake", "intake/sent.raw"}


def test_a_workspace_of_another_owner_is_refused(
    exposed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(path: Path, wanted: int) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "chmod", refuses)
    with pytest.raises(WorkspaceExposed) as refused:
        tighten(exposed)
    assert refused.value.params == {"path": str(exposed)}


def test_a_file_system_that_keeps_no_modes_is_refused(
    exposed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", lambda _path, _wanted: None)
    with pytest.raises(WorkspaceExposed):
        tighten(exposed)


def test_a_new_file_is_never_open_for_a_moment(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with open(tmp_path / "file", "xb", opener=owner.open_for_owner) as file:
            assert os.fstat(file.fileno()).st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_what_is_written_from_now_on_is_the_owners(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        owner.write_for_owner_only()
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").write_bytes(b"")
    finally:
        os.umask(before)
    assert mode(tmp_path / "folder") == 0o700
    assert mode(tmp_path / "file") == 0o600
