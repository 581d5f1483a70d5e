"""Writing a bundle: the analysis, then the ledger entry of its making, then custody, then the seal.

The order matters: the entry `bundle.made` names the digest of the analysis, the checkpoint covers
that entry, and the manifest covers all. Data come from a chain and the ledger; one file goes out.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from kancil import __version__
from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import record_bundle
from kancil.custody.checkpoint import Checkpoint, make_checkpoint, read_checkpoint
from kancil.custody.entry import Entry
from kancil.custody.merkle import root_of
from kancil.custody.prove import CustodyProof, prove_case
from kancil.custody.roll import Roll
from kancil.custody.spans import UNIT
from kancil.custody.store import Head, LedgerStore
from kancil.custody.unit import LABEL_KINDS
from kancil.custody.withheld import Withheld
from kancil.evidence.vault import Vault
from kancil.ground import canonical, clock
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import FileExists
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, TraceId
from kancil.ground.signing import Signer, fingerprint, public_pem
from kancil.legal.handling import Use
from kancil.reports.casework.limits import Shows, answers_shown, require_use
from kancil.reports.casework.views import ShownView
from kancil.reports.errors import BundleNothingToShow, BundleNotInCheckpoint, BundleNotReproducible
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.run import Asked

from .analyse import analyse
from .answers import Answers, answer_all
from .gather import ChainView, gather_material
from .manifest import digest_of_analysis, format_of, view_member
from .material import Material, without_chain
from .material_read import read_material
from .seal import Maker, seal_members
from .studies import ShownStudy, study_member
from .verify_chain import check_chain

PAGE_FILE = Path(__file__).parent / "page" / "verify.html"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A trace of the case that goes into the bundle."""

    trace: TraceId
    asked: Asked
    result_sha256: str
    """As its ledger entry states it."""


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    """What was written."""

    path: Path
    sha256: str
    size_bytes: int
    analysis_sha256: str
    checkpoint: Checkpoint
    key: str
    """Fingerprint of the key that signed, to be told to the receiver by another road."""
    basis_ended_on: str | None
    """Last day of the legal basis, where it was over when the bundle was recorded."""


def compute_analysis(
    chain: ChainView | None,
    recorded: Sequence[Recorded],
    labels_of: Callable[[int], Iterable[CitedLabel]],
    studies: Sequence[ShownStudy] = (),
    *,
    is_training: bool = False,
) -> tuple[dict[str, bytes], Answers]:
    """Every member under `analysis/`, computed again from the gathered proofs alone.

    `chain`: None where there is no trace. `is_training`: it is made in a classroom, and says so in
    what is made for eyes. Raises BundleNotReproducible when the proofs do not give
    the recorded answers again, or a study's bytes are not a result.
    """
    cited = tuple(one.cited for one in studies)
    for number, one in enumerate(cited, 1):
        if one.result is None:
            raise BundleNotReproducible(member=study_member(number))
    if chain is None:
        material = without_chain(__version__, cited)
    else:
        gathered = gather_material(chain, [one.asked for one in recorded], labels_of)
        material = replace(gathered, studies=cited)
    material = replace(material, is_training=is_training)
    check = check_chain(material)
    for problem in check.problems:
        raise BundleNotReproducible(member=problem.place)
    answers = answer_all(material, check.read)
    for problem in answers.problems:
        raise BundleNotReproducible(member=problem.place)
    for trace, answer in zip(recorded, answers.answers, strict=True):
        if answer.digest != trace.result_sha256:
            raise BundleNotReproducible(member=f"analysis/traces/{answer.number}/")
    analysis = analyse(answers)
    again, problems = read_material(analysis)
    if again != material:
        raise BundleNotReproducible(member=problems[0].place if problems else "analysis/")
    return analysis, answers


