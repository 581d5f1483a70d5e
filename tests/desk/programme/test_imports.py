"""Imports from spreadsheets: a dry run says what a take does, and what is undone is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest

from kancil.desk.assessment.errors import ActNotYours, RecordNotFound
from kancil.desk.assessment.models import Act
from kancil.desk.assessment.stored import store_of
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.errors import ActivityNotFound, ColumnsNotMapped
from kancil.desk.programme.imports import importing as acts
from kancil.desk.programme.imports.batches import batch_of, batches, left_of
from kancil.desk.programme.imports.importing import Outcome
from kancil.desk.programme.imports.plan import UNDECIDED, Decisions
from kancil.desk.programme.imports.undoing import resting_names
from kancil.desk.programme.models import (
    Activity,
    BudgetLine,
    Figure,
    FollowUp,
    ImportBatch,
    Mark,
    Participant,
    Participation,
)
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.ids import new_id
from kancil.ground.words import has, render_phrase
from kancil.programme.errors import LedgerNotReadable
from kancil.programme.imports.fields import ImportKind, words_listed
from kancil.programme.imports.mapping import TableMapping
from kancil.programme.vocabulary import ActivityKind
from tests.desk.desks import Desk
from tests.desk.programme.people_rows import Books, activity, books
from tests.desk.programme.sheets_made import csv, xlsx

TODAY = date(2026, 10, 1)
PEOPLE, DONE, MONEY = ImportKind.PARTICIPANTS, ImportKind.ACTIVITIES, ImportKind.BUDGETS
HEADINGS = ("Full name", "Country", "E-mail", "Sex", "Age")


@dataclass
class Stage:
    """A programme with its store."""

    made: Books
    store: Vault

    def sent(
        self, data: bytes, kind: ImportKind = PEOPLE, *, by: str = "olga", name: str = "list.xlsx",
        activity_code: str = "", **mapping: Any,
    ) -> str:  # fmt: skip
        """Hand a file in, and map its columns as they seem to be."""
        person = self.made[by]
        batch = acts.hand_in(by=person, store=self.store, kind=kind, data=data, file_name=name,
                             activity_code=activity_code)  # fmt: skip
        head = acts.head_of(self.store, acts.waiting(desk_of(person), batch))
        acts.map_columns(by=person, store=self.store, batch=batch,
                         mapping=replace(head.guess(kind), **mapping))  # fmt: skip
        return batch

    def look(self, batch: str, decisions: Decisions = UNDECIDED, by: str = "olga") -> Outcome:
        return acts.look(by=self.made[by], store=self.store, batch=batch, today=TODAY,
                         decisions=decisions)  # fmt: skip

    def take(self, batch: str, decisions: Decisions = UNDECIDED, by: str = "olga") -> Outcome:
        """Take it, and show that the dry run said so."""
        said = self.look(batch, decisions, by)
        before = counts()
        done = acts.take(by=self.made[by], store=self.store, batch=batch, today=TODAY,
                         decisions=decisions)  # fmt: skip
        assert replace(done, twins=()) == replace(said, twins=())
        assert done.rows == done.taken + len(done.refused) + len(done.twins)
        row = ImportBatch.objects.get(pk=batch)
        assert (row.rows, row.taken) == (done.rows, done.taken)
        assert (done.taken == 0) == (counts() == before)
        return done


def counts() -> list[int]:
    models = (Participant, Participation, Activity, BudgetLine)
    return [model._default_manager.count() for model in models]


def reasons(found: Outcome) -> dict[int, str]:
    return {each.row: render_phrase(each.why) for each in found.refused}


@pytest.fixture
def stage(desk: Desk) -> Iterator[Stage]:
    names = ("read_table", "read_table_head", "read_whole_rows")
    with patch.multiple(acts, **{name: getattr(acts, name).here for name in names}):
        yield Stage(books(), store_of(desk.workspace))


def test_a_list_of_those_who_came_is_registered_and_counted_as_the_dry_run_said(
    stage: Stage,
) -> None:
    batch = stage.sent(
        xlsx([
            HEADINGS,
            ("សុខ វិបុល", "Land XKA", "vibol@example.org", "ស្រី", 34),
            ("Ana Ruiz", "XKA", "", "M", "45-59"),
            ("Ana  ruiz", "xka", "", "", ""),
            ("Child", "Land XKA", "", "F", 17),
            ("Bo", "Nowhere", "", "", ""),
            ("", "Land XKA", "", "", ""),
            ("Q", "Land XKA", "no address", "", ""),
        ]),
        activity_code="2026-SEA-014", all_attended=True,
    )  # fmt: skip
    before = counts()
    found = stage.look(batch)
    assert counts() == before
    assert reasons(found) == {
        4: "the same person as in row 3",
        5: reasons(found)[5],
        6: "the programme has no country of this name; it has: Land XBO, Land XKA",
        7: "Name is empty",
        8: reasons(found)[8],
    }
    assert "head count" in reasons(found)[5]
    done = stage.take(batch)
    assert (done.rows, done.taken) == (7, 2)
    rows = Participation.objects.filter(batch=batch).order_by("participant__name")
    assert [(each.participant.name, each.attended, each.registered_how) for each in rows] == [
        ("Ana Ruiz", True, "import"), ("សុខ វិបុល", True, "import"),
    ]  # fmt: skip
    assert {each.participant.sex for each in rows} == {"female", "male"}
    assert {each.participant.age_band for each in rows} == {"30-44", "45-59"}
    assert not stage.store.holds(ImportBatch.objects.get(pk=batch).sha256), "names are not kept"
    assert "Ruiz" not in str(list(Act.objects.values_list("details", "about")))
    acts.undo(by=stage.made["olga"], batch=batch)
    told = [each.kind for each in Act.objects.filter(kind__startswith="import.").order_by("pk")]
    assert told == ["import.handed-in", "import.taken", "import.undone"]
    assert all(has(f"web.acted.{each.replace('.', '-')}") for each in told)


def test_whoever_looks_known_is_suggested_and_never_taken_for_somebody_by_itself(
    stage: Stage,
) -> None:
    known = stage.made.add("Mei Lin", email="mei@example.org")
    other = stage.made.add("Oun Sok")
    rows = [
        HEADINGS[:3],
        ("Mei Lin", "XKA", "mei@example.org"),
        ("M. Lin", "XKA", "MEI@example.org"),
        ("oun sok", "XKA", "oun@example.org"),
    ]
    batch = stage.sent(xlsx(rows), activity_code="2026-SEA-014")
    found = stage.look(batch)
    assert (found.taken, found.known) == (1, 1)
    assert [(each.row, each.known) for each in found.twins] == [(3, str(known)), (4, str(other))]
    done = stage.take(batch, Decisions(same=frozenset({4})))
    assert (done.taken, done.known, len(done.twins)) == (2, 2, 1)
    who = Participation.objects.filter(batch=batch).values_list("participant", flat=True)
    assert set(who) == {known, other}
    again = stage.sent(xlsx(rows), activity_code="2026-SEA-014")
    done = stage.take(again, Decisions(others=True))
    assert done.taken == 2
    assert reasons(done) == {2: "registered already"}
    assert Participant.objects.count() == 4


def test_people_come_alone_or_for_several_activities_that_a_column_names(stage: Stage) -> None:
    activity(stage.made["olga"], "2026-SEA-015", ["XKA"])
    batch = stage.sent(xlsx([
        ("Name", "Country", "Activity code", "Attended"),
        ("A. One", "XKA", "2026-SEA-014", "yes"),
        ("A. One", "XKA", "2026-SEA-015", "no"),
        ("A. One", "XKA", "2026-SEA-015", "no"),
        ("B. Two", "XKA", "", ""),
        ("C. Three", "XKA", "2026-XXX-001", "yes"),
        ("D. Four", "XKA", "2026-SEA-014", "perhaps"),
    ]))  # fmt: skip
    done = stage.take(batch)
    assert reasons(done) == {
        4: "the same person as in row 2", 6: "no activity has this code",
        7: "Attended is neither yes nor no",
    }  # fmt: skip
    assert done.taken == 3
    rows = Participation.objects.filter(batch=batch).order_by("activity__code")
    assert [(each.activity.code, each.attended) for each in rows] == [
        ("2026-SEA-014", True), ("2026-SEA-015", False),
    ]  # fmt: skip
    assert Participant.objects.filter(batch=batch).count() == 2


def test_an_undo_removes_what_nothing_rests_on_and_says_what_stays(stage: Stage) -> None:
    rows = [(f"Person {n}", "XKA") for n in range(6)]
    batch = stage.sent(xlsx([("Name", "Country"), *rows]), activity_code="2026-SEA-014")
    stage.take(batch)
    olga, places = stage.made["olga"], Participation.objects.filter(batch=batch).order_by("id")
    marked, counted, elsewhere, changed = places[:4]
    Mark.objects.create(id=new_id(), participation=marked, day=TODAY, marked_at=clock.now(),
                        how="desk", by=olga, at=clock.now())  # fmt: skip
    other = activity(olga, "2026-SEA-015", ["XKA"])
    Participation.objects.create(activity=other, participant=elsewhere.participant, by=olga,
                                 at=clock.now())  # fmt: skip
    Participant.objects.filter(pk=changed.participant_id).update(restricted_at=clock.now())
    with patch.object(Figure.objects, "values_list", return_value=[
        {"participations": [counted.pk]}
    ]):  # fmt: skip
        removed, kept = left_of(desk_of(olga), batch)
        assert removed == 4 + 2
        done = acts.undo(by=olga, batch=batch)
    assert (done.removed, done.kept) == (removed, kept)
    assert {(each.thing, each.id): render_phrase(each.why) for each in kept} == {
        ("registration", str(marked.pk)): "it was changed, joined or restricted since",
        ("registration", str(counted.pk)): "a figure counted it",
        ("participant", str(marked.participant_id)): "something rests on it since: a registration",
        ("participant", str(counted.participant_id)): "something rests on it since: a registration",
        ("participant", str(elsewhere.participant_id)):
            "something rests on it since: a registration",
        ("participant", str(changed.participant_id)): "it was changed, joined or restricted since",
    }  # fmt: skip
    assert Participation.objects.filter(batch=batch).count() == 2
    assert Participant.objects.filter(batch=batch).count() == 4
    with pytest.raises(RecordNotFound):
        acts.undo(by=olga, batch=batch)


def test_past_activities_are_done_and_what_is_to_come_is_planned(stage: Stage) -> None:
    head = ("Code", "Type", "Title", "Start date", "End date", "Country", "Region", "Status",
            "Report")  # fmt: skip
    here, there = date(2025, 3, 1), date(2025, 3, 4)
    batch = stage.sent(xlsx([
        head,
        ("A-1", "Course", "Tracing", here, there, "Land XKA; land xbo", "South-East Asia", "",
         "Done so"),
        ("", "Atelier", "Les preuves", "2025-05-13", "", "XKA", "South-East Asia", "", ""),
        ("", "Atelier", "les preuves", "2025-05-13", "", "XKA", "South-East Asia", "", ""),
        ("A-2", "training", "To come", date(2027, 1, 1), "", "", "", "", ""),
        ("A-3", "training", "Held?", date(2027, 1, 1), "", "", "", "done", ""),
        ("A-1", "training", "Twice", here, "", "", "", "", ""),
        ("2026-SEA-014", "training", "Known", here, "", "", "", "", ""),
        ("A-5", "party", "Feast", here, "", "", "", "", ""),
        ("A-6", "training", "Backwards", there, here, "", "", "", ""),
        ("A-7", "training", "Leap", "31/02/2025", "", "", "", "", ""),
        ("A-8", "training", "Serial", 45000, "", "", "", "", ""),
    ]), DONE)  # fmt: skip
    done = stage.take(batch)
    assert done.taken == 3
    assert reasons(done) == {
        4: "the same as in row 3",
        6: "it is said to be done, and its last day is still to come",
        7: "the same as in row 2",
        8: "an activity with this code is in the books already",
        9: "Kind is none of the known words; write one of: " + words_listed(ActivityKind),
        10: "the last day is before the first",
        11: "First day is no day, or none between 1950 and 2100 of this calendar",
        12: "First day is a number and not a date; give the column a date format",
    }
    rows = {each.title: each for each in Activity.objects.filter(batch=batch)}
    assert {title: each.state for title, each in rows.items()} == {
        "Tracing": "done", "Les preuves": "done", "To come": "planned",
    }  # fmt: skip
    assert rows["Tracing"].report == "Done so"
    assert set(rows["Tracing"].countries.values_list("code", flat=True)) == {"XKA", "XBO"}
    assert rows["Les preuves"].code == "2025-SEA-001"
    again = stage.sent(xlsx([head[1:5], ("training", "TRACING", here, there)]), DONE)
    (twin,) = stage.look(again).twins
    assert twin.known == rows["Tracing"].id
    assert stage.look(again, Decisions(others=True)).taken == 1
    acts.give_up(by=stage.made["olga"], store=stage.store, batch=again)
    FollowUp.objects.create(activity=rows["To come"], what="x", owner="y", by=stage.made["olga"],
                            at=clock.now())  # fmt: skip
    left = acts.undo(by=stage.made["olga"], batch=batch)
    assert left.removed == 2
    assert [render_phrase(each.why) for each in left.kept] == [
        "something rests on it since: a follow-up"
    ]


def test_budget_lines_are_of_grants_and_activities_that_are_known(stage: Stage) -> None:
    batch = stage.sent(csv(
        "Grant;Activity code;Budget class;Amount;From;To;Description",
        "G-1;2026-SEA-014;Travel;12.500,50;1/2/2026;28/2/2026;Flights",
        "G-1;;PSC;100;1/2/2026;28/2/2026;",
        "G-1;;Travel;1.5e3;1/2/2026;28/2/2026;",
        "G-9;;Travel;1;1/2/2026;28/2/2026;",
        ";2026-SEA-014;Travel;1;1/2/2026;28/2/2026;",
        "G-1;;Travel;1;1/2/2026;28/2/2028;",
        ";;Travel;1;1/2/2026;28/2/2026;",
    ), MONEY, by="fin", name="b.csv", decimal_comma=True)  # fmt: skip
    done = stage.take(batch, by="fin")
    assert done.taken == 2
    assert sorted(reasons(done)) == [4, 5, 6, 7, 8]
    assert reasons(done)[5] == "no grant has this code"
    lines = BudgetLine.objects.filter(batch=batch).order_by("-amount_minor")
    assert [(each.budget_class, each.amount_minor, each.currency) for each in lines] == [
        ("travel", 1_250_050, "USD"), ("support", 10_000, "USD"),
    ]  # fmt: skip
    text = csv("Grant;Class;Amount;From;To", "G-1;support;100;2026-02-01;2026-02-28")
    assert len(stage.look(stage.sent(text, MONEY, name="c.csv")).twins) == 1
    lines.filter(budget_class="travel").update(replaced_at=clock.now())
    done_again = acts.undo(by=stage.made["fin"], batch=batch)
    assert (done_again.removed, len(done_again.kept)) == (1, 1)


def test_who_keeps_money_imports_budgets_and_sees_no_list_of_people(stage: Stage) -> None:
    data = xlsx([("Name", "Country"), ("A. One", "XKA")])
    batch = stage.sent(data)
    fin = stage.made["fin"]
    assert batches(desk_of(fin)) == []
    for name in ("fin", "fay", "mia", "lea", "don", "ada"):
        person = stage.made[name]
        with pytest.raises(ActNotYours):
            acts.hand_in(by=person, store=stage.store, kind=PEOPLE, data=data, file_name="x")
        about = {"by": person, "store": stage.store, "batch": batch}
        for act in (
            lambda a=about: acts.look(**a, today=TODAY),
            lambda a=about: acts.take(**a, today=TODAY),
            lambda a=about: acts.map_columns(**a, mapping=TableMapping()),
            lambda a=about: acts.give_up(**a),
            lambda a=about: acts.refused_rows(**a, today=TODAY),
        ):
            with pytest.raises((ActNotYours, RecordNotFound)):
                act()
    stage.take(batch)
    for name in ("fin", "fay", "mia", "lea", "don", "ada"):
        with pytest.raises((ActNotYours, RecordNotFound)):
            acts.undo(by=stage.made[name], batch=batch)
        with pytest.raises(RecordNotFound):
            batch_of(desk_of(stage.made[name]), batch)


def test_columns_are_named_once_and_offered_for_the_next_file_like_it(stage: Stage) -> None:
    olga = stage.made["olga"]
    data = xlsx([("Wer", "Woher"), ("A. One", "XKA")])
    batch = acts.hand_in(by=olga, store=stage.store, kind=PEOPLE, data=data, file_name="x.xlsx")
    with pytest.raises(ColumnsNotMapped):
        acts.look(by=olga, store=stage.store, batch=batch, today=TODAY)
    with pytest.raises(ColumnsNotMapped):
        acts.map_columns(by=olga, store=stage.store, batch=batch,
                         mapping=TableMapping({"name": "Wer", "country": "gone"}))  # fmt: skip
    mapping = TableMapping({"name": "Wer", "country": "Woher"})
    acts.map_columns(by=olga, store=stage.store, batch=batch, mapping=mapping)
    assert stage.look(batch).taken == 1
    from kancil.desk.programme.imports.batches import remembered

    head = acts.head_of(stage.store, acts.waiting(desk_of(olga), batch))
    assert remembered(PEOPLE, head) == mapping
    assert remembered(DONE, head) is None
    found = acts.refused_rows(by=olga, store=stage.store, batch=batch, today=TODAY)
    assert (found.headings, found.rows) == (("Wer", "Woher"), ())


def test_what_is_no_table_changes_nothing(stage: Stage) -> None:
    olga = stage.made["olga"]
    for data in (b"", b"PK\x03\x04 broken", b"\xff\xff", b"one column\n1\n"):
        with pytest.raises(LedgerNotReadable):
            acts.hand_in(by=olga, store=stage.store, kind=PEOPLE, data=data, file_name="x")
    with pytest.raises(ActivityNotFound):
        acts.hand_in(by=olga, store=stage.store, kind=PEOPLE, file_name="x", activity_code="no",
                     data=csv("Name,Country", "A,XKA"))  # fmt: skip
    assert not ImportBatch.objects.exists()


def test_a_list_that_was_taken_while_the_store_was_in_use_goes_with_the_next(stage: Stage) -> None:
    batch = stage.sent(csv("Name,Country", "A. One,XKA"), name="a.csv")
    sha256 = ImportBatch.objects.get(pk=batch).sha256
    with stage.store.kept():
        stage.take(batch)
    assert stage.store.holds(sha256)
    other = stage.sent(csv("Name,Country", "B. Two,XKA"), name="b.csv")
    assert not stage.store.holds(sha256)
    assert stage.store.holds(ImportBatch.objects.get(pk=other).sha256)


@pytest.mark.thorough
def test_fifty_thousand_people_are_taken_in_one_step_and_undone(stage: Stage) -> None:
    people = [(f"Person {n}", "XKA", f"p{n}@example.org") for n in range(50_000)]
    batch = stage.sent(xlsx([("Name", "Country", "E-mail"), *people]),
                       activity_code="2026-SEA-014", all_attended=True)  # fmt: skip
    assert stage.take(batch).taken == 50_000
    assert acts.undo(by=stage.made["olga"], batch=batch).removed == 100_000
    assert not Participant.objects.exists()


@pytest.mark.usefixtures("desk")
def test_whatever_may_rest_on_an_import_has_its_words() -> None:
    assert {name for name in resting_names() if not has(f"thing.resting-{name}")} == set()
