"""Rows as they are read: merged cells, formulas, scripts, wrong days, hostile files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from xlsxwriter import Workbook

from kancil.ground.words import render_phrase
from kancil.programme.errors import LedgerNotReadable, LedgerTooLarge
from kancil.programme.imports import reading
from kancil.programme.imports.checking import Countries, PersonRow, checked
from kancil.programme.imports.fields import ImportKind
from kancil.programme.imports.mapping import TableMapping
from kancil.programme.imports.reading import TableRead
from kancil.programme.money.sheets import Heading
from kancil.programme.registration.registrant import RefusedRow
from kancil.programme.vocabulary import AgeBand
from tests.desk.programme.sheets_made import csv, xlsx

PEOPLE, DONE = ImportKind.PARTICIPANTS, ImportKind.ACTIVITIES
DAYS = TableMapping({"title": "Title", "begins_on": "Start"})
NAMES = TableMapping({"name": "Name", "country": "Country"})
head, table = reading.read_table_head.here, reading.read_table.here


def days(*given: Any, order: str = "", **options: Any) -> list[str]:
    """What each day of a column is read as: a day, or why it is none."""
    rows = [("Title", "Start"), *((f"T{n}", each) for n, each in enumerate(given))]
    found = table(xlsx(rows, **options), "x", DONE, TableMapping(DAYS.columns, order))
    return said(found, "begins_on")


def said(found: TableRead, field: str) -> list[str]:
    return [
        each.faults[field].key.removeprefix("why.import-")
        if field in each.faults
        else each.values[field]
        for each in found.given
    ]


def test_a_day_is_read_where_it_is_one_day_alone() -> None:
    given = (date(2026, 4, 3), "2026-04-03", "13/4/2026", "4.13.2026", "3/4/2026", "4/4/2026")
    assert days(*given) == [
        "2026-04-03", "2026-04-03", "2026-04-13", "2026-04-13", "two-days", "2026-04-04",
    ]  # fmt: skip
    assert days(*given, order="dmy") == [
        "2026-04-03", "2026-04-03", "2026-04-13", "day", "2026-04-03", "2026-04-04",
    ]  # fmt: skip
    assert days("3/4/2026", order="mdy") == ["2026-03-04"]


def test_what_is_no_day_is_refused_and_never_guessed() -> None:
    wrong = ("31/02/2026", "29/2/2025", "31 Feb", "soon", "0/1/2026", "2026-13-01", "1/2/26")
    assert days(*wrong, order="dmy") == ["day"] * len(wrong)
    assert days(46115, 1.5) == ["serial", "serial"], "a serial number is of one of two systems"
    assert days("29/2/2024", order="dmy") == ["2024-02-29"]


def test_dates_of_the_1904_system_are_the_same_days() -> None:
    assert days(date(2026, 4, 3), default_date_format="yyyy-mm-dd") == ["2026-04-03"]
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True, "date_1904": True}) as book:
        sheet, look = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ("Title", "Start"))
        sheet.write(1, 0, "T")
        sheet.write_datetime(1, 1, date(2026, 4, 3), look)
    assert said(table(stream.getvalue(), "x", DONE, DAYS), "begins_on") == ["2026-04-03"]


def test_digits_of_every_script_are_digits() -> None:
    khmer, arabic = "១៣/៤/២០២៦", "٢٠٢٦-٠٤-١٣"
    assert days(khmer, arabic) == ["2026-04-13", "2026-04-13"]


def test_names_of_every_script_come_through_in_composed_form() -> None:
    names = (
        "សុខ វិបុល",
        "ສົມສັກ ພົມມະຈັນ",
        "فاطمة بنت علي",
        "Nguye\u0302\u0303n Thi\u0323 Hoa",
        "A\u202eB",
    )
    rows = [("Name", "Country"), *((each, "XKA") for each in names)]
    for data in (xlsx(rows), csv(*(",".join(row) for row in rows))):
        found = [each.values["name"] for each in table(data, "x", PEOPLE, NAMES).given]
        assert found[:3] == list(names[:3])
        assert found[3:] == ["Nguyễn Thị Hoa", "A B"]


def merged() -> bytes:
    """A list in which one cell says the country of three people, below a title."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        book.add_worksheet("More")
        book.add_worksheet("Old").hide()
        sheet.merge_range("A1:B1", "Participants of the training")
        sheet.write_row("A2", ("Name", "Country"))
        sheet.merge_range("B3:B6", "XKA")
        for row, name in ((2, "A. One"), (3, "B. Two"), (5, "C. Three")):
            sheet.write(row, 0, name)
        sheet.write_row("A8", ("D. Four", "XBO"))
    return stream.getvalue()


