"""CASE 1.5 over UCO 1.5, in JSON-LD, written node by node.

Source: the ontologies themselves, https://caseontology.org; tests hold what is written here against
their own validator (`case-utils`). A pass is an investigative action on the exhibit, whose results
are listed in a provenance record; each file is contained in its volume, a member in its archive.
Neither who looked nor when stands here: that is in the ledger, and would make each export another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from kancil import __version__
from kancil.evidence.images.entry import EntryKind, FileEntry, time_text
from kancil.evidence.images.volume import Volume
from kancil.evidence.triage.content import FileContent

from .examined import Examined, entries_with_contents

_UCO = "https://ontology.unifiedcyberontology.org/uco/"
_CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    **{f"uco-{each}": f"{_UCO}{each}/" for each in (
        "action", "core", "observable", "tool", "types",
    )},
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
_HASHES = (("MD5", "md5"), ("SHA1", "sha1"), ("SHA256", "sha256"))
_TIMES = (
    ("accessedTime", "accessed_ns"), ("metadataChangeTime", "changed_ns"),
    ("modifiedTime", "modified_ns"), ("observableCreatedTime", "created_ns"),
)  # fmt: skip
_ADDRESSES = {"ext": ("ExtInodeFacet", "extInodeID"), "NTFS": ("NTFSFileFacet", "entryID")}
"""Facet and property of a metadata address, by how the file system's name begins."""
Node = dict[str, Any]


def write_case(found: Examined, out: BinaryIO) -> None:
    """Write a whole graph, a node a line."""
    names = _Names.of(found)
    context = json.dumps({**_CONTEXT, "kb": f"urn:kancil:exhibit:{found.digest}:"})
    out.write(f'{{"@context":{context},"@graph":[\n'.encode())
    nodes = (*_acts(found, names), *_image(found, names))
    out.write(b",\n".join(_line(each) for each in nodes))
    systems = {each.number: each.holds for each in found.listed.volumes}
    for entry, contents in entries_with_contents(found):
        for node in _file(names, entry, contents, systems[entry.volume]):
            out.write(b",\n" + _line(node))
    _write_results(found, names, out)
    out.write(b"\n]}\n")


def _line(node: Node) -> bytes:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _Names:
    """Names each thing of one exhibit, the same one always by the same IRI."""

    space: bytes

    @classmethod
    def of(cls, found: Examined) -> _Names:
        return cls(uuid5(NAMESPACE_URL, f"urn:kancil:exhibit:{found.digest}").bytes)

    def iri(self, what: str, key: object) -> str:
        """By UUID version 5 (RFC 9562, section 5.5), which `uuid5` makes at four times the cost."""
        made = sha1(self.space + f"{what}/{key}".encode(), usedforsecurity=False).hexdigest()
        last = f"{'89ab'[int(made[16], 16) & 3]}{made[17:20]}-{made[20:32]}"
        return f"kb:{what}-{made[:8]}-{made[8:12]}-5{made[13:16]}-{last}"

    def node(self, what: str, key: object, kind: str) -> Node:
        return {"@id": self.iri(what, key), "@type": kind}

    def link(self, what: str, key: object) -> Node:
        return {"@id": self.iri(what, key)}

    def facet(self, key: object, kind: str) -> Node:
        return self.node("facet", f"{kind}/{key}", f"uco-observable:{kind}")

    def within(self, inner: tuple[str, object], outer: tuple[str, object], path: str) -> Node:
        """That one thing lies in another, by which path."""
        key = "/".join(map(str, (*inner, *outer)))
        node = self.node("relationship", key, "uco-observable:ObservableRelationship")
        facet = self.facet(key, "PathRelationFacet") | {"uco-observable:path": path}
        return node | {
            "uco-core:source": self.link(*inner),
            "uco-core:target": self.link(*outer),
            "uco-core:kindOfRelationship": "Contained_Within",
            "uco-core:isDirectional": True,
            "uco-core:hasFacet": [facet],
        }


def _acts(found: Examined, names: _Names) -> Iterator[Node]:
    """The investigation, the tool, the pass, and the record of the exhibit."""
    tool = names.node("tool", "kancil", "uco-tool:Tool")
    yield tool | {"uco-core:name": "Kancil", "uco-tool:version": __version__}
    taken = names.node("provenance", "exhibit", "case-investigation:ProvenanceRecord")
    files = [names.link("image-file", number) for number in range(len(found.files))]
    yield taken | {
        "uco-core:description": f"{found.case} {found.exhibit}",
        "case-investigation:exhibitNumber": found.exhibit,
        "uco-core:object": [*files, names.link("image", "")],
    }
    act = names.node("action", "triage", "case-investigation:InvestigativeAction")
    yield act | {
        "uco-core:name": "triage",
        "uco-core:description": "Every entry of each file system listed, and each file read once.",
        "uco-action:instrument": [names.link("tool", "kancil")],
        "uco-action:object": [names.link("provenance", "exhibit")],
        "uco-action:result": [names.link("provenance", "results")],
    }
    case = names.node("investigation", found.case, "case-investigation:Investigation")
    parts = (("provenance", "exhibit"), ("action", "triage"), ("provenance", "results"))
    yield case | {
        "uco-core:name": found.case,
        "uco-core:object": [names.link(*each) for each in parts],
    }


