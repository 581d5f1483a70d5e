"""The study: counts with those who did not answer, of rounds that the reader sees and no other."""

from __future__ import annotations

import csv
import io

import pytest

from tests.web.programme.opening import study_round
from tests.web.programme.reading import got, refused, tables
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY, STUDY

PAGE = f"/study/{STUDY}/"
FORMULA = '=HYPERLINK("http://x"); <script>alert(1)</script>'


@pytest.fixture
def study(programme: ProgrammeSite) -> ProgrammeSite:
    """Answers of three countries: one differs within, one says it does not apply."""
    from kancil.assessment.answer import Given, Kind

    study_round(programme, "XKA", {"L01": ("criminal_code", "other"), "L03": "yes", "L02": FORMULA})
    study_round(programme, "XBO", {"L03": Given(Kind.NOT_APPLICABLE, None, "No parliament")})
    study_round(programme, "XCE", {"L03": Given(Kind.NOT_KNOWN)})
    return programme


def test_everyone_who_did_not_answer_is_counted(study: ProgrammeSite) -> None:
    text = got(study, "olga", PAGE)
    assert "3 countries are in it" in text
    rows = [row for each in tables(text) for row in each]
    assert any(row.startswith("Legislation 8 3 of 24") for row in rows), rows
    area = got(study, "olga", f"{PAGE}area/leg/")
    twin = next(each for each in tables(area) if any("Planned" in row for row in each))
    assert {"Yes 1 of 3", "Planned 0 of 3", "No 0 of 3", "Does not apply 1 of 3",
            "Not known 1 of 3"} <= set(twin)  # fmt: skip
    several = next(each for each in tables(area) if any("Criminal code" in row for row in each))
    assert {"Criminal code 1 of 3", "Not answered 2 of 3"} <= set(several)
    assert "A country could choose several" in area
    assert "not ranked" in area


def test_text_of_others_is_escaped_and_no_formula_leaves(study: ProgrammeSite) -> None:
    raw = study.client("olga").get(f"{PAGE}area/leg/").content.decode()
    assert "HYPERLINK" not in raw
    answer = study.client("olga").get(f"{PAGE}table.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{STUDY}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["country"] for row in rows} == {"XKA", "XBO", "XCE"}
    told = next(row for row in rows if row["indicator"] == "L02" and row["country"] == "XKA")
    assert told["value"].startswith("'=")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    na = next(row for row in rows if row["indicator"] == "L03" and row["country"] == "XBO")
    assert (na["reply"], na["value"], na["reason"]) == ("not-applicable", "", "No parliament")


def test_each_sees_the_rounds_that_are_theirs_and_no_other(study: ProgrammeSite) -> None:
    focal = got(study, "fay", PAGE)
    assert "Kasa" in focal
    assert "Bola" not in focal
    assert "Bola" in got(study, "far", PAGE)
    assert "Kasa" not in got(study, "far", f"{PAGE}area/leg/")
    assert "XKA" not in study.client("far").get(f"{PAGE}table.csv").content.decode()
    assert "No round has answers to show" in got(study, "out", PAGE)
    for name in ("don", "ada"):
        for page in (PAGE, f"{PAGE}area/leg/", f"{PAGE}table.csv"):
            refused(study, name, page)
    refused(study, "ada", "/study/")
    assert f"{PAGE}published/" in study.client("don").get("/study/").content.decode()


def test_a_dispute_is_no_answer_and_an_answer_alone_waits(programme: ProgrammeSite) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.assessment.protocol import Confidence
    from kancil.assessment.study import Said
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.queries.study import study_of

    round = study_round(programme, "XKA", {"L03": "yes", "L08": "yes"}, by=["ann"])
    give_answer(
        by=programme.people["bo"], round=round, protocol=STUDY, indicator="L08", parts={},
        given=Given(Kind.VALUE, "no"), confidence=Confidence.LOW, comment="", evidence=[],
    )  # fmt: skip

    def said(name: str, indicator: str) -> tuple[Said, bool]:
        found = study_of(programme.people[name], STUDY)
        asked = next(one for one in found.questions if one.indicator.id == indicator)
        return asked.replies[0].said, asked.replies[0].given is not None

    assert said("olga", "L08") == (Said.DISPUTED, False)
    assert said("bo", "L03") == (Said.KEPT_BACK, False)
    assert said("ann", "L03") == (Said.VALUE, True)
    assert said("olga", "L07") == (Said.NOT_ANSWERED, False)
    assert "Waiting for your own answer" in got(programme, "bo", f"{PAGE}area/leg/")


def test_of_each_country_the_newest_round_counts(study: ProgrammeSite) -> None:
    from datetime import date

    study_round(
        study, "XKA", {"L03": "no"}, title="Newer",
        period=(date(2026, 8, 1), date(2026, 8, 31)),
    )  # fmt: skip
    text = got(study, "olga", PAGE)
    assert "Newer" in text
    rows = {row for each in tables(got(study, "olga", f"{PAGE}area/leg/")) for row in each}
    assert {"Yes 0 of 3", "No 1 of 3"} <= rows


def test_what_is_no_questionnaire_and_no_area_is_not_found(study: ProgrammeSite) -> None:
    client = study.client("olga")
    for there in (f"/study/{CAPABILITY}/", "/study/none-1/", f"{PAGE}area/nowhere/",
                  "/study/<script>/"):  # fmt: skip
        assert client.get(there).status_code == 404, there
    assert PAGE in got(study, "olga", "/study/")


def test_a_site_without_questionnaire_says_what_to_do_first(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import ProtocolFile

    ProtocolFile.objects.filter(name=STUDY).delete()
    assert "There is no questionnaire yet" in got(programme, "lea", "/study/")


def test_more_rounds_do_not_ask_the_books_more_often(study: ProgrammeSite) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = study.client("olga")
    client.get(PAGE)
    counts = []
    for number in range(2):
        if number:
            for code in ("XKA", "XBO", "XCE"):
                study_round(study, code, {"L03": "no"}, title=f"More {number}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20
