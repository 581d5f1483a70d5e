"""Protocols, answers and documents of others: read in a child as without one, and no more."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kancil.assessment.answer_forms.received import read_answers
from kancil.assessment.errors import AnswersFileBroken, AnswerSheetNotReadable, ProtocolNotReadable
from kancil.assessment.exchange import read_parcel, write_parcel
from kancil.assessment.foreign import (
    check_protocol_bytes,
    check_protocol_file,
    document_form,
    open_parcel,
    read_answer_sheet,
    read_protocol_file,
)
from kancil.assessment.protocol import Protocol
from kancil.assessment.protocol_files.library import FOLDER, protocol_names
from kancil.assessment.protocol_files.reading import check_content, read_protocol
from kancil.assessment.released_files import form_of
from kancil.ground.confine import Limits
from kancil.ground.errors import FileNotReadable, ParserLimitReached
from kancil.ground.phrase import Phrase
from tests.assessment import test_exchange as parcels
from tests.assessment.answer_forms import test_received as sheets
from tests.assessment.sheets import as_csv, as_workbook, filled, newer_of, table

PROTOCOL_FILES = [FOLDER / f"{each}.yaml" for each in protocol_names()]


@pytest.mark.parametrize("path", PROTOCOL_FILES, ids=lambda path: str(path.stem))
def test_a_protocol_is_read_as_without_a_child(path: Path) -> None:
    assert read_protocol_file(path) == read_protocol(path)


def test_faults_of_a_protocol_are_told_as_without_a_child(tmp_path: Path) -> None:
    content = PROTOCOL_FILES[0].read_bytes()[:5_000]
    expected = check_content(content, Path("own.yaml"))
    assert expected[1]
    assert check_protocol_bytes(content, "own.yaml") == expected
    (tmp_path / "own.yaml").write_bytes(content)
    assert len(check_protocol_file(tmp_path / "own.yaml")[1]) == len(expected[1])
    with pytest.raises(ProtocolNotReadable):
        read_protocol_file(tmp_path / "own.yaml")
    with pytest.raises(FileNotReadable):
        read_protocol_file(tmp_path / "absent.yaml")


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_a_sheet_is_read_as_without_a_child(
    write: Callable[[Sequence[Sequence[str]]], bytes],
) -> None:
    data = write(table(sheets.PROTOCOL, [filled(sheets.PROTOCOL, sheets.VALUES)]))
    newer = newer_of(sheets.PROTOCOL)
    versions: list[tuple[Protocol, tuple[Protocol, ...]]]
    versions = [(sheets.PROTOCOL, ()), (newer, (sheets.PROTOCOL,))]
    for protocol, older in versions:
        expected = read_answers(data, "answers", protocol, older)
        assert read_answer_sheet(data, "answers", protocol, older) == expected
    with pytest.raises(AnswerSheetNotReadable):
        read_answer_sheet(b"a,b\n1,2\n", "answers", sheets.PROTOCOL)


def test_a_signed_file_of_answers_is_read_as_without_a_child() -> None:
    data = write_parcel(parcels.packed(), parcels.SIGNER)
    protocols = {parcels.PROTOCOL.name: parcels.PROTOCOL}
    expected = read_parcel(data, "a", parcels.KNOWN, protocols)
    assert open_parcel(data, "a", parcels.KNOWN, protocols) == expected
    with pytest.raises(AnswersFileBroken):
        open_parcel(data.replace(b"Ann", b"Bob"), "a", parcels.KNOWN, protocols)


def test_the_form_of_a_document_is_seen_as_without_a_child() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", "")
    for data in (packed.getvalue(), b"%PDF-1.7\n%%EOF", b"<html>", b"PK\x03\x04", b""):
        stream = io.BytesIO(data)
        assert document_form(stream) == form_of(io.BytesIO(data))
        assert stream.tell() == 0


def test_a_workbook_that_takes_more_than_is_allowed_is_ended() -> None:
    rows = [filled(sheets.PROTOCOL, sheets.VALUES)] * 9_000
    data = as_csv(table(sheets.PROTOCOL, rows))
    hurried = read_answer_sheet.within(Limits(1 << 30, 1))
    with pytest.raises(ParserLimitReached) as refused:
        hurried(data, "answers", sheets.PROTOCOL)
    assert refused.value.params["limit"] == Phrase("thing.time")
