"""A bundle that a classroom made once, and what of it is changed to plant a flaw.

A bundle cannot come out of a seed: its keys and times are new each time. So one is kept beside this
file, of the lab `ransom-payment` (`tools/make_lab_bundle.py`), and a variant shows it as it is or
with one value changed after it was signed. The archive around the change stays well-formed, so that
a check names the file inside.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

_KEPT = Path(__file__).with_name("bundle.zip.xz")


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a file inside, replaced by another one of the same length."""

    member: str
    old: bytes
    new: bytes


CHANGES = (
    Change("analysis/report.html", b"0.62991225", b"0.92991225"),
    Change("analysis/traces/1/transfers.csv", b",62991225,", b",92991225,"),
    Change("custody/entries.jsonl", b"2026-11-30T02:39:54.759236Z", b"2026-10-30T02:39:54.759236Z"),
)
"""A sum in the report, the same sum in the table of transfers, the day an exhibit was added."""


def intact_bundle() -> bytes:
    """The bundle as it was signed."""
    return lzma.decompress(_KEPT.read_bytes())


def changed_bundle(change: Change) -> bytes:
    """The bundle with a change; its members keep their places, and their checksums fit."""
    data = intact_bundle()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(change.member)
        content = archive.read(info)
    changed = content.replace(change.old, change.new)
    old, new = (each.to_bytes(4, "little") for each in (info.CRC, zlib.crc32(changed)))
    return data.replace(content, changed).replace(old, new)
