"""IATI files: valid ones, each kind of broken rule, and files made to break a reader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kancil.ground.errors import FileNotReadable
from kancil.programme.iati import check
from kancil.programme.iati.check import (
    MAX_DEPTH,
    MAX_FAULTS,
    Verdict,
    check_iati,
    check_iati_file,
)
from kancil.programme.iati.fault import Severity
from kancil.programme.iati.ruleset import found_from, rules

AT = datetime(2026, 11, 28, tzinfo=UTC)
SAMPLE_PATH = Path(__file__).parents[2] / "data" / "iati" / "activity.xml"
SAMPLE = SAMPLE_PATH.read_text(encoding="utf-8")


def checked(text: str) -> Verdict:
    return check_iati(text.encode("utf-8"), AT)


def changed(old: str, new: str) -> Verdict:
    assert old in SAMPLE
    return checked(SAMPLE.replace(old, new, 1))


def test_the_sample_is_valid_and_follows_every_rule() -> None:
    found = checked(SAMPLE)
    assert (found.root, found.count, found.faults) == ("iati-activities", 1, ())
    assert found.is_valid
    assert found.follows_rules


@pytest.mark.parametrize(
    ("rule", "line", "old", "new"),
    [
        ("1.1.3", 5, "XM-DAC-41128-EXAMPLE-CYB-SEA-01", "XM-DAC-41128"),
        ("1.1.21", 5, ">XM-DAC-41128-EXAMPLE", ">XM-DAC-41127-EXAMPLE"),
        ("1.3.1", 5, "SEA-01<", "SEA-01 <"),
        ("1.3.13", 5, "SEA-01<", "SEA/01<"),
        ("4.1.1", 6, ' xml:lang="en"', ""),
        ("4.3.1", 7, "Example: cybercrime investigation training, South-East Asia", ""),
        ("6.10.1", 9, ' ref="AU-5" type="10" role="1"><narrative>Example donor</narrative>',
         ' type="10" role="1">'),
        ("7.8.1", 29, ' default-currency="USD"', ""),
        ("11.1.1", 4, 'last-updated-datetime="2026-11-24', 'last-updated-datetime="2026-12-24'),
        ("11.1.2", 14, 'iso-date="2027-12-31"', 'iso-date="2025-12-31"'),
        ("3.1.2", 17, 'code="TH" percentage="50"', 'code="TH" percentage="60"'),
        ("12.1.1", 16, 'code="TH" percentage="50"', 'code="TH" percentage="150"'),
        ("2.1.2", 18, 'code="15130" percentage="60"', 'code="15130" percentage="61"'),
        ("6.14.1", 21, ' significance="1"', ""),
        ("7.5.3", 27, '<period-end iso-date="2026-12-31"/><value',
         '<period-end iso-date="2027-02-01"/><value'),
        ("8.9.1", 36, 'target value="120"', "target"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_with_its_line(rule: str, line: int, old: str, new: str) -> None:
    text = SAMPLE.replace(old, new, 1)
    if rule == "7.8.1":
        text = text.replace(
            '<value currency="USD" value-date="2026-01-10">', '<value value-date="2026-01-10">'
        )
    found = checked(text)
    assert old in SAMPLE
    assert rule in {each.rule for each in found.faults}
    assert all(each.activity.startswith("XM-DAC-4112") for each in found.faults)
    assert line - 1 <= next(each.line for each in found.faults if each.rule == rule) <= line


def test_a_schema_fault_makes_a_file_invalid_and_a_broken_rule_does_not() -> None:
    found = changed('<activity-status code="2"/>', "<activity-status/>")
    assert not found.is_valid
    assert [(each.rule, each.line) for each in found.faults] == [("schema", 11)]
    found = changed('percentage="60"', 'percentage="61"')
    assert found.is_valid
    assert not found.follows_rules


def test_a_long_file_is_validated_in_parts_with_the_same_faults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (
        '<iati-activities version="2.03" no="">' + "\n<iati-activity/>" * 40 + "</iati-activities>"
    )
    whole = checked(text)
    monkeypatch.setattr(check, "_PART", 7)
    assert checked(text) == whole
    assert {each.line for each in whole.faults if each.rule == "schema"} == set(range(1, 42))


def test_faults_are_looked_for_up_to_a_number_and_the_rest_is_told() -> None:
    """A hundred thousand empty activities were looked at for minutes."""
    many = "<iati-activity/>" * (MAX_FAULTS + 5)
    found = checked(f'<iati-activities version="2.03">{many}</iati-activities>')
    assert len(found.faults) == MAX_FAULTS + 1
    assert found.faults[-1].phrase.key == "problem.iati-more"
    assert not found.is_valid
    assert not found.follows_rules


def test_another_version_is_told_and_checked_as_this_one() -> None:
    found = changed('version="2.03"', 'version="2.02"')
    (fault,) = found.faults
    assert (fault.rule, fault.severity) == ("version", Severity.WARNING)
    assert found.is_valid


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "xml"),
        ("<a>", "xml"),
        ("<iati-activities></iati-activities><b/>", "xml"),
        ("<iati-registry version='2.03'/>", "root"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><iati-activities version="2.03">&b;</iati-activities>',
         "doctype"),
        ("<a>" * (MAX_DEPTH + 1) + "</a>" * (MAX_DEPTH + 1), "depth"),
        ("<a>" * 5000 + "</a>" * 5000, "xml"),
    ],
)  # fmt: skip
def test_what_is_no_iati_file_is_told_in_one_sentence(text: str, code: str) -> None:
    found = checked(text)
    assert [each.phrase.key for each in found.faults] == [f"problem.iati-{code}"]
    assert not found.is_valid


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not read", encoding="utf-8")
    found = checked(
        f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]>'
        '<iati-activities version="2.03">&b;</iati-activities>'
    )
    assert [each.phrase.key for each in found.faults] == ["problem.iati-doctype"]
    assert "do not read" not in repr(found)


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<&"), max_size=12)
)
def test_no_value_of_a_file_is_read_as_xpath(value: str) -> None:
    quoted = value.replace('"', "&quot;")
    found = changed('sector vocabulary="1" code="15130"', f'sector vocabulary="{quoted}" code="1"')
    assert found.root == "iati-activities"


def test_a_file_is_checked_in_a_child(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(SAMPLE, encoding="utf-8")
    assert check_iati_file(path, AT).is_valid
    with pytest.raises(FileNotReadable):
        check_iati_file(tmp_path / "none.xml", AT)


@pytest.mark.parametrize("name", ["activity.xml", "standard-example.xml"])
def test_what_is_found_without_xpath_is_what_xpath_finds(name: str) -> None:
    document = etree.parse(SAMPLE_PATH.with_name(name))
    tried = 0
    for rule in rules():
        paths = {rule.each, rule.case.get("condition", ""), *rule.case.get("paths", ())}
        paths |= {rule.case.get(each, "") for each in ("if", "then", "one", "less", "more", "date")}
        for path in paths - {""}:
            plain = etree.XPath(path.replace("'$1'", "$v"))
            for node in document.xpath(rule.context):
                wanted = plain(node, v="1")
                wanted = wanted if isinstance(wanted, list) else [wanted]
                found = found_from(node, path, "1")
                assert found == wanted or (found == [] and wanted == [False]), path
                tried += 1
    assert tried > 100


def test_every_kind_of_rule_of_the_ruleset_is_known() -> None:
    assert len(rules()) > 90
    assert len({each.id for each in rules()}) > 60


def test_the_standards_own_files_are_told_apart(shared_data: Path) -> None:
    files = sorted((shared_data / "programme" / "iati" / "tests").rglob("*.xml"))
    assert len(files) == 283
    wrong = [
        each.name
        for each in files
        if check_iati(each.read_bytes(), AT).is_valid != ("should-pass" in each.parts)
    ]
    assert wrong == []
