"""`kancil programme organisation|participant|registration`: each as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran, Unit
from tests.web.programme.served import desk_of, founded

CODE = "2026-SEA-014"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    root = tmp_path_factory.mktemp("people-by-command") / "programme"
    founded(root)
    with desk_of(root):
        from kancil.desk.assessment.actions.people import admit_person
        from kancil.desk.assessment.actions.site import add_country
        from kancil.desk.people.models import Person, Role
        from tests.desk.programme.people_rows import AUDIT, activity, paid

        ada = Person.objects.get(username="ada")
        add_country(by=ada, code="XKA", name="Kasa", region="South-East Asia", is_invented=True)
        given: dict[str, list[str]] = {"olga": [], "fay": ["XKA"], "fin": []}
        roles = {"olga": Role.PROGRAMME_OFFICER, "fay": Role.FOCAL_POINT, "fin": Role.FINANCE}
        for name, countries in given.items():
            admit_person(by=ada, username=name, name=name.title(), role=roles[name],
                         countries=countries)  # fmt: skip
        olga = Person.objects.get(username="olga")
        paid(activity(olga, CODE, ["XKA"]), olga, "G-1", AUDIT)
        yield Unit(root, "olga")


def ask(site: Unit, *words: str | Path, **more: Any) -> Any:
    return site.ask("programme", *words, **more)


def refused(site: Unit, who: str, *words: str | Path) -> Ran:
    ran = site.run("programme", *words, officer=who)
    assert ran.status != 0
    return ran


def test_people_are_added_listed_registered_and_forgotten(site: Unit, tmp_path: Path) -> None:
    unit = ask(site, "organisation", "add", "Unit", "--kind", "police", "--country", "XKA")
    assert [each["id"] for each in ask(site, "organisation", "list")] == [unit["id"]]
    named = ("--country", "XKA", "--organisation", unit["id"], "--role", "judge",
             "--email", "n@example.org")  # fmt: skip
    made = ask(site, "participant", "add", "Named Person", *named)
    (row,) = ask(site, "participant", "list", "--name-or-email", "named")
    assert (row["id"], row["name"], row["email"], row["organisation"]) == (
        int(made["id"]), "", "", "",
    )  # fmt: skip
    ask(site, "participant", "add", "Open Person", "--country", "XKA",
        "--consent-on", "2026-08-01", "--consent-to", "Lists")  # fmt: skip
    assert "Open Person" in site.say("programme", "participant", "list")
    assert "Named Person" not in site.say("programme", "participant", "list")
    for words in (("participant", "list"), ("organisation", "list"),
                  ("registration", "list", CODE)):  # fmt: skip
        assert "Named" not in refused(site, "fin", *words).out
    form = tmp_path / "form.html"
    ask(site, "registration", "form", CODE, "-o", form)
    assert CODE.encode() in form.read_bytes()
    file = tmp_path / "forms.jsonl"
    file.write_text('{"name": "Form Filler", "country": "XKA"}\n{"country": "XKA"}\n')
    dry = ask(site, "registration", "import", CODE, file, "--dry-run")
    assert (dry["registered"], [each["row"] for each in dry["refused"]]) == (1, [2])
    assert ask(site, "registration", "list", CODE)["registrations"] == []
    assert "forms.jsonl:2: Name: nothing is entered" in site.say(
        "programme", "registration", "import", CODE, file
    )
    (row,) = ask(site, "registration", "list", CODE)["registrations"]
    assert (row["name"], row["state"]) == ("", "registered")
    gone = ask(site, "participant", "forget", made["id"], "--on", "2027-01-01")
    assert "until" not in gone
    kept = ask(site, "participant", "forget", str(row["participant"]), "--on", "2027-01-01")
    assert kept["until"] == "2030-12-31"
    assert ask(site, "participant", "forget-due", "--on", "2030-12-31")["count"] == 0
    assert "1 people forgotten" in site.say(
        "programme", "participant", "forget-due", "--on", "2031-01-01"
    )


def test_a_child_a_bad_word_and_a_missing_file_are_refused(site: Unit, tmp_path: Path) -> None:
    child = refused(site, "fay", "participant", "add", "X", "--country", "XKA", "--age-band", "12")
    assert "Nobody under 18 is registered by name." in child.err
    refused(site, "olga", "participant", "add", "X", "--role", "king")
    refused(site, "olga", "organisation", "add", "X", "--kind", "castle")
    refused(site, "olga", "registration", "import", CODE, tmp_path / "none.csv")
    refused(site, "olga", "registration", "list", "no-such-activity")
    refused(site, "fay", "participant", "forget-due")


LIST = """Agency;Kind of organisation;COUNTRY;is beneficiary;Telephone
Border police;police;Kasa;no;1
Border Police;police;XKA;;2

Harbour office;harbour;XKA;;3
Court of audit;;Kasa;;4
Océan bank;private-sector;;maybe;5
Network of judges;other;;yes;6
"""


def test_organisations_are_added_from_a_sheet_and_each_refused_row_says_why(
    site: Unit, tmp_path: Path
) -> None:
    sheet = tmp_path / "agencies.csv"
    text = LIST.replace("Agency", "name").replace("Kind of organisation", "kind")
    sheet.write_bytes(text.encode("utf-16"))
    before = ask(site, "organisation", "list")
    tried = ask(site, "organisation", "import", sheet, "--dry-run")
    assert ask(site, "organisation", "list") == before
    found = ask(site, "organisation", "import", sheet)
    assert found == tried
    assert (found["taken"], found["unread"]) == (2, ["Telephone"])
    whys = {number: why["text"] for number, why in found["refused"]}
    assert list(whys) == [3, 5, 6, 7]
    assert "Border Police" in whys[3]
    assert "Kind" in whys[5]
    assert "police" in whys[5]
    assert "must not be empty" in whys[6]
    added = [each for each in ask(site, "organisation", "list") if each not in before]
    assert [(each["name"], each["country"], each["beneficiary"]) for each in added] == [
        ("Border police", "XKA", "no"), ("Network of judges", None, "yes"),
    ]  # fmt: skip
    refused(site, "fay", "organisation", "import", sheet)
    sheet.write_text("called;kind\nX;police\n", encoding="utf-8")
    ran = refused(site, "olga", "organisation", "import", sheet)
    assert "No column of the file is called so" in ran.err


def test_a_template_is_filled_in_and_imported_with_what_explains_it(
    site: Unit, tmp_path: Path
) -> None:
    """Whoever leaves the explained rows in place is told that they were passed over."""
    sheet = tmp_path / "donors.csv"
    ask(site, "donor", "import", sheet, "--template")
    refused(site, "olga", "donor", "import", sheet, "--template")
    headings, explained, _ = sheet.read_text(encoding="utf-8-sig").splitlines()
    assert "Government" in explained
    with sheet.open("a", encoding="utf-8") as file:
        file.write(f"Bank of Norland,XN{',' * (headings.count(',') - 1)}\n")
    found = ask(site, "donor", "import", sheet)
    assert (found["taken"], found["refused"], found["remarks"]) == (1, [], 2)
    added = [each["country_code"] for each in ask(site, "donor", "list")
             if each["name"] == "Bank of Norland"]  # fmt: skip
    assert added == ["XN"]
