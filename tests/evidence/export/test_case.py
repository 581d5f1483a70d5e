"""A CASE graph conforms to the ontologies by their community's own validator, warnings included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from case_utils.case_validate import validate
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.export.case import write_case
from kancil.evidence.export.examined import Examined
from tests.evidence.export.making import (
    examined,
    renamed,
    with_encrypted_volume,
    with_member,
    written,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""The validator's own."""


def test_a_graph_conforms(small: Examined, tmp_path: Path) -> None:
    path = tmp_path / "graph.jsonld"
    path.write_bytes(written(write_case, with_encrypted_volume(with_member(small))))
    result = validate(str(path), inference="none")
    assert result.undefined_concepts == set()
    assert result.conforms, result.text


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["dfvfs/windows_volume.qcow2", "be/1mb_fat32.dmg"])
def test_graphs_of_other_file_systems_conform(shared_data: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    found = examined(shared_data / "evidence/images" / name, tmp_path / "out")
    path = tmp_path / "graph.jsonld"
    path.write_bytes(written(write_case, found))
    result = validate(str(path), inference="none")
    assert result.conforms, result.text


def test_a_graph_states_what_the_tables_state(small: Examined) -> None:
    nodes = _nodes(written(write_case, small))
    files = [each for each in nodes if each["@id"].startswith("kb:file-")]
    entries = small.entries.to_pylist()
    facets = [_facet(each, "FileFacet") for each in files]
    assert [each["uco-observable:filePath"] for each in facets] == [x["path"] for x in entries]
    read = {entries[x["number"] - 1]["path"]: x for x in small.contents.to_pylist()}
    for node, facet in zip(files, facets, strict=True):
        content = read.get(facet["uco-observable:filePath"])
        own = _facet(node, "ContentDataFacet")
        assert (content is None) == (own == {})
        if content is not None:
            hashes = {x["uco-types:hashMethod"]: x for x in own["uco-observable:hash"]}
            stated = hashes["SHA256"]["uco-types:hashValue"]["@value"]
            assert bytes.fromhex(stated) == content["sha256"]


def test_each_file_lies_in_its_volume_and_stands_in_the_record_of_results(small: Examined) -> None:
    nodes = _nodes(written(write_case, small))
    files = {each["@id"] for each in nodes if each["@id"].startswith("kb:file-")}
    (volume,) = [each["@id"] for each in nodes if each["@type"].endswith("DiskPartition")]
    within = {
        each["uco-core:source"]["@id"]
        for each in nodes
        if each["@type"].endswith("Relationship") and each["uco-core:target"]["@id"] == volume
    }
    (results,) = [each for each in nodes if each.get("uco-core:name") == "results"]
    assert files == within == {each["@id"] for each in results["uco-core:object"]}
    ids = _ids(nodes)
    assert len(ids) == len(set(ids))


def test_a_member_lies_in_its_archive(small: Examined) -> None:
    nodes = _nodes(written(write_case, with_member(small)))
    (member,) = [
        each
        for each in nodes
        if each["@id"].startswith("kb:file-")
        and _facet(each, "FileFacet")["uco-observable:filePath"] == "old.zip/letter.txt"
    ]
    (link,) = [
        each
        for each in nodes
        if each["@type"].endswith("Relationship")
        and each["uco-core:source"]["@id"] == member["@id"]
    ]
    (archive,) = [each for each in nodes if each["@id"] == link["uco-core:target"]["@id"]]
    content, inner = (_facet(each, "ContentDataFacet") for each in (archive, member))
    assert content["uco-observable:sizeInBytes"] == inner["uco-observable:sizeInBytes"]
    (results,) = [each for each in nodes if each.get("uco-core:name") == "results"]
    assert {"@id": member["@id"]} in results["uco-core:object"]


def test_names_are_those_of_uuid_version_5(small: Examined) -> None:
    nodes = _nodes(written(write_case, small))
    space = uuid5(NAMESPACE_URL, f"urn:kancil:exhibit:{small.digest}")
    assert f"kb:file-{uuid5(space, 'file/3')}" in {each["@id"] for each in nodes}


def test_what_the_acquisition_stored_is_the_digest_of_the_image(small: Examined) -> None:
    (image,) = [x for x in _nodes(written(write_case, small)) if x["@type"].endswith(":Image")]
    hashes = _facet(image, "ContentDataFacet")["uco-observable:hash"]
    assert [x["uco-types:hashMethod"] for x in hashes] == [x.upper() for x in small.listed.stored]


@given(path=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_path_can_be_written_and_read_again(small: Examined, path: str) -> None:
    nodes = _nodes(written(write_case, renamed(small, path)))
    (first, *_) = [each for each in nodes if each["@id"].startswith("kb:file-")]
    assert _facet(first, "FileFacet")["uco-observable:filePath"] == path


def _nodes(graph: bytes) -> list[dict[str, Any]]:
    return list(json.loads(graph)["@graph"])


def _facet(node: dict[str, Any], kind: str) -> dict[str, Any]:
    return next((x for x in node["uco-core:hasFacet"] if x["@type"].endswith(f":{kind}")), {})


def _ids(nodes: list[dict[str, Any]]) -> list[str]:
    """Of all nodes and of those within them; mere links have no type."""
    found = []
    for node in nodes:
        if "@type" in node and "@id" in node:
            found.append(node["@id"])
        for value in node.values():
            inner = value if isinstance(value, list) else [value]
            found += _ids([each for each in inner if isinstance(each, dict)])
    return found
