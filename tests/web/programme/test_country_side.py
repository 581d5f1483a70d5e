"""From the country's side there are no interviews: all is as if none had been held."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from kancil.assessment.answer import Outcome
from kancil.assessment.export import round_json
from kancil.ground import clock
from tests.web.programme.asking import plain, shown
from tests.web.programme.pages import CAPABILITY, THREAT, address, pages
from tests.web.programme.reading import got, tables, text_of
from tests.web.programme.served import ProgrammeSite

if TYPE_CHECKING:
    from kancil.desk.assessment.models import EvidenceItem

NOW = clock.from_text("2026-06-15T08:00:00.000000Z")
TODAY = date(2026, 6, 15)
MOVED, THREATENED = "LF10", "ransomware"


def rest_on_interviews(programme: ProgrammeSite) -> None:
    """Let every answer but each fourth rest on an interview; each third of them on nothing else."""
    from kancil.desk.assessment.models import Answer

    for round in (programme.first, programme.second):
        by_grade = {grade: _interview(programme, round, grade) for grade in ("b", "c")}
        latest = Answer.objects.filter(round_id=round, is_latest=True).order_by("indicator", "id")
        for place, answer in enumerate(latest):
            if place % 4:
                if place % 3 == 0:
                    answer.evidence.clear()
                answer.evidence.add(by_grade["bc"[place % 2]])


def _interview(programme: ProgrammeSite, round: str, grade: str) -> EvidenceItem:
    from kancil.desk.assessment.models import EvidenceItem

    item = EvidenceItem(
        round_id=round, grade=grade, kind="interview", title="SECRET", added_by=programme.people[
            "ann"
        ], added_at=NOW,
    )  # fmt: skip
    item.save()
    return item


def forget_interviews() -> None:
    from kancil.desk.assessment.models import EvidenceItem, Interview

    EvidenceItem.objects.filter(kind="interview").delete()
    Interview.objects.all().delete()


def seen_by_fay(programme: ProgrammeSite, addresses: list[tuple[str, str]]) -> dict[str, Any]:
    """The words of each page, and what each file and command has."""
    from kancil.desk.assessment.queries import papers
    from kancil.reports.programme.make import ReportFormat, ReportKind, make_report

    found: dict[str, Any] = {}
    fay = programme.client("fay")
    for name, url in addresses:
        answer = fay.get(url)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        words = plain(answer.content.decode()) if is_page else ""
        found[name] = (answer.status_code, words)
    for round in (programme.first, programme.second):
        made = papers.round_papers(
            programme.people["fay"], round, today=TODAY, made_at=NOW, kancil="0"
        )
        found[f"export {round}"] = round_json(made.whole)
        for kind in ReportKind:
            found[f"{kind} {round}"] = make_report(made, kind, ReportFormat.HTML, "en").data
    return found


def addresses_of(programme: ProgrammeSite) -> list[tuple[str, str]]:
    found = []
    for each in pages():
        if "GET" not in each.methods or each.name.startswith("account"):
            continue
        found.append((each.name, address(each, programme)))
        for protocol, indicator in ((CAPABILITY, MOVED), (THREAT, THREATENED)):
            given = {"protocol": protocol, "indicator": indicator}
            if "protocol" in each.address:
                there = address(each, programme, **given)
                found.append((f"{each.name} {protocol}", there))
    return list(dict.fromkeys(found))


@pytest.mark.thorough
def test_to_the_focal_point_all_is_as_if_no_interview_had_been_held(
    programme: ProgrammeSite,
) -> None:
    rest_on_interviews(programme)
    addresses = addresses_of(programme)
    before = seen_by_fay(programme, addresses)
    assert sum(status == 200 for status, _ in (before[name] for name, _ in addresses)) > 25
    forget_interviews()
    after = seen_by_fay(programme, addresses)
    for name, each in before.items():
        assert each == after[name], name


def test_the_lead_takes_the_figures_out_that_the_focal_point_takes_out(
    programme: ProgrammeSite,
) -> None:
    """Else the two files beside each other would tell what rests on an interview."""
    from kancil.desk.assessment.queries.leaving import whole_round

    rest_on_interviews(programme)
    made = [
        round_json(
            whole_round(
                programme.people[name], programme.second, today=TODAY, made_at=NOW, kancil="0"
            )
        )
        for name in ("fay", "lea")
    ]
    for hers, leads in zip(made[0]["protocols"], made[1]["protocols"], strict=True):
        for one, other in zip(hers["figures"], leads["figures"], strict=True):
            bare = [{**line, "grade": None} for line in one["lines"]]
            assert bare == [{**line, "grade": None} for line in other["lines"]]
            assert one["confirmed"] == other["confirmed"]
        settled = [[row["settled"] for row in each["indicators"]] for each in (hers, leads)]
        assert settled[0] == settled[1]
        moved = [each["comparison"] and each["comparison"]["indicators"] for each in (hers, leads)]
        assert moved[0] == moved[1]
    assert made[0]["left_out"]["withheld"] == made[1]["left_out"]["withheld"] == 1


def test_nothing_is_said_to_be_without_evidence_where_it_may_only_not_be_shown(
    programme: ProgrammeSite,
) -> None:
    rest_on_interviews(programme)
    at = f"/rounds/{programme.second}/"
    told = shown(programme, "fay", f"{at}{CAPABILITY}/compare/?compared_round={programme.first}")
    assert "Moved without new evidence that may be shown" in told
    assert "Moved without new evidence that may be shown" not in shown(
        programme, "lea", f"{at}{CAPABILITY}/compare/?compared_round={programme.first}"
    )
    threats = shown(programme, "fay", f"{at}{THREAT}/threats/")
    assert "None, or not shown" in threats
    assert "No evidence was given" not in threats


def test_no_link_of_theirs_leads_to_a_page_that_is_refused_to_them(
    programme: ProgrammeSite,
) -> None:
    fay, at = programme.client("fay"), f"/rounds/{programme.second}/"
    page = text_of(fay.get(at))
    found = set(re.findall(r'href="(/rounds/[^"#]*)"', page.partition("<main")[2]))
    assert f"{at}{CAPABILITY}/?only=disputed" in found
    assert f"{at}disputes/" in text_of(programme.client("lea").get(at))
    for url in found:
        assert fay.get(unescape(url)).status_code == 200, url


def test_the_list_of_disputed_questions_tells_them_not_whose_is_what(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.queries.answers import settled

    url = f"/rounds/{programme.second}/{CAPABILITY}/?only=disputed"
    now = settled(programme.sight("rex"), CAPABILITY)
    disputed = [each for each in now.values() if each.outcome is Outcome.DISPUTED]
    rows = [row for each in tables(got(programme, "fay", url)) for row in each]
    assert [row.split()[0] for row in rows] == [
        name for name in now if now[name].outcome is Outcome.DISPUTED
    ]
    assert disputed
    told = shown(programme, "fay", url)
    assert not any(name in told for name in ("Ann Abreu", "Bo Bakri", "Lea Lim"))
    assert all(row.endswith("Disputed –") for row in rows)


def test_what_is_refused_is_told_in_the_words_of_this_site(programme: ProgrammeSite) -> None:
    told = shown(programme, "fay", f"/rounds/{programme.second}/disputes/", 403)
    assert "Ask the programme officer, or go back to your rounds." in told
    for url in ("/rounds/01a00000-0000-7000-8000-000000000000/", "/no-such-page/"):
        told += shown(programme, "fay", url, 404)
    for word in ("your cases", "supervisor", "A case", "the unit"):
        assert word not in told
