"""The page of IATI files: who publishes, a file made and fetched, a file imported and undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.ground import clock
from kancil.programme.iati.check import check_iati
from tests.web.programme.asking import plain, sent, shown
from tests.web.programme.served import ProgrammeSite

SAMPLE = (Path(__file__).parents[2] / "data" / "iati" / "activity.xml").read_bytes()
REPORTER = "/iati/reporter/"
WHO = {
    "do": "reporter", "iati_ref": "XM-DAC-99999", "iati_name": "Example office", "iati_type": "40",
    "iati_title": "Example programme", "iati_description": "What it is for",
    "iati_language": "en",
}  # fmt: skip


def test_a_file_is_published_and_fetched(programme: ProgrammeSite) -> None:
    from tests.desk.programme.iati_books import NAMES, activity, books

    assert "Nobody said yet which organisation publishes" in shown(programme, "olga", "/iati/")
    olga = programme.people["olga"]
    books(olga)
    activity(olga, "X-UNPAID", "KHM")
    assert "cannot be used" in sent(programme, "olga", REPORTER, {**WHO, "iati_ref": "a/b"})
    assert "was saved" in sent(programme, "olga", REPORTER, WHO)
    text = sent(programme, "olga", "/iati/", {"do": "publish"})
    assert "A file with 3 activities was published" in text
    assert "No grant pays for it." in text
    client = programme.client("olga")
    page = client.get("/iati/").content.decode()
    at = page[page.index("/iati/files/") :].partition('"')[0]
    data = client.get(f"{at}download/").getvalue()
    assert check_iati(data, clock.now()).faults == ()
    assert not any(name.encode() in data for name in NAMES)
    assert "IATI file published" in shown(programme, "olga", "/record/")
    for who in ("ada", "lea", "fay", "mia", "don", "fin"):
        shown(programme, who, "/iati/", 403)
        shown(programme, who, f"{at}download/", 403)
    shown(programme, "olga", "/iati/files/none/", 404)


def look(programme: ProgrammeSite, data: bytes, name: str = "a.xml") -> str:
    file = SimpleUploadedFile(name, data)
    given = {"do": "look", "iati_file": file, "iati_kind": "training"}
    answer = programme.client("olga").post("/iati/import/", given)
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def test_a_file_is_looked_at_imported_and_undone(programme: ProgrammeSite) -> None:
    from tests.desk.programme.iati_books import books

    books(programme.people["olga"])
    data = SAMPLE.replace(b' hierarchy="1"', b"")
    data = data.replace(b'code="TH"', b'code="KH"').replace(b'code="VN"', b'code="LA"')
    page = look(programme, data)
    assert "of 1 activities 1 would become yours" in plain(page)
    assert "3 transactions would be kept as stated too" in plain(page)
    take = {"do": "import", "iati_kind": "training", "iati_sha256": hidden(page, "iati_sha256"),
            "iati_name": "a.xml"}  # fmt: skip
    done = sent(programme, "olga", "/iati/import/", take)
    assert "Of 1 activities 1 became yours" in done
    client = programme.client("olga")
    listed = client.get("/iati/stated/?iati_find=a").content.decode()
    there = listed.partition('href="/iati/stated/')[2].partition('"')[0]
    one = plain(client.get(f"/iati/stated/{there}").content.decode())
    assert "Nobody here has checked it" in one
    assert "Sums by currency" in one
    assert programme.client("fin").get(f"/iati/stated/{there}").status_code in (302, 403, 404)
    assert "waited for more than a day" in sent(programme, "olga", "/iati/import/", take)
    again = plain(look(programme, data))
    assert "is here already, or stands in the file before" in again
    listed = programme.client("olga").get("/iati/import/").content.decode()
    batch = listed.partition('<option value="')[2]
    assert "a.xml" in plain(listed)
    options = [each.partition('"')[0] for each in listed.split('<option value="')[1:]]
    (batch,) = [each for each in options if len(each) == 36]
    text = sent(programme, "olga", "/iati/import/", {"do": "undo", "iati_batch": batch})
    assert "The import was undone: 1 activities were removed" in text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><iati-activities>&b;</iati-activities>',
         "declares a document type"),
        (b"not xml", "not well-formed XML"),
        (b'<iati-activities version="1.04"/>', "Versions 2.01, 2.02 and 2.03 are read"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_sentence_and_keeps_nothing(
    programme: ProgrammeSite, data: bytes, sentence: str
) -> None:
    assert sentence in plain(look(programme, data))
    assert list((programme.root / "desk" / "uploads").glob("iati-*")) == []
