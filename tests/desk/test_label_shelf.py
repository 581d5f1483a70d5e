"""The unit's labels, kept: each import counts as looked at, and what changes is read anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kancil.bitcoin.labels.errors import LabelStoreBroken
from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.labels import read_label_file
from kancil.bitcoin.labels.store import store_import
from kancil.bitcoin.network import MAINNET, TESTNET3
from kancil.desk.studies.queries import label_shelf, labels_of
from kancil.ground.ids import UnitId, new_id
from kancil.ground.workspace import Unit, Workspace

TAGS = Path(__file__).parent.parent / "data" / "bitcoin" / "tags"
FETCHED = Given(fetched_on=date(2024, 9, 27))
LISTED = "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, Unit(UnitId(new_id()), "Unit", "ZZ", ZoneInfo("UTC"), "en"))


def take_in(workspace: Workspace, name: str) -> str:
    return str(store_import(workspace.labels_dir, read_label_file(TAGS / name, FETCHED)).id)


def test_an_import_without_bitcoin_was_looked_at_too(workspace: Workspace) -> None:
    """A trace's entry names the imports that were looked at: one that says nothing counts."""
    name = take_in(workspace, "sanctioned_addresses_ETH.txt")
    shelf = label_shelf(workspace)
    assert [stored.id for stored in shelf.index(MAINNET).imports] == [name]
    assert [source.stored.id for source in shelf.sources] == [name]


def test_no_import_is_an_empty_shelf(workspace: Workspace) -> None:
    shelf = label_shelf(workspace)
    assert (shelf.imports, shelf.sources, shelf.conflicts) == ((), (), ())
    assert labels_of(workspace, LISTED, MAINNET) == ()


def test_labels_are_kept_until_a_file_changes(workspace: Workspace) -> None:
    take_in(workspace, "hacks.yaml")
    before = label_shelf(workspace)
    assert label_shelf(workspace) is before
    assert labels_of(workspace, LISTED, MAINNET) == ()
    take_in(workspace, "sanctioned_addresses_XBT.txt")
    assert [label.label for label in labels_of(workspace, LISTED, MAINNET)] == ["Listed by OFAC"]
    assert len(label_shelf(workspace).index(TESTNET3)) == 0


def test_a_changed_file_is_not_trusted_because_it_was_read_before(workspace: Workspace) -> None:
    take_in(workspace, "hacks.yaml")
    (stored,) = label_shelf(workspace).imports
    data = bytearray(stored.path.read_bytes())
    data[len(data) // 2] ^= 1
    stored.path.chmod(0o600)
    stored.path.write_bytes(data)
    with pytest.raises(LabelStoreBroken):
        label_shelf(workspace)
