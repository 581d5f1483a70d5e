"""Names of threats: what a question asks of, and else the question."""

from __future__ import annotations

from kancil.assessment.library import named_protocol
from kancil.assessment.naming import threat_name


def test_each_threat_of_the_packaged_protocol_has_a_name_of_its_own_that_asks_nothing() -> None:
    asked = [
        each.question.in_language("en") for each in named_protocol("threat").indicators.values()
    ]
    names = [threat_name(each) for each in asked]
    assert not [name for name in names if "?" in name or name.startswith("How")]
    assert len(set(names)) == len(names)
    assert names[0] == "Unauthorised access to accounts and systems"


def test_what_is_asked_in_another_form_is_its_own_name() -> None:
    for asked in ("Seberapa parah ransomware?", "How grave", "How grave is ?", ""):
        assert threat_name(asked) == asked
