"""A finding is one of four classes, keeps its words, and never carries a percentage."""

from __future__ import annotations

import pytest

from kancil.ground import canonical
from kancil.ground.phrase import Param
from kancil.records.finding import NEEDED, Finding, FindingClass, accept


def test_there_are_four_classes_and_no_more() -> None:
    assert [each.value for each in FindingClass] == [
        "chain-fact",
        "exhibit-fact",
        "policy-result",
        "attribution",
    ]
    assert set(NEEDED) == set(FindingClass)


@pytest.mark.parametrize(
    ("finding_class", "missing"),
    [
        (FindingClass.CHAIN_FACT, ()),
        (FindingClass.POLICY_RESULT, ("policy", "policy_version")),
        (FindingClass.ATTRIBUTION, ("publisher", "source")),
    ],
)
def test_a_finding_says_what_its_class_still_needs(
    finding_class: FindingClass, missing: tuple[str, ...]
) -> None:
    assert Finding(finding_class, "payment").missing() == missing
    params: dict[str, Param] = dict.fromkeys(missing, "x")
    assert Finding(finding_class, "payment", params).missing() == ()


def test_a_finding_keeps_raw_values_and_puts_them_into_words_when_read() -> None:
    params: dict[str, Param] = dict.fromkeys(("policy", "policy_version", "to_output"), "x")
    params |= {"amount_sat": "1000000001", "start_sat": "5000000000", "hop": "1", "address": ""}
    finding = Finding(FindingClass.POLICY_RESULT, "traced-amount-determined", params)
    text = finding.text()
    assert "1\u202f000\u202f000\u202f001 satoshi (10.00000001 BTC) of the" in text
    assert "payable to no address" in text
    assert accept(finding, trace="T", result_sha256="").as_body()["params"] == params


def test_what_a_publisher_does_not_state_is_said_to_be_not_stated() -> None:
    names = (
        "address",
        "category",
        "fetched_on",
        "label",
        "law",
        "listed_on",
        "publisher",
        "source",
    )
    params = dict.fromkeys(names, "") | {"publisher": "P", "address": "A"}
    finding = Finding(FindingClass.ATTRIBUTION, "label-says", params)
    assert finding.missing() == ("source",)
    text = finding.text()
    assert "Listed on: listing date not known; may be later than this payment" in text
    assert "{" not in text
    assert "note." not in text.replace("note.no-source", "")


def test_an_accepted_finding_keeps_the_text_that_was_read() -> None:
    finding = Finding(FindingClass.CHAIN_FACT, "no-such-words", {"value_sat": 2**50, "n": 1})
    accepted = accept(finding, trace="T1", result_sha256="0" * 64)
    body = accepted.as_body()
    assert body["text"] == finding.text() == accepted.text
    assert body["language"] == "en"
    assert body["class"] == "chain-fact"
    assert body["params"] == {"n": "1", "value_sat": str(2**50)}
    assert canonical.loads(canonical.dumps(body)) == body
