"""Step 6 of checking a bundle: every row of every table, computed again from raw transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kancil import __version__
from kancil.bitcoin.coinjoins.heuristic import Answer as HeuristicAnswer
from kancil.bitcoin.coinjoins.heuristics import heuristic_named
from kancil.custody.entry import Entry
from kancil.reports.casework.bundle.analyse import (
    REPORT,
    folder_of,
    material_members,
    shown_members,
    table_members,
)
from kancil.reports.casework.bundle.answers import Answer, Answers, answer_all
from kancil.reports.casework.bundle.manifest import SITE
from kancil.reports.casework.bundle.material import Material
from kancil.reports.casework.bundle.material_read import ANALYSIS, COINJOINS
from kancil.reports.casework.bundle.parquet import read_transfers
from kancil.reports.casework.bundle.rawtx import RawTransaction
from kancil.reports.casework.bundle.remark import Remark
from kancil.studies.trace.cited import is_same
from kancil.studies.trace.question import is_same_method
from kancil.studies.trace.tables import COLUMNS, each_result

from .studies import check_studies
from .verdict import BundleVerdict, Step

_MOST_ROWS_TOLD = 20


def check_table(
    members: Mapping[str, bytes],
    material: Material,
    read: Mapping[str, RawTransaction],
    entries: Sequence[Entry],
    verdict: BundleVerdict,
) -> Answers | None:
    """Compute all tables again and compare them; gives the answers."""
    step = verdict.steps["table"]
    stated = verdict.manifest or {}
    facts = (material.kancil, material.network, material.is_training)
    if (stated.get("kancil"), stated.get("network"), SITE in stated) != facts:
        step.problems.append(Remark("manifest-differs", ANALYSIS))
    for number, parameters in enumerate(material.questions, 1):
        if not is_same_method(parameters):
            place = f"{folder_of(number)}parameters.json"
            step.not_checked.append(Remark("other-method", place))
    if step.not_checked:
        if step.problems:
            step.close()
        return None
    answers = answer_all(material, read)
    step.problems.extend(answers.problems)
    expected = material_members(material)
    for answer in answers.answers:
        expected.update(table_members(answer))
        _check_tables(members, answer, step)
        _check_parquet(members, answer, step)
    _check_coinjoins(answers, step)
    _check_shown(members, answers, step)
    _check_members(members, expected, answers, step)
    _check_recorded(answers, entries, verdict.making, step)
    check_studies(material, entries, verdict, step)
    step.close()
    return answers


def _check_tables(members: Mapping[str, bytes], answer: Answer, step: Step) -> None:
    """Compare each CSV line by line."""
    rows = 0
    before = len(step.problems)
    for path, data in table_members(answer).items():
        if members.get(path) == data:
            rows += data.count(b"\n") - 1 if path.endswith("transfers.csv") else 0
            continue
        ours, theirs = data.split(b"\n"), members.get(path, b"").split(b"\n")
        told = 0
        for number in range(max(len(ours), len(theirs))):
            one = ours[number] if number < len(ours) else None
            other = theirs[number] if number < len(theirs) else None
            if one != other:
                step.problems.append(Remark("row-differs", path, {"row": number}))
                told += 1
                if told == _MOST_ROWS_TOLD:
                    break
    if len(step.problems) == before:
        params: dict[str, str | int] = {
            "rows": rows,
            "tables": len(COLUMNS),
            "trace": answer.number,
        }
        step.said.append(Remark("rows-same", "", params))


def _check_parquet(members: Mapping[str, bytes], answer: Answer, step: Step) -> None:
    path = f"{folder_of(answer.number)}transfers.parquet"
    if path not in members:
        step.problems.append(Remark("member-missing", path))
        return
    expected = [
        tuple("" if cell is None else str(cell) for cell in row)
        for row in answer.tables["transfers"]
    ]
    if read_transfers(members[path]) != expected:
        step.problems.append(Remark("parquet-differs", path))


def _check_coinjoins(answers: Answers, step: Step) -> None:
    """Judge again where the traces stopped, and that they went through nothing that stops them.

    A heuristic that is not here, or an input that the bundle does not show, leaves it open.
    """
    cited, judged, is_open = answers.material.coinjoins, 0, 0
    rows = {one.txid: tx for tx, one in enumerate(answers.material.transactions)}
    for one in cited:
        verdict = answers.judge.verdicts(rows[one.txid]).get(one.key)
        if verdict is None or verdict.answer is HeuristicAnswer.UNKNOWN:
            is_open += 1
        elif is_same(one, verdict):
            judged += 1
        else:
            params: dict[str, str | int] = {"txid": one.txid, "heuristic": one.heuristic}
            step.problems.append(Remark("coinjoin-differs", COINJOINS, params))
    for answer in answers.answers:
        _check_passed(answer, answers, step)
    if judged:
        step.said.append(Remark("coinjoins-same", "", {"count": judged}))
    if is_open:
        step.not_checked.append(Remark("coinjoins-open", COINJOINS, {"count": is_open}))


def _check_passed(answer: Answer, answers: Answers, step: Step) -> None:
    """No transaction that a trace divided may be one at which it had to stop."""
    named = answer.question.stops_at or ()
    passed = {
        tx
        for result in each_result(answer.results)
        for tx in (row.tx for row in result.steps)
        if any(answers.judge.is_fired(tx, key) for key in named)
    }
    for tx in sorted(passed):
        params: dict[str, str | int] = {"txid": answers.names.txid(tx), "trace": answer.number}
        step.problems.append(Remark("coinjoin-passed", COINJOINS, params))
    for name, version in named:
        if heuristic_named(name, version) is None:
            told: dict[str, str | int] = {"heuristic": name, "version": version}
            step.not_checked.append(Remark("coinjoin-heuristic", folder_of(answer.number), told))


def _check_shown(members: Mapping[str, bytes], answers: Answers, step: Step) -> None:
    """Make report and pictures again, where this is the Kancil that made them."""
    if answers.material.kancil != __version__:
        params: dict[str, str | int] = {"made": answers.material.kancil, "here": __version__}
        step.not_checked.append(Remark("report-of-other-version", REPORT, params))
        return
    same = 0
    for path, data in shown_members(answers).items():
        if members.get(path) != data:
            step.problems.append(Remark("report-differs", path))
        else:
            same += 1
    step.said.append(Remark("report-same", "", {"count": same}))


def _check_members(
    members: Mapping[str, bytes], expected: Mapping[str, bytes], answers: Answers, step: Step
) -> None:
    known = set(expected) | {REPORT}
    for answer in answers.answers:
        folder = folder_of(answer.number)
        known |= {f"{folder}transfers.parquet", f"{folder}picture.svg"}
    for name in sorted(members):
        if name.startswith("analysis/") and name not in known:
            step.problems.append(Remark("member-unknown", name))
    for name, data in expected.items():
        is_table = name.startswith("analysis/traces/")
        if not is_table and members.get(name) != data:
            step.problems.append(Remark("member-form", name))


def _check_recorded(
    answers: Answers, entries: Sequence[Entry], making: Entry | None, step: Step
) -> None:
    """The ledger names each trace's answer by its digest, where that entry is shown."""
    recorded = {
        str(entry.body.get("trace")): str(entry.body.get("result_sha256"))
        for entry in entries
        if entry.kind == "trace.run"
    }
    named = [] if making is None else making.body.get("traces", [])
    if not isinstance(named, list) or len(named) != len(answers.material.questions):
        step.problems.append(Remark("traces-not-recorded", "custody/entries.jsonl"))
        return
    for trace, answer in zip(named, answers.answers, strict=False):
        if str(trace) not in recorded:
            step.not_checked.append(Remark("trace-sealed", "", {"trace": answer.number}))
        elif recorded[str(trace)] != answer.digest:
            step.problems.append(Remark("trace-digest", folder_of(answer.number)))
        else:
            step.said.append(Remark("trace-recorded", "", {"trace": answer.number}))
