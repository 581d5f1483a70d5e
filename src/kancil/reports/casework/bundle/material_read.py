"""Reading a bundle's proofs back from its members: strictly, with a problem for each fault.

Only the form is checked here; `verify_chain.py` checks what it proves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

from kancil.ground import canonical
from kancil.ground.errors import NotCanonical
from kancil.ground.units import MAX_MONEY_SAT
from kancil.ground.workspace import Site
from kancil.studies.trace.cited import CitedCoinjoin, CitedLabel
from kancil.studies.trace.table import read_table

from .manifest import SITE
from .material import (
    FAILED_WORK,
    HEADER_BYTES,
    LABEL_COLUMNS,
    LINKED_WORK,
    NO_NETWORK,
    OWN_TARGET,
    CitedBlock,
    CitedTransaction,
    Held,
    Material,
    Others,
    tells_stops,
    without_chain,
)
from .remark import Remark
from .studies import STATES, CitedStudy, study_member

ANALYSIS = "analysis/analysis.json"
BLOCKS = "analysis/proofs/blocks.json"
HEADERS = "analysis/proofs/headers.bin"
TRANSACTIONS = "analysis/proofs/transactions.json"
LABELS = "analysis/labels.csv"
COINJOINS = "analysis/coinjoins.json"
"""Only where a trace names heuristics at which it stops."""
ANALYSIS_FORMAT = "kancil-analysis/1"
ANALYSIS_FORMAT_STUDIES = "kancil-analysis/2"
"""Form of analysis.json in a bundle with studies."""
_HASH = re.compile(r"[0-9a-f]{64}")
_SAT = re.compile(r"0|[1-9][0-9]{0,15}")
_WORKS = (OWN_TARGET, LINKED_WORK, FAILED_WORK)
_HEIGHT_SOURCES = ("linked", "coinbase", "file name", None)
_TRANSACTION_KEYS = {
    "block", "coinbase_path", "coinbase_txid", "index", "path", "run", "stated_values", "txid",
    "unknown_inputs", "unspent_outputs",
}  # fmt: skip
_COINJOIN_KEYS = {"heuristic", "reason", "rule", "txid", "version"}
_CODE = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LONGEST_PATH = 32
_MOST = 10_000
"""Traces, and studies, of one bundle."""
_MOST_PLACES = 2**31 - 1


class _Malformed(Exception):
    """A member is not of the form that the format page gives."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def read_material(members: Mapping[str, bytes]) -> tuple[Material | None, list[Remark]]:
    """Read everything that the analysis is computed from; None if any of it cannot be read."""
    try:
        analysis = _read_analysis(members)
        studies = _read_studies(members, analysis)
    except _Malformed as fault:
        return None, [Remark("member-form", fault.place)]
    is_training = SITE in analysis
    if not analysis["traces"]:
        bare = without_chain(analysis["kancil"], studies)
        return replace(bare, is_training=is_training), []
    problems: list[Remark] = []
    parts: dict[str, Any] = {}
    readers = {
        "blocks": _read_blocks,
        "headers": _read_headers,
        "transactions": _read_transactions,
        "labels": _read_labels,
    }
    for name, reader in readers.items():
        try:
            parts[name] = reader(members)
        except _Malformed as fault:
            problems.append(Remark("member-form", fault.place))
    if problems:
        return None, problems
    try:
        questions = tuple(
            _json(members, f"analysis/traces/{number}/parameters.json")
            for number in range(1, analysis["traces"] + 1)
        )
    except _Malformed as fault:
        return None, [Remark("member-form", fault.place)]
    coinjoins: tuple[CitedCoinjoin, ...] = ()
    if tells_stops(questions):
        try:
            coinjoins = _read_coinjoins(members, {one.txid for one in parts["transactions"]})
        except _Malformed as fault:
            return None, [Remark("member-form", fault.place)]
    headers: bytes = parts["headers"]
    for block in parts["blocks"]:
        if (block.place + 1) * HEADER_BYTES > len(headers):
            return None, [Remark("member-form", HEADERS)]
    material = Material(
        network=analysis["network"],
        kancil=analysis["kancil"],
        held=analysis["held"],
        blocks=parts["blocks"],
        headers=headers,
        transactions=parts["transactions"],
        labels=parts["labels"],
        questions=questions,
        coinjoins=coinjoins,
        studies=studies,
        is_training=is_training,
    )
    return material, []


def _member(members: Mapping[str, bytes], name: str) -> bytes:
    if name not in members:
        raise _Malformed(name)
    return members[name]


def _json(members: Mapping[str, bytes], name: str) -> Any:
    try:
        return canonical.loads_canonical(_member(members, name))
    except NotCanonical as error:
        raise _Malformed(name) from error


def _demand(condition: object, place: str) -> None:
    if not condition:
        raise _Malformed(place)


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_place(value: object) -> bool:
    return type(value) is int and 0 <= value <= _MOST_PLACES


