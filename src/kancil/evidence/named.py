"""Which contents the ledger names, so that the vault can be checked, swept and backed up.

From the roll (what exhibits there are) and the listings in the vault; to sets of digests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kancil.custody.entry import Entry
from kancil.custody.roll import Exhibit, Roll
from kancil.ground.digests import digest_stream
from kancil.ground.errors import FileNotReadable, KancilError

from .errors import InPlaceChanged
from .intake import read_listing
from .vault import Vault, open_regular


@dataclass(frozen=True, slots=True)
class NamedFile:
    """One file of one exhibit, as its listing names it."""

    exhibit: Exhibit
    path: str
    """Path as stated when it was taken in."""
    sha256: str
    size_bytes: int
    in_place: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """A content that is not as the ledger names it."""

    exhibit: str
    """Short number of the exhibit: `E3`."""
    path: str
    error: KancilError


def exhibit_files(exhibit: Exhibit, vault: Vault) -> Iterator[NamedFile]:
    """Go through an exhibit's files; raises VaultBytesMissing for a listing that is gone."""
    for content in exhibit.contents:
        for line in read_listing(vault, content["listing_sha256"]):
            yield NamedFile(
                exhibit, line["path"], line["sha256"], int(line["size_bytes"]), content["in_place"]
            )


def named_contents(roll: Roll, entries: Iterator[Entry], vault: Vault) -> set[str]:
    """The digests that the vault must hold: files of live exhibits, and every listing.

    A disposed exhibit's listing stays, as its tombstone; its files do not. A listing that is
    missing is named too, so that checking tells of it.
    """
    named = {digest for entry in entries for digest in _listings(entry.body)}
    for exhibit in roll.exhibits.values():
        for content in exhibit.contents:
            if content["in_place"] or not vault.holds(content["listing_sha256"]):
                continue
            lines = read_listing(vault, content["listing_sha256"])
            named.update(line["sha256"] for line in lines)
    return named


def _listings(body: dict[str, Any]) -> Iterator[str]:
    contents = [body.get("content"), *(body.get("tombstone") or [])]
    for content in contents:
        if isinstance(content, dict) and isinstance(content.get("listing_sha256"), str):
            yield content["listing_sha256"]


def check_contents(
    roll: Roll, vault: Vault, watch: Callable[[bytes], object] | None = None
) -> Iterator[Trouble]:
    """Read every live exhibit's bytes again, and give each that is not as recorded."""
    for exhibit in roll.exhibits.values():
        for content in exhibit.contents:
            try:
                vault.check(content["listing_sha256"], watch)
            except KancilError as error:
                yield Trouble(exhibit.label, "", error)
                continue
            yield from _check_files(exhibit, content, vault, watch)


def _check_files(
    exhibit: Exhibit,
    content: dict[str, Any],
    vault: Vault,
    watch: Callable[[bytes], object] | None,
) -> Iterator[Trouble]:
    for line in read_listing(vault, content["listing_sha256"]):
        try:
            if content["in_place"]:
                check_in_place(Path(line["path"]), line["sha256"], watch)
            else:
                vault.check(line["sha256"], watch)
        except KancilError as error:
            yield Trouble(exhibit.label, line["path"], error)


def check_in_place(path: Path, sha256: str, watch: Callable[[bytes], object] | None = None) -> None:
    """Read a file that stayed in place again; raises FileNotReadable, InPlaceChanged."""
    try:
        with open_regular(path) as file:
            found = digest_stream(file, *([watch] if watch else []))
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error
    if found.sha256 != sha256:
        raise InPlaceChanged(path=str(path))


def shared_contents(roll: Roll, vault: Vault, leaving: Exhibit) -> set[str]:
    """The digests that other live exhibits need too, which a disposal must leave."""
    return {
        file.sha256
        for exhibit in roll.exhibits.values()
        if exhibit.id != leaving.id
        for file in exhibit_files(exhibit, vault)
        if not file.in_place
    }
