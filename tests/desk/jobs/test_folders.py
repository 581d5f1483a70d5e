"""Folder intake behind the pages: only what is offered, one exhibit, orphans swept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kancil.evidence.errors import FolderNotOffered
from kancil.evidence.offered import offered_folder, offered_folders
from tests.work.shop import Shop


def offer(shop: Shop, name: str = "disk") -> Path:
    folder = shop.site.workspace.intake_dir / name
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"a" * 1000)
    (folder / "b.txt").write_bytes(b"b" * 2000)
    (folder / "c.txt").symlink_to("a.txt")
    return folder


def ask(shop: Shop, folder: str = "disk", **given: Any) -> str:
    return shop.ask(
        "admit-folder", case="C1", folder=folder, title="A disk", source="Seized", **given
    )


def test_a_folder_becomes_one_exhibit_whose_id_is_the_tasks(any_shop: Shop) -> None:
    offer(any_shop)
    task_id = ask(any_shop)
    assert any_shop.work_off() == 1
    gave = any_shop.gave(task_id)
    (entry,) = (
        each for each in any_shop.site.entries("exhibit.added") if each.exhibit_id == task_id
    )
    assert entry.body["content"]["files"] == 2
    assert (gave["exhibit"], gave["entry"]) == (entry.body["number"], entry.n)
    assert gave["size_bytes"] == "3000"
    assert [skip["code"] for skip in gave["skips"]] == ["link-inside"]
    assert entry.body["on_behalf"]["account"] == "officer"


def test_a_second_try_makes_no_second_exhibit(any_shop: Shop) -> None:
    """Killed after the bytes and before the entry: the vault has them, the ledger has not."""
    from kancil.desk.jobs.doing import Doing

    offer(any_shop)
    task_id = ask(any_shop)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Doing, "once", killed)
        with pytest.raises(KeyboardInterrupt):
            any_shop.worker(lease_seconds=0.0).do_next()
    assert any_shop.work_off() == 1
    assert any_shop.task(task_id).state == "done"
    added = [each for each in any_shop.site.entries("exhibit.added") if each.exhibit_id == task_id]
    assert len(added) == 1


def test_cancelled_in_the_middle_it_leaves_orphans_that_the_next_intake_sweeps(
    shop: Shop,
) -> None:
    from kancil.desk.jobs.hold import Hold, Why
    from kancil.evidence.named import named_contents
    from kancil.evidence.vault import Vault

    offer(shop)
    workspace, ledger = shop.site.workspace, shop.site.ledger
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    told, seen = Hold.advance, []

    def advance(hold: Hold, amount: int) -> None:
        seen.append(amount)
        if len(seen) == 2:
            hold.stop(Why.CANCELLED)
        told(hold, amount)

    def orphans() -> list[str]:
        from kancil.custody.roll import Roll

        return vault.orphans(named_contents(ledger.folded(Roll), ledger.entries(), vault))

    task_id = ask(shop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Hold, "advance", advance)
        shop.work_off()
    assert shop.task(task_id).state == "cancelled"
    assert task_id not in {each.exhibit_id for each in shop.site.entries("exhibit.added")}
    assert len(orphans()) == 1
    offer(shop, "other")
    (workspace.intake_dir / "other" / "b.txt").write_bytes(b"other")
    (workspace.intake_dir / "other" / "a.txt").write_bytes(b"another")
    ask(shop, "other")
    shop.work_off()
    assert orphans() == []


def test_only_what_is_offered_is_taken(shop: Shop) -> None:
    workspace = shop.site.workspace
    offer(shop)
    for name, target in (
        ("keys", workspace.keys_dir),
        ("vault", "../vault"),
        ("whole", workspace.root),
        ("above", "/"),
        ("gone", "/no/such/place"),
    ):
        (workspace.intake_dir / name).symlink_to(target)
    assert "disk" in offered_folders(workspace)
    for name in ("keys", "vault", "whole", "above", "..", ".", "", "disk/../../keys", "/etc", "x"):
        with pytest.raises(FolderNotOffered):
            offered_folder(workspace, name)
    task_id, gone = ask(shop, "keys"), ask(shop, "gone")
    shop.work_off()
    assert shop.met(task_id) == "folder-not-offered"
    assert shop.met(gone) == "file-not-readable"


def test_a_link_to_a_disk_elsewhere_is_followed_once(shop: Shop, tmp_path: Path) -> None:
    disk = tmp_path / "mounted"
    disk.mkdir()
    (disk / "image.raw").write_bytes(b"image")
    shop.site.workspace.intake_dir.mkdir()
    (shop.site.workspace.intake_dir / "disk").symlink_to(disk)
    task_id = ask(shop, in_place=True)
    shop.work_off()
    assert shop.task(task_id).state == "done", shop.task(task_id).error
    assert shop.site.entries("exhibit.added")[-1].body["content"]["in_place"] is True


def test_a_workspace_that_offers_nothing_says_so(shop: Shop) -> None:
    assert offered_folders(shop.site.workspace) == []
    task_id = ask(shop)
    shop.work_off()
    assert shop.task(task_id).error == {"code": "folder-not-offered", "params": {"name": "disk"}}
