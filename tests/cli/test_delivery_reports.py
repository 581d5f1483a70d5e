"""Donor reports, a country's page and annual tables by command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Unit
from tests.web.programme.served import desk_of, founded


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    """A programme of two invented donors, by whose officer commands are run."""
    root = tmp_path / "programme"
    founded(root)
    with desk_of(root):
        from kancil.desk.assessment.actions.site import add_country
        from kancil.desk.people.models import Person
        from tests.desk.assessment.programme import ROLES, person
        from tests.desk.programme.report_books import books

        people = {each.username: each for each in Person.objects.all()}
        people |= {name: person(name, ROLES[name]) for name in ("olga", "don", "fay")}
        add_country(by=people["ada"], code="XKA", name="Kasa", region="R", is_invented=True)
        books(people)
    return Unit(root, "olga")


def test_a_report_goes_from_due_to_the_file_that_left(unit: Unit, tmp_path: Path) -> None:
    rows = unit.ask("programme", "report", "list")
    late = {each["reference"] for each in rows if each["status"] == "late"}
    assert late == {"NOR-1", "OST-1"}
    wrong = ("programme", "report", "begin", "OST-1", "--ends", "2025-06-30", "--title", "R")
    assert "2025-12-31" in unit.refused(*wrong)["sentence"]
    begin = ("programme", "report", "begin", "OST-1", "--ends", "2025-12-31", "--title", "R")
    report = unit.ask(*begin)["id"]
    assert unit.refused(*begin)["code"] == "report-begun"
    write = ("programme", "report", "write", report, "done", "--text")
    assert unit.ask(*write, "Two courses.")["version"] == 1
    assert unit.refused(*write, "Mine")["code"] == "changed-meanwhile"
    show = ("programme", "report", "show", report)
    assert unit.refused(*show, officer="don")["code"] == "report-not-found"
    said = unit.ask(*show)
    assert said["finance"]["lines"][0]["spent_minor"] == "3234500"
    assert "reconciles" in unit.say(*show)
    publish = ("programme", "report", "publish", report, "--official", "I. Vale", "--office", "D")
    assert unit.refused(*publish, officer="fay")["code"] == "report-not-found"
    unit.say(*publish)
    assert unit.refused(*publish)["code"] == "report-published"
    files = [tmp_path / name for name in ("one.html", "two.html")]
    for path in files:
        unit.say(*show, "--format", "html", "-o", path, officer="don")
    assert files[0].read_bytes() == files[1].read_bytes()
    assert "7,777" not in files[0].read_text(encoding="utf-8")
    listed = unit.ask("programme", "report", "list", officer="don")
    assert [each["status"] for each in listed] == ["published"]
    assert "R" in unit.say("programme", "report", "list")


def test_tables_of_a_year_and_the_page_of_a_country(unit: Unit, tmp_path: Path) -> None:
    tables = unit.ask("programme", "annual", "2025")["tables"]
    assert tables["annual-profession"][0] == {"profession": "judge", "people": "hidden"}
    assert "By country" in unit.say("programme", "annual", "2025", "--internal")
    csv, book = tmp_path / "year.csv", tmp_path / "year.xlsx"
    unit.say("programme", "annual", "2025", "--table", "annual-sex", "-o", csv)
    assert csv.read_text(encoding="utf-8").splitlines() == ["sex,people", "female,8", "male,9"]
    unit.say("programme", "annual", "2025", "-o", book)
    assert book.read_bytes().startswith(b"PK")
    other = ("programme", "annual", "2025", "-o", tmp_path / "year.txt")
    assert unit.refused(*other)["code"] == "option-not-usable"
    assert unit.refused("programme", "annual", "2025", officer="fay")["code"] == "act-not-yours"
    of = unit.ask("programme", "country", "XKA")
    assert [each["code"] for each in of["activities"]] == ["2025-001", "2025-002"]
    assert "2 activities held" in unit.say("programme", "country", "XKA")
    page = tmp_path / "kasa.html"
    unit.say("programme", "country", "XKA", "--format", "html", "-o", page)
    assert "Activity 2025-001" in page.read_text(encoding="utf-8")
