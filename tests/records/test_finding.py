"""A finding is one of three classes, keeps its words, and never carries a percentage."""

from __future__ import annotations

import pytest

from kancil.ground import canonical
from kancil.records.finding import NEEDED, Finding, FindingClass, accept


def test_there_are_three_classes_and_no_more() -> None:
    assert [each.value for each in FindingClass] == [
        "chain-fact",
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
    params: dict[str, str | int] = dict.fromkeys(missing, "x")
    assert Finding(finding_class, "payment", params).missing() == ()


def test_an_accepted_finding_keeps_the_text_that_was_read() -> None:
    finding = Finding(FindingClass.CHAIN_FACT, "no-such-words", {"value_sat": 2**60, "n": 1})
    accepted = accept(finding, trace="T1", result_sha256="0" * 64)
    body = accepted.as_body()
    assert body["text"] == finding.text() == accepted.text
    assert body["language"] == "en"
    assert body["class"] == "chain-fact"
    assert body["params"] == {"n": "1", "value_sat": str(2**60)}
    assert canonical.loads(canonical.dumps(body)) == body
