"""A file of law is read whole or not at all, and a fault is named with its line."""

from __future__ import annotations

import json
from datetime import date

import pytest
import yaml

from kancil.ground.words import render
from kancil.legal.errors import LawFileNotReadable
from kancil.legal.lawfile import MAX_TEXT, read_law, read_law_file
from tests.legal.lawfiles import LAW


def test_the_example_of_the_page_of_the_format_is_read() -> None:
    library = read_law_file(LAW.encode(), "law.yaml")
    assert list(library.offences) == ["xa-cyber-12", "xb-penal-341"]
    assert library.offences["xa-cyber-12"].elements[0].text == "alters data"
    assert library.agreements["la-th-mla"].clauses[0].kinds == ("mutual-assistance", "freeze")
    assert library.entries["uncc"].not_before == date(2027, 2, 18)
    assert library.countries == ("LA", "TH", "XA", "XB")
    assert library.size == 6


def test_json_says_the_same() -> None:
    as_json = json.dumps(yaml.safe_load(LAW), default=str)
    assert read_law(as_json.encode(), "law.json") == read_law(LAW.encode(), "law.yaml")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        (
            "format: kancil-law/1",
            "format: kancil-law/2",
            "law/2",
            "begin with format: kancil-law/1",
        ),
        ("format: kancil-law/1\n", "", "offences:", "must begin with format"),
        (
            "    law: Cybercrime Act 2015 (invented)\n",
            "",
            "- id: xa-cyber",
            "law is missing in off",
        ),
        ("country: XA", "country: Laos", "Laos", "The country Laos must be two capital letters"),
        ("id: xa-cyber-12", "id: XA 12", "XA 12", "must be small letters"),
        ("id: xb-penal-341", "id: xa-cyber-12", "- id: xa-cyber", "xa-cyber-12 stands twice"),
        ("id: loss, part", "id: input, part", "- id: xa-cyber", "input stands twice"),
        ("part: result", "part: effect", "effect", "part is effect; it must be one of conduct"),
        ("2015-07-15", "15/7/2015", "15/7", "in_force_on must be a day such as"),
        ("2026-02-01", "February", "February", "acceded_on must be a day such as"),
        ("form: bilateral", "form: treaty", "- id: la-th", "must be one of bilateral"),
        ("    other: TH\n", "", "- id: la-th", "names the other country"),
        ("    title: Act", "    other: TH\n    title: Act", "- id: la-power", "names the other"),
        ("kinds: [freeze]", "kinds: [freezing]", "freezing", "kinds is freezing; it must be one"),
        ("instrument: budapest", "instrument: budapest3", "budapest3", "instrument is budapest3"),
        ("    as_of: 2026-11-20\n", "", "- country: LA", "as_of is missing in statuses"),
        ("  uncc:", "  unknown:", "  unknown:", "instrument is unknown"),
        ("    not_before: 2027-02-18\n", "", "source: the depositary's page", "is missing in uncc"),
        ("    title: Fraud", "    headline: Fraud", "headline", "The key headline is not known"),
        ("text: Whoever deceives", "text: " + "x" * (MAX_TEXT + 1), "xxx", "is longer than 20000"),
        ("title: Fraud", "title: [Fraud]", "[Fraud]", "title must be a text"),
        ("title: Fraud", "title: !!python/object:os.system Fraud", "!!python", "Tags"),
        ("statuses:\n", "statuses: none\nothers:\n", "others:", "The key others is not known"),
        ("statuses:\n", "statuses: none\nstatuses:\n", "statuses:", "statuses"),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, line: str, told: str) -> None:
    changed = LAW.replace(old, new, 1)
    assert changed != LAW
    with pytest.raises(LawFileNotReadable) as caught:
        read_law(changed.encode(), "law.yaml")
    said = render("error.law-file-not-readable.sentence", **caught.value.params)
    assert told in said
    assert line in changed.splitlines()[int(str(caught.value.params["line"])) - 1], said


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"- a list", b"format: kancil-law/1\n", b"{"])
def test_bytes_that_are_no_file_of_law_give_a_sentence(data: bytes) -> None:
    with pytest.raises(LawFileNotReadable) as caught:
        read_law_file(data, "law.yaml")
    assert "=" not in render("error.law-file-not-readable.sentence", **caught.value.params)


def test_a_later_file_stands_in_the_place_of_an_earlier_entry() -> None:
    first = read_law(LAW.encode(), "a")
    later = read_law(LAW.replace("three years", "four years").encode(), "b")
    both = first.with_later(later)
    assert both.offences["xb-penal-341"].maximum_penalty == "four years"
    assert both.size == first.size
    assert both.status("LA", "budapest").in_force_on == "2026-06-01"
    assert both.status("LA", "uncc").source
    assert both.status("XC", "untoc").status is None
