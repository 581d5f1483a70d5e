"""DFXML, in which The Sleuth Kit's `fiwalk` and hashdeep describe files too.

Source: S. Garfinkel, *Digital forensics XML and the DFXML toolset*, Digital Investigation 8 (2012);
the schema of the DFXML working group, version 2.0.0-beta.0, in whose order elements stand. Left out
is what a pass does not record: mode, owner, links, and where on the disk a file's bytes lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from lxml import etree

from kancil import __version__
from kancil.evidence.images.entry import Allocation, EntryKind, FileEntry, time_text
from kancil.evidence.images.volume import Volume, VolumeState
from kancil.evidence.triage.content import FileContent, is_sparse

from .examined import Examined, entries_with_contents

NAMESPACE = "http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML"
_DC = "http://purl.org/dc/elements/1.1/"
SCHEMA = "2.0.0-beta.0"
_LETTERS = {
    EntryKind.FILE: "r", EntryKind.FOLDER: "d", EntryKind.LINK: "l", EntryKind.SYSTEM: "v",
}  # fmt: skip
"""The Sleuth Kit's letters of kinds; devices, pipes and sockets are one kind here and get none."""
_NO_XML = {code: f"\\x{code:02x}" for code in (*range(32), 127) if chr(code) not in "\t\n\r"} | {
    code: f"\\u{code:04x}" for code in (0xFFFE, 0xFFFF)
}


def write_dfxml(found: Examined, out: BinaryIO) -> None:
    """Write a whole document."""
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        with file.element("dfxml", {"version": SCHEMA}, nsmap={None: NAMESPACE, "dc": _DC}):
            for part in _head(found):
                file.write(part, pretty_print=True)
            left = entries_with_contents(found)
            waiting = next(left, None)
            for volume in found.listed.volumes:
                with file.element("volume", {"offset": str(volume.start_bytes)}):
                    for part in _about(volume):
                        file.write(part, pretty_print=True)
                    while waiting is not None and waiting[0].volume == volume.number:
                        for part in _objects(*waiting):
                            file.write(part, pretty_print=True)
                        waiting = next(left, None)
                    if volume.state is not VolumeState.LISTED:
                        file.write(_text("error", f"volume-{volume.state}"))
                file.write("\n")


def _head(found: Examined) -> Iterator[Any]:
    metadata = etree.Element("metadata")
    metadata.append(_text(f"{{{_DC}}}type", "Disk Image"))
    metadata.append(_text(f"{{{_DC}}}identifier", f"{found.case} {found.exhibit}"))
    creator = etree.Element("creator")
    creator.append(_text("program", "Kancil"))
    creator.append(_text("version", __version__))
    source = etree.Element("source")
    source.extend(_text("image_filename", each.name) for each in found.files)
    return iter((metadata, creator, source))


def _about(volume: Volume) -> Iterator[Any]:
    runs = etree.Element("byte_runs")
    size = {"img_offset": str(volume.start_bytes), "len": str(volume.size_bytes)}
    etree.SubElement(runs, "byte_run", size)
    yield runs
    yield _text("partition_offset", str(volume.start_bytes))
    if volume.holds:
        yield _text("ftype_str", volume.holds)


def _objects(entry: FileEntry, contents: Sequence[FileContent]) -> Iterator[Any]:
    """The file, then each member of the archive that it is."""
    own = [each for each in contents if not each.member]
    yield _file(entry, own[0] if own else None)
    for member in contents:
        if member.member:
            made = etree.Element("fileobject")
            made.append(_text("filename", f"{entry.path}/{member.inside}"))
            made.append(_text("partition", str(entry.volume)))
            made.append(_text("id", f"{entry.number}.{member.member}"))
            made.append(_text("filesize", str(member.read_bytes)))
            made.extend(_digests(member))
            yield made


def _file(entry: FileEntry, content: FileContent | None) -> Any:
    made = etree.Element("fileobject")
    made.append(_text("filename", entry.path))
    size = entry.size_bytes
    read = content.read_bytes if content is not None else None
    if read is not None and read < (size or 0) and not is_sparse(entry.path, entry.address, read):
        made.append(_text("error", f"entry-ends-early: {read} bytes read"))
    made.append(_text("partition", str(entry.volume)))
    made.append(_text("id", str(entry.number)))
    if entry.kind in _LETTERS:
        made.append(_text("name_type", _LETTERS[entry.kind]))
    if size is not None:
        made.append(_text("filesize", str(size)))
    made.append(_text("alloc_name", "1" if entry.state is Allocation.ALLOCATED else "0"))
    if entry.address:
        made.append(_text("inode", entry.address.partition("-")[0]))
    times = (entry.modified_ns, entry.changed_ns, entry.accessed_ns, entry.created_ns)
    for name, time in zip(("mtime", "ctime", "atime", "crtime"), times, strict=True):
        if time is not None:
            made.append(_text(name, time_text(time, entry.zone)))
    if content is not None:
        made.extend(_digests(content))
    return made


def _digests(content: FileContent) -> Iterator[Any]:
    for name in ("md5", "sha1", "sha256"):
        made = _text("hashdigest", getattr(content, name).hex())
        made.set("type", name)
        yield made


def _text(name: str, text: str) -> Any:
    r"""An element; what XML has no character for is written by its number, as in `\x07`."""
    made = etree.Element(name)
    made.text = text.translate(_NO_XML)
    return made
