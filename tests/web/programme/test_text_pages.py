"""Official texts on pages: imported, read beside a provision, and marked as compared."""

from __future__ import annotations

import io
from datetime import date

import pytest

from kancil.assessment import foreign
from tests.assessment.official import official_samples as samples
from tests.web.programme.asking import sent, shown
from tests.web.programme.served import ProgrammeSite

EVIL = "of its own <script>alert(1)</script>, as far as"


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: that a child reads them is tried in tests of the craft."""
    monkeypatch.setattr(foreign, "_read_official", foreign._read_official.here)


@pytest.fixture
def harbours(programme: ProgrammeSite) -> str:
    """A round of the site on the invented conventions; its address of law."""
    from kancil.desk.assessment.actions.rounds import Member, open_round, set_team
    from kancil.desk.assessment.actions.site import add_protocol_file
    from kancil.desk.assessment.models import Part

    olga = programme.people["olga"]
    add_protocol_file(by=olga, name=samples.NAME, text=samples.protocol_text())
    round = open_round(
        by=olga, country="XKA", title="Harbours", period_from=date(2026, 3, 1),
        period_to=date(2026, 5, 31), protocols=[samples.NAME],
    )  # fmt: skip
    team = {"lea": Part.LEAD, "ann": Part.ASSESSOR, "bo": Part.ASSESSOR, "rex": Part.REVIEWER}
    members = [Member(programme.people[name].pk, part) for name, part in team.items()]
    set_team(by=olga, round=round, members=members)
    return f"/rounds/{round}/{samples.NAME}"


def upload(data: bytes) -> dict[str, object]:
    file = io.BytesIO(data)
    file.name = "boats.html"
    given = {"text_instrument": "boats", "text_language": "en", "text_source": "Kasa, its gazette"}
    return {"do": "import", **given, "text_file": file}


def bring(site: ProgrammeSite, who: str, data: bytes) -> str:
    return sent(site, who, "/texts/new/", upload(data))


def test_a_text_is_imported_read_and_compared(programme: ProgrammeSite, harbours: str) -> None:
    page = f"{harbours}/boats.4/law/"
    before = shown(programme, "ann", page)
    assert f"Boats, 4: {samples.TITLES[3]}" in before
    assert "Official text not imported" in before
    assert "A programme officer, a team lead or an administrator can import it" in before
    assert "boats.4" not in before
    assert "Import official text" in shown(programme, "lea", page)

    half = bring(programme, "olga", samples.html(samples.european(skip=(4, 5, 6, 7))))
    assert "4 of the 8 articles of Convention of Kasa on Borrowed Boats" in half
    assert "were not found: 4, 5, 6, 7" in half
    other = bring(programme, "olga", samples.html(samples.another()))
    assert "This is not the text of Convention of Kasa" in other
    scanned = bring(programme, "olga", samples.blank_pdf())
    assert "A scanned document is a picture" in scanned
    whole = samples.european().replace("of its own, as far as", EVIL)
    kept = bring(programme, "lea", samples.html(whole.replace("<", "&lt;")))
    assert "12 articles imported." in kept

    answer = programme.client("ann").get(page)
    assert "<script>alert" not in answer.content.decode()
    after = shown(programme, "ann", page)
    assert "1 Each Party shall see to boat number 4 in the harbour of its own <script>" in after
    assert "Kasa, its gazette, imported on" in after
    assert "Good practice, not a treaty duty" in after
    assert "Not compared with the official text" in after
    assert "https://kasa.example/1" in after

    told = {"do": "compare", "compared_lawyer": "A. Lawyer", "compared_on": "2026-03-02"}
    assert "Mark as compared" not in shown(programme, "rex", page)
    listed = shown(programme, "rex", "/texts/")
    assert "Official texts of 1 of" in listed
    text = texts(programme)[0]
    words = {**told, "compared_text": text, "compared_differs": "The lamp is not in it"}
    sent(programme, "rex", page, words, 403)
    sent(programme, "far", page, words, 404)
    done = sent(programme, "ann", page, words)
    assert "A. Lawyer compared this question with the official text (en) on 2026-03-02" in done
    assert "The lamp is not in it" in done
    instrument = shown(programme, "fay", f"{harbours}/law/boats/")
    assert "Compared with the official text" in instrument
    assert "Articles that this protocol does not ask: 4" in instrument
    assert "It asks nothing of a State" in instrument

    bring(programme, "ada", samples.html(samples.european() + "\n\nDone at Kasa."))
    assert "Compared with an older text" in shown(programme, "ann", page)
    older = shown(programme, "fay", f"/texts/{text}/")
    assert "A newer import of this text stands after this one" in older
    file = programme.client("fay").get(f"/texts/{text}/file/")
    assert b"".join(file).startswith(b"<!DOCTYPE html>")
    assert "attachment" in file["Content-Disposition"]


def texts(site: ProgrammeSite) -> list[str]:
    """Ids of the texts, from the desk."""
    from kancil.desk.assessment.queries.texts import official_texts

    return [each.id for each in official_texts()]


def test_only_who_may_finds_the_page_of_import(programme: ProgrammeSite) -> None:
    statuses = {"ann": 403, "rex": 403, "fay": 403, "don": 403, "olga": 200, "ada": 200}
    for who, status in statuses.items():
        client = programme.client(who)
        assert client.get("/texts/new/").status_code == status
        assert client.get("/texts/none/").status_code == (403 if who == "don" else 404)
