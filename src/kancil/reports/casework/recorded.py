"""Recorded traces that go into a document: chosen by name, run again, and the same as recorded.

From the ledger's `trace.run` entries, a chain and its labels; to a bundle or a report. Every door
comes here, so that no document rests on an answer that does not come out again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.store import list_imports
from kancil.custody.entry import Entry
from kancil.custody.kinds import KEY_KINDS
from kancil.custody.roll import Case, Numbered, Roll
from kancil.custody.store import LedgerStore
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import TraceId
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.reports.errors import BundleNothingToShow, TraceNotFound
from kancil.studies.labels_used import load_labels
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.run import read_recorded, reproduce

from .bundle.chain_view import StoredChain
from .bundle.cite_labels import citing
from .bundle.gather import ChainView
from .bundle.write import Recorded


@dataclass(frozen=True, slots=True, eq=False)
class RunAgain:
    """Traces of one case that came out again as recorded."""

    entries: tuple[Numbered, ...]
    """The entries that record them, in the order asked."""
    recorded: tuple[Recorded, ...]
    """The answers, one an entry."""
    chain: ChainView
    labels_of: Callable[[int], tuple[CitedLabel, ...]]
    """Gives the labels of an output by its number."""
    skips: Mapping[str, int] = field(default_factory=dict)
    """What could not be read of the blocks and labels that they rest on: how often, by code."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the traces as people do: `T1`."""
        return tuple(f"T{one.number}" for one in self.entries)


def chosen_traces(roll: Roll, case: Case, names: Sequence[str] | None) -> list[Numbered]:
    """The named traces of a case, or all of them; raises TraceNotFound."""
    if names is None:
        return [roll.traces[trace] for trace in case.traces]
    chosen = []
    for name in names:
        found = roll.trace(name)
        if found is None or found.case != case.id:
            raise TraceNotFound(name=name[:80])
        chosen.append(found)
    return chosen


def run_again(
    chosen: Sequence[Numbered],
    *,
    chain_dir: Callable[[str], Path],
    labels_dir: Path,
    progress: Progress = SILENT,
) -> RunAgain:
    """Run the recorded traces again.

    All must be of one chain and have looked at the same label imports. `chain_dir`: gives the
    folder of a chain by its name. Raises TraceNotReproduced, BundleNothingToShow, OptionNotUsable,
    and what opening a chain and tracing raise.
    """
    said = [read_recorded(one.entry.body) for one in chosen]
    if not said:
        raise BundleNothingToShow(case=Phrase("note.this-case"))
    if len({(one.chain, one.labels) for one in said}) > 1:
        raise OptionNotUsable(option="--trace", value="", why=Phrase("note.one-chain"))
    chain = Chain.open(chain_dir(said[0].chain))
    labels = load_labels(labels_dir, chain, said[0].labels)
    recorded = []
    for one, entry in zip(said, chosen, strict=True):
        answer = reproduce(one, entry.number, chain, labels, progress)
        recorded.append(Recorded(TraceId(entry.id), answer.asked, answer.digest))
    return RunAgain(
        tuple(chosen),
        tuple(recorded),
        StoredChain(chain),
        citing(labels.index.label_of(chain.columns), chain.address_of),
        _skips(chain, labels_dir, labels.imports),
    )


def _skips(chain: Chain, labels_dir: Path, imports: Sequence[str]) -> dict[str, int]:
    """Count by code what was left out when the blocks and the named labels were read."""
    counted: Counter[str] = Counter()
    for ingest in chain.record.ingests:
        counted.update(ingest["skipped_by_code"])
    for stored in list_imports(labels_dir):
        if stored.id in imports:
            counted.update(stored.skipped_codes)
    return dict(sorted(counted.items()))


_NEVER_KEPT_BACK = frozenset((*KEY_KINDS, "case.opened", "finding.withdrawn"))


def entries_of_case(ledger: LedgerStore, case: Case) -> dict[int, Entry]:
    """By number a case's entries that may be kept back from a stranger.

    Neither what opens the case nor what names a key: without them nothing could be checked. Nor
    the withdrawal of a finding, which would stand there as if nobody had taken it back.
    """
    entries = list(ledger.case_entries(case.id))
    for exhibit in case.exhibits:
        entries += ledger.exhibit_entries(exhibit)
    return {entry.n: entry for entry in entries if entry.kind not in _NEVER_KEPT_BACK}


def free_entries(ledger: LedgerStore, case: Case, shown: Sequence[Numbered]) -> dict[int, Entry]:
    """The entries that a report may keep back: all but those of the traces that it shows."""
    named = {one.entry.n for one in shown}
    return {n: entry for n, entry in entries_of_case(ledger, case).items() if n not in named}
