"""The assertions, and how each is tried.

| assertion | holds where |
|---|---|
| `stored-digest` | the MD5 that the acquisition stored, and the one made, are the reference's |
| `altered-refused` | a copy with one bit changed is refused by that digest, not by a parser |
| `entries` | as many entries are listed |
| `deleted` | as many of them are deleted |
| `contents` | each file has its path, state, size and SHA-256; none is missing, none is extra |
| `not-examined` | what was left out, and each reason, is as in the reference |
| `same-again` | another pass, by other workers in another time zone, makes the same tables |

Source: the idea is that of NIST's Computer Forensics Tool Testing (CFTT): *Digital Data Acquisition
Tool Specification*, draft 1 of version 4.0 (2004), and *Active File Identification & Deleted File
Recovery Tool Specification*, draft 1 of version 1.1 (2009). The assertions are our own.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kancil.evidence.errors import ImageNotReadable, StoredDigestDiffers
from kancil.evidence.images.entry import Allocation
from kancil.evidence.triage import supervise
from kancil.evidence.triage.content import WITH_CONTENT
from kancil.evidence.triage.outcome import Outcome
from kancil.ground.errors import KancilError

from .altered import alter
from .verdict import Row, Rows, Verdict

Known = Mapping[str, Any]
"""What an independent tool found on an image."""
REFERENCE = Path(__file__).parent / "reference"
ROWS_NAME = "expected.json"
"""What is known of each image of a folder, by its file name (`tools/reference_rows.py`)."""
_WORKERS = 1
"""Of the other pass: another number than that of the first."""
_ZONES = ("<+0545>-5:45", "<-1000>10")
"""For the other pass, as POSIX writes TZ: the first one that is not this process's own."""


def validate(folder: Path = REFERENCE) -> Iterator[Verdict]:
    """Try each assertion on each reference image: E01 of one segment whose MD5 is stored."""
    known = json.loads((folder / ROWS_NAME).read_bytes())
    for name in sorted(known):
        with tempfile.TemporaryDirectory(prefix="kancil-validation-") as work:
            yield from _tried(folder / name, known[name], Path(work))


def _tried(image: Path, known: Known, work: Path) -> Iterator[Verdict]:
    """Verdicts on one image; where a pass failed, its error is what each of them found."""
    first = _pass(image, work / "first")
    for assertion, (expected, actual) in _OF_A_PASS.items():
        found: list[Row] = actual(first) if isinstance(first, Outcome) else [(first.code,)]
        if assertion == "stored-digest" and isinstance(first, StoredDigestDiffers):
            found = [tuple(str(first.params[name]) for name in ("digest", "stored", "found"))]
        yield _verdict(assertion, image, expected(known), found)
    refused = _altered(image, work)
    said = "read" if isinstance(refused, Outcome) else refused.code
    yield _verdict("altered-refused", image, [(StoredDigestDiffers.code,)], [(said,)])
    with _other_zone():
        again = _pass(image, work / "again", _WORKERS)
    once = _digests(first) if isinstance(first, Outcome) else [("read",)]
    twice = _digests(again) if isinstance(again, Outcome) else [(again.code,)]
    yield _verdict("same-again", image, once, twice)


def _verdict(
    assertion: str, image: Path, expected: Iterable[Row], actual: Iterable[Row]
) -> Verdict:
    return Verdict(assertion, image.name, _in_order(expected), _in_order(actual))


def _in_order(rows: Iterable[Row]) -> Rows:
    return tuple(sorted(rows, key=str))


def _pass(image: Path, folder: Path, workers: int = supervise.WORKERS) -> Outcome | KancilError:
    """What a pass found, or why there was none: a verdict says it."""
    try:
        return supervise.triage([image], folder, called=image.name, workers=workers)
    except KancilError as error:
        return error


def _altered(image: Path, work: Path) -> Outcome | KancilError:
    copy = work / f"altered-{image.name}"
    try:
        alter(image, copy)
    except ImageNotReadable as error:
        return error
    return _pass(copy, work / "altered")


@contextmanager
def _other_zone() -> Iterator[None]:
    """Children that are started meanwhile get another time zone; this process keeps its own."""
    own = os.environ.get("TZ")
    os.environ["TZ"] = next(each for each in _ZONES if each != own)
    try:
        yield
    finally:
        if own is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = own


def _digests(found: Outcome) -> list[Row]:
    return list(found.digests.items())


def _sum(known: Known, name: str) -> list[Row]:
    return [(sum(each[name] for each in known["volumes"]),)]


def _deleted(found: Outcome) -> list[Row]:
    states = found.entries["state"].to_pylist()
    return [(sum(each != Allocation.ALLOCATED for each in states),)]


def _known_contents(known: Known) -> list[Row]:
    return [
        (volume["offset_sectors"] * 512, path, state, size, sha256)
        for volume in known["volumes"]
        for path, _, state, size, sha256 in volume["regular_files"]
    ]


def _contents(found: Outcome) -> list[Row]:
    """Begin of the volume, path, state, size as read, SHA-256; a name alone has no content."""
    starts = {each.number: each.start_bytes for each in found.listed.volumes}
    read = {
        row["number"]: (row["read_bytes"], row["sha256"].hex())
        for row in found.contents.to_pylist()
        if row["member"] == 0
    }
    rows: list[Row] = []
    for row in found.entries.to_pylist():
        if row["kind"] in WITH_CONTENT:
            state = "alloc" if row["state"] == Allocation.ALLOCATED else "deleted"
            content = read.get(row["number"], (None, None))
            rows.append((starts[row["volume"]], row["path"], state, *content))
    return rows


_OF_A_PASS: dict[str, tuple[Callable[[Known], list[Row]], Callable[[Outcome], list[Row]]]] = {
    "stored-digest": (
        lambda known: [("md5", known["raw_md5"], known["raw_md5"])],
        lambda found: [("md5", found.listed.stored.get("md5"), found.image.get("md5"))],
    ),
    "entries": (
        lambda known: _sum(known, "fls_entries"),
        lambda found: [(found.listed.entries,)],
    ),
    "deleted": (lambda known: _sum(known, "deleted_entries"), _deleted),
    "contents": (_known_contents, _contents),
    "not-examined": (
        lambda known: [tuple(each) for each in known["not_examined"]],
        lambda found: [(row["place"], row["code"]) for row in found.left_out.to_pylist()],
    ),
}
"""What is known, and what one pass found."""
ASSERTIONS = (*_OF_A_PASS, "altered-refused", "same-again")
