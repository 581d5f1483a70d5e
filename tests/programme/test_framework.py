"""A results framework as a file: read strictly, in a child, and written as it was read."""

from __future__ import annotations

import pytest

from kancil.programme.counting.rule import Counts, Rule, Span
from kancil.programme.counting.shown import as_shown, progress
from kancil.programme.errors import FrameworkNotReadable
from kancil.programme.framework import (
    EXAMPLE,
    read_framework,
    read_framework_file,
    write_framework,
)

SMALL = """schema: results-framework/1
title: Small
results:
  - kind: outcome
    code: "1"
    statement: Laws are better.
    sdg_targets: ["16.3"]
    indicators:
      - code: 1.a
        title: Countries
        rule: {counts: round-countries, protocol: capability, area: lf, rise: 5}
        target: "4"
        target_on: 2028-12-31
"""


def test_the_example_is_read_in_a_child_and_written_as_it_was_read() -> None:
    example = read_framework_file(EXAMPLE.read_bytes(), "example.yaml")
    assert read_framework(write_framework(example), "again.yaml") == example
    found = {code: text for each in example.statements for code, text in each.indicators.items()}
    assert found["2.a"].rule == Rule(Counts.ENTERED)
    assert "own initiative" in found["2.a"].title
    assert (found["2.2.a"].rule.months, found["4.1.a"].target) == (12, "4000")
    targets = {each for one in example.statements for each in one.text.sdg_targets}
    assert {"16.2", "16.3", "16.4", "16.a", "5.2"} <= targets
    trained = found["2.1.a"].rule
    assert (trained.span, trained.least_attendance) == (Span.TO_DATE, 50)


def test_what_stands_inside_comes_after() -> None:
    example = read_framework(EXAMPLE.read_bytes(), "example.yaml")
    seen = {""}
    for each in example.statements:
        assert each.parent in seen
        seen.add(each.code)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("kind: outcome", "kind: wish", 4),
        ('code: "1"', 'code: "1 2"', 4),
        ("statement: Laws are better.", "statement: ''", 4),
        ('["16.3"]', '["16.33x"]', 4),
        ("    sdg_targets", "    colour: red\n    sdg_targets", 4),
        ("counts: round-countries", "counts: cats", 9),
        ("rise: 5", "rise: many", 9),
        ("rise: 5", "raise: 5", 9),
        ('target: "4"', "target: four", 9),
        ("2028-12-31", "31.12.2028", 9),
        ("results-framework/1", "results-framework/9", 1),
        ("code: 1.a", 'code: "1"', 1),
        ("indicators:\n      - code", "indicators: []\n    results: no\n    x:\n      - code", 4),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, line: int) -> None:
    assert old in SMALL
    with pytest.raises(FrameworkNotReadable) as refused:
        read_framework(SMALL.replace(old, new).encode(), "mine.yaml")
    assert refused.value.params["path"] == "mine.yaml"
    assert abs(int(str(refused.value.params["line"])) - line) <= 1


@pytest.mark.parametrize("content", [b"", b"[1, 2]", b"\xff\xfe", b"a: &x [*x]", b"{" * 4000])
def test_what_is_no_framework_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(FrameworkNotReadable):
        read_framework_file(content, "bad.yaml")


@pytest.mark.parametrize(
    ("baseline", "target", "value", "percent"),
    [("0", "20", "5", 25), ("", "20", "5", 25), ("40", "20", "30", 50), ("0", "20", "30", 150),
     ("10", "20", "5", 0), ("0", "", "5", None), ("0", "20", "half", None), ("5", "5", "5", None)],
)  # fmt: skip
def test_progress_is_the_way_from_baseline_to_target(
    baseline: str, target: str, value: str, percent: int | None
) -> None:
    assert progress(baseline, target, value) == percent


def test_a_figure_under_five_persons_is_hidden_with_all_its_parts() -> None:
    rule = Rule(Counts.PEOPLE)
    parts = {"sex": {"female": 3, "male": 1}}
    assert as_shown(rule, "4", parts, None, whole=False).value is None
    assert as_shown(rule, "4", parts, None, whole=False).split == {
        "sex": {"female": None, "male": None}
    }
    assert as_shown(rule, "4", parts, None, whole=True).split == parts
    shown = as_shown(Rule(Counts.ACTIVITIES), "4", {"country": {"XKA": 4}}, None, whole=False)
    assert (shown.value, shown.split) == ("4", {"country": {"XKA": 4}})
    share = Rule(Counts.EVALUATION, question="used", answers=("5",))
    assert as_shown(share, "75.0", {}, 4, whole=False).value is None
    assert as_shown(share, "75.0", {}, 40, whole=False).of == 40
