"""Recorded traces and studies that go into a document: chosen, and run again.

From the ledger's entries, the chains and labels held, and the kept results; to a bundle or a
report. Every door comes here. A trace that does not come out as recorded goes into no document. A
study is shown as recorded; the document says where it could not be compared, because blocks or
labels have changed or its version is gone, and over the same inputs it must come out again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.store import list_imports
from kancil.custody.entry import Entry
from kancil.custody.kinds import KEY_KINDS
from kancil.custody.roll import KEPT, Case, Numbered, Roll
from kancil.custody.store import LedgerStore
from kancil.ground.errors import MemberNotFound, NotFound, OptionNotUsable
from kancil.ground.ids import TraceId
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.workspace import Workspace
from kancil.reports.errors import BundleNothingToShow, TraceIsDraft, TraceNotFound, ViewNotFound
from kancil.studies import study as studies
from kancil.studies.canvas.picture import Material as CanvasMaterial
from kancil.studies.canvas.picture import RecordedTrace as CanvasTrace
from kancil.studies.errors import StudyNotFound, StudyNotReadable, TraceNotReadable
from kancil.studies.labels_used import load_labels
from kancil.studies.members import study_named
from kancil.studies.study import Material, RecordedStudy, kept_result
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.run import read_recorded, reproduce

from .bundle.chain_view import StoredChain
from .bundle.cite_labels import citing
from .bundle.gather import ChainView
from .bundle.studies import INPUTS_GONE, VERSION_GONE, CitedStudy, ShownStudy
from .bundle.write import Recorded
from .views import ShownView, show_views

NONE = ("none",)
"""Names that choose none."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a case is to be shown."""

    traces: tuple[Numbered, ...]
    studies: tuple[Numbered, ...] = ()
    """Studies other than traces."""
    views: tuple[Numbered, ...] = ()
    """Saved views of these traces."""

    @property
    def entries(self) -> tuple[Numbered, ...]:
        """All of them, traces first, views last."""
        return (*self.traces, *self.studies, *self.views)


