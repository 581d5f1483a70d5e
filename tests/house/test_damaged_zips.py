"""A ZIP whose first member begins before its file does is refused with a sentence, at each door."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from kancil.assessment.errors import OfficialTextNotReadable
from kancil.assessment.official.lines import lines_of
from kancil.assessment.released_files import form_of
from kancil.bitcoin.errors import LabelledSetNotReadable
from kancil.bitcoin.evaluation.labelled import open_labelled
from kancil.evidence.errors import TableNotReadable
from kancil.evidence.members.opening import members_of
from kancil.evidence.tables.table import sniff_table
from kancil.evidence.text.office import office_text
from kancil.ground.errors import KancilError
from kancil.ground.skipped import Skipped
from kancil.reports.casework.bundle.archive import read_archive
from kancil.reports.casework.bundle.checker.verify import verify_bytes
from kancil.reports.casework.bundle.checker.zipped_again import is_whole_zip, read_any_zip
from kancil.training.courses.pack import open_pack
from kancil.training.errors import CoursePackNotReadable
from tests.house.survey import module_of, python_files, tree_of
from tests.zips import negative_offset

ELSEWHERE = {
    "kancil.desk.cases.kept_files": "tests/web/test_kept_files.py",
    "kancil.training.packing": "tests/training/test_packing.py",
    "kancil.training.plot.bundle": "reads the one bundle that comes with Kancil",
}
"""Readers of ZIP files that are tried in another test, or read nothing of others."""


def _labelled(folder: Path) -> None:
    path = folder / "sets.zip"
    path.write_bytes(negative_offset("WasabiCoinJoins.txt"))
    for each in open_labelled([path]).sets:
        list(each.transactions())


def _table(_: Path) -> None:
    data = io.BytesIO(negative_offset("xl/workbook.xml"))
    sniff_table(data, "statement.xlsx", may_be_workbook=True)


def _pack(_: Path) -> None:
    open_pack(negative_offset("pack.json", "course.yaml"), "x.kancil-course")


def _statute(_: Path) -> None:
    lines_of(negative_offset("word/document.xml"), "statute.docx")


REFUSING: dict[str, tuple[tuple[type[KancilError], ...], Callable[[Path], None]]] = {
    "kancil.training.courses.pack": ((CoursePackNotReadable,), _pack),
    "kancil.ground.spreadsheet": ((TableNotReadable,), _table),
    "kancil.assessment.official.lines": ((OfficialTextNotReadable,), _statute),
    "kancil.bitcoin.evaluation.labelled": ((LabelledSetNotReadable,), _labelled),
}
"""Readers that raise, and what they raise."""
ANSWERING = (
    "kancil.assessment.released_files",
    "kancil.evidence.members.archives.zip",
    "kancil.evidence.text.office",
    "kancil.reports.casework.bundle.checker.zipped_again",
)
"""Readers that answer: no document, no text, no bundle, an archive of a disk that is damaged."""


@pytest.mark.parametrize("reader", REFUSING)
def test_a_reader_refuses_with_its_own_error(reader: str, tmp_path: Path) -> None:
    errors, read = REFUSING[reader]
    with pytest.raises(errors):
        read(tmp_path)


def test_a_reader_that_answers_says_no() -> None:
    """A document is one by the names in its directory alone: its bytes are kept, never opened."""
    documents = {("MANIFEST.json",): None, ("[Content_Types].xml", "word/document.xml"): "docx"}
    for names, form in documents.items():
        data = negative_offset(*names)
        assert form_of(io.BytesIO(data)) == form
        assert read_any_zip(data) is None
        assert not is_whole_zip(data)
        assert read_archive(data).problems
        assert not verify_bytes(data).is_intact
        assert office_text(data) == ""
        first = next(members_of("zip", "a.zip", data))
        assert first == Skipped("member-damaged", f"a.zip/{names[0]}")


def test_every_reader_of_zips_is_tried() -> None:
    found = {
        module_of(path)
        for path in python_files("src")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("ZipFile")
        and not any(isinstance(each, ast.Constant) and each.value == "w" for each in node.args)
    }
    assert found == {*ELSEWHERE, *REFUSING, *ANSWERING}
