"""The promise `Study`: a named analysis that is asked, run, recorded, and run again to compare.

A member turns what was typed into parameters, runs them over the unit's material, and gives a
`Result`: tables under described columns. What the ledger records of it names the SHA-256 of that
result, so that a finding, a report and a bundle rest on one fixed answer. The trace is the first
member; it is recorded as `trace.run`, all others as `study.run` (docs/formats/ledger.md).

A recorded result is shown from what was recorded. Running it again tells whether it still comes
out: the same, another because the blocks or labels held have changed since, or, over the very same
inputs, another one, which must not be and is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kancil.bitcoin.chain.chain import Chain
from kancil.custody.entry import Entry
from kancil.evidence.tables.price_store import list_prices, load_prices
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import NotCanonical, OptionNotUsable
from kancil.ground.phrase import Param, Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.records.finding import Finding, FindingClass
from kancil.records.price import PriceBook
from kancil.records.table import Table, phrase, read_table, table_of

from .errors import FindingNotSupported, StudyNotReadable, StudyNotReproduced
from .labels_used import LabelsUsed, load_labels

FORMAT = "kancil-study/1"
"""Form of a recorded result."""
KIND = "study.run"
"""Ledger kind of every member but the trace."""
TRACE_KIND = "trace.run"
CHAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
Parameters = dict[str, Any]
"""What was asked, ready for canonical JSON; enough to run it again."""


@dataclass(frozen=True, slots=True)
class Material:
    """What the unit holds that a study may be asked of."""

    chains_dir: Path
    labels_dir: Path
    prices_dir: Path
    disks_dir: Path
    """What passes over disk images found (`kancil.evidence.triage.outcome`)."""

    def chain(self, name: str) -> Chain:
        """Open a chain by its name; raises OptionNotUsable, and what opening raises."""
        if CHAIN_NAME.fullmatch(name) is None:
            raise OptionNotUsable(option="chain", value=name[:80], why=Phrase("note.chain-name"))
        return Chain.open(self.chains_dir / name)

    def labels(self, chain: Chain, only: tuple[str, ...] | None = None) -> LabelsUsed:
        """The label imports for a chain, or these; raises TraceNotReadable where one is gone."""
        return load_labels(self.labels_dir, chain, only)

    @property
    def prices(self) -> PriceBook:
        """The prices that the unit imported."""
        return load_prices(self.prices_dir)

    @property
    def price_digests(self) -> list[str]:
        """SHA-256 of the price tables, sorted."""
        return sorted({each.file_sha256 for each in list_prices(self.prices_dir)})


@dataclass(frozen=True, slots=True)
class Result:
    """What a study answered: the document that is recorded by its digest."""

    study: str
    version: str
    parameters: Parameters
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """A table by its name; raises KeyError."""
        return next(each for each in self.tables if each.name == name)

    @property
    def data(self) -> bytes:
        """Canonical JSON, the same on every machine."""
        return canonical.dumps(
            {
                "format": FORMAT,
                "parameters": self.parameters,
                "study": self.study,
                "tables": [each.as_dict() for each in self.tables],
                "version": self.version,
            }
        )

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of `data`."""
        return sha256_hex(self.data)


_CLAIM = "claim"
"""Column by which a table is shown as several: what is counted, and what is merely alleged."""


def shown_tables(result: Result) -> list[Table]:
    """The tables of a result as people see them: never two claims in one, and no notes."""
    return [part for each in result.tables if each.name != "notes" for part in _by_claim(each)]


def _by_claim(table: Table) -> list[Table]:
    names = [each.name for each in table.columns]
    if _CLAIM not in names:
        return [table]
    at = names.index(_CLAIM)
    columns = (*table.columns[:at], *table.columns[at + 1 :])
    claims = dict.fromkeys(row[at] for row in table.rows)
    return [
        Table(
            f"{table.name}-{claim}",
            columns,
            tuple((*row[:at], *row[at + 1 :]) for row in table.rows if row[at] == claim),
        )
        for claim in claims
    ]