def write_bundle(
    out: Path,
    *,
    ledger: LedgerStore,
    vault: Vault,
    case: CaseId,
    chain: ChainView | None,
    recorded: Sequence[Recorded],
    labels_of: Callable[[int], Iterable[CitedLabel]],
    studies: Sequence[ShownStudy] = (),
    views: Sequence[ShownView] = (),
    by: ActingOfficer,
    unit_signer: Signer,
    purpose: str,
    withheld: Sequence[Withheld] = (),
    timestamp: Callable[[Checkpoint], bytes | None] | None = None,
    standing: Checkpoint | None = None,
    replace: bool = False,
) -> WrittenBundle:
    """Write the bundle of a case.

    `chain`: None where there is no trace. `views`: saved views of these traces, as they were saved.
    `withheld`: entries that are shown by their hash and the
    reason alone. `timestamp`: gives the RFC 3161 response over a checkpoint where there is one.
    `standing`: an earlier checkpoint, made when this same bundle was first written and stamped
    since; no new entry is written then, what that writing kept back is kept back again, and
    verify.html is put in only where it is the one of that writing. Raises BundleNothingToShow,
    BundleNotReproducible, BundleNotInCheckpoint, BundleTooLarge, FileExists, DiskFull,
    KeyNotActive, LimitForbidsUse.
    """
    if not recorded and not studies:
        raise BundleNothingToShow(case=case)
    if out.exists() and not replace:
        raise FileExists(path=str(out))
    is_training = made_in_classroom(ledger)
    analysis, answers = compute_analysis(
        chain, recorded, labels_of, studies, is_training=is_training
    )
    digest = digest_of_analysis(analysis)
    earlier = None
    if standing is not None:
        earlier = _making(ledger, case, digest, standing, format_of(analysis))
    shows = _shows(ledger, answers.material, recorded, studies, views)
    require_use(ledger, vault, case, Use.BUNDLE, shows, _hidden(earlier, withheld))
    page = PAGE_FILE.read_bytes() if PAGE_FILE.is_file() else None
    page_sha256 = None if page is None else sha256_hex(page)
    if earlier is None or standing is None:
        made = record_bundle(
            ledger, case=case, analysis_sha256=digest, traces=[one.trace for one in recorded],
            purpose=purpose, by=by, bundle_format=format_of(analysis), page_sha256=page_sha256,
            studies=[one.id for one in studies], views=[one.id for one in views],
            withheld=withheld,
        )  # fmt: skip
        checkpoint = _checkpoint_at(ledger, made, unit_signer)
    else:
        made, checkpoint = earlier, standing
    also = _sources_recorded(ledger, answers.material, studies)
    custody = _prove(ledger, case, checkpoint, unit_signer, (_hidden(made, ()), also))
    stamp = timestamp(checkpoint) if timestamp is not None else None
    if stamp is not None:
        custody["custody/checkpoint.tsr"] = stamp
    maker = _maker(made, by, case, answers.material)
    if page_sha256 != made.body["page_sha256"]:
        page = None
    pictures = {view_member(number): one.data for number, one in enumerate(views, 1)}
    data = seal_members(
        {**analysis, **custody, **pictures}, maker=maker, signer=by.signer, page=page
    )
    write_durably(out, data, replace=replace)
    return WrittenBundle(
        path=out,
        sha256=sha256_hex(data),
        size_bytes=len(data),
        analysis_sha256=digest,
        checkpoint=checkpoint,
        key=fingerprint(by.signer.public_raw),
        basis_ended_on=made.body.get("basis_ended_on"),
    )


def _shows(
    ledger: LedgerStore,
    material: Material,
    recorded: Sequence[Recorded],
    studies: Sequence[ShownStudy],
    views: Sequence[ShownView],
) -> Shows:
    cited = (label.sha256 for label in material.labels)
    traces = (one.trace for one in recorded)
    return Shows(answers_shown(ledger.folded(Roll), traces, studies, cited), views)


def _hidden(earlier: Entry | None, withheld: Sequence[Withheld]) -> frozenset[int]:
    """Numbers of the entries that are kept back, as an earlier writing did where there was one."""
    if earlier is None:
        return frozenset(one.n for one in withheld)
    return frozenset(int(one["n"]) for one in earlier.body["withheld"])


def made_in_classroom(ledger: LedgerStore) -> bool:
    """Whether what is made from this ledger is exercise, as its first entry states."""
    unit = ledger.folded(Roll).unit
    return unit is not None and unit.site.is_training


