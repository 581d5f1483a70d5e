"""What columns seem to be: by their headings in several languages, and by what stands in them."""

from __future__ import annotations

import pytest

from kancil.programme.imports.fields import FIELDS, ImportKind, plain_words, words_of
from kancil.programme.imports.mapping import ColumnLook, Remarks, TableHead, TableMapping
from kancil.programme.vocabulary import ActivityState, BudgetClass, Part, Profession, Sex

PEOPLE, DONE, MONEY = ImportKind.PARTICIPANTS, ImportKind.ACTIVITIES, ImportKind.BUDGETS


def a_head(*headings: str, **cells: tuple[str, ...]) -> TableHead:
    looks = [ColumnLook(each, cells.get(each, ()), ()) for each in headings]
    return TableHead(tuple(looks), 1, "", Remarks())


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (("Full Name*", "COUNTRY", "E-mail address", "M/F"), ("name", "country", "email", "sex")),
        (("Nom et prénom", "Pays", "Courriel", "Sexe"), ("name", "country", "email", "sex")),
        (("Nombre completo", "País", "Cargo"), ("name", "country", "office")),
        (("Nama lengkap", "Negara", "Jenis kelamin"), ("name", "country", "sex")),
        (("Họ và tên", "Quốc gia", "Giới tính"), ("name", "country", "sex")),
        (("ឈ្មោះ", "ប្រទេស", "ភេទ"), ("name", "country", "sex")),
        (("ຊື່", "ປະເທດ", "ເພດ"), ("name", "country", "sex")),
        (("الاسم", "الدولة", "الجنس"), ("name", "country", "sex")),
        (("Name of participant", "Country of origin"), ("name", "country")),
    ],
)
def test_headings_of_several_languages_are_known(
    headings: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    found = a_head(*headings).guess(PEOPLE)
    assert found.columns == dict(zip(fields, headings, strict=True))


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (("Family name", "Given name", "Country"), ("other_name", "name", "country")),
        (("First name", "Last name", "Country"), ("other_name", "name", "country")),
        (("Surname", "Forename", "Country"), ("name", "other_name", "country")),
        (("Nom", "Prénom", "Pays"), ("name", "other_name", "country")),
        (("Apellidos", "Nombres", "País"), ("name", "other_name", "country")),
        (("First name", "Country"), ("name", "country")),
    ],
)
def test_both_columns_of_a_name_are_proposed(
    headings: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    found = a_head(*headings).guess(PEOPLE)
    assert found.columns == dict(zip(fields, headings, strict=True))


def test_a_first_name_that_the_whole_name_holds_is_not_added_to_it() -> None:
    cells = {"Name": ("Sok Dara", "Tan Bo"), "Surname": ("SOK", "Tan"), "Country": ("Bola", "Bola")}
    found = a_head("Name", "Surname", "Country", **cells).guess(PEOPLE)
    assert found.columns == {"name": "Name", "country": "Country"}
    apart = {**cells, "Name": ("Dara", "Bo")}
    assert a_head("Name", "Surname", "Country", **apart).guess(PEOPLE).columns == {
        "name": "Name", "other_name": "Surname", "country": "Country",
    }  # fmt: skip


def test_what_stands_in_a_column_says_what_it_is_where_its_heading_does_not() -> None:
    found = a_head("A", "B", "C", A=("x@example.org", ""), B=("F", "m"), C=("F", "perhaps"))
    assert found.guess(PEOPLE).columns == {"email": "A", "sex": "B"}


def test_each_field_has_one_column_and_each_column_one_field() -> None:
    found = a_head("Name", "Full name", "Title", "Activity").guess(PEOPLE)
    assert found.columns == {"name": "Name", "office": "Title", "activity_code": "Activity"}


def test_a_needed_field_without_a_column_is_told() -> None:
    head = a_head("Name", "x")
    assert head.faults(PEOPLE, TableMapping({"name": "Name"})) == ["country"]
    assert head.faults(PEOPLE, TableMapping({"name": "Name", "country": "gone"})) == ["country"]
    assert head.faults(MONEY, TableMapping()) == [
        "budget_class", "amount", "period_from", "period_to",
    ]  # fmt: skip


def test_words_of_several_languages_are_known_and_none_has_two_meanings() -> None:
    assert {words_of(Sex)[each] for each in ("f", "femme", "perempuan", "ស្រី")} == {"female"}
    assert words_of(Profession)["kiểm sát viên"] == "prosecutor"
    assert words_of(BudgetClass)[plain_words("Programme Support Costs")] == "support"
    for fields in FIELDS.values():
        for each in fields:
            for value in each.words or ():
                if each.words is not BudgetClass:
                    assert words_of(each.words)[plain_words(value.value)] == value.value


def test_words_are_known_as_the_pages_name_them_and_as_arabic_is_typed() -> None:
    assert words_of(ActivityState)[plain_words("Realizada")] == "done"
    for shown in ("منجَز", "منجز", "مـنـجـز"):
        assert words_of(ActivityState)[plain_words(shown)] == "done"
    assert words_of(Part)[plain_words("مدرب")] == "trainer"


def test_the_first_heading_of_each_field_is_its_own() -> None:
    for kind in ImportKind:
        head = a_head(*(each.headings[0] for each in FIELDS[kind]))
        assert list(head.guess(kind).columns) == [each.name for each in FIELDS[kind]]