def read_result(data: bytes) -> Result:
    """Read a recorded result strictly; raises StudyNotReadable."""
    try:
        value = canonical.loads_canonical(data)
    except NotCanonical as error:
        raise StudyNotReadable(why=Phrase("why.study-form")) from error
    keys = {"format", "parameters", "study", "tables", "version"}
    if not isinstance(value, dict) or set(value) != keys or value["format"] != FORMAT:
        raise StudyNotReadable(why=Phrase("why.study-form"))
    tables = [read_table(each) for each in value["tables"]]
    if any(each is None for each in tables) or not isinstance(value["parameters"], dict):
        raise StudyNotReadable(why=Phrase("why.study-form"))
    read = tuple(each for each in tables if each is not None)
    return Result(value["study"], value["version"], value["parameters"], read)


@dataclass(frozen=True, slots=True)
class Answered:
    """A result with what it was computed from."""

    result: Result
    sources: Mapping[str, Any] = field(default_factory=dict)
    """What was read: `chain`, `inputs` (SHA-256 of block files), `labels` (ids of imports)."""
    earlier_digest: str = ""
    """Where the ledger names the answer by another digest than the result's: a trace."""

    @property
    def digest(self) -> str:
        """SHA-256 by which the ledger names the answer."""
        return self.earlier_digest or self.result.digest

    @property
    def provenance(self) -> dict[str, Any]:
        """Method, version, parameters and sources."""
        return {
            "method": self.result.study,
            "parameters": self.result.parameters,
            "version": self.result.version,
            **self.sources,
        }


class Study(Protocol):
    """A member of the promise."""

    @property
    def name(self) -> str:
        """Its name in entries, commands and addresses: small letters and hyphens."""

    @property
    def version(self) -> str:
        """Version of the method by which it is asked now; another one may answer otherwise."""

    @property
    def earlier(self) -> tuple[str, ...]:
        """Versions that were and can still be run."""

    def ask(self, material: Material, given: Mapping[str, Any]) -> Parameters:
        """Check what was typed and make it parameters; raises what is wrong with it."""

    def run(
        self,
        material: Material,
        parameters: Parameters,
        labels: tuple[str, ...] | None = None,
        progress: Progress = SILENT,
    ) -> Answered:
        """Answer; `labels`: only these imports are looked at. Raises what the analysis raises."""

    def question(self, parameters: Parameters) -> Phrase:
        """What was asked, as one sentence."""

    def answer(self, result: Result) -> Sequence[Phrase]:
        """The answer in sentences a prosecutor can read aloud, most important first."""

    def limits(self, result: Result) -> Sequence[Phrase]:
        """What the result does not say, and what was not checked."""

    def finding(self, result: Result, table: str, row: int) -> Finding:
        """The finding that a row of a table supports; raises FindingNotSupported."""


class Compared(Enum):
    """How a recorded study came out when it was run again."""

    SAME = "same"
    INPUTS_CHANGED = "inputs-changed"
    """Another answer, over other blocks or labels than then."""


@dataclass(frozen=True, slots=True)
class RecordedStudy:
    """What a `study.run` or `trace.run` entry states, read."""

    id: str
    label: str
    """Short number for people: `S2`, of a trace `T2`."""
    study: str
    version: str
    parameters: Parameters
    sources: Mapping[str, Any]
    result_sha256: str


def read_recorded(entry: Entry) -> RecordedStudy:
    """Read a `study.run` entry, or a `trace.run` one as the study `trace`.

    Raises StudyNotReadable.
    """
    body, is_trace = entry.body, entry.kind == TRACE_KIND
    provenance = body.get("provenance")
    if not isinstance(provenance, dict) or not isinstance(provenance.get("parameters"), dict):
        raise StudyNotReadable(why=Phrase("why.study-form"))
    sources = {
        name: value
        for name, value in provenance.items()
        if name not in ("method", "parameters", "version")
    }
    parameters = provenance["parameters"]
    if is_trace:
        parameters = {"chain": provenance.get("chain"), **parameters}
    return RecordedStudy(
        id=str(body.get("trace" if is_trace else "study")),
        label=f"{'T' if is_trace else 'S'}{body.get('number')}",
        study="trace" if is_trace else str(provenance.get("method")),
        version=str(provenance.get("version")),
        parameters=parameters,
        sources=sources,
        result_sha256=str(body.get("result_sha256")),
    )


