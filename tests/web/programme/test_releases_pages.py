"""What was released, by whom, and who may have it."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from typing import Any

from tests.web.programme.asking import confirmed, plain, sent, shown
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY, THREAT

REPORT = b"%PDF-1.7\nthe report, as it was released\n%%EOF\n"
OFFICIAL = {
    "release_official": "Rina <b>Ros</b>", "release_office": "Ministry of Justice",
    "release_consent": "Letter <i>12</i>",
    "release_day": "2026-06-01",
}  # fmt: skip


def releases(site: ProgrammeSite, *further: str) -> str:
    return "/".join([f"/rounds/{site.second}/releases", *further, ""])


def document(name: str = "../report.pdf", content: bytes = REPORT) -> dict[str, Any]:
    file = io.BytesIO(content)
    file.name = name
    return {
        "do": "document-sure", "release_document": "country", "release_file": file,
        "release_sure": "on", **OFFICIAL,
    }  # fmt: skip


def confirmed_sent(site: ProgrammeSite, who: str, url: str, given: dict[str, Any]) -> str:
    answer = confirmed(site, who).post(url, given, follow=True)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def newest() -> Any:
    from kancil.desk.assessment.models import Release

    row = Release.objects.first()
    assert row is not None
    return row


def test_donor_readers_have_what_was_released_until_it_is_withdrawn(
    programme: ProgrammeSite,
) -> None:
    list_of_all = "/countries/XKA/released/"
    assert "Nothing has been released" in shown(programme, "don", list_of_all)
    text = confirmed_sent(programme, "fay", releases(programme, "document"), document())
    assert "Rina <b>Ros</b>" in text
    assert hashlib.sha256(REPORT).hexdigest() in text
    row = newest()
    assert row.file_name == "report.pdf"
    text = shown(programme, "don", list_of_all)
    assert "report.pdf" in text
    assert "Ministry of Justice" in text
    file = programme.client("don").get(f"{list_of_all}{row.id}/")
    assert file.getvalue() == REPORT
    assert file["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert file["Content-Type"] == "application/octet-stream"

    there = releases(programme, row.id)
    assert "This must be filled in" in sent(programme, "olga", there, {"do": "withdraw"})
    why = {"do": "withdraw", "release_reason": "A wrong annex"}
    assert "A wrong annex" in sent(programme, "olga", there, why)
    assert "report.pdf" not in shown(programme, "don", list_of_all)
    shown(programme, "don", f"{list_of_all}{row.id}/", 404)
    assert "Withdrawn" in shown(programme, "rex", releases(programme))
    type(row).objects.filter(pk=row.pk).update(withdrawn_at=datetime(2026, 6, 30, 20, tzinfo=UTC))
    text = shown(programme, "rex", releases(programme))
    assert "2026-07-01" in text, "the day where the workspace is"
    assert "2026-06-30" not in text


def test_figures_are_released_without_any_answer(programme: ProgrammeSite) -> None:
    given = {"do": "figures-sure", "release_protocols": [CAPABILITY], "release_sure": "on"}
    there = releases(programme, "figures")
    text = confirmed_sent(programme, "olga", there, {**given, **OFFICIAL})
    assert "Figures for comparison" in text
    row = newest()
    file = programme.client("don").get(f"/countries/XKA/released/{row.id}/")
    body = file.getvalue().decode()
    assert CAPABILITY in body
    assert "Yearly report of the unit" not in body
    assert "wait five months" not in body


def test_bad_input_of_a_release_is_said(programme: ProgrammeSite) -> None:
    there = releases(programme, "document")
    without = {name: each for name, each in document().items() if name != "release_file"}
    assert "This must be filled in" in confirmed_sent(programme, "fay", there, without)
    later = {**document(), "release_day": "2999-01-01"}
    assert "in the future" in confirmed_sent(programme, "fay", there, later)
    kind = {**document(), "release_document": "interviews"}
    assert "Choose one of the options" in confirmed_sent(programme, "fay", there, kind)
    figures = {"do": "figures", **OFFICIAL}
    assert "This must be filled in" in confirmed_sent(
        programme, "fay", releases(programme, "figures"), figures
    )


def test_nothing_is_released_by_one_press_or_as_what_it_is_not(programme: ProgrammeSite) -> None:
    there, before = releases(programme, "document"), _count()
    first = {"do": "document", "release_document": "brief", **OFFICIAL}
    answer = programme.client("fay").post(there, first)
    assert answer["Location"].startswith("/account/confirm/")
    assert programme.client("fay").post(there, document())["Location"].startswith("/account/conf")
    text = confirmed_sent(programme, "fay", there, first)
    assert "Brief for a minister" in text
    assert "The round is open: answers can still change" in text
    assert "The legal matrix is a draft" in text
    assert "Donor readers who have this country (now: 1)" in text
    assert "before the day on which the round was opened on this site" in text
    unsure = {name: each for name, each in document().items() if name != "release_sure"}
    assert "This must be filled in" in confirmed_sent(programme, "fay", there, unsure)
    for content in (b"Two pages", b"PK\x03\x04 no package", b"%PDF-1.7 cut off"):
        text = confirmed_sent(programme, "fay", there, document("brief.pdf", content))
        assert "not a PDF, text document (DOCX) or page (HTML)" in text
    early = {**first, "release_day": "2026-03-01"}
    assert "began on 2026-03-02 at the earliest" in confirmed_sent(programme, "fay", there, early)
    assert _count() == before


def _count() -> int:
    from kancil.desk.assessment.models import Release

    return int(Release.objects.count())


def test_a_donor_sees_beside_a_document_how_the_round_stood(programme: ProgrammeSite) -> None:
    confirmed_sent(programme, "fay", releases(programme, "document"), document())
    text = shown(programme, "don", "/countries/XKA/released/")
    assert "answers could still change" in text
    assert "Legal matrix: a draft" in text
    assert "The country is invented" in text
    type(newest()).objects.update(stood={})
    assert "not recorded" in shown(programme, "don", "/countries/XKA/released/")


def test_what_has_no_figures_is_not_offered_for_comparison(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import Release
    from kancil.desk.assessment.queries.releases import regional

    there = releases(programme, "figures")
    text = shown(programme, "fay", there)
    assert "Threat" not in text.partition("Figures of which protocols")[2]
    given = {"do": "figures-sure", "release_protocols": [THREAT], "release_sure": "on"}
    text = confirmed_sent(programme, "fay", there, {**given, **OFFICIAL})
    assert "Choose one of the options" in text
    for row in Release.objects.filter(round_id=programme.bola):
        row.figures = {THREAT: {"figures": [], "method": "m", "sha256": "0"}}
        row.save()
    assert "Bola" not in [each.release.country_name for each in regional(programme.people["don"])]


def test_nobody_else_releases_and_nothing_else_is_seen(programme: ProgrammeSite) -> None:
    for who in ("lea", "ann", "rex"):
        assert "Record a released document" not in shown(programme, who, releases(programme))
        sent(programme, who, releases(programme, "document"), document(), 403)
    for who in ("don", "far", "out"):
        shown(programme, who, releases(programme), 404)
    shown(programme, "far", "/countries/XKA/released/", 404)
    shown(programme, "don", "/countries/XCE/released/", 404)
    assert "comparison-XBO.json" in shown(programme, "don", "/countries/XBO/released/")
    from kancil.desk.assessment.models import Release

    other = Release.objects.get(round__country_id="XCE")
    shown(programme, "don", f"/countries/XBO/released/{other.id}/", 404)
    shown(programme, "olga", f"/countries/XBO/released/{other.id}/", 404)
