"""Imports on the site: a file, its columns, what would become of it, taking it, undoing it."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desk.programme.sheets_made import csv, xlsx
from tests.web.programme.asking import words_of
from tests.web.programme.served import ProgrammeSite


@pytest.fixture
def site(programme: ProgrammeSite) -> Iterator[ProgrammeSite]:
    from kancil.desk.programme.imports import importing as acts

    names = ("read_table", "read_table_head", "read_whole_rows")
    with patch.multiple(acts, **{name: getattr(acts, name).here for name in names}):
        yield programme


def sent(site: ProgrammeSite, data: bytes, by: str = "olga", **given: str) -> str:
    """Send a file; gives the address to which that leads."""
    file = SimpleUploadedFile("list <b>.xlsx", data)
    asked = {"do": "send", "import_kind": "participants", "import_file": file, **given}
    answer = site.client(by).post("/imports/", asked)
    assert answer.status_code == 302, words_of(answer)
    return str(answer.headers["Location"])


def test_a_list_becomes_registrations_and_is_undone(site: ProgrammeSite) -> None:
    from kancil.desk.programme.models import Participation

    client = site.client("olga")
    there = sent(site, xlsx([
        ("Nom", "Pays", "Courriel", "Naissance"),
        ("Ana <script>", "XKA", "ana@example.org", "x"),
        ("Bo Ek", "XKA", "", ""), ("=1+1→Oun Sok", "XKA", "", ""), ("Vik", "XZZ", "", ""),
    ]), import_activity="2027-SEA-001")  # fmt: skip
    page = client.get(there)
    assert "Ana <script>" not in page.content.decode()
    assert "ana@example.org" in words_of(page)
    columns = {"do": "map", "column_0": "name", "column_1": "country", "column_2": "email",
               "column_3": "none"}  # fmt: skip
    answer = client.post(there, {**columns, "column_2": "name"})
    assert "Another column is this already" in words_of(answer)
    answer = client.post(there, {**columns, "column_1": "none"})
    assert "This is not stated yet: Country." in words_of(answer)
    answer = client.post(there, columns)
    assert answer.headers["Location"] == f"{there}?look=1"
    dry = words_of(client.get(f"{there}?look=1"))
    assert "Nothing is written yet" in dry
    assert "the programme has no country of this name" in dry
    assert "Formulas, of which the computed values are read: 1" in dry
    saved = client.get(f"{there}refused.csv").content.decode()
    assert "Vik" in saved
    assert not Participation.objects.filter(activity__code="2027-SEA-001").exists()
    assert client.post(f"{there}?look=1", {"do": "take"}).status_code == 302
    assert Participation.objects.filter(activity__code="2027-SEA-001").count() == 3
    done = words_of(client.get(there))
    assert "Entries that an undo would remove: 6. That would stay: 0." in done
    assert client.post(there, {"do": "undo"}).status_code == 200, "asked to be sure first"
    assert client.post(there, {"do": "undo", "import_sure": "on"}).status_code == 302
    assert not Participation.objects.filter(activity__code="2027-SEA-001").exists()
    assert "Undone" in words_of(client.get("/imports/"))
    assert client.get(f"{there}refused.csv").status_code == 404


def test_who_looks_known_is_ticked_by_a_person(site: ProgrammeSite) -> None:
    from kancil.desk.programme.models import Participant, Participation
    from kancil.desk.programme.people.participants import add_participant
    from kancil.programme.people import ParticipantInput

    olga, client = site.people["olga"], site.client("olga")
    known = add_participant(by=olga, given=ParticipantInput(name="Mei Lin", country="XKA"))
    there = sent(site, csv("name,country", "mei lin,XKA", "New One,XKA"),
                 import_activity="2027-SEA-001")  # fmt: skip
    client.post(there, {"do": "map", "column_0": "name", "column_1": "country"})
    dry = words_of(client.get(f"{there}?look=1"))
    assert "In the books already?" in dry
    assert "Mei Lin" in dry
    client.post(f"{there}?look=1", {"do": "take", "same": ["2", "x", "999999999999"]})
    rows = Participation.objects.filter(activity__code="2027-SEA-001")
    assert rows.filter(participant=known).exists()
    assert rows.count() == 2
    assert Participant.objects.filter(name_folded="mei lin").count() == 1


def test_others_see_no_import_and_finance_those_of_budgets_alone(site: ProgrammeSite) -> None:
    there = sent(site, csv("name,country", "A,XKA"))
    for name in ("ada", "lea", "ann", "rex", "fay", "mia", "don", "far", "out"):
        client = site.client(name)
        for address in ("/imports/", there, f"{there}refused.csv", "/imports/template/budgets/"):
            assert client.get(address).status_code == 403, (name, address)
            assert client.post(address, {"do": "undo"}).status_code in (403, 405)
    fin = site.client("fin")
    assert "Nothing was imported yet" in words_of(fin.get("/imports/"))
    assert fin.get(there).status_code == 404
    assert fin.get("/imports/template/participants/").status_code == 404
    file = SimpleUploadedFile("x.csv", csv("name,country", "A,XKA"))
    answer = fin.post("/imports/", {"do": "send", "import_kind": "participants",
                                    "import_file": file})  # fmt: skip
    assert answer.status_code == 200, "no kind of theirs"
    assert sent(site, csv("Grant,Class", "a,b"), by="fin", import_kind="budgets")


def test_a_file_that_is_none_is_refused_in_words_and_given_up_ones_are_gone(
    site: ProgrammeSite,
) -> None:
    client = site.client("olga")
    file = SimpleUploadedFile("x.xlsx", b"PK\x03\x04no")
    answer = client.post("/imports/", {"do": "send", "import_kind": "activities",
                                       "import_file": file})  # fmt: skip
    assert answer.status_code == 200
    assert "cannot be read" in words_of(answer)
    there = sent(site, csv("name,country", "A,XKA"))
    assert client.post(there, {"do": "give-up"}).status_code == 302
    assert "Given up" in words_of(client.get("/imports/"))


@pytest.mark.parametrize("kind", ["participants", "activities", "budgets"])
def test_the_empty_spreadsheet_is_read_again_without_a_question(
    site: ProgrammeSite, kind: str
) -> None:
    from kancil.ground.spreadsheet import spreadsheet_rows
    from kancil.programme.imports.fields import FIELDS, ImportKind
    from kancil.programme.imports.mapping import ColumnLook, Remarks, TableHead

    answer = site.client("olga").get(f"/imports/template/{kind}/")
    assert answer.status_code == 200

    def fault(*args: object, **_: object) -> Exception:
        return AssertionError(args)

    rows = dict(spreadsheet_rows(answer.content, fault, fault))  # type: ignore[arg-type]
    looks = tuple(ColumnLook(cell.text, (), ()) for cell in rows[1].values())
    found = TableHead(looks, 0, "", Remarks()).guess(ImportKind(kind))
    offered = [each.name for each in FIELDS[ImportKind(kind)] if each.name != "other_name"]
    assert list(found.columns) == offered, "our own sheet has one column of names"


def test_an_officer_moves_the_headings_and_joins_those_of_groups(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.stored import store_of
    from kancil.desk.base.opening import current_workspace
    from kancil.desk.programme.imports.importing import hand_in
    from kancil.desk.programme.models import ImportBatch
    from kancil.programme.imports.fields import ImportKind
    from tests.programme.imports.test_reading import grouped

    batch = hand_in(
        by=programme.people["olga"], store=store_of(current_workspace()), data=grouped(),
        kind=ImportKind.PARTICIPANTS, file_name="list.xlsx",
    )  # fmt: skip
    olga, there = programme.client("olga"), f"/imports/{batch}/"
    page = olga.get(there).content.decode()
    assert "Institution" in page
    assert "(H)" in page, "a column without a heading is offered too"
    moved = olga.post(there, {"do": "heading", "import_heading": "3", "import_join": "on"})
    assert "Service Institution" in moved.content.decode()
    columns = {f"column_{at}": "none" for at in range(8)}
    given = {"do": "map", "import_at": "3", "import_joined": "True", **columns,
             "column_0": "name", "column_1": "country"}  # fmt: skip
    tried = olga.post(there, given, follow=True).content.decode()
    assert "Columns that are not read: Service Institution" in tried
    mapping = ImportBatch.objects.get(id=batch).mapping
    assert (mapping["heading_row"], mapping["joins_groups"]) == (3, True)
    assert mapping["columns"] == {"name": "Participant Name", "country": "Participant Country"}
