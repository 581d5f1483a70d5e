"""The standard ruleset of IATI 2.03, run over one document.

The rules are data (`schemas/standard-ruleset.json`): contexts, and in each of them cases of the
few kinds that have a function here, all of XPath 1.0. In a loop, `$1` stands for each value of a
path; it is handed over as a variable, so that no value of a file is ever read as XPath. Meaning of
the kinds: https://iatistandard.org/en/guidance/developer/rulesets/ (IATI-Rulesets, SPEC.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from kancil.ground.phrase import Phrase

from .fault import Fault, Severity

RULESET = Path(__file__).with_name("schemas") / "standard-ruleset.json"
NEEDS_ORG_IDS = "ORG-ID-PREFIX"
"""A rule that asks the public list of agencies; there is none here, and it is not checked."""
_EVERY = {"lang": (".//narrative", "@xml:lang"), "currency": (".//value", "@currency")}
"""What `one_or_all` asks of each of them, beside `sector`: where it is not said once."""

_FIRST_STEP = re.compile(r"(@?)([A-Za-z][\w-]*)(?=[/\[]|$)")

Node = Any
"""An element of lxml, or an attribute's value (`_ElementUnicodeResult`)."""
Found = Callable[[str], list[Node]]
"""What a path finds from the context, as a list."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One case of the ruleset."""

    context: str
    kind: str
    case: Mapping[str, Any]
    each: str = ""
    """A path, each of whose values the case is tried with; empty: it is tried once."""

    @property
    def id(self) -> str:
        """Its number in the standard."""
        return str(self.case["ruleInfo"]["id"])


@cache
def rules() -> tuple[Rule, ...]:
    """Those that can be checked from the file alone."""
    stated = json.loads(RULESET.read_text(encoding="utf-8"))
    return tuple(each for each in _read(stated) if NEEDS_ORG_IDS not in each.case.get("prefix", ()))


def _read(stated: Mapping[str, Any]) -> Iterator[Rule]:
    for context, kinds in stated.items():
        for kind, held in kinds.items():
            for case in held["cases"]:
                if kind != "loop":
                    yield Rule(context, kind, case)
                    continue
                for inner, told in case["do"].items():
                    yield from (Rule(context, inner, one, case["foreach"]) for one in told["cases"])


def broken_rules(document: Any, at: datetime) -> Iterator[Fault]:
    """The faults of a parsed document; `at`: aware, the moment that nothing may be dated after."""
    for rule in rules():
        for node in _path(rule.context)(document):
            for value in _values(rule, node):

                def found(path: str, node: Node = node, value: str = value) -> list[Node]:
                    return found_from(node, path, value)

                if rule.case.get("condition") and not _is_true(found, rule.case["condition"]):
                    continue
                where = _KINDS[rule.kind](rule.case, found, at)
                if where is not None:
                    yield _fault(rule, node, where)


def found_from(node: Node, path: str, value: str = "") -> list[Node]:
    """What a path finds from a node, as a list; half of them need no XPath to tell."""
    is_attribute, name, is_whole = _first_step(path)
    if name and hasattr(node, "iterchildren"):
        if is_attribute:
            said = node.get(name)
            return [] if said is None else [said]
        if is_whole:
            return list(node.iterchildren(name))
        if next(node.iterchildren(name), None) is None:
            return []
    got = _path(path)(node, v=value)
    return got if isinstance(got, list) else [got]


@cache
def _first_step(path: str) -> tuple[bool, str, bool]:
    """Whether it is an attribute, its name, and whether it is all of the path.

    No name: the path is not one that finds nothing, or is false, where its first step does.
    """
    match = _FIRST_STEP.match(path)
    if match is None or "|" in path or " or " in path:
        return False, "", False
    is_whole = match.end() == len(path)
    is_attribute = bool(match[1])
    return is_attribute, match[2] if is_whole or not is_attribute else "", is_whole


def _values(rule: Rule, node: Node) -> Iterable[str]:
    if not rule.each:
        return ("",)
    return dict.fromkeys(str(each) for each in _path(rule.each)(node))


@cache
def _path(path: str) -> Any:
    return etree.XPath(path.replace("'$1'", "$v"))


def _is_true(found: Found, path: str) -> bool:
    return any(not isinstance(each, bool) or each for each in found(path))


def _fault(rule: Rule, node: Node, where: list[Node]) -> Fault:
    told = rule.case["ruleInfo"]
    at = next((each for each in where if _element(each) is not None), node)
    element = _element(at)
    owner = node if element is None else element
    return Fault(
        line=owner.sourceline or 0,
        severity=Severity.WARNING if told["severity"] == "warning" else Severity.ERROR,
        rule=rule.id,
        activity=identifier(owner),
        phrase=Phrase("problem.iati-rule", {"rule": rule.id, "text": told["message"]}),
    )