@dataclass(frozen=True, slots=True, eq=False)
class RunAgain:
    """Traces of one case that came out again as recorded, and its studies."""

    entries: tuple[Numbered, ...]
    """The entries that record the traces, in the order asked."""
    recorded: tuple[Recorded, ...]
    """The answers, one an entry."""
    chain: ChainView | None
    """None where there is no trace."""
    labels_of: Callable[[int], tuple[CitedLabel, ...]]
    """Gives the labels of an output by its number."""
    skips: Mapping[str, int] = field(default_factory=dict)
    """What could not be read of the blocks and labels that they rest on: how often, by code."""
    studies: tuple[ShownStudy, ...] = ()
    views: tuple[ShownView, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the traces as people do: `T1`."""
        return tuple(f"T{one.number}" for one in self.entries)

    @property
    def study_labels(self) -> tuple[str, ...]:
        """Name the studies as people do: `S1`."""
        return tuple(one.label for one in self.studies)


def chosen(
    roll: Roll,
    case: Case,
    traces: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    views: Sequence[str] = (),
) -> Chosen:
    """The named traces and studies of a case, of each kind all where no name is given; views.

    `traces`: such as `T1`; `names`: of studies, such as `S1`; the one name `none` chooses none.
    `views`: such as `V1`; a view that is not named goes into no document. Raises TraceNotFound,
    TraceIsDraft, StudyNotFound, ViewNotFound.
    """
    shown = _chosen_views(roll, case, views)
    return Chosen(_chosen_traces(roll, case, traces), _chosen_studies(roll, case, names), shown)


def _chosen_views(roll: Roll, case: Case, names: Sequence[str]) -> tuple[Numbered, ...]:
    found = []
    for name in dict.fromkeys(names):
        one = roll.view(name)
        if one is None or one.case != case.id:
            raise ViewNotFound(name=name[:80])
        found.append(one)
    return tuple(sorted(found, key=lambda one: one.entry.n))


def _chosen_traces(roll: Roll, case: Case, names: Sequence[str] | None) -> tuple[Numbered, ...]:
    if names is None:
        return tuple(roll.traces[trace] for trace in case.traces)
    found = []
    for name in () if tuple(names) == NONE else names:
        one = roll.trace(name)
        if one is None or one.case != case.id:
            raise TraceNotFound(name=name[:80])
        if roll.trace_state(TraceId(one.id)) != KEPT:
            raise TraceIsDraft(trace=f"T{one.number}")
        found.append(one)
    return tuple(found)


def _chosen_studies(roll: Roll, case: Case, names: Sequence[str] | None) -> tuple[Numbered, ...]:
    if names is None:
        return tuple(roll.studies[study] for study in case.studies)
    found = []
    for name in () if tuple(names) == NONE else names:
        one = roll.study(name)
        if one is None or one.case != case.id or one.id not in case.studies:
            raise StudyNotFound(name=name[:80])
        found.append(one)
    return tuple(found)


def run_again(shown: Chosen, workspace: Workspace, *, progress: Progress = SILENT) -> RunAgain:
    """Run the chosen traces and studies again.

    All traces must be of one chain and have looked at the same label imports. Raises
    TraceNotReproduced, StudyNotReproduced, StudyNotReadable, BundleNothingToShow, OptionNotUsable,
    and what opening a chain and the analysis raise.
    """
    if not shown.entries:
        raise BundleNothingToShow(case=Phrase("note.this-case"))
    again = tuple(_study_again(one, workspace, progress) for one in shown.studies)
    if not shown.traces:
        views = show_views(shown.views, workspace.views_dir, CanvasMaterial(None, None))
        return RunAgain((), (), None, lambda _: (), studies=again, views=views)
    said = [read_recorded(one.entry.body) for one in shown.traces]
    if len({(one.chain, one.labels) for one in said}) > 1:
        raise OptionNotUsable(option="--trace", value="", why=Phrase("note.one-chain"))
    chain = Chain.open(workspace.chains_dir / said[0].chain)
    labels = load_labels(workspace.labels_dir, chain, said[0].labels)
    recorded = []
    for one, entry in zip(said, shown.traces, strict=True):
        answer = reproduce(one, entry.number, chain, labels, progress)
        recorded.append(Recorded(TraceId(entry.id), answer.asked, answer.digest))
    material = CanvasMaterial(
        chain,
        labels,
        {
            entry.number: CanvasTrace(entry.number, one.asked.question, one.result_sha256, labels)
            for one, entry in zip(recorded, shown.traces, strict=True)
        },
    )
    return RunAgain(
        shown.traces,
        tuple(recorded),
        StoredChain(chain),
        citing(labels.index.label_of(chain.columns), chain.address_of),
        _skips(chain, workspace.labels_dir, labels.imports),
        again,
        show_views(shown.views, workspace.views_dir, material),
    )


def _study_again(one: Numbered, workspace: Workspace, progress: Progress) -> ShownStudy:
    """The kept result of a study, and how it came out when it was run again."""
    recorded = studies.read_recorded(one.entry)
    kept_result(recorded, workspace.studies_dir)
    data = (workspace.studies_dir / f"{recorded.id}.json").read_bytes()
    cited = CitedStudy(data, _compared(recorded, workspace, progress))
    return ShownStudy(one, cited, _sources(recorded, workspace.labels_dir))


def _compared(recorded: RecordedStudy, workspace: Workspace, progress: Progress) -> str:
    """How it came out: gone is a version, or a member that it names, or what it was asked of."""
    material = Material(
        workspace.chains_dir, workspace.labels_dir, workspace.prices_dir, workspace.triage_dir
    )
    try:
        study = study_named(recorded.study)
        return studies.run_again(study, recorded, material, progress).value
    except (MemberNotFound, StudyNotReadable):
        return VERSION_GONE
    except (NotFound, TraceNotReadable):
        return INPUTS_GONE


def _sources(recorded: RecordedStudy, labels_dir: Path) -> tuple[str, ...]:
    """SHA-256 of the block files and label imports that a study read."""
    inputs, imports = (recorded.sources.get(name) for name in ("inputs", "labels"))
    named = imports if isinstance(imports, list) else []
    chain = str(recorded.sources.get("chain") or "")
    labels = [
        stored.file_sha256 for stored in list_imports(labels_dir, chain) if stored.id in named
    ]
    return (*(inputs if isinstance(inputs, list) else []), *labels)


def _skips(chain: Chain, labels_dir: Path, imports: Sequence[str]) -> dict[str, int]:
    """Count by code what was left out when the blocks and the named labels were read."""
    counted: Counter[str] = Counter()
    for ingest in chain.record.ingests:
        counted.update(ingest["skipped_by_code"])
    for stored in list_imports(labels_dir, chain.name):
        if stored.id in imports:
            counted.update(stored.skipped_codes)
    return dict(sorted(counted.items()))


_NEVER_KEPT_BACK = frozenset((*KEY_KINDS, "case.opened", "finding.withdrawn"))


def entries_of_case(
    ledger: LedgerStore, case: Case, shown: Iterable[Numbered] = ()
) -> dict[int, Entry]:
    """By number a case's entries that may be kept back from a stranger; not those of `shown`.

    Neither what opens the case nor what names a key: without them nothing could be checked. Nor
    the withdrawal of a finding, which would stand there as if nobody had taken it back.
    """
    entries = list(ledger.case_entries(case.id))
    for exhibit in case.exhibits:
        entries += ledger.exhibit_entries(exhibit)
    named = {one.entry.n for one in shown}
    return {
        entry.n: entry
        for entry in entries
        if entry.kind not in _NEVER_KEPT_BACK and entry.n not in named
    }


def free_in_bundle(ledger: LedgerStore, case: Case, shown: Chosen) -> dict[int, Entry]:
    """The entries that a bundle may seal: not those that alone name its studies and views."""
    return entries_of_case(ledger, case, (*shown.studies, *shown.views))


def free_in_report(ledger: LedgerStore, case: Case, shown: Chosen) -> dict[int, Entry]:
    """The entries that a report may keep back: all but those of what it shows."""
    return entries_of_case(ledger, case, shown.entries)
