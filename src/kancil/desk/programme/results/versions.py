"""The results framework: outcomes, outputs and indicators, added, written anew, ended, imported.

Nothing is overwritten. A text written anew is a new version; figures keep the version under which
they were counted. Once a figure stands, or an older version does, a new version says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep, keep_changed, reason_for
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books, require_version
from kancil.desk.programme.errors import (
    CodeTaken,
    ResultIndicatorNotFound,
    ResultNotFound,
    ResultStillOpen,
)
from kancil.desk.programme.models import (
    Figure,
    Indicator,
    IndicatorVersion,
    NodeVersion,
    ResultNode,
)
from kancil.desk.programme.results.framework import indicator_text, node_text
from kancil.ground import clock
from kancil.programme.counting.rule import rule_json
from kancil.programme.framework import (
    Framework,
    IndicatorText,
    NodeText,
    check_indicator,
    check_node,
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of a framework did, by code."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


def add_node(
    *, by: Person, kind: str, code: str, text: NodeText, parent: str = "", position: int = 0
) -> str:
    """Add an impact, outcome or output; gives its id. `parent`: the code of what it stands in.

    Raises CodeTaken, ResultNotFound, ResultNotUsable, ActNotYours.
    """
    with changing_books(by):
        id = _new_node(by, kind, code, text, parent, position)
        record("result.added", by=by, about=code, kind=kind)
    return id


def change_node(*, by: Person, node: str, text: NodeText, seen: int, reason: str) -> int:
    """Write an outcome or output anew; gives the number of its version.

    `seen`: the version that was open. Raises ResultNotFound, ChangedMeanwhile, ReasonMissing.
    """
    with changing_books(by):
        row = _hold_node(node)
        newest = _newest_node(row)
        require_version(newest.n, seen, newest.by.name)
        check_node(row.kind, row.code, text)
        _keep_node(by, row, text, newest.n + 1, reason_for("new-version", reason))
        record("result.changed", by=by, about=row.code, n=newest.n + 1)
    return newest.n + 1


def end_node(*, by: Person, node: str) -> None:
    """End an outcome or output without open indicators: it takes no more, its figures stay.

    Raises ResultNotFound, ResultStillOpen.
    """
    with changing_books(by):
        row = _hold_node(node)
        inner = row.children.filter(ended_at=None).first()
        line = row.indicators.filter(ended_at=None).first()
        if inner or line:
            raise ResultStillOpen(code_open=inner.code if inner else line.code if line else "")
        row.ended_at = clock.now()
        keep_changed(row, ["ended_at"])
        record("result.ended", by=by, about=row.code)


def add_indicator(
    *, by: Person, node: str, code: str, text: IndicatorText, position: int = 0
) -> str:
    """Add an indicator to an outcome or output, by its id; gives the indicator's id.

    Raises ResultNotFound, CodeTaken, ResultNotUsable, ActNotYours.
    """
    with changing_books(by):
        id = _new_indicator(by, _hold_node(node), code, text, position)
        record("indicator.added", by=by, about=code)
    return id


def change_indicator(
    *, by: Person, indicator: str, text: IndicatorText, seen: int, reason: str
) -> int:
    """Write an indicator anew; gives the number of its version. What was reported stays.

    Raises ResultIndicatorNotFound, ChangedMeanwhile, ReasonMissing, ResultNotUsable.
    """
    with changing_books(by):
        row = hold_indicator(indicator)
        newest = newest_of(row)
        require_version(newest.n, seen, newest.by.name)
        check_indicator(row.code, text)
        _keep_indicator(by, row, text, newest.n + 1, reason_for("new-version", reason))
        is_reported = Figure.objects.filter(version__indicator=row).exists()
        record("indicator.changed", by=by, about=row.code, n=newest.n + 1, reported=is_reported)
    return newest.n + 1


def end_indicator(*, by: Person, indicator: str) -> None:
    """End an indicator: it is counted no more, and its figures stay.

    Raises ResultIndicatorNotFound.
    """
    with changing_books(by):
        row = hold_indicator(indicator)
        row.ended_at = clock.now()
        keep_changed(row, ["ended_at"])
        record("indicator.ended", by=by, about=row.code)


def import_framework(*, by: Person, framework: Framework, reason: str) -> Imported:
    """Take in a framework from a file: what is new is added, what differs gets a new version.

    What the file does not name stays as it is. Raises ReasonMissing, CodeTaken, ResultNotFound.
    """
    with changing_books(by):
        why = reason_for("new-version", reason)
        added: list[str] = []
        changed: list[str] = []
        same = 0
        nodes = {row.code: row for row in ResultNode.objects.filter(ended_at=None)}
        lines = {row.code: row for row in Indicator.objects.filter(ended_at=None)}
        for place, each in enumerate(framework.statements):
            row = nodes.get(each.code)
            if row is None:
                _new_node(by, each.kind, each.code, each.text, each.parent, place)
                added.append(each.code)
                row = ResultNode.objects.get(code=each.code)
            elif node_text(newest := _newest_node(row)) != each.text:
                _keep_node(by, row, each.text, newest.n + 1, why)
                changed.append(each.code)
            else:
                same += 1
            for n, (code, text) in enumerate(each.indicators.items()):
                known = lines.get(code)
                if known is None:
                    _new_indicator(by, row, code, text, n)
                    added.append(code)
                elif indicator_text(stands := newest_of(known)) != text:
                    _keep_indicator(by, known, text, stands.n + 1, why)
                    changed.append(code)
                else:
                    same += 1
        record("results.imported", by=by, about=framework.title, added=added, changed=changed)
    return Imported(tuple(added), tuple(changed), same)


def hold_indicator(id: str) -> Indicator:
    """Hold an indicator that is counted, until the act ends; raises ResultIndicatorNotFound."""
    held = Indicator.objects.select_for_update(no_key=True).filter(id=id[:36], ended_at=None)
    row = held.first()
    if row is None:
        raise ResultIndicatorNotFound
    return row


def newest_of(row: Indicator) -> IndicatorVersion:
    """The version of an indicator by which it is counted."""
    return row.versions.select_related("by").latest("n")


def _hold_node(id: str) -> ResultNode:
    held = ResultNode.objects.select_for_update(no_key=True).filter(id=id[:36], ended_at=None)
    row = held.first()
    if row is None:
        raise ResultNotFound
    return row


def _newest_node(row: ResultNode) -> NodeVersion:
    return row.versions.select_related("by").latest("n")


def _new_node(
    by: Person, kind: str, code: str, text: NodeText, parent: str, position: int
) -> str:  # fmt: skip
    check_node(kind, code, text)
    if ResultNode.objects.filter(code=code).exists():
        raise CodeTaken(code_given=code)
    above = ResultNode.objects.filter(code=parent, ended_at=None).first() if parent else None
    if parent and above is None:
        raise ResultNotFound
    row = ResultNode(parent=above, kind=kind, code=code, position=position)
    keep(row)
    _keep_node(by, row, text, 1, "")
    return row.id


def _new_indicator(
    by: Person, node: ResultNode, code: str, text: IndicatorText, position: int
) -> str:
    check_indicator(code, text)
    if Indicator.objects.filter(code=code).exists():
        raise CodeTaken(code_given=code)
    row = Indicator(node=node, code=code, position=position)
    keep(row)
    _keep_indicator(by, row, text, 1, "")
    return row.id


def _keep_node(by: Person, row: ResultNode, text: NodeText, n: int, reason: str) -> None:
    given: Mapping[str, Any] = {
        "statement": text.statement, "assumption": text.assumption, "risk": text.risk,
        "gender_marker": text.gender_marker, "sdg_targets": list(text.sdg_targets),
    }  # fmt: skip
    keep(NodeVersion(node=row, n=n, reason=reason, by=by, at=clock.now(), **given), "statement")


def _keep_indicator(by: Person, row: Indicator, text: IndicatorText, n: int, reason: str) -> None:
    given = {
        name: getattr(text, name)
        for name in ("title", "measure", "baseline", "baseline_on", "target", "target_on", "means")
    }
    version = IndicatorVersion(
        indicator=row, n=n, rule=rule_json(text.rule), reason=reason, by=by, at=clock.now(), **given
    )
    keep(version, "title")