def _maker(made: Entry, by: ActingOfficer, case: CaseId, material: Material) -> Maker:
    """Name who makes the bundle, and when, as the entry of its making states it."""
    return Maker(
        unit=made.unit,
        officer=by.id,
        case=case,
        network=material.network,
        made_at=made.at,
        kancil=__version__,
        made_entry=made.hash.hex(),
        is_training=material.is_training,
    )


def _checkpoint_at(ledger: LedgerStore, made: Entry, unit_signer: Signer) -> Checkpoint:
    """Sign the ledger as it stood when the making was recorded, whoever has written since.

    Its time is never before that entry's, even where the clock ran backwards.
    """
    head = ledger.head()
    if head.size != made.n:
        head = Head(made.n, made.hash, root_of(ledger.hashes(made.n)))
    note = make_checkpoint(head, made.unit, unit_signer, max(clock.now(), made.at))
    return read_checkpoint(note)


def _prove(
    ledger: LedgerStore,
    case: CaseId,
    checkpoint: Checkpoint,
    unit_signer: Signer,
    sealed_and_also: tuple[frozenset[int], frozenset[int]],
) -> dict[str, bytes]:
    """Show the case's part of the ledger as it stands in the checkpoint."""
    sealed, also = sealed_and_also
    roll = Roll.of(islice(ledger.entries(), checkpoint.size))
    proof = prove_case(
        ledger,
        case=case,
        exhibits=roll.case(case).exhibits,
        sealed=sealed,
        also=also,
        checkpoint=checkpoint,
        unit_signer=unit_signer,
    )
    return custody_members(proof, roll, case, checkpoint.unit)


def _sources_recorded(
    ledger: LedgerStore, material: Material, studies: Sequence[ShownStudy]
) -> frozenset[int]:
    """The entries that record where the blocks and labels of this analysis came in."""
    read = {digest for one in studies for digest in one.sources}
    sources = {*material.held.inputs, *read}
    labels = {*(label.sha256 for label in material.labels), *read}
    return frozenset(
        entry.n
        for entry in ledger.entries()
        if (entry.kind == "chain.ingested" and sources & set(entry.body["sources"]))
        or (entry.kind in LABEL_KINDS and entry.body["sha256"] in labels)
    )


def _making(
    ledger: LedgerStore, case: CaseId, digest: str, standing: Checkpoint, bundle_format: str
) -> Entry:
    """Find the entry of an earlier making of this very analysis, in the format of today.

    Of several the last counts, as for whoever checks the bundle. Raises BundleNotInCheckpoint.
    """
    made = None
    for entry in ledger.case_entries(case):
        if (
            entry.n <= standing.size
            and entry.kind == "bundle.made"
            and entry.body["analysis_sha256"] == digest
        ):
            made = entry
    if made is not None and made.body.get("format") == bundle_format:
        return made
    raise BundleNotInCheckpoint(size=standing.size)


def custody_members(proof: CustodyProof, roll: Roll, case: CaseId, unit: str) -> dict[str, bytes]:
    """Every member under `custody/`."""
    found = roll.case(case)
    members = {f"custody/{name}": data for name, data in proof.files().items()}
    members["custody/case.json"] = canonical.dumps(
        {"id": case, "number": found.number, "title": found.title, "unit": unit}
    )
    keys = []
    for number, (name, span) in enumerate(sorted(roll.keys.spans.items()), 1):
        is_unit = span.holder == UNIT
        keys.append(
            {
                "fingerprint": name,
                "name": _name_of(roll, span.holder),
                "officer": None if is_unit else span.holder,
                "public_key": base64.b64encode(span.public_raw).decode("ascii"),
            }
        )
        members[f"custody/keys/{number}.pem"] = public_pem(span.public_raw)
    members["custody/keys.json"] = canonical.dumps(keys)
    return members


def _name_of(roll: Roll, holder: str) -> str:
    if holder == UNIT:
        return "" if roll.unit is None else roll.unit.name
    return roll.officer(holder).name
