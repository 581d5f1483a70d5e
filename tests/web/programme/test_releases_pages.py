"""What was released, by whom, and who may have it."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from typing import Any

from tests.web.programme.asking import sent, shown
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY

REPORT = b"the report, as it was released"
OFFICIAL = {
    "release_official": "Rina <b>Ros</b>", "release_office": "Ministry of Justice",
    "release_day": "2026-06-01",
}  # fmt: skip


def releases(site: ProgrammeSite, *further: str) -> str:
    return "/".join([f"/rounds/{site.second}/releases", *further, ""])


def document(name: str = "../report.pdf") -> dict[str, Any]:
    file = io.BytesIO(REPORT)
    file.name = name
    return {"do": "document", "release_document": "country", "release_file": file, **OFFICIAL}


def newest() -> Any:
    from kancil.desk.assessment.models import Release

    row = Release.objects.first()
    assert row is not None
    return row


def test_donor_readers_have_what_was_released_until_it_is_withdrawn(
    programme: ProgrammeSite,
) -> None:
    list_of_all = "/countries/XKA/released/"
    assert "Nothing is released" in shown(programme, "don", list_of_all)
    text = sent(programme, "fay", releases(programme, "document"), document())
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
    given = {"do": "figures", "release_protocols": [CAPABILITY], **OFFICIAL}
    text = sent(programme, "olga", releases(programme, "figures"), given)
    assert "Figures for comparison" in text
    row = newest()
    file = programme.client("don").get(f"/countries/XKA/released/{row.id}/")
    body = file.getvalue().decode()
    assert CAPABILITY in body
    assert "Yearly report of the unit" not in body
    assert "wait five months" not in body


def test_bad_input_of_a_release_is_said(programme: ProgrammeSite) -> None:
    there = releases(programme, "document")
    assert "This must be filled in" in sent(
        programme, "fay", there, {"do": "document", "release_document": "country", **OFFICIAL}
    )
    later = {**document(), "release_day": "2999-01-01"}
    assert "still to come" in sent(programme, "fay", there, later)
    kind = {**document(), "release_document": "interviews"}
    assert "Choose one of those" in sent(programme, "fay", there, kind)
    figures = {"do": "figures", **OFFICIAL}
    assert "This must be filled in" in sent(
        programme, "fay", releases(programme, "figures"), figures
    )


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
