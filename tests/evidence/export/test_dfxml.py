"""DFXML is valid by its schema, and states of an image what `fiwalk` states of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kancil.evidence.export.dfxml import NAMESPACE, write_dfxml
from kancil.evidence.export.examined import Examined
from tests.evidence.export.making import (
    examined,
    renamed,
    with_encrypted_volume,
    with_member,
    written,
)
from tests.evidence.images.known import SMALL
from tools.tree import ROOT

_FACTS = ("filesize", "alloc_name", "inode", "mtime", "ctime", "atime", "crtime")
_ORPHANS = "$OrphanFiles"


def test_an_export_is_valid_by_the_schema(small: Examined) -> None:
    for found in (small, with_encrypted_volume(small), with_member(small)):
        _schema().assertValid(etree.fromstring(written(write_dfxml, found)))


def test_facts_are_those_of_fiwalk(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "evidence/images/tsk"
    theirs = dict(_objects((folder / "image_dd.xml").read_bytes()))
    ours = dict(_objects(written(write_dfxml, examined(folder / "image.dd", tmp_path))))
    # fiwalk lists `.` and `..` of each folder too.
    left = {path for path in theirs if path.split("/")[-1] in (".", "..")}
    assert set(theirs) - set(ours) == left
    assert set(ours) <= set(theirs)
    hashed = 0
    for path, facts in ours.items():
        assert {name: facts.get(name) for name in _FACTS} == {
            name: theirs[path].get(name) for name in _FACTS
        }
        # fiwalk makes digests of folders and of links too, whose bytes are names; we of files.
        for name in ("md5", "sha1"):
            if name in facts:
                hashed += 1
                assert facts[name] == theirs[path][name]
        assert facts.get("sha256") is None or len(facts["sha256"]) == 64
        # To fiwalk the folder in which The Sleuth Kit shows orphans is `V`, a virtual one.
        assert (facts["name_type"], path) in {(theirs[path]["name_type"], path), ("d", _ORPHANS)}
    assert hashed == 6


def test_a_volume_that_was_not_listed_says_why(small: Examined) -> None:
    tree = etree.fromstring(written(write_dfxml, with_encrypted_volume(small)))
    first, second = tree.iterfind(f"{{{NAMESPACE}}}volume")
    assert second.findtext(f"{{{NAMESPACE}}}error") == "volume-encrypted"
    assert second.findtext(f"{{{NAMESPACE}}}ftype_str") == "LUKS"
    assert first.find(f"{{{NAMESPACE}}}error") is None


def test_a_member_stands_after_its_archive(small: Examined) -> None:
    objects = list(_objects(written(write_dfxml, with_member(small))))
    (at,) = [n for n, (path, _) in enumerate(objects) if path.endswith("/old.zip/letter.txt")]
    assert objects[at][0] == f"{objects[at - 1][0]}/old.zip/letter.txt"
    assert objects[at][1]["id"] == f"{objects[at - 1][1]['id']}.1"


@given(path=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_path_can_be_written_and_read_again(small: Examined, path: str) -> None:
    tree = etree.fromstring(written(write_dfxml, renamed(small, path)))
    _schema().assertValid(tree)
    name = tree.findtext(f".//{{{NAMESPACE}}}filename")
    assert name is not None
    assert name == path or "\\" in name


def test_the_same_image_is_written_to_the_same_bytes(small: Examined, tmp_path: Path) -> None:
    other = examined(SMALL / "ext2-deleted.E01", tmp_path, workers=1)
    assert written(write_dfxml, other) == written(write_dfxml, small)


def _schema() -> Any:
    return etree.XMLSchema(etree.parse(str(ROOT / "tests/data/dfxml/dfxml.xsd")))


def _objects(document: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    for each in etree.fromstring(document).iter(f"{{{NAMESPACE}}}fileobject"):
        facts = {etree.QName(child).localname: child.text or "" for child in each}
        facts |= {
            child.get("type"): child.text or ""
            for child in each
            if etree.QName(child).localname == "hashdigest"
        }
        yield facts["filename"], facts