def _image(found: Examined, names: _Names) -> Iterator[Node]:
    """The files of the exhibit, the disk in them, and its volumes."""
    for number, file in enumerate(found.files):
        node = names.node("image-file", number, "uco-observable:File")
        facet = names.facet(f"image-file/{number}", "FileFacet")
        facet["uco-observable:fileName"] = file.name
        hashes = [("SHA256", file.sha256)]
        content = _content(names, f"image-file/{number}", file.size_bytes, hashes)
        yield node | {"uco-core:hasFacet": [facet, content]}
        yield names.within(("image", ""), ("image-file", number), file.name)
    kind = names.facet("", "ImageFacet") | {"uco-observable:imageType": found.listed.container}
    hashes = [(name.upper(), value) for name, value in sorted(found.listed.stored.items())]
    content = _content(names, "image", found.listed.size_bytes, hashes)
    image = names.node("image", "", "uco-observable:Image")
    if hashes:
        image["uco-core:description"] = "Its digests are those that the acquisition stored."
    yield image | {"uco-core:hasFacet": [kind, content]}
    for volume in found.listed.volumes:
        yield _volume(names, volume)
        yield names.within(("volume", volume.number), ("image", ""), str(volume.number))


def _volume(names: _Names, volume: Volume) -> Node:
    facet = names.facet(f"volume/{volume.number}", "DiskPartitionFacet") | {
        "uco-observable:partitionID": str(volume.number),
        "uco-observable:partitionOffset": volume.start_bytes,
        "uco-observable:partitionLength": volume.size_bytes,
    }
    if volume.description:
        facet["uco-observable:diskPartitionType"] = volume.description
    facets = [facet]
    if volume.holds:
        system = names.facet(f"volume/{volume.number}", "FileSystemFacet")
        facets.append(system | {"uco-observable:fileSystemType": volume.holds})
    node = names.node("volume", volume.number, "uco-observable:DiskPartition")
    return node | {"uco-core:description": str(volume.state), "uco-core:hasFacet": facets}


def _file(
    names: _Names, entry: FileEntry, contents: Sequence[FileContent], system: str
) -> Iterator[Node]:
    """An entry within its volume, and each member within the archive that it is."""
    number = entry.number
    facets = [_file_facet(names, entry)]
    for begin, (kind, name) in _ADDRESSES.items():
        if entry.address and system.startswith(begin):
            address = names.facet(number, kind)
            facets.append(address | {f"uco-observable:{name}": _inode(entry)})
    for each in contents:
        if not each.member:
            facets.append(_content(names, number, each.read_bytes, _hashes(each)))
    yield names.node("file", number, "uco-observable:File") | {"uco-core:hasFacet": facets}
    yield names.within(("file", number), ("volume", entry.volume), entry.path)
    for each in contents:
        if each.member:
            key = f"{number}.{each.member}"
            facet = names.facet(key, "FileFacet") | _named(each.inside)
            content = _content(names, key, each.read_bytes, _hashes(each))
            node = names.node("file", key, "uco-observable:File")
            yield node | {"uco-core:hasFacet": [facet, content]}
            yield names.within(("file", key), ("file", number), each.inside)


def _file_facet(names: _Names, entry: FileEntry) -> Node:
    facet = names.facet(entry.number, "FileFacet") | _named(entry.path)
    facet["uco-observable:isDirectory"] = entry.kind is EntryKind.FOLDER
    facet["uco-observable:allocationStatus"] = str(entry.state)
    if entry.size_bytes is not None:
        facet["uco-observable:sizeInBytes"] = entry.size_bytes
    for name, column in _TIMES:
        time = getattr(entry, column)
        if time is not None:
            facet[f"uco-observable:{name}"] = _typed("xsd:dateTime", time_text(time, entry.zone))
    return facet


def _named(path: str) -> Node:
    return {
        "uco-observable:fileName": path.rpartition("/")[2],
        "uco-observable:filePath": path,
    }


def _inode(entry: FileEntry) -> int:
    return int(entry.address.partition("-")[0])


def _hashes(content: FileContent) -> list[tuple[str, str]]:
    return [(method, getattr(content, name).hex()) for method, name in _HASHES]


def _content(names: _Names, key: object, size: int, hashes: Sequence[tuple[str, str]]) -> Node:
    facet = names.facet(key, "ContentDataFacet") | {"uco-observable:sizeInBytes": size}
    made = []
    for method, value in hashes:
        node = names.node("hash", f"{method}/{key}", "uco-types:Hash")
        node["uco-types:hashMethod"] = method
        node["uco-types:hashValue"] = _typed("xsd:hexBinary", value.upper())
        made.append(node)
    return facet | {"uco-observable:hash": made} if made else facet


def _typed(kind: str, value: str) -> Node:
    return {"@type": kind, "@value": value}


def _write_results(found: Examined, names: _Names, out: BinaryIO) -> None:
    """The record that lists every file: last, since it is as long as the image."""
    node = names.node("provenance", "results", "case-investigation:ProvenanceRecord")
    head = json.dumps({**node, "uco-core:name": "results"}, separators=(",", ":"))
    out.write(f',\n{head[:-1]},"uco-core:object":['.encode())
    ids = (json.dumps(names.link("file", each)) for each in _keys(found))
    for number, text in enumerate(ids):
        out.write((b",\n" if number else b"\n") + text.encode())
    out.write(b"]}")


def _keys(found: Examined) -> Iterator[str]:
    for numbers in found.entries["number"].chunks:
        yield from map(str, numbers.to_pylist())
    for batch in found.contents.select(["number", "member"]).to_batches():
        for number, member in zip(*(each.to_pylist() for each in batch.columns), strict=True):
            if member:
                yield f"{number}.{member}"