def kept_result(recorded: RecordedStudy, studies_dir: Path) -> Result:
    """The recorded result from the workspace, compared with the digest in the ledger.

    Raises StudyNotReadable where it is gone, StudyNotReproduced where it is another one.
    """
    path = studies_dir / f"{recorded.id}.json"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StudyNotReadable(why=Phrase("why.study-gone", {"path": str(path)})) from error
    if hashlib.sha256(data).hexdigest() != recorded.result_sha256:
        raise StudyNotReproduced(study=recorded.label)
    return read_result(data)


def run_again(
    study: Study, recorded: RecordedStudy, material: Material, progress: Progress = SILENT
) -> Compared:
    """Run a recorded study again and compare it with what was recorded.

    Raises StudyNotReadable where its version is not here, StudyNotReproduced where the very same
    inputs give another answer, and what the analysis raises.
    """
    if recorded.version not in (study.version, *study.earlier):
        gone = {"study": recorded.study, "version": recorded.version}
        raise StudyNotReadable(why=Phrase("why.study-version-gone", gone))
    labels = recorded.sources.get("labels")
    only = tuple(labels) if isinstance(labels, list) else None
    now = study.run(material, recorded.parameters, only, progress)
    if now.digest == recorded.result_sha256:
        return Compared.SAME
    if dict(now.sources) != dict(recorded.sources):
        return Compared.INPUTS_CHANGED
    raise StudyNotReproduced(study=recorded.label)


def take(given: Mapping[str, Any], known: Mapping[str, Any]) -> Parameters:
    """What was typed, over what holds where nothing was; `known`: each parameter with its default.

    A default of None takes text. Raises OptionNotUsable for a name that is not known, or a value
    of another type.
    """
    for name, value in given.items():
        kind = str if known.get(name) is None else type(known.get(name))
        if name not in known or not (type(value) is kind or (value is None is known[name])):
            why = Phrase("why.study-parameter", {"known": ", ".join(known)})
            raise OptionNotUsable(option=name[:40], value=str(value)[:80], why=why)
    return {**known, **given}


class _Member(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...


_MemberT = TypeVar("_MemberT", bound=_Member)


def named(members: Iterable[_Member]) -> list[dict[str, str]]:
    """Members as parameters name them: what comes later never changes what an old result says."""
    return [{"name": each.name, "version": each.version} for each in members]


def members_of(value: Any, known: Iterable[_MemberT]) -> tuple[_MemberT, ...]:
    """The members that parameters name; raises StudyNotReadable for one that is not here."""
    here = {(each.name, each.version): each for each in known}
    found = []
    for each in value:
        member = here.get((each["name"], each["version"]))
        if member is None:
            raise StudyNotReadable(why=Phrase("why.study-member-gone", dict(each)))
        found.append(member)
    return tuple(found)


def chain_sources(chain: Chain, labels: LabelsUsed | None = None) -> dict[str, Any]:
    """What an answer over a chain read, as its entry states it."""
    read = {"chain": chain.name, "inputs": list(chain.inputs_digests)}
    return read if labels is None else {**read, "labels": list(labels.imports)}


NOTES = phrase("note")


def notes_table(notes: Iterable[Phrase]) -> Table:
    """The sentences that stand beside an answer, as a table of its result."""
    return table_of("notes", NOTES, ({"note": each} for each in notes))


def noted(result: Result) -> list[Phrase]:
    """The sentences that stood beside an answer when it was computed."""
    (column,) = NOTES
    shown = (column.shown(row[0]) for row in result.table("notes").rows)
    return [each for each in shown if isinstance(each, Phrase)]


def label_finding(row: Mapping[str, Any], address: str) -> Finding:
    """What a publisher alleges of an address, from a row of a table of labels."""
    named = ("category", "fetched_on", "label", "law", "listed_on", "publisher")
    params: dict[str, Param] = {name: str(row[name] or "") for name in named}
    params["address"] = str(row[address] or "")
    params["source"] = str(row["source"] or row["place"] or "")
    return Finding(FindingClass.ATTRIBUTION, "label-says", params)


def not_supported(row: int) -> FindingNotSupported:
    """The refusal for a row that is not there or supports no finding."""
    return FindingNotSupported(why=Phrase("why.finding-row", {"row": row}))
