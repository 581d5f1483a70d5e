"""A results framework as a file: outcomes and outputs with their indicators, one inside the other.

    schema: results-framework/1
    title: Global Programme on Cybercrime
    results:
      - kind: outcome
        code: "2"
        statement: Police, prosecutors and judges investigate and try cybercrime.
        indicators:
          - code: 2.a
            title: People trained
            rule: {counts: people, only: {activity-kind: [training]}, split: [sex]}
            target: "400"
        results:
          - kind: output
            …

The form is that of a logframe (OECD DAC, *Glossary of Key Terms in Evaluation and Results-Based
Management*, 2002: impact, outcome, output, indicator, means of verification, assumption). Files of
others are read in a limited child; a fault is told with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kancil.ground.child import in_child
from kancil.ground.errors import NotCanonical
from kancil.ground.filled import filled_from_plain
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.yaml_tree import Listed, Mapped, Node, Scalar, compose
from kancil.programme.counting.rule import Rule, read_rule, rule_json
from kancil.programme.counting.shown import number_of
from kancil.programme.errors import FrameworkNotReadable, ResultNotUsable, RuleNotUsable
from kancil.programme.vocabulary import ResultKind

SCHEMA = "results-framework/1"
EXAMPLE = Path(__file__).parent / "frameworks" / "cybercrime.yaml"
GENDER_MARKERS = ("0", "1", "2a", "2b")
"""UN gender equality marker: from no contribution (0) to the principal objective (2b), as the UN
Secretariat's programmes use it (IASC and UNSDG guidance of 2013 and 2018)."""
MEASURES = ("unit", "percentage", "qualitative")
_SDG_TARGET = re.compile(r"(?:1[0-7]|[1-9])\.(?:[1-9][0-9]?|[a-d])")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,19}", re.ASCII)
_WHOLE = ("least_attendance", "months", "rise")
"""Keys of a rule that are numbers; all else in a file is text."""


@dataclass(frozen=True, slots=True)
class NodeText:
    """What an outcome or output says."""

    statement: str
    assumption: str = ""
    risk: str = ""
    gender_marker: str = ""
    sdg_targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """What an indicator measures, from where to where."""

    title: str
    rule: Rule
    measure: str = "unit"
    baseline: str = ""
    baseline_on: date | None = None
    target: str = ""
    target_on: date | None = None
    means: str = ""
    """Means of verification."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An outcome or output with its place and its indicators."""

    kind: str
    code: str
    parent: str
    """Code; empty: it stands at the top."""
    text: NodeText
    indicators: Mapping[str, IndicatorText]
    """By code."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A whole framework; what stands inside something comes after it."""

    title: str
    statements: tuple[Statement, ...]


def check_node(kind: str, code: str, text: NodeText) -> None:
    """Refuse what no outcome or output can be; raises ResultNotUsable."""
    _require(kind in set(ResultKind), "kind", kind)
    _require(_CODE.fullmatch(code) is not None, "code", code)
    _require(bool(text.statement.strip()), "statement", "")
    _require(text.gender_marker in ("", *GENDER_MARKERS), "gender-marker", text.gender_marker)
    for each in text.sdg_targets:
        _require(_SDG_TARGET.fullmatch(each) is not None, "sdg-targets", each)


def check_indicator(code: str, text: IndicatorText) -> None:
    """Refuse what no indicator can be; raises ResultNotUsable."""
    _require(_CODE.fullmatch(code) is not None, "code", code)
    _require(bool(text.title.strip()), "title", "")
    _require(text.measure in MEASURES, "measure", text.measure)
    if text.measure != "qualitative":
        for name, value in (("baseline", text.baseline), ("target", text.target)):
            _require(value == "" or number_of(value) is not None, name, value)
    _require(text.measure != "qualitative" or text.rule.is_entered, "measure", text.measure)


def _require(is_met: bool, field: str, value: str) -> None:
    if not is_met:
        raise ResultNotUsable(field=Phrase(f"programme.result.field-{field}"), value=value[:60])


def read_framework(content: bytes, name: str) -> Framework:
    """Read a framework; raises FrameworkNotReadable with the line of the first fault."""
    top, faults = compose(content, name)
    for fault in faults:
        raise FrameworkNotReadable(path=name, line=fault.line, why=fault.phrase)
    if top is None:
        raise FrameworkNotReadable(path=name, line=1, why=Phrase("why.framework-empty"))
    given = {key: node for key, (_, node) in top.pairs.items()}
    results = given.pop("results", None)
    head = {key: _value(node) for key, node in given.items()}
    if head.keys() != {"schema", "title"} or head["schema"] != SCHEMA:
        raise FrameworkNotReadable(path=name, line=top.line, why=Phrase("why.framework-schema"))
    found = tuple(_statements(results, "", name, 1))
    codes = [each.code for each in found]
    codes += [code for each in found for code in each.indicators]
    for code in codes:
        if codes.count(code) > 1:
            why = Phrase("why.framework-twice", {"code": code})
            raise FrameworkNotReadable(path=name, line=1, why=why)
    return Framework(str(head["title"]), found)


