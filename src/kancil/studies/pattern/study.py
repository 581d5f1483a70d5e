"""The member `pattern`: where a chain has a form that laundering often has too.

The answer is `kancil.bitcoin.laundering.search`'s, over the whole chain or around addresses,
transactions and outputs. One indicator alone proves nothing, each form has innocent makers, and
nothing is scored or added up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NotInChain
from kancil.bitcoin.chain.views import time_text
from kancil.bitcoin.clusters.store import kept_numbers
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.laundering.ground import Threshold
from kancil.bitcoin.laundering.pattern import PROVES_NOTHING, Findings, Found, Pattern
from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.bitcoin.laundering.search import (
    BITCOIN,
    MOST,
    Asked,
    chosen_of,
    find_patterns,
    ground_of,
    patterns_around,
    seconds_of,
    threshold_in,
)
from kancil.bitcoin.laundering.views import MOST_ROWS
from kancil.bitcoin.script.selectors import ADDRESS, TXID
from kancil.ground import clock
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.registry import Registry
from kancil.records.finding import Finding, FindingClass
from kancil.records.price import PriceBook
from kancil.records.table import (
    Column,
    Holds,
    Table,
    count,
    identifier,
    phrase,
    sat,
    table_of,
    text,
    time,
)
from kancil.studies.clusters_used import clusters_for
from kancil.studies.study import (
    Answered,
    Material,
    Parameters,
    Result,
    chain_sources,
    members_of,
    named,
    not_supported,
    noted,
    notes_table,
    take,
)

_TXID = re.compile(r"[0-9a-fA-F]{64}")
_OUTPOINT = re.compile(r"([0-9a-fA-F]{64}):([0-9]{1,8})")
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,8})?")
PATTERN_COLUMNS = (
    *text("pattern", "version"),
    *count("found", "shown"),
    *text("parameters"),
    *phrase("definition", "innocent", "known_error"),
    *text("source"),
)
FOUND = (
    *count("row"),
    *text("pattern", "version", "rule"),
    *identifier("txid", selector=TXID),
    *time("first", "last"),
    *sat("value_sat"),
    *phrase("why"),
    *text("facts"),
)
TRANSACTIONS = (
    *count("of_row"),
    Column("role", Holds.CODE, "name.pattern-role"),
    *identifier("txid", selector=TXID),
    *count("height"),
    *time("time"),
)
OUTPUTS = (
    *count("of_row"),
    *identifier("outpoint", selector=TXID),
    *sat("value_sat"),
    *identifier("address", selector=ADDRESS),
)


class PatternStudy:
    """Laundering patterns over a chain, or around something."""

    name = "pattern"
    version = "1"
    earlier: tuple[str, ...] = ()

    def ask(self, material: Material, given: Mapping[str, Any]) -> Parameters:
        """`chain`; `around`, `patterns`, `thresholds`, `most`; `since`, `until`: as in entries.

        `currency` and `threshold`: the threshold of the law, by the prices imported.
        """
        asked = take(
            given,
            {
                "around": [], "chain": "", "currency": None, "most": MOST, "patterns": [],
                "since": None, "threshold": None, "thresholds": {}, "until": None,
            },
        )  # fmt: skip
        known = Registry("pattern", PATTERNS)
        members = [known.named(name) for name in dict.fromkeys(asked["patterns"] or known.names)]
        chosen = chosen_of(members, asked["thresholds"])
        law_threshold(asked["threshold"], asked["currency"], material.prices)
        return {**asked, "patterns": named(members), "thresholds": chosen}

    def run(
        self,
        material: Material,
        parameters: Parameters,
        labels: tuple[str, ...] | None = None,
        progress: Progress = SILENT,
    ) -> Answered:
        """Answer as `kancil bitcoin patterns` does."""
        chain = material.chain(parameters["chain"])
        used = material.labels(chain, labels)
        threshold = law_threshold(parameters["threshold"], parameters["currency"], material.prices)
        members = members_of(parameters["patterns"], PATTERNS)
        given = {
            f"{pattern}.{name}": value
            for pattern, chosen in parameters["thresholds"].items()
            for name, value in chosen.items()
        }
        search = Search(
            members, given, _span(parameters), threshold,
            parameters["most"],
        )  # fmt: skip
        found = search.run(chain, used.index, parameters["around"], progress)
        result = Result(self.name, self.version, parameters, tuple(_tables(chain, members, found)))
        sources = chain_sources(chain, used)
        if threshold is not None and parameters["currency"] != BITCOIN:
            sources["prices"] = material.price_digests
        return Answered(result, sources)

    def question(self, parameters: Parameters) -> Phrase:
        """What was asked."""
        names = ", ".join(each["name"] for each in parameters["patterns"])
        told = {"chain": parameters["chain"], "patterns": names}
        if not parameters["around"]:
            return Phrase("study.pattern-question", told)
        around = {"around": ", ".join(parameters["around"])}
        return Phrase("study.pattern-question-around", {**told, **around})

    def answer(self, result: Result) -> list[Phrase]:
        """Which forms were found, how often."""
        rows = [result.table("patterns").row(n + 1) or {} for n in range(len(PATTERNS))]
        found = [f"{row['pattern']} ({row['found']:,})" for row in rows if row.get("found")]
        if not found:
            return [Phrase("study.pattern-none")]
        return [Phrase("study.pattern-found", {"patterns": ", ".join(found)})]

    def limits(self, result: Result) -> list[Phrase]:
        """The sentences that stood beside the answer when it was computed."""
        return noted(result)

    def finding(self, result: Result, table: str, row: int) -> Finding:
        """From a row of `found`: the form is there; what it is for is not said."""
        found = result.table(table).row(row) if table == "found" else None
        if found is None:
            raise not_supported(row)
        params = {name: str(found[name] or "") for name in ("first", "last", "rule", "txid")}
        params |= {"policy": str(found["pattern"]), "policy_version": str(found["version"])}
        params["value_sat"] = str(found["value_sat"])
        return Finding(FindingClass.POLICY_RESULT, "pattern", params)


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found, and the sentences that must stand beside it."""

    findings: tuple[Findings, ...]
    notes: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Patterns with their thresholds, a span of time, a threshold of the law."""

    members: Sequence[Pattern]
    given: Mapping[str, int]
    span: tuple[int, int]
    threshold: Threshold | None
    most: int

    def run(
        self, chain: Chain, labels: LabelIndex, around: Sequence[str], progress: Progress = SILENT
    ) -> Searched:
        """Look over the chain, or around what is named; raises what finding that raises."""
        outputs, rows = subject_of(chain, around)
        # Only addresses' numbers are wanted, which any clusters kept of this chain have.
        clusters = kept_numbers(chain) or clusters_for(chain, labels, progress=progress)
        ground = ground_of(
            chain, clusters, labels=labels, asked=Asked(self.span, self.threshold),
            progress=progress,
        )  # fmt: skip
        notes = [Phrase(PROVES_NOTHING), Phrase("note.pattern-no-score")]
        if around:
            near = patterns_around(ground, outputs, rows, self.members, self.given, self.most)
            findings: Sequence[Findings] = near.findings
            notes.append(Phrase("note.pattern-around", {"count": near.looked_at}))
            if near.is_cut:
                notes.append(Phrase("note.pattern-cut"))
        else:
            findings = find_patterns(ground, self.members, self.given, self.most)
        notes.append(Phrase("note.pattern-known"))
        return Searched(tuple(findings), tuple(notes))


def _span(parameters: Parameters) -> tuple[int, int]:
    """The first and the last second that counts."""
    since, until = (
        None if parameters[name] is None else clock.from_text(parameters[name])
        for name in ("since", "until")
    )
    return seconds_of(since, until)


def law_threshold(
    threshold: str | None, currency: str | None, prices: PriceBook
) -> Threshold | None:
    """Read the threshold of the law; None where none was given. Raises OptionNotUsable."""
    if threshold is None:
        return None
    if _NUMBER.fullmatch(threshold) is None or not Decimal(threshold):
        why = Phrase("why.pattern-threshold-number")
        raise OptionNotUsable(option="--threshold", value=threshold[:40], why=why)
    code = (currency or "").upper()
    found = threshold_in(Decimal(threshold), code, None if code == BITCOIN else prices)
    if found is None:
        why = Phrase("why.pattern-no-price")
        raise OptionNotUsable(option="--currency", value=code[:20], why=why)
    return found


def subject_of(chain: Chain, names: Sequence[str]) -> tuple[list[int], list[int]]:
    """Outputs and transactions that were named; raises what finding them raises."""
    outputs: list[int] = []
    rows: list[int] = []
    for name in names:
        point = _OUTPOINT.fullmatch(name)
        if _TXID.fullmatch(name):
            rows.append(chain.tx_row(name))
        elif point is not None:
            found = chain.output_row(bytes.fromhex(point[1])[::-1], int(point[2]))
            if found is None:
                raise NotInChain(what=Phrase("thing.output"), name=name, path=chain.name)
            outputs.append(found)
        else:
            held = chain.outputs_of_address(name).tolist()
            if not held:
                raise NotInChain(what=Phrase("thing.address"), name=name[:100], path=chain.name)
            outputs += held
    return outputs, rows


def _tables(chain: Chain, members: Sequence[Pattern], found: Searched) -> Iterator[Table]:
    yield table_of("patterns", PATTERN_COLUMNS, (
        {
            "pattern": member.name, "version": member.version, "found": one.total,
            "shown": len(one.found), "source": member.source,
            "parameters": ", ".join(f"{name}={value}" for name, value in one.chosen.items()),
            "definition": Phrase(f"method.pattern-{member.name}.1"),
            "innocent": Phrase(f"method.pattern-{member.name}.2"),
            "known_error": Phrase(f"method.pattern-{member.name}.3"),
        }
        for member, one in zip(members, found.findings, strict=True)
    ))  # fmt: skip
    every = [one for findings in found.findings for one in findings.found]
    numbered = list(enumerate(every, 1))
    yield table_of("found", FOUND, (_found(chain, row, one) for row, one in numbered))
    yield table_of("transactions", TRANSACTIONS, (
        {"of_row": row, "role": step.role, **chain.place_of_tx(step.tx)}
        for row, one in numbered
        for step in one.steps[:MOST_ROWS]
    ))  # fmt: skip
    yield table_of("outputs", OUTPUTS, (
        {"of_row": row, "outpoint": chain.outpoint(output),
         "value_sat": int(chain.columns.output_value[output]),
         "address": chain.address_of(output)}
        for row, one in numbered
        for output in one.outputs[:MOST_ROWS]
    ))  # fmt: skip
    beside = (note for one in found.findings for note in one.notes)
    yield notes_table((*found.notes, *beside))


def _found(chain: Chain, row: int, one: Found) -> dict[str, Any]:
    times = [int(chain.graph.tx_time[step.tx]) for step in one.steps]
    known = [time for time in times if time >= 0]
    return {
        "row": row, "pattern": one.pattern, "version": one.version, "rule": one.rule,
        "txid": chain.txid(one.at), "first": time_text(min(known, default=None)),
        "last": time_text(max(known, default=None)), "value_sat": one.value_sat, "why": one.why,
        "facts": ", ".join(f"{name}={value}" for name, value in one.facts),
    }  # fmt: skip


PATTERN = PatternStudy()
