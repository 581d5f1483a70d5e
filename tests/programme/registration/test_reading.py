"""Files of registrations: in every form, in every script, and those that cannot be read."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from kancil.programme.errors import RegistrationsNotReadable
from kancil.programme.registration import reading
from kancil.programme.registration.reading import ReadFile, read_registrations
from kancil.programme.vocabulary import AgeBand, Profession, Sex

CODE = "2026-SEA-014"
GOOD = {
    "kancil": "registration/1", "activity": CODE, "name": "សុខ ដារា", "country": "XKA",
    "organisation": "Unit", "office": "Head", "email": "Dara@Example.org", "role": "prosecutor",
    "sex": "female", "age_band": "30-44", "consent_on": "2026-08-01", "consent_to": "Lists",
}  # fmt: skip


def read(data: bytes) -> ReadFile:
    return read_registrations(data, "file", CODE)


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read without a child, but for the one test that says so in its name."""
    if not request.function.__name__.endswith("_child"):
        monkeypatch.setattr(reading, "_read", reading._read.here)


def lines(*rows: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in rows).encode()


def sheet(rows: list[list[Any]], merged: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_what_the_form_writes_is_read_in_a_child() -> None:
    found = read_registrations(lines(GOOD), "file", CODE)
    (one,) = found.registrants
    assert (one.row, one.name, one.country, one.email) == (
        1, "សុខ ដារា", "XKA", "dara@example.org",
    )  # fmt: skip
    assert (one.sex, one.age_band, one.role) == (Sex.FEMALE, AgeBand.MIDDLE, Profession.PROSECUTOR)
    assert (one.consent_on, one.consent_to) == (date(2026, 8, 1), "Lists")
    assert (found.rows, found.refused, found.unread) == (1, (), ())


def test_the_same_rows_are_read_from_json_csv_and_a_sheet() -> None:
    names = ["Name", "COUNTRY", "E mail", "Sex", "Age band", "shirt"]
    rows = [["សុខ Ana", "xka", "", "F", "44", "L"], ["Bo", "XKA", "", "m", "61", "M"]]
    text = "\n".join(";".join(row) for row in [names, *rows])
    objects = [dict(zip(("name", "country", "email", "sex", "age_band", "shirt"), row, strict=True))
               for row in rows]  # fmt: skip
    forms = [
        read(text.encode("utf-8-sig")), read(text.encode("utf-16")),
        read(sheet([names, *rows])), read(json.dumps(objects).encode()),
    ]  # fmt: skip
    for found in forms:
        assert [(each.name, each.country, each.sex.value, each.age_band.value)
                for each in found.registrants] == [
            ("សុខ Ana", "XKA", "female", "30-44"), ("Bo", "XKA", "male", "60-over"),
        ]  # fmt: skip
        assert "shirt" in found.unread


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": " "}, "blank"), ({"name": "x" * 201}, "too-long"), ({"country": ""}, "blank"),
        ({"country": "Kasa"}, "country"), ({"email": "at example"}, "email"),
        ({"sex": "yes"}, "words"), ({"role": "king"}, "words"), ({"consent_on": "1.8.2026"}, "day"),
        ({"consent_on": "2026-02-30"}, "day"), ({"age_band": "10-17"}, "child"),
        ({"age_band": "17"}, "child"), ({"activity": "OTHER"}, "other-activity"),
        ({"kancil": "registration/9"}, "format"), ({"name": ["a"]}, "not-json"),
    ],
)  # fmt: skip
def test_a_row_that_is_not_usable_is_refused_with_its_reason(
    change: dict[str, Any], why: str
) -> None:
    found = read(lines(GOOD, {**GOOD, "name": "Other", **change}))
    assert len(found.registrants) == 1
    ((row, key),) = [(each.row, each.why.key) for each in found.refused]
    assert (row, key) == (2, f"why.registration-{why}")


def test_a_reason_never_holds_what_was_written() -> None:
    marked = {name: "Zxqv" * 80 for name in GOOD if name not in ("kancil", "activity")}
    found = read(lines(marked))
    assert "Zxqv" not in str(found.refused)


def test_two_registrations_of_one_person_are_one() -> None:
    twice = {**GOOD, "email": ""}
    shared = {**GOOD, "name": "Colleague"}
    other = {**GOOD, "email": "another@example.org"}
    found = read(lines(GOOD, twice, shared, other))
    assert [each.row for each in found.registrants] == [1, 3, 4]
    ((row, params),) = [(each.row, dict(each.why.params)) for each in found.refused]
    assert (row, params) == (2, {"row": 1})


def test_cells_that_are_merged_or_computed_are_not_guessed() -> None:
    rows = [["name", "country"], ["Ann", "XKA"], ["Bo", "XKA"], ["=A2", "XKA"]]
    found = read(sheet(rows, merged="A2:A3"))
    assert [each.name for each in found.registrants] == ["Ann"]
    assert [each.why.key for each in found.refused] == [
        "why.registration-blank", "why.registration-formula",
    ]  # fmt: skip
    with pytest.raises(RegistrationsNotReadable):
        read(sheet(rows, merged="A1:B1"))


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"\xff\xfe\x00", b"name\nAnn\n", b"name,name,country\na,b,XKA\n",
     b"PK\x03\x04broken", ("a," * 80).encode() + b"\n1,2\n", b"\x80abc"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(RegistrationsNotReadable):
        read(data)


def test_fifty_thousand_rows_are_too_many_for_one_activity() -> None:
    data = b"name,country\n" + b"".join(b"P%d,XKA\n" % number for number in range(50_000))
    with pytest.raises(RegistrationsNotReadable) as refused:
        read(data)
    assert refused.value.params["why"].key == "why.registration-rows"  # type: ignore[union-attr]
    with pytest.raises(RegistrationsNotReadable):
        read(b" " * (reading.MOST_BYTES + 1))


def test_deep_json_is_a_refused_row_and_not_an_end() -> None:
    found = read(lines(GOOD) + b"\n" + b"[" * 100_000 + b"\n")
    assert [each.why.key for each in found.refused] == ["why.registration-not-json"]