def example_framework() -> Framework:
    """The framework that comes with Kancil, to begin with."""
    return read_framework(EXAMPLE.read_bytes(), EXAMPLE.name)


@in_child(memory_bytes=1 << 29, cpu_seconds=30)
def read_framework_file(content: bytes, name: str) -> Framework:
    """Read a framework of others, as `read_framework` does."""
    return read_framework(content, name)


def _statements(node: Node | None, parent: str, name: str, depth: int) -> Iterator[Statement]:
    for each in _listed(node, name) if depth <= 4 else ():
        given = {key: one for key, (_, one) in each.pairs.items()}
        indicators, inner = given.pop("indicators", None), given.pop("results", None)
        try:
            own = {key: _value(one) for key, one in given.items()}
            kind, code = str(own.pop("kind", "")), str(own.pop("code", ""))
            text = filled_from_plain(NodeText, own, is_whole=False)
            check_node(kind, code, text)
        except (NotCanonical, ResultNotUsable) as error:
            raise _not_readable(name, each, error) from error
        yield Statement(kind, code, parent, text, dict(_indicators(indicators, name)))
        yield from _statements(inner, code, name, depth + 1)


def _indicators(node: Node | None, name: str) -> Iterator[tuple[str, IndicatorText]]:
    for each in _listed(node, name):
        own = {key: _value(one) for key, (_, one) in each.pairs.items()}
        code, rule = str(own.pop("code", "")), own.pop("rule", None)
        try:
            if isinstance(rule, dict):
                rule = {
                    key: int(one) if key in _WHOLE and str(one).isdecimal() else one
                    for key, one in rule.items()
                }
            text = _indicator(own, read_rule(rule))
            check_indicator(code, text)
        except (NotCanonical, ResultNotUsable, RuleNotUsable) as error:
            raise _not_readable(name, each, error) from error
        yield code, text


def _indicator(own: dict[str, Any], rule: Rule) -> IndicatorText:
    """All but the rule is checked as it stands; the rule has been."""
    whole = filled_from_plain(IndicatorText, {**own, "rule": plain(rule)}, is_whole=False)
    return whole


def _not_readable(
    name: str, node: Node, error: NotCanonical | ResultNotUsable | RuleNotUsable
) -> FrameworkNotReadable:
    why = error.params.get("why")
    if not isinstance(why, str | Phrase):
        why = Phrase("why.framework-value", dict(error.params))
    return FrameworkNotReadable(path=name, line=node.line, why=why)


def _listed(node: Node | None, name: str) -> Iterator[Mapped]:
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return
    if not isinstance(node, Listed):
        raise FrameworkNotReadable(path=name, line=node.line, why=Phrase("why.framework-list"))
    for each in node.items:
        if not isinstance(each, Mapped):
            raise FrameworkNotReadable(path=name, line=each.line, why=Phrase("why.framework-list"))
        yield each


def _value(node: Node) -> Any:
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Listed):
        return [_value(each) for each in node.items]
    return {key: _value(each) for key, (_, each) in node.pairs.items()}


def write_framework(framework: Framework) -> bytes:
    """A framework as `read_framework` reads it again."""
    top: dict[str, list[dict[str, Any]]] = {"": []}
    for each in framework.statements:
        own: dict[str, Any] = {"kind": each.kind, "code": each.code, **_said(each.text)}
        if each.indicators:
            own["indicators"] = [
                {"code": code, **_said(text), "rule": rule_json(text.rule)}
                for code, text in each.indicators.items()
            ]
        top[each.code] = []
        own["results"] = top[each.code]
        top[each.parent].append(own)
    for inner in top.values():
        for own in inner:
            if not own["results"]:
                del own["results"]
    whole = {"schema": SCHEMA, "title": framework.title, "results": top[""]}
    written: str = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=100)
    return written.encode()


def _said(text: NodeText | IndicatorText) -> dict[str, Any]:
    """Its fields but the rule, without those that are empty."""
    return {key: value for key, value in plain(text).items() if value and key != "rule"}
