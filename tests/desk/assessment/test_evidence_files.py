"""Files of evidence: in the store before the row, by digest, bounded, checked when read."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from kancil.desk.assessment import stored
from kancil.desk.assessment.actions.evidence import (
    File,
    add_evidence,
    add_interview,
    bring_file,
    use_extract,
)
from kancil.desk.assessment.actions.legal import add_extract
from kancil.desk.assessment.errors import (
    FileTooLarge,
    RecordNotFound,
    RoundClosed,
    StoredFileBroken,
    StoredFileMissing,
)
from kancil.desk.assessment.models import EvidenceItem
from kancil.desk.assessment.queries.evidence import evidence, open_evidence
from kancil.desk.assessment.stored import store_of
from kancil.ground.digests import sha256_hex
from kancil.records.errors import FieldNotUsable
from tests.desk.assessment.programme import GUIDE, HERE, Programme, programme
from tests.desk.assessment.test_acts import EXTRACT
from tests.desk.desks import Desk

NAME = "../a\u202eb.pdf"


def bring(made: Programme, desk: Desk, content: bytes, **more: str) -> str:
    given: dict[str, Any] = {"grade": "a", "kind": "document", "title": "Decree", **more}
    file = File(store_of(desk.workspace), io.BytesIO(content), NAME)
    return add_evidence(by=made["ann"], round=made.round, file=file, **given)


def test_a_file_is_kept_under_its_digest_and_read_back(desk: Desk) -> None:
    made = programme()
    id = bring(made, desk, b"the decree")
    row = EvidenceItem.objects.get(id=id)
    assert (row.sha256, row.size_bytes) == (sha256_hex(b"the decree"), 10)
    assert row.file_name == "ab.pdf"
    shown, stream = open_evidence(made.sight("fay"), store_of(desk.workspace), id)
    with stream:
        assert (shown.item.title, stream.read()) == ("Decree", b"the decree")


def test_what_is_too_large_or_has_no_row_leaves_no_file(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = programme()
    store = store_of(sqlite_desk.workspace)
    with monkeypatch.context() as small:
        small.setattr(stored, "MOST_MEGABYTES", 0)
        with pytest.raises(FileTooLarge):
            bring(made, sqlite_desk, b"0123456789")
    with pytest.raises(FieldNotUsable):
        bring(made, sqlite_desk, b"short", title=" ")
    assert bring(made, sqlite_desk, b"012345678")
    assert list(store.contents()) == [sha256_hex(b"012345678")], "the next intake swept the rest"


def test_a_changed_or_missing_file_is_told_and_not_given(sqlite_desk: Desk) -> None:
    made = programme()
    store = store_of(sqlite_desk.workspace)
    id = bring(made, sqlite_desk, b"the decree")
    path = store.path_of(sha256_hex(b"the decree"))
    path.chmod(0o600)
    path.write_bytes(b"the decreE")
    with pytest.raises(StoredFileBroken):
        open_evidence(made.sight("ann"), store, id)
    path.unlink()
    with pytest.raises(StoredFileMissing):
        open_evidence(made.sight("ann"), store, id)
    for content, is_it in ((b"another", False), (b"the decree", True)):
        file = File(store, io.BytesIO(content), "x")
        if is_it:
            bring_file(by=made["bo"], round=made.round, evidence=id, file=file)
        else:
            with pytest.raises(FieldNotUsable):
                bring_file(by=made["bo"], round=made.round, evidence=id, file=file)
    open_evidence(made.sight("ann"), store, id)[1].close()


def test_evidence_that_cannot_be_is_refused(sqlite_desk: Desk) -> None:
    made = programme()
    about: dict[str, Any] = {"by": made["ann"], "round": made.round, "title": "T"}
    for grade, kind in (("z", "document"), ("a", "interview"), ("a", "statute"), ("a", "rumour")):
        with pytest.raises(FieldNotUsable):
            add_evidence(grade=grade, kind=kind, **about)
    talk: dict[str, Any] = {
        "by": made["ann"], "round": made.round, "grade": "b", "held_on": date(2026, 4, 1),
        "people_count": 3, "group": "Officers", "consent": "In writing", "notes": "N",
    }  # fmt: skip
    for wrong in ({"grade": "a"}, {"people_count": 0}, {"consent": " "}, {"group": ""}):
        with pytest.raises(FieldNotUsable):
            add_interview(**{**talk, **wrong})
    made.closed()
    with pytest.raises(RoundClosed):
        add_interview(**talk)
    assert not EvidenceItem.objects.exists()


def test_one_extract_serves_many_answers_as_one_item(sqlite_desk: Desk) -> None:
    made = programme()
    extract = add_extract(by=made["ann"], country=HERE, extract=EXTRACT)
    about: dict[str, Any] = {"round": made.round, "extract": extract, "grade": "a"}
    item = use_extract(by=made["ann"], **about)
    assert use_extract(by=made["bo"], **about) == item
    made.give("ann", "L1", 2, evidence=(item,))
    made.give("bo", "L2", 1, evidence=(item,))
    (row,) = evidence(made.sight("rex"))
    assert row.used_by == ((GUIDE, "L1"), (GUIDE, "L2"))
    assert row.item.extract == extract
    with pytest.raises(RecordNotFound):
        use_extract(by=made["bo"], round=made.round, extract="x", grade="a")
