"""Legal bases: stated in words or in a file, never half understood."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kancil.custody.basis import from_dict, from_file, from_text, kinds
from kancil.custody.errors import LegalBasisNotReadable
from kancil.ground import canonical
from kancil.ground.errors import FileNotReadable
from kancil.ground.ids import new_id
from kancil.ground.plain import plain

TOML = """
kind = "warrant"
number = "12/2026"
authority = "People's Court of Vientiane Capital"
issued_on = 2026-03-01
expires_on = "2026-04-01"
scope = "phones of the suspect"
country = "LA"
"""


def test_free_text_states_only_words_unless_it_begins_with_a_kind() -> None:
    words = from_text("  Section 12, Law on Prevention of Cyber Crime ")
    assert (words.kind, words.authority) == (
        "stated",
        "Section 12, Law on Prevention of Cyber Crime",
    )
    assert words.title() == "Section 12, Law on Prevention of Cyber Crime"
    consent = from_text("consent: Mr A, in writing")
    assert (consent.kind, consent.authority) == ("consent", "Mr A, in writing")
    assert from_text("consent:").kind == "stated"
    assert from_text("Article 5: access").kind == "stated"


def test_a_file_states_each_field(tmp_path: Path) -> None:
    path = tmp_path / "basis.toml"
    path.write_text(TOML)
    basis = from_file(path)
    assert (basis.kind, basis.issued_on, basis.expires_on) == (
        "warrant", date(2026, 3, 1), date(2026, 4, 1),
    )  # fmt: skip
    assert basis.return_due_on is None
    other = tmp_path / "basis.json"
    other.write_text(json.dumps(plain(basis)))
    assert from_file(other) == basis
    with pytest.raises(FileNotReadable):
        from_file(tmp_path / "none.toml")


def test_what_is_not_stated_is_null_and_never_left_out() -> None:
    stated = plain(from_text("x"))
    assert len(stated) == 10
    assert stated["expires_on"] is None
    assert from_dict(canonical.loads(canonical.dumps(stated))) == from_dict(stated)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": None},
        {"kind": "permission"},
        {"kind": "LA:x"},
        {"expires_on": "soon"},
        {"expires_on": 20260301},
        {"expire_on": "2026-03-01"},
        {"number": 12},
        {"number": ""},
        {"document_sha256": "abc"},
        {"id": "1"},
    ],
)
def test_a_field_that_is_not_understood_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(LegalBasisNotReadable):
        from_dict({"id": new_id(), "kind": "warrant", **change})


@pytest.mark.parametrize("text", ["kind = ", "[1]", "{", "\xff"])
def test_a_file_that_is_neither_toml_nor_json_is_refused(tmp_path: Path, text: str) -> None:
    for name in ("b.toml", "b.json"):
        path = tmp_path / name
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(LegalBasisNotReadable):
            from_file(path)


def test_a_countrys_own_term_is_accepted_in_its_form() -> None:
    assert kinds() == ("warrant", "order", "consent", "statute", "foreign-request", "stated")
    assert from_dict({"id": new_id(), "kind": "la:prosecutor-order"}).kind == "la:prosecutor-order"
