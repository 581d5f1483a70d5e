"""The member `disk`: where on an examined disk a selector stands, and which files were chosen.

It reads the outcome of the pass over the image (`kancil.evidence.triage`), never the image. Whoever
holds the exhibit takes it through the same pass and gets the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kancil.evidence.images.entry import time_text
from kancil.evidence.triage.outcome import VERSION, Outcome, files_sha256, open_outcome
from kancil.evidence.triage.selector_rows import rows_of_selector
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.units import grouped
from kancil.records.finding import Finding, FindingClass
from kancil.records.table import Column, Holds, Table, count, identifier, table_of, text
from kancil.studies.errors import DiskNotExamined
from kancil.studies.study import (
    Answered,
    Material,
    Parameters,
    Result,
    not_supported,
    noted,
    notes_table,
    take,
)

MOST_ROWS = 2_000
"""Of a table; a note says how many there are."""
_STATE = Column("state", Holds.CODE, "name.allocation")
_CODED = Column("coded", Holds.CODE, "name.coded")
_KIND = Column("kind", Holds.CODE, "name.selector")
IMAGE = (
    *text("container"), *count("size_bytes", "entries", "files", "left_out"),
    *count("sightings", "found_in"), *identifier("md5", "sha256"), *text("stored"),
)  # fmt: skip
IDENTIFIERS = (_KIND, *count("values", "sightings", "files"))
FILES = (
    *count("row"), *text("path"), _STATE, *count("read_bytes"), *text("modified"),
    *identifier("sha256", "md5"),
)  # fmt: skip


def places_columns(kind: str) -> tuple[Column, ...]:
    """Of the places at which a selector of a kind stands."""
    return (
        *count("row"), *identifier("value", selector=kind), *text("path"), _STATE,
        *count("offset"), _CODED, *text("modified"), *identifier("sha256"),
    )  # fmt: skip


class DiskStudy:
    """A selector, or chosen files, of one examined disk."""

    name = "disk"
    version = "1"
    earlier: tuple[str, ...] = ()

    def ask(self, material: Material, given: Mapping[str, Any]) -> Parameters:
        """`exhibit`: its label; `inputs`: SHA-256 of its files, in their order.

        `kind`, `value`: of a selector, in its normal form; `files`: numbers of entries. Raises
        DiskNotExamined, OptionNotUsable.
        """
        known = {"exhibit": "", "files": [], "inputs": [], "kind": "", "pass": VERSION, "value": ""}
        asked = take(given, known)
        found = _outcome(material, asked)
        for each in asked["files"]:
            if type(each) is not int or not 0 < each <= found.listed.entries:
                why = Phrase("why.disk-no-file")
                raise OptionNotUsable(option="files", value=str(each)[:40], why=why)
        return asked

    def run(
        self,
        material: Material,
        parameters: Parameters,
        labels: tuple[str, ...] | None = None,
        progress: Progress = SILENT,
    ) -> Answered:
        """Look it up in the tables of the pass."""
        found = _outcome(material, parameters)
        result = Result(self.name, self.version, parameters, tuple(_tables(found, parameters)))
        return Answered(result, {"inputs": list(parameters["inputs"])})

    def question(self, parameters: Parameters) -> Phrase:
        """What was asked."""
        told = {"exhibit": parameters["exhibit"], "value": parameters["value"]}
        asked = "value" if parameters["value"] else "files" if parameters["files"] else "all"
        return Phrase(f"study.disk-question-{asked}", told)

    def answer(self, result: Result) -> list[Phrase]:
        """How often it stands there, and what was read."""
        asked, said = result.parameters, []
        image = result.table("image").row(1) or {}
        told = {"exhibit": asked["exhibit"], "value": asked["value"]}
        if asked["value"]:
            key = "places" if image["sightings"] else "no-place"
            seen = {name: grouped(int(image[of] or 0))
                    for name, of in (("places", "sightings"), ("files", "found_in"))}  # fmt: skip
            said.append(Phrase(f"study.disk-{key}", {**told, **seen}))
        if asked["files"]:
            rows = result.table("files").rows
            said.append(Phrase("study.disk-files", {**told, "files": grouped(len(rows))}))
        read = {name: grouped(int(image[name] or 0)) for name in ("entries", "files", "left_out")}
        return [*said, Phrase("study.disk-read", {**told, **read})]

    def limits(self, result: Result) -> Sequence[Phrase]:
        """The sentences that stood beside the answer when it was computed."""
        return noted(result)

    def finding(self, result: Result, table: str, row: int) -> Finding:
        """That a selector stands at a place of the exhibit, or that a file is on it."""
        known = table in ("places", "files")
        found = result.table(table).row(row) if known else None
        if found is None or not found["sha256"]:
            raise not_supported(row)
        is_live = found["state"] == "allocated"
        what = "selector" if table == "places" else "file"
        names = ("path", "sha256", *(("offset", "value") if table == "places" else ("modified",)))
        return Finding(
            FindingClass.EXHIBIT_FACT,
            f"{what}-on-disk" if is_live else f"{what}-on-disk-deleted",
            {
                "exhibit": result.parameters["exhibit"],
                **{name: "" if found[name] is None else str(found[name]) for name in names},
            },
        )


def _outcome(material: Material, asked: Parameters) -> Outcome:
    """The finished pass that was asked of; raises DiskNotExamined."""
    folder = material.disks_dir / f"{files_sha256(asked['inputs'])}-{asked['pass']}"
    found = open_outcome(folder) if asked["inputs"] else None
    if found is None:
        raise DiskNotExamined(exhibit=asked["exhibit"] or "–")
    return found


def _tables(found: Outcome, asked: Parameters) -> Iterator[Table]:
    listed, contents = found.listed, found.contents
    own = contents.filter(pc.equal(contents["member"], 0))
    rows = rows_of_selector(found, asked["kind"], asked["value"]) if asked["value"] else None
    yield table_of("image", IMAGE, [{
        "container": listed.container, "size_bytes": listed.size_bytes, "entries": listed.entries,
        "files": len(own), "left_out": len(found.left_out), "md5": found.image.get("md5"),
        "sha256": found.image.get("sha256"),
        "sightings": None if rows is None else len(rows),
        "found_in": None if rows is None else len(pc.unique(rows["number"])),
        "stored": ", ".join(f"{name} {value}" for name, value in sorted(listed.stored.items())),
    }])  # fmt: skip
    notes = [Phrase(f"study.disk-limit-{each}") for each in ("who", "read", "time")]
    if rows is not None:
        yield table_of("places", places_columns(asked["kind"]), _places(found, rows))
        if len(rows) > MOST_ROWS:
            told = {"count": grouped(len(rows)), "most": grouped(MOST_ROWS)}
            notes.insert(0, Phrase("study.disk-limit-rows", told))
    if asked["files"]:
        yield table_of("files", FILES, _files(found, own, asked["files"]))
    if not asked["value"] and not asked["files"]:
        yield table_of("identifiers", IDENTIFIERS, _kinds(found.selectors))
    yield notes_table(notes)


def _places(found: Outcome, seen: pa.Table) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(seen.slice(0, MOST_ROWS).to_pylist(), 1):
        contents = found.contents
        fits = pc.and_(pc.equal(contents["number"], row["number"]),
                       pc.equal(contents["member"], row["member"]))  # fmt: skip
        (content,) = contents.filter(fits).to_pylist()
        entry = _entry(found, row["number"])
        inside = f"/{content['inside']}" if content["inside"] else ""
        yield {
            "row": number, "value": row["value"], "path": f"{entry['path']}{inside}",
            "state": entry["state"], "offset": row["offset"], "coded": row["coded"],
            "modified": entry["modified"], "sha256": content["sha256"].hex(),
        }  # fmt: skip


def _files(found: Outcome, own: pa.Table, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    chosen = own.filter(pc.is_in(own["number"], pa.array(numbers, pa.int32())))
    read = {row["number"]: row for row in chosen.to_pylist()}
    for row, number in enumerate(sorted(set(numbers)), 1):
        entry, content = _entry(found, number), read.get(number)
        yield {
            "row": row, "path": entry["path"], "state": entry["state"],
            "read_bytes": None if content is None else content["read_bytes"],
            "modified": entry["modified"],
            "sha256": None if content is None else content["sha256"].hex(),
            "md5": None if content is None else content["md5"].hex(),
        }  # fmt: skip


def _entry(found: Outcome, number: int) -> dict[str, Any]:
    row: dict[str, Any] = found.entries.slice(number - 1, 1).to_pylist()[0]
    stored = row["modified_ns"]
    return {**row, "modified": "" if stored is None else time_text(stored, row["zone"])}


def _kinds(seen: pa.Table) -> Iterator[dict[str, Any]]:
    grouped_rows = seen.group_by("kind").aggregate(
        [("value", "count_distinct"), ("value", "count"), ("number", "count_distinct")]
    )
    for row in sorted(grouped_rows.to_pylist(), key=lambda each: each["kind"]):
        yield {
            "kind": row["kind"], "values": row["value_count_distinct"],
            "sightings": row["value_count"], "files": row["number_count_distinct"],
        }  # fmt: skip


DISK = DiskStudy()
