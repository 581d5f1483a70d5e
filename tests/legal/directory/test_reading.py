"""Offices are read strictly, and what is wrong is named by entry and field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.errors import KancilError
from kancil.ground.plain import plain
from kancil.legal.directory.errors import (
    OfficeNotReadable,
    OfficesFileNotReadable,
    OfficeTwice,
    PublicAddressWanted,
)
from kancil.legal.directory.office import Channel, Confidence, Kind
from kancil.legal.directory.reading import FREE_MAIL, office_of, read_offices, refuse_free_mail
from tests.examples import examples
from tests.legal.directory.sample import office

YAML = b"""
id: la-example-bank
kind: bank
name: Example Bank
country: LA
channel: e-mail
address: legal@exb.example
languages: [lo, en]
working_days: [mon, tue]
source: letter of the bank
as_of: 2026-03-03
confidence: high
"""


def test_one_office_or_a_list_is_read_from_yaml_and_from_json() -> None:
    (one,) = read_offices(YAML, "one.yaml")
    assert (one.kind, one.channel, one.languages) == (Kind.BANK, Channel.EMAIL, ("lo", "en"))
    assert (one.as_of.isoformat(), one.confidence) == ("2026-03-03", Confidence.HIGH)
    several = json.dumps({"offices": [plain(office()), plain(office(id="b"))]}).encode()
    assert read_offices(several, "many.json") == (office(), office(id="b"))


@given(
    st.builds(
        office,
        id=st.from_regex(r"[a-z0-9][a-z0-9-]{0,79}", fullmatch=True),
        kind=st.sampled_from(Kind),
        name=st.from_regex("[A-Za-zก-ฮ\u1780-\u17a2\u200b]{1,40}", fullmatch=True),
        channel=st.none() | st.sampled_from(Channel),
        verified_on=st.none() | st.dates(),
        wants=st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), unique=True).map(tuple),
    )
)
@examples(100)
def test_what_is_written_is_read_as_it_was(one: Any) -> None:
    assert office_of(plain(one), "x") == one


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("kind", "friend", "why.office-not-one-of"),
        ("channel", "telegram", "why.office-not-one-of"),
        ("id", "Über Bank", "why.office-form"),
        ("country", "Laos", "why.office-form"),
        ("as_of", "3 March", "why.office-not-a-day"),
        ("as_of", "2026-02-30", "why.office-not-a-day"),
        ("zone", "Mars/Base", "why.office-not-a-zone"),
        ("zone", "../../etc/passwd", "why.office-not-a-zone"),
        ("name", "", "why.office-empty"),
        ("name", "x" * 301, "why.office-too-long"),
        ("name", "Bank\u202e", "why.office-unprintable"),
        ("services", "EXB", "why.office-not-a-list"),
        ("services", ["x"] * 51, "why.office-too-many"),
        ("working_days", ["someday"], "why.office-not-one-of"),
        ("note", 5, "why.office-not-text"),
        ("telephone", "1", "why.office-unknown"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(field: str, value: Any, why: str) -> None:
    with pytest.raises(OfficeNotReadable) as told:
        office_of({**plain(office()), field: value}, "x")
    said = told.value.params
    assert (said["field"], said["why"].key) == (field, why)  # type: ignore[union-attr]


def test_what_is_missing_is_named() -> None:
    value = plain(office())
    del value["source"]
    with pytest.raises(OfficeNotReadable) as told:
        office_of(value, "x")
    assert told.value.params["field"] == "source"
    with pytest.raises(OfficeNotReadable):
        office_of(["no", "mapping"], "x")


@pytest.mark.parametrize("field", ["address", "note", "services", "wants"])
def test_a_free_mail_address_is_refused_wherever_it_stands(field: str) -> None:
    text = "write to a.person@Gmail.com"
    value = text if field in ("address", "note") else (text,)
    with pytest.raises(PublicAddressWanted) as told:
        refuse_free_mail(office(**{field: value}))
    assert told.value.params == {
        "office": "la-example-bank", "domain": "gmail.com", "count": len(FREE_MAIL),
    }  # fmt: skip


def test_a_service_that_is_a_mail_domain_is_no_address() -> None:
    assert refuse_free_mail(office(services=("gmail.com",))) is None  # type: ignore[func-returns-value]
    refuse_free_mail(office(address="legal@exb.example"))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (YAML + b"id: twice\n", OfficesFileNotReadable),
        (b"[1, 2]", OfficesFileNotReadable),
        (b"a: &x 1\nb: *x\n", OfficesFileNotReadable),
        (b"\xff\xfe", OfficesFileNotReadable),
        (b"offices: []\nmore: 1\n", OfficeNotReadable),
        (b"offices: 5\n", OfficeNotReadable),
        (json.dumps({"offices": [plain(office())] * 2}).encode(), OfficeTwice),
        (YAML.replace(b"exb.example", b"yahoo.com"), PublicAddressWanted),
    ],
)
def test_a_bad_list_is_refused_whole(content: bytes, error: type[KancilError]) -> None:
    with pytest.raises(error):
        read_offices(content, "bad.yaml")
