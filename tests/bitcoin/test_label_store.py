"""Stored label imports: the same once, and any change noticed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kancil.bitcoin.labels import store as label_store
from kancil.bitcoin.labels.errors import LabelFileNotReadable, LabelStoreBroken
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.labels import read_label_file
from kancil.bitcoin.labels.store import (
    list_imports,
    load_imports,
    pack_import,
    read_import,
    store_import,
)
from kancil.ground.confine import Limits
from kancil.ground.errors import FileNotReadable, ParserLimitReached
from kancil.ground.phrase import Phrase

TAGS = Path(__file__).parent.parent / "data" / "bitcoin" / "tags"
FETCHED = Given(fetched_on=date(2024, 9, 27))


def test_labels_come_back_from_the_store_as_they_were_read(tmp_path: Path) -> None:
    read = read_label_file(TAGS / "hacks.yaml", FETCHED)
    stored = store_import(tmp_path, read)
    assert stored.is_new
    assert stored.label_count == stored.bitcoin_count == 3
    assert stored.fetched_on == date(2024, 9, 27)
    assert LabelIndex.load(tmp_path).all_labels() == read.labels


@pytest.mark.parametrize("name", ["hacks.yaml", "il_nbctf_wallets.csv", "blender_io.yaml"])
def test_a_child_reads_what_is_read_without_one(name: str) -> None:
    read = read_label_file(TAGS / name, FETCHED)
    assert read_import(TAGS / name, FETCHED, "mainnet", "an-id") == pack_import(read, "an-id")


def test_a_child_refuses_as_is_refused_without_one(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("tags:\n- {a: [\n", encoding="utf-8")
    with pytest.raises(LabelFileNotReadable) as refused:
        read_import(tmp_path / "broken.yaml", FETCHED, "mainnet", "an-id")
    assert refused.value.params["path"] == "broken.yaml"
    with pytest.raises(FileNotReadable):
        read_import(tmp_path / "absent.yaml", FETCHED, "mainnet", "an-id")


def test_a_file_that_takes_more_than_is_allowed_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "tags.yaml"
    path.write_bytes(b"tags: [" + b"{}," * 600_000 + b"]")
    with pytest.raises(ParserLimitReached) as refused:
        read_import.within(Limits(200 << 20, 60))(path, FETCHED, "mainnet", "an-id")
    assert refused.value.params["limit"] == Phrase("thing.memory")
    with pytest.raises(ParserLimitReached) as refused:
        read_import.within(Limits(2 << 30, 1))(path, FETCHED, "mainnet", "an-id")
    assert refused.value.params["limit"] == Phrase("thing.time")


def test_of_many_skips_the_first_are_given_and_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(label_store, "KEPT_SKIPS", 2)
    (tmp_path / "t.csv").write_text("address,label\n" + "x,y\n" * 5, encoding="utf-8")
    packed = pack_import(read_label_file(tmp_path / "t.csv", FETCHED), "an-id")
    assert (len(packed.skipped), packed.skipped_count) == (2, 5)


def test_the_same_file_with_the_same_statements_is_stored_once(tmp_path: Path) -> None:
    read = read_label_file(TAGS / "sanctioned_addresses_XBT.txt", FETCHED)
    first = store_import(tmp_path, read)
    again = store_import(tmp_path, read)
    assert again.id == first.id
    assert not again.is_new
    later = read_label_file(TAGS / "sanctioned_addresses_XBT.txt", Given(date(2025, 1, 1)))
    assert store_import(tmp_path, later).is_new
    assert [stored.fetched_on for stored in list_imports(tmp_path)] == [
        date(2024, 9, 27),
        date(2025, 1, 1),
    ]


def test_skips_are_remembered_with_the_import(tmp_path: Path) -> None:
    store_import(tmp_path, read_label_file(TAGS / "sanctioned_addresses_XBT.txt", FETCHED))
    (stored,) = list_imports(tmp_path)
    assert stored.skipped_codes == {"label-address-wrong": 1}
    assert stored.format == "ofac"


def test_an_import_without_bitcoin_is_stored_and_finds_nothing(tmp_path: Path) -> None:
    store_import(tmp_path, read_label_file(TAGS / "sanctioned_addresses_ETH.txt", FETCHED))
    ((stored, table),) = load_imports(tmp_path)
    assert (stored.label_count, stored.bitcoin_count, table.num_rows) == (3, 0, 3)
    assert len(LabelIndex.load(tmp_path)) == 0


def test_a_changed_byte_anywhere_stops_the_work(tmp_path: Path) -> None:
    stored = store_import(tmp_path, read_label_file(TAGS / "hacks.yaml", FETCHED))
    whole = stored.path.read_bytes()
    for at in range(0, len(whole), 97):
        changed = bytearray(whole)
        changed[at] ^= 1
        stored.path.write_bytes(bytes(changed))
        with pytest.raises(LabelStoreBroken):
            list_imports(tmp_path)
    stored.path.write_bytes(whole)
    assert len(list_imports(tmp_path)) == 1


def test_a_stray_file_or_a_renamed_one_stops_the_work(tmp_path: Path) -> None:
    stored = store_import(tmp_path, read_label_file(TAGS / "hacks.yaml", FETCHED))
    other = stored.path.with_name("00000000-0000-7000-8000-000000000000" + stored.path.name[36:])
    stored.path.rename(other)
    with pytest.raises(LabelStoreBroken):
        list_imports(tmp_path)
    other.rename(stored.path)
    (tmp_path / "mine.parquet").write_bytes(b"PAR1")
    with pytest.raises(LabelStoreBroken):
        list_imports(tmp_path)


def test_a_workspace_without_labels_has_none(tmp_path: Path) -> None:
    assert list_imports(tmp_path / "labels") == []