def _read_analysis(members: Mapping[str, bytes]) -> dict[str, Any]:
    value: dict[str, Any] = _json(members, ANALYSIS)
    _demand(isinstance(value, dict), ANALYSIS)
    has_studies = value.get("format") == ANALYSIS_FORMAT_STUDIES
    keys = {"format", "held", "kancil", "network", "traces", *(["studies"] if has_studies else [])}
    _demand(set(value) - {SITE} == keys, ANALYSIS)
    _demand(value.get(SITE, Site.CLASSROOM) == Site.CLASSROOM, ANALYSIS)
    _demand(has_studies or value["format"] == ANALYSIS_FORMAT, ANALYSIS)
    _demand(isinstance(value["kancil"], str) and isinstance(value["network"], str), ANALYSIS)
    least = 0 if has_studies else 1
    _demand(type(value["traces"]) is int and least <= value["traces"] <= _MOST, ANALYSIS)
    if value["traces"] == 0:
        _demand(value["held"] is None and value["network"] == NO_NETWORK, ANALYSIS)
        return value
    return {**value, "held": _held(value["held"])}


def _read_studies(
    members: Mapping[str, bytes], analysis: Mapping[str, Any]
) -> tuple[CitedStudy, ...]:
    """The studies, as analysis.json counts them; none in a bundle of traces alone."""
    if "studies" not in analysis:
        return ()
    listed = analysis["studies"]
    _demand(isinstance(listed, list) and 1 <= len(listed) <= _MOST, ANALYSIS)
    for row in listed:
        _demand(isinstance(row, dict) and set(row) == {"run_again"}, ANALYSIS)
        _demand(row["run_again"] in STATES, ANALYSIS)
    return tuple(
        CitedStudy(_member(members, study_member(number)), row["run_again"])
        for number, row in enumerate(listed, 1)
    )


def _held(value: Any) -> Held:
    _demand(isinstance(value, dict) and isinstance(value.get("others"), dict), ANALYSIS)
    _demand(set(value) == {field.name for field in fields(Held)}, ANALYSIS)
    others = value["others"]
    _demand(set(others) == {field.name for field in fields(Others)}, ANALYSIS)
    _demand(all(_is_place(value[name]) for name in ("blocks", "runs", "transactions")), ANALYSIS)
    _demand(_is_hash(value["blocks_sha256"]) and isinstance(value["inputs"], list), ANALYSIS)
    _demand(all(_is_hash(digest) for digest in value["inputs"]), ANALYSIS)
    _demand(value["last_block"] is None or _is_hash(value["last_block"]), ANALYSIS)
    _demand(value["last_height"] is None or _is_place(value["last_height"]), ANALYSIS)
    _demand(value["last_time"] is None or isinstance(value["last_time"], str), ANALYSIS)
    _demand(isinstance(others["is_loose"], bool), ANALYSIS)
    for name in ("unknown_run", "unseen_run"):
        _demand(others[name] == -1 or _is_place(others[name]), ANALYSIS)
    return Held(**{**value, "inputs": tuple(value["inputs"]), "others": Others(**others)})


def _read_blocks(members: Mapping[str, bytes]) -> tuple[CitedBlock, ...]:
    value = _json(members, BLOCKS)
    _demand(isinstance(value, list), BLOCKS)
    blocks = []
    for row in value:
        _demand(isinstance(row, dict), BLOCKS)
        _demand(set(row) == {"hash", "height", "height_source", "place", "work"}, BLOCKS)
        _demand(_is_hash(row["hash"]) and _is_place(row["place"]), BLOCKS)
        _demand(row["height"] is None or _is_place(row["height"]), BLOCKS)
        _demand(row["height_source"] in _HEIGHT_SOURCES and row["work"] in _WORKS, BLOCKS)
        _demand((row["height"] is None) == (row["height_source"] is None), BLOCKS)
        blocks.append(CitedBlock(**row))
    _demand(len({block.hash for block in blocks}) == len(blocks), BLOCKS)
    return tuple(blocks)


def _read_headers(members: Mapping[str, bytes]) -> bytes:
    headers = _member(members, HEADERS)
    _demand(len(headers) % HEADER_BYTES == 0, HEADERS)
    return headers


def _read_transactions(members: Mapping[str, bytes]) -> tuple[CitedTransaction, ...]:
    value = _json(members, TRANSACTIONS)
    _demand(isinstance(value, list), TRANSACTIONS)
    transactions = tuple(_read_transaction(members, row) for row in value)
    known = {f"analysis/proofs/tx/{t.txid}.raw" for t in transactions}
    known |= {f"analysis/proofs/tx/{t.txid}.base" for t in transactions if t.base is not t.raw}
    held = {name for name in members if name.startswith("analysis/proofs/tx/")}
    for name in sorted(held ^ known):
        raise _Malformed(name)
    return transactions


