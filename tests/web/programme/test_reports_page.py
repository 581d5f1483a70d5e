"""Reports on the site: who gets which document, and what is in none of them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.http import HttpResponse

from kancil.assessment.answer import Given, Kind
from kancil.assessment.export import round_json
from kancil.assessment.protocol import Confidence
from kancil.assessment.protocol_files.library import named_protocol
from kancil.assessment.protocol_files.translation import offered_languages
from kancil.ground import clock, offered
from kancil.ground.offered import is_offered
from kancil.ground.words import render
from tests.reports import poppler
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY

SECRETS = (
    "Budget of the unit",
    "letter 114",
    "five months",
    "Two investigators",
    "In writing, for",
)
"""Of the withheld document and of the interview in the sample."""
STARTS = {"pdf": b"%PDF-", "docx": b"PK", "html": b"<!doctype html>"}


def ask(site: ProgrammeSite, name: str, round: str, **more: str) -> HttpResponse:
    sent = {"paper_kind": "report", "paper_format": "html", "paper_language": "en", **more}
    answer = site.client(name).post(f"/rounds/{round}/reports/", sent)
    assert isinstance(answer, HttpResponse)
    return answer


def text_of(data: bytes, format: str, folder: Path) -> str:
    if format == "pdf":
        path = folder / "it.pdf"
        path.write_bytes(data)
        return poppler.text_of(path)
    if format == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(archive.read(each).decode("utf-8", "replace") for each in
                           archive.namelist() if each.endswith(".xml"))  # fmt: skip
    return data.decode("utf-8")


@pytest.mark.thorough
def test_each_document_comes_as_a_file_to_be_kept_and_holds_no_secret(
    programme: ProgrammeSite, tmp_path: Path
) -> None:
    poppler.need("pdftotext")
    for format, start in STARTS.items():
        for kind in ("brief",) if format == "pdf" else ("brief", "report"):
            answer = ask(programme, "ann", programme.second, paper_kind=kind, paper_format=format)
            assert answer.status_code == 200, (kind, format)
            assert answer.content.startswith(start)
            name = f'attachment; filename="XKA-{kind}-'
            assert answer["Content-Disposition"].startswith(name)
            text = text_of(answer.content, format, tmp_path)
            assert "Kasa" in text
            assert "DRAFT" in text
            for secret in SECRETS:
                assert secret not in text, (kind, format, secret)


def test_a_focal_point_gets_their_countrys_report_and_no_other(programme: ProgrammeSite) -> None:
    answer = ask(programme, "fay", programme.second)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Given in confidence" in page
    assert not [secret for secret in SECRETS if secret in page]
    assert ask(programme, "fay", programme.bola).status_code == 404
    assert programme.client("fay").get(f"/rounds/{programme.bola}/reports/").status_code == 404


def test_who_does_not_see_a_round_gets_nothing_of_it(programme: ProgrammeSite) -> None:
    for name in ("don", "ada", "far", "out"):
        for answer in (
            programme.client(name).get(f"/rounds/{programme.second}/reports/"),
            ask(programme, name, programme.second),
        ):
            assert answer.status_code in (403, 404), name
            assert b"Kasa" not in answer.content
    nobody = programme.client(None).get(f"/rounds/{programme.second}/reports/")
    assert nobody.status_code == 302


def test_what_cannot_be_made_is_said_and_the_choice_is_kept(programme: ProgrammeSite) -> None:
    answer = ask(programme, "lea", programme.second, paper_kind="novel", paper_format="docx")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<form" in page
    assert re.search(r'value="docx"[^>]*checked', page)
    offered = re.findall(r'<option value="([a-z]+)"', page)
    assert offered[0] == "en"
    for each in offered[1:]:
        assert is_offered(each, "paper")
        assert each in offered_languages(named_protocol(CAPABILITY))
    answer = ask(programme, "lea", programme.second, paper_language="../../etc")
    assert "<form" in answer.content.decode()


def test_everybody_who_sees_releases_gets_the_region_and_only_what_was_released(
    programme: ProgrammeSite,
) -> None:
    sent = {"paper_format": "html", "paper_language": "en"}
    answer = programme.client("olga").post("/region/report/", sent)
    page = answer.content.decode()
    assert page.index("Bola") < page.index("Cera")
    assert "Kasa" not in page
    answer = programme.client("don").post("/region/report/", sent)
    assert "Bola" in answer.content.decode()
    assert "Cera" not in answer.content.decode()
    assert programme.client("ada").get("/region/report/").status_code == 403
    empty = programme.client("out").get("/region/report/").content.decode()
    assert "No country has released" in empty


def test_an_answer_that_rests_on_an_interview_does_not_say_so_in_what_leaves(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.queries.evidence import evidence
    from kancil.desk.assessment.queries.leaving import whole_round

    ann = programme.people["ann"]
    (interview,) = [
        row.item.id for row in evidence(programme.sight("ann")) if row.item.kind == "interview"
    ]
    give_answer(
        by=ann, round=programme.second, protocol="capability-2026.2", indicator="LF12",
        given=Given(Kind.VALUE, 2), parts={}, confidence=Confidence.HIGH, comment="",
        evidence=[interview],
    )  # fmt: skip
    for name in ("fay", "olga", "ann", "lea"):
        whole = whole_round(
            programme.people[name], programme.second, today=date(2026, 6, 1), made_at=clock.now(),
            kancil="0.1.0",
        )  # fmt: skip
        exported = json.dumps(round_json(whole))
        assert interview not in exported, name
        assert '"kind": "interview"' not in exported, name
        capability = next(
            each for each in round_json(whole)["protocols"] if each["name"].startswith("capab")
        )
        (lf12,) = [each for each in capability["indicators"] if each["indicator"] == "LF12"]
        assert not [each for one in lf12["answers"] for each in one["evidence"]], name
        grades = {line["grade"] for each in capability["figures"] for line in each["lines"]}
        assert grades <= {"a", None}, name
    for name in ("fay", "lea"):
        page = ask(programme, name, programme.second).content.decode()
        assert not [secret for secret in SECRETS if secret in page], name


def test_pages_and_the_brief_in_arabic_run_from_right_to_left(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if Arabic had all words, whatever was added to English since."""
    counts = dict.fromkeys(offered.coverage("en"), (100, 100))
    monkeypatch.setattr(offered, "coverage", lambda _: counts)
    client = programme.client("fay")
    client.cookies["language"] = "ar"
    page = client.get("/").content.decode("utf-8")
    assert '<html lang="ar" dir="rtl"' in page
    asked = {"paper_kind": "brief", "paper_language": "ar"}
    warned = ask(programme, "fay", programme.second, **asked).content.decode("utf-8")
    assert "not in the language of this document" in warned
    brief = ask(programme, "fay", programme.second, **asked, paper_mixed="on")
    text = brief.content.decode("utf-8")
    assert '<html lang="ar" dir="rtl">' in text
    assert render("name.brief-priorities", "ar") in text
    own = named_protocol(CAPABILITY).areas
    assert any(each.title.in_language("ar") in text for each in own.values())
    client.cookies["language"] = "en"
    assert '<html lang="en" dir="ltr"' in client.get("/").content.decode("utf-8")