def _element(node: Node) -> Any:
    """The element of a node: itself, or the one that an attribute or a text stands in."""
    if hasattr(node, "sourceline"):
        return node
    return node.getparent() if hasattr(node, "getparent") else None


def identifier(element: Any) -> str:
    """Of the activity or organisation in which an element stands; empty: in none."""
    for each in (element, *element.iterancestors()):
        if each.tag in ("iati-activity", "iati-organisation"):
            of = "iati-identifier" if each.tag == "iati-activity" else "organisation-identifier"
            return (each.findtext(of) or "").strip()
    return ""


# --- the kinds: each gives the nodes that break a case, which may be none in particular -----------

Broken = list[Node] | None


def _all(case: Mapping[str, Any], found: Found) -> list[Node]:
    return [each for path in case["paths"] for each in found(path)]


def _text(node: Node) -> str:
    return (node.text or "") if hasattr(node, "sourceline") else str(node)


def _atleast_one(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    return (
        None
        if any(_text(each).strip() or hasattr(each, "tag") for each in _all(case, found))
        else []
    )


def _no_more_than_one(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    nodes = _all(case, found)
    return nodes[1:] if len(nodes) > 1 else None


def _one_or_all(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    if found(case["one"]):
        return None
    if case["all"] not in _EVERY:
        without = found(f"transaction[not({case['all']})]")
        return without or (None if found("transaction") else [])
    path, attribute = _EVERY[case["all"]]
    return found(f"{path}[not({attribute})]") or None


def _unique(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    nodes = _all(case, found)
    seen: set[str] = set()
    doubled = []
    for each in nodes:
        if _text(each) in seen:
            doubled.append(each)
        seen.add(_text(each))
    return doubled or None


def _startswith(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    begins = [
        _text(each) + case.get("separator", "") for path in case["prefix"] for each in found(path)
    ]
    wrong = [each for each in _all(case, found) if not _text(each).startswith(tuple(begins))]
    return wrong or None


def _regex_matches(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    form = re.compile(case["regex"])
    return [each for each in _all(case, found) if not form.search(_text(each))] or None


def _no_spaces(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    return [each for each in _all(case, found) if _text(each) != _text(each).strip()] or None


def _range(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    low, high = Decimal(str(case["min"])), Decimal(str(case["max"]))
    numbers = [(each, _number(each)) for each in _all(case, found)]
    return [each for each, n in numbers if n is not None and not low <= n <= high] or None


def _strict_sum(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    nodes = _all(case, found)
    numbers = [each for each in map(_number, nodes) if each is not None]
    return nodes if numbers and sum(numbers) != Decimal(case["sum"]) else None


def _if_then(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    if not _is_true(found, case["if"]) or _is_true(found, case["then"]):
        return None
    return _all(case, found)


def _date_order(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    less, more = _day(found(case["less"])), _day(found(case["more"]))
    return found(case["more"]) if less and more and less > more else None


def _between_dates(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    start, end = _day(found(case["start"])), _day(found(case["end"]))
    if start is None or end is None:
        return None
    days = [(each, _day([each])) for each in found(case["date"])]
    return [each for each, day in days if day and not start <= day <= end] or None


def _time_limit(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    start, end = _day(found(case["start"])), _day(found(case["end"]))
    if start is None or end is None:
        return None
    furthest = (start.year + 1, start.month, start.day)
    return found(case["end"]) if (end.year, end.month, end.day) > furthest else None


def _date_now(case: Mapping[str, Any], found: Found, at: datetime) -> Broken:
    return [each for each in found(case["date"]) if _is_after(_text(each), at)] or None


def _is_after(written: str, at: datetime) -> bool:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:  # the schema says so
        return False
    return moment > (at if moment.tzinfo else at.replace(tzinfo=None))


def _number(node: Node) -> Decimal | None:
    try:
        number = Decimal(_text(node).strip())
    except InvalidOperation:  # the schema says so
        return None
    return number if number.is_finite() else None


def _day(nodes: list[Node]) -> date | None:
    try:
        return date.fromisoformat(_text(nodes[0]).strip()[:10]) if nodes else None
    except ValueError:  # the schema says so
        return None


_KINDS: Mapping[str, Callable[[Mapping[str, Any], Found, datetime], Broken]] = {
    "atleast_one": _atleast_one,
    "between_dates": _between_dates,
    "date_now": _date_now,
    "date_order": _date_order,
    "if_then": _if_then,
    "no_more_than_one": _no_more_than_one,
    "no_spaces": _no_spaces,
    "one_or_all": _one_or_all,
    "range": _range,
    "regex_matches": _regex_matches,
    "startswith": _startswith,
    "strict_sum": _strict_sum,
    "time_limit": _time_limit,
    "unique": _unique,
}