def _read_transaction(members: Mapping[str, bytes], row: Any) -> CitedTransaction:
    _demand(isinstance(row, dict), TRANSACTIONS)
    _demand(set(row) == _TRANSACTION_KEYS, TRANSACTIONS)
    _demand(_is_hash(row["txid"]), TRANSACTIONS)
    if row["block"] is None:
        _demand(row["index"] is None and row["path"] == [], TRANSACTIONS)
        _demand(row["coinbase_txid"] is None and row["coinbase_path"] == [], TRANSACTIONS)
    else:
        _demand(_is_hash(row["block"]) and _is_place(row["index"]), TRANSACTIONS)
        _demand(
            _is_hash(row["coinbase_txid"])
            or (row["coinbase_txid"] is None and row["coinbase_path"] == []),
            TRANSACTIONS,
        )
    run = row["run"]
    _demand(isinstance(run, list) and len(run) == 2, TRANSACTIONS)
    _demand(all(type(n) is int and -1 <= n <= _MOST_PLACES for n in run), TRANSACTIONS)
    raw = _member(members, f"analysis/proofs/tx/{row['txid']}.raw")
    return CitedTransaction(
        txid=row["txid"],
        raw=raw,
        base=members.get(f"analysis/proofs/tx/{row['txid']}.base", raw),
        block=row["block"],
        index=row["index"],
        path=_path(row["path"]),
        coinbase_txid=row["coinbase_txid"],
        coinbase_path=_path(row["coinbase_path"]),
        run=(run[0], run[1]),
        unknown_inputs=_numbers(row["unknown_inputs"]),
        unspent_outputs=_numbers(row["unspent_outputs"]),
        stated_values=_stated(row["stated_values"]),
    )


def _numbers(value: Any) -> tuple[int, ...]:
    _demand(isinstance(value, list) and all(_is_place(number) for number in value), TRANSACTIONS)
    _demand(value == sorted(set(value)), TRANSACTIONS)
    return tuple(value)


def _path(value: Any) -> tuple[bytes, ...]:
    _demand(isinstance(value, list) and len(value) <= _LONGEST_PATH, TRANSACTIONS)
    _demand(all(_is_hash(step) for step in value), TRANSACTIONS)
    return tuple(bytes.fromhex(step) for step in value)


def _stated(value: Any) -> dict[int, int]:
    _demand(isinstance(value, list), TRANSACTIONS)
    stated: dict[int, int] = {}
    for row in value:
        _demand(isinstance(row, dict) and set(row) == {"input", "value_sat"}, TRANSACTIONS)
        text = row["value_sat"]
        _demand(_is_place(row["input"]) and isinstance(text, str), TRANSACTIONS)
        _demand(_SAT.fullmatch(text) and int(text) <= MAX_MONEY_SAT, TRANSACTIONS)
        _demand(not stated or row["input"] > max(stated), TRANSACTIONS)
        stated[row["input"]] = int(text)
    return stated


def _read_labels(members: Mapping[str, bytes]) -> tuple[CitedLabel, ...]:
    rows = read_table(_member(members, LABELS), LABEL_COLUMNS)
    if rows is None:
        raise _Malformed(LABELS)
    flags = {field.name for field in fields(CitedLabel) if field.name.startswith("is_")}
    labels: list[CitedLabel] = []
    for number, row in enumerate(rows, 1):
        _demand(row.pop("row") == str(number), LABELS)
        _demand(all(row[flag] in ("yes", "no") for flag in flags), LABELS)
        text = {name: cell for name, cell in row.items() if name not in flags}
        truth = {name: row[name] == "yes" for name in flags}
        labels.append(CitedLabel(**text, **truth))  # type: ignore[arg-type]
    _demand(labels == sorted(labels), LABELS)
    return tuple(labels)


def _read_coinjoins(
    members: Mapping[str, bytes], txids: Collection[str]
) -> tuple[CitedCoinjoin, ...]:
    value = _json(members, COINJOINS)
    _demand(isinstance(value, list), COINJOINS)
    cited = tuple(_read_coinjoin(row) for row in value)
    _demand(all(one.txid in txids for one in cited), COINJOINS)
    keys = [(one.txid, one.key) for one in cited]
    _demand(all(one < other for one, other in pairwise(keys)), COINJOINS)
    return cited


def _read_coinjoin(row: Any) -> CitedCoinjoin:
    _demand(isinstance(row, dict) and set(row) == _COINJOIN_KEYS, COINJOINS)
    _demand(_is_hash(row["txid"]), COINJOINS)
    for name in ("heuristic", "rule", "version"):
        _demand(isinstance(row[name], str) and _NAME.fullmatch(row[name]), COINJOINS)
    reason = row["reason"]
    _demand(isinstance(reason, dict) and set(reason) == {"code", "values"}, COINJOINS)
    code, values = reason["code"], reason["values"]
    _demand(isinstance(code, str) and _CODE.fullmatch(code), COINJOINS)
    _demand(isinstance(values, dict) and all(map(_NAME.fullmatch, values)), COINJOINS)
    for text in values.values():
        _demand(isinstance(text, str) and _SAT.fullmatch(text), COINJOINS)
    return CitedCoinjoin(
        txid=row["txid"],
        heuristic=row["heuristic"],
        version=row["version"],
        rule=row["rule"],
        why=code,
        values=tuple(sorted((name, int(text)) for name, text in values.items())),
    )
