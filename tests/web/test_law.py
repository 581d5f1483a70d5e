"""The page *Law*: what may carry a request, own texts with their source, and bad files refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.desk.law.errors import LawFileChanged
from tests.legal.lawfiles import LAW
from tests.web.site import Site


def send(site: Site, data: bytes, name: str = "law.yaml") -> Any:
    file = SimpleUploadedFile(name, data)
    return site.client("officer").post("/law/import/", {"unit_law_file": file})


def shown(site: Site, address: str) -> str:
    answer = site.client("reader").get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_file_of_law_is_imported_recorded_and_shown_with_its_source(site: Site) -> None:
    assert "No text of law yet" in shown(site, "/law/")
    assert "/law/import/" not in shown(site, "/law/"), "who may not import is not led there"
    assert b"/law/import/" in site.client("officer").get("/law/").content
    assert site.client("reader").get("/law/import/").status_code == 403
    assert send(site, LAW.encode()).headers["Location"] == "/law/"
    (entry,) = site.entries("law.imported")
    assert (entry.body["offences"], entry.body["countries"]) == (2, ["LA", "TH", "XA", "XB"])
    assert send(site, LAW.encode()).status_code == 302
    assert len(site.entries("law.imported")) == 1, "the same again changes nothing"
    page = shown(site, "/law/")
    assert "Cybercrime Act 2015 (invented), 12" in page
    assert "Official gazette 7/2015" in page
    assert "a party (2026-06-01), as of 2026-11-20" in page
    one = shown(site, "/law/texts/xb-penal-341/")
    assert "a sworn translator" in one
    assert "2026-01-01" in one


def test_legal_bases_are_answered_in_a_sentence_and_what_is_not_known_is_said(site: Site) -> None:
    asked = "/law/?law_kind=preservation&law_with=PH&law_from=LA&law_on=2026-11-29"
    before = shown(site, asked)
    assert "no law is known here to bind both" in before
    assert "How Lao People&#x27;s Democratic Republic stands to it is not known here." in before
    assert "Check at coe.int" in before
    send(site, LAW.encode())
    assert "known here to bind: Budapest Convention (ETS 185)" in shown(site, asked)
    freeze = shown(site, "/law/?law_kind=freeze&law_with=TH&law_from=LA")
    for name in ("Treaty on mutual assistance (invented)", "ASEAN MLAT", "not yet in force"):
        assert name in freeze
    odd = site.client("reader").get("/law/?law_kind=nonsense&law_with=TH&law_from=LA")
    assert "Legal bases, the best first" not in odd.content.decode()


def test_elements_are_paired_by_the_reader_and_nothing_is_decided(site: Site) -> None:
    send(site, LAW.encode())
    there = "/law/texts/xa-cyber-12/beside/xb-penal-341/"
    assert "Elements paired: 0. Alone: 5." in shown(site, there)
    page = shown(site, there + "?pair-input=deceit")
    assert "Elements paired: 1. Alone: 3." in page
    assert "nothing here decides it" in page
    client = site.client("reader")
    assert client.get(there + "?pair-input=nothing").status_code == 404
    assert client.get("/law/texts/xa-cyber-12/beside/none/").status_code == 404
    assert client.get("/law/texts/none/").status_code == 404


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (LAW.replace("country: XA", "country: Laos").encode(), "line 4"),
        (b"PK\x03\x04", "cannot be used"),
        (b"format: kancil-law/1\n" + b"#" * 4_000_001, "larger than 4 MB"),
    ],
)
def test_a_bad_file_gives_one_sentence_and_changes_nothing(
    site: Site, data: bytes, told: str
) -> None:
    answer = send(site, data)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not site.entries("law.imported")
    assert not list(site.workspace.law_dir.glob("*"))


def test_a_kept_file_that_was_changed_stops_the_answer(site: Site) -> None:
    send(site, LAW.encode())
    (kept,) = site.workspace.law_dir.iterdir()
    kept.write_bytes(LAW.replace("five years", "ten years").encode())
    from kancil.desk.law.queries import law_library  # once the site has opened the desk
    from kancil.web.unit_desk import unit_desk

    with pytest.raises(LawFileChanged):
        law_library(unit_desk().ledger, site.workspace)
    page = site.client("reader").get("/law/")
    assert page.status_code == 500
    assert "is not what was imported" in page.content.decode()
    kept.unlink()
    with pytest.raises(LawFileChanged):
        law_library(unit_desk().ledger, site.workspace)