def test_merged_cells_are_filled_and_empty_rows_and_other_sheets_are_told() -> None:
    found = table(merged(), "x", PEOPLE, NAMES)
    assert [(each.row, each.values["country"]) for each in found.given] == [
        (3, "XKA"), (4, "XKA"), (6, "XKA"), (8, "XBO"),
    ]  # fmt: skip
    told = found.remarks
    assert (told.merged, told.empty, told.others, told.hidden) == (2, 2, ("More",), ("Old",))


def test_merged_cells_of_ods_are_filled_too() -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    rows = [
        cell.format("", "Name") + cell.format("", "Country"),
        cell.format("", "A. One") + cell.format(' table:number-rows-spanned="2"', "XKA"),
        cell.format("", "B. Two") + "<table:covered-table-cell/>",
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    body = body.replace("<table:table-cell", '<table:table-cell office:value-type="string"')
    names = "".join(
        f' xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", "<manifest/>")
    found = table(stream.getvalue(), "x", PEOPLE, NAMES)
    assert [each.values["country"] for each in found.given] == ["XKA", "XKA"]
    assert found.remarks.merged == 1


def test_formulas_are_read_as_what_they_computed_and_told() -> None:
    rows = [("Name", "Country"), ('=A9&"x"→A. One', "XKA"), ("=A9→", "XKA"), ("B", "=1/0→#DIV/0!")]
    found = table(xlsx(rows), "x", PEOPLE, NAMES)
    assert said(found, "name")[0] == "A. One"
    faults = [each.key for one in found.given for each in one.faults.values()]
    assert faults == ["why.import-formula"] * 2
    assert found.remarks.formulas == 3


def test_two_columns_of_one_name_and_one_without_are_told_apart() -> None:
    found = head(csv("Name,Name,,Country", "A,B,C,D"), "x")
    assert [each.heading for each in found.columns] == ["Name", "Name (B)", "(C)", "Country"]


def test_a_day_is_read_with_the_name_of_its_month_and_of_the_buddhist_era() -> None:
    named = (
        "9 Nov 2026",
        "November 9, 2026",
        "9 de noviembre de 2026",
        "9 พ.ย. 2569",
        "9th nov 2026",
    )
    assert days(*named) == ["2026-11-09"] * len(named)
    assert days("31 Feb 2026", "9 Nev 2026") == ["day", "day"]
    assert days("13/4/2569", "29/2/2567") == ["2026-04-13", "2024-02-29"]
    rows = [("Title", "Start"), ("A", "13/4/2569"), ("B", "13/4/2026")]
    assert table(xlsx(rows), "x", DONE, DAYS).remarks.buddhist == 1


def grouped() -> bytes:
    """A title, group headings over merged cells, then headings; a column without one."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.merge_range(0, 0, 0, 7, "Participants of the course")
        sheet.merge_range(1, 0, 1, 1, "Participant")
        sheet.merge_range(1, 2, 1, 3, "Service")
        sheet.merge_range(1, 4, 1, 6, "Contact")
        headings = ("Name", "Country", "Institution", "Rank", "E-mail", "Consent", "Age")
        for at, each in enumerate(headings):
            sheet.write(2, at, each)
        person = ("Dara Sok", "Kasa", "Police", "Major", "dara@example.org", "9 Nov 2026", "35-44")
        for at, each in enumerate((*person, "left over")):
            sheet.write(3, at, each)
    return stream.getvalue()


def test_the_widest_row_decides_and_no_column_is_left_out_unnamed() -> None:
    found = head(grouped(), "x")
    assert (found.heading.row, found.rows) == (3, 1)
    assert [each.heading for each in found.columns] == [
        "Name", "Country", "Institution", "Rank", "E-mail", "Consent", "Age", "(H)",
    ]  # fmt: skip
    mapping = found.guess(PEOPLE)
    assert mapping.columns["organisation"] == "Institution"
    assert table(grouped(), "x", PEOPLE, mapping).remarks.unread == ("(H)",)
    assert [number for number, _ in found.first] == [1, 2, 3, 4]


def test_a_person_picks_the_headings_and_joins_those_of_groups() -> None:
    joined = head(grouped(), "x", Heading(3, is_joined=True))
    assert [each.heading for each in joined.columns][:3] == [
        "Participant Name", "Participant Country", "Service Institution",
    ]  # fmt: skip
    above = head(csv("Person,,Contact,", "Name,Land,Mail,Phone", "A,B,C,D"), "x", Heading(2, True))
    assert [each.heading for each in above.columns] == [
        "Person Name", "Person Land", "Contact Mail", "Contact Phone",
    ]  # fmt: skip
    assert head(grouped(), "x", Heading(2)).columns[0].heading == "Participant"
    with pytest.raises(LedgerNotReadable):
        head(grouped(), "x", Heading(40))


def test_headings_that_nobody_knows_are_the_first_that_is_nearly_as_wide_as_the_widest() -> None:
    found = head(csv("Report,2026", "a,b,c,,e", "1,2,3,4,5"), "x")
    assert found.heading.row == 2


def test_all_that_is_wrong_in_a_row_is_named_at_once() -> None:
    rows = csv("Name,Country,Sex,Consent on,Age", ",Nowhere,often,soon,25-34", "B,Kasa,f,,35-44")
    read = table(rows, "x", PEOPLE, head(rows, "x").guess(PEOPLE))
    countries = Countries.of({"XKA": "Kasa", "XBO": "Bola"})
    wrong, right = (checked(PEOPLE, each, countries) for each in read.given)
    assert isinstance(wrong, RefusedRow)
    told = render_phrase(wrong.why)
    for part in ("Name is empty", "Bola, Kasa", "female, male", "is no day"):
        assert part in told
    assert isinstance(right, PersonRow)
    assert right.person.age_band is AgeBand.MIDDLE
    two = csv("Name,Country,Age", "A,Kasa,25-34")
    (one,) = table(two, "x", PEOPLE, head(two, "x").guess(PEOPLE)).given
    straddles = checked(PEOPLE, one, countries)
    assert isinstance(straddles, RefusedRow)
    assert "30-44" in render_phrase(straddles.why)


def test_the_order_of_days_is_found_where_one_row_of_many_says_it() -> None:
    rows = [f"T{n},{n}/{n}/2026" for n in range(1, 12)]
    plain = head(csv("Title,Start", *rows), "x")
    assert plain.columns[1].orders == ("dmy", "mdy")
    assert plain.guess(DONE).day_order == ""
    assert plain.faults(DONE, TableMapping({"title": "Title", "begins_on": "Start", "kind": "x"}))
    told = head(csv("Title,Start", *rows, "T,25/12/2026"), "x")
    assert told.guess(DONE).day_order == "dmy"
    assert head(csv("Title,Start", "T,2026-03-04"), "x").columns[1].orders == ()


def bomb(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A workbook whose parts are those, beside what makes it one."""
    stream = io.BytesIO()
    known = io.BytesIO(xlsx([("Name", "Country"), ("A", "XKA")]))
    with (
        zipfile.ZipFile(known) as good,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        parts = {name: good.read(name) for name in good.namelist()} | dict(members)
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def test_a_file_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(LedgerTooLarge):
        head(bomb([("xl/media/x.bin", bytes(65_000_000))]), "x")


def test_external_entities_are_refused_and_external_links_never_followed() -> None:
    sheet = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><worksheet>&e;</worksheet>'
    with pytest.raises(LedgerNotReadable):
        head(bomb([("xl/worksheets/sheet1.xml", sheet)]), "x")
    away = b'<externalLink><externalBook id="http://example.invalid/x.xlsx"/></externalLink>'
    found = head(bomb([("xl/externalLinks/externalLink1.xml", away)]), "x")
    assert [each.heading for each in found.columns] == ["Name", "Country"]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0broken", b"\xff\xfe\x00", b"Name\nA\n",
             b"Name,Country\n"],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_one_reason(data: bytes) -> None:
    with pytest.raises(LedgerNotReadable) as caught:
        head(data, "list.xlsx")
    assert render_phrase(caught.value.params["why"])  # type: ignore[arg-type]


def test_rows_beyond_the_most_and_columns_without_end_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    rows = [f"P{n},XKA" for n in range(4)]
    assert len(table(csv("Name,Country", *rows[:3]), "x", PEOPLE, NAMES).given) == 3
    with pytest.raises(LedgerTooLarge):
        table(csv("Name,Country", *rows), "x", PEOPLE, NAMES)
    with pytest.raises(LedgerTooLarge):
        head(csv("Name,Country", "A" + "," * 300 + "B"), "x")


def test_only_the_rows_that_are_asked_for_come_back_whole() -> None:
    found = reading.read_whole_rows.here(csv("Name,Country", "A,XKA", "B,XZZ"), "x", [3])
    assert (found.headings, found.rows) == (("Name", "Country"), ((3, ("B", "XZZ")),))


@pytest.mark.thorough
def test_fifty_thousand_rows_are_read_in_the_limited_child() -> None:
    rows = [(f"Person {n}", "XKA", f"p{n}@example.org") for n in range(reading.MOST_ROWS)]
    data = xlsx([("Name", "Country", "E-mail"), *rows])
    found = reading.read_table(data, "x", PEOPLE, NAMES)
    assert len(found.given) == reading.MOST_ROWS
    assert found.given[-1].values["name"] == f"Person {reading.MOST_ROWS - 1}"


def test_a_name_in_two_columns_is_one_name_in_the_order_of_the_sheet() -> None:
    rows = [
        ("Family name", "Given name", "Country"),
        ("Sok", "Dara", "XKA"),
        ("Sok", "Vana", "XKA"),
        ("Lim", "", "XKA"),
    ]
    for name, other in (("Given name", "Family name"), ("Family name", "Given name")):
        mapping = TableMapping({"name": name, "other_name": other, "country": "Country"})
        given = table(xlsx(rows), "x", PEOPLE, mapping).given
        names = [each.values["name"] for each in given[:2]]
        assert names == ["Sok Dara", "Sok Vana"], "two people, and not one called Sok"
        assert all("other_name" not in each.values for each in given)
    assert given[2].values["name"] == "Lim"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp1252", "Hélène Œuvré"), ("cp874", "สมชาย ทดลองดี"), ("cp1256", "سامية التجريبية")],
)
def test_a_list_of_an_older_encoding_is_read_and_the_guess_is_told(
    encoding: str, name: str
) -> None:
    rows = f"Name;Country\r\nAn Example;Kasa\r\n{name};Kasa\r\n".encode(encoding)
    found = head(rows, "x.csv")
    assert found.remarks.guessed == encoding
    read = table(rows, "x.csv", PEOPLE, found.guess(PEOPLE))
    assert [each.values["name"] for each in read.given] == ["An Example", name]
    assert read.remarks.guessed == encoding
    assert head(rows.decode(encoding).encode(), "x.csv").remarks.guessed == ""
