"""A bundle written from a stored chain and a real ledger is intact, and says who made it."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.labels import read_label_file
from kancil.bitcoin.labels.store import store_import
from kancil.bitcoin.network import MAINNET
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import LegalBasis, from_text
from kancil.custody.cases import add_basis, open_case, record_trace
from kancil.custody.checkpoint import read_checkpoint
from kancil.custody.errors import LegalBasisExpired
from kancil.custody.officers import add_first_officer, found_unit
from kancil.custody.withheld import read_withheld
from kancil.evidence.vault import Vault
from kancil.ground.errors import FileExists
from kancil.ground.ids import CaseId, OfficerId, TraceId, UnitId, new_id
from kancil.ground.signing import MemorySigner
from kancil.ground.words import render
from kancil.reports.casework.bundle.archive import read_archive
from kancil.reports.casework.bundle.chain_view import StoredChain
from kancil.reports.casework.bundle.checker.verify import verify_bundle
from kancil.reports.casework.bundle.cite_labels import citing
from kancil.reports.casework.bundle.statement_words import sections
from kancil.reports.casework.bundle.write import Recorded, write_bundle
from kancil.reports.errors import BundleNothingToShow, BundleNotReproducible
from kancil.studies.labels_used import LabelsUsed, load_labels
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import run_trace
from tests.custody.memory_ledger import MemoryLedger
from tests.reports.make_sample_bundle import block_9_question
from tests.reports.tiny_chain import FIRST_600

NO_VAULT = Vault(Path("no-vault"), Path("no-vault"))
"""No exhibit of these cases is limited, so no listing is read."""
NO_LABELS = LabelsUsed(LabelIndex([], MAINNET), ())


@dataclasses.dataclass
class Desk:
    """A unit with one officer and one open case."""

    ledger: MemoryLedger
    unit_signer: MemorySigner
    by: ActingOfficer
    case: CaseId

    def record(self, chain: Chain, labels: LabelsUsed, question: TraceQuestion) -> Recorded:
        """Run a trace and write its ledger entry."""
        answer = run_trace(chain, labels, question)
        trace = TraceId(new_id())
        record_trace(
            self.ledger,
            case=self.case,
            trace=trace,
            provenance=answer.provenance(chain, labels),
            result_sha256=answer.digest,
            by=self.by,
        )
        return Recorded(trace, answer.asked, answer.digest)


def open_desk(basis: LegalBasis | None = None) -> Desk:
    """Found a unit and open a case."""
    unit_signer = MemorySigner(Ed25519PrivateKey.generate())
    officer, signer = OfficerId(new_id()), MemorySigner(Ed25519PrivateKey.generate())
    ledger = MemoryLedger(UnitId(new_id()))
    found_unit(
        ledger, name="Sample Unit", country="LA", zone="Asia/Vientiane", unit_signer=unit_signer
    )
    add_first_officer(
        ledger,
        officer=officer,
        name="Dara",
        role="investigator",
        public_raw=signer.public_raw,
        vouched_how="founded the unit",
        unit_signer=unit_signer,
    )
    by = ActingOfficer(officer, signer)
    opened = open_case(ledger, title="Sample", basis=basis or from_text("Sample Court"), by=by)
    assert opened.case_id is not None
    return Desk(ledger, unit_signer, by, opened.case_id)


@pytest.fixture(scope="module")
def first_600_chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("chains") / "first"
    ingest(folder, [FIRST_600], network=MAINNET)
    return Chain.open(folder)


def write(desk: Desk, chain: Chain, recorded: list[Recorded], out: Path, **more: object) -> None:
    write_bundle(
        out,
        ledger=desk.ledger,
        vault=NO_VAULT,
        case=desk.case,
        chain=StoredChain(chain),
        recorded=recorded,
        labels_of=more.pop("labels_of", citing(lambda _: (), chain.address_of)),  # type: ignore[arg-type]
        by=desk.by,
        unit_signer=desk.unit_signer,
        purpose="to the prosecutor",
        **more,  # type: ignore[arg-type]
    )


def test_a_written_bundle_is_intact_and_records_its_own_making(
    first_600_chain: Chain, tmp_path: Path
) -> None:
    desk = open_desk()
    out = tmp_path / "bundle.zip"
    recorded = [desk.record(first_600_chain, NO_LABELS, block_9_question())]
    write(desk, first_600_chain, recorded, out)
    members = read_archive(out.read_bytes()).members
    note = read_checkpoint(members["custody/checkpoint.txt"])
    manifest = json.loads(members["MANIFEST.json"])
    verdict = verify_bundle(out, against=note, key=manifest["key"])
    assert verdict.problems == []
    assert verdict.is_intact
    assert {step.state for step in verdict.steps.values()} == {"holds"}
    last = list(desk.ledger.entries())[-1]
    assert last.kind == "bundle.made"
    assert last.body["analysis_sha256"] == manifest["analysis_sha256"]
    assert last.body["purpose"] == "to the prosecutor"
    assert manifest["case"] == desk.case
    said = {remark.code for remark in verdict.steps["table"].said}
    assert said >= {"rows-same", "trace-recorded"}


def test_what_is_kept_back_is_sealed_and_listed_with_reason_and_digest(
    first_600_chain: Chain, tmp_path: Path
) -> None:
    desk = open_desk()
    add_basis(desk.ledger, case=desk.case, basis=from_text("A protected witness"), by=desk.by)
    basis = list(desk.ledger.entries())[-1]
    recorded = [desk.record(first_600_chain, NO_LABELS, block_9_question())]
    free = {basis.n: basis}
    out, again = tmp_path / "bundle.zip", tmp_path / "again.zip"
    withheld = read_withheld([f"{basis.n}=a witness"], free, option="--seal", fields=False)
    write(desk, first_600_chain, recorded, out, withheld=withheld)
    note = read_checkpoint(read_archive(out.read_bytes()).members["custody/checkpoint.txt"])
    write(desk, first_600_chain, recorded, again, standing=note)
    for path in (out, again):
        assert b"protected witness" not in path.read_bytes()
        verdict = verify_bundle(path)
        assert verdict.problems == []
        assert verdict.statements is not None
        assert verdict.statements.bundle is not None
        (one,) = verdict.statements.bundle.withheld
        assert (one.n, one.reason) == (str(basis.n), "a witness")
        assert one.sha256 == basis.hash.hex()
        facts = [fact for each in sections(verdict.statements) for fact in each.facts]
        assert (render("name.stated-withheld"), f"entry {basis.n}: a witness") in facts


def test_two_bundles_of_one_trace_hold_the_same_analysis(
    first_600_chain: Chain, tmp_path: Path
) -> None:
    analyses = []
    for name in ("one", "two"):
        desk = open_desk()
        recorded = [desk.record(first_600_chain, NO_LABELS, block_9_question())]
        write(desk, first_600_chain, recorded, tmp_path / f"{name}.zip")
        members = read_archive((tmp_path / f"{name}.zip").read_bytes()).members
        analyses.append({n: d for n, d in members.items() if n.startswith("analysis/")})
    assert analyses[0] == analyses[1]
    text = b"".join(analyses[0].values())
    for word in (b"Sample Unit", b"Dara", b"Asia/Vientiane", str(tmp_path).encode()):
        assert word not in text


def test_an_answer_that_does_not_come_out_again_stops_the_bundle(
    first_600_chain: Chain, tmp_path: Path
) -> None:
    desk = open_desk()
    recorded = desk.record(first_600_chain, NO_LABELS, block_9_question())
    other = dataclasses.replace(recorded, result_sha256="0" * 64)
    size = desk.ledger.head().size
    with pytest.raises(BundleNotReproducible):
        write(desk, first_600_chain, [other], tmp_path / "bundle.zip")
    assert desk.ledger.head().size == size
    assert not (tmp_path / "bundle.zip").exists()


def test_a_case_without_a_trace_gives_no_bundle(first_600_chain: Chain, tmp_path: Path) -> None:
    with pytest.raises(BundleNothingToShow):
        write(open_desk(), first_600_chain, [], tmp_path / "bundle.zip")


def test_a_file_that_is_there_is_not_overwritten_and_nothing_is_recorded(
    first_600_chain: Chain, tmp_path: Path
) -> None:
    desk = open_desk()
    recorded = [desk.record(first_600_chain, NO_LABELS, block_9_question())]
    (tmp_path / "bundle.zip").write_bytes(b"mine")
    size = desk.ledger.head().size
    with pytest.raises(FileExists):
        write(desk, first_600_chain, recorded, tmp_path / "bundle.zip")
    assert (tmp_path / "bundle.zip").read_bytes() == b"mine"
    assert desk.ledger.head().size == size


def test_an_expired_legal_basis_opens_no_case(first_600_chain: Chain, tmp_path: Path) -> None:
    basis = dataclasses.replace(from_text("Sample Court"), expires_on=date(2020, 1, 1))
    with pytest.raises(LegalBasisExpired):
        open_desk(basis)
    assert first_600_chain.columns.block_count == 600


OFAC_PAID = "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad:0"
LONG_CHAIN = "20553f193186d7c0a8f13c6214cf90958a1291c8546c71a802c5101d7cde213f"


def test_real_blocks_with_labels_and_unknown_sources_make_an_intact_bundle(
    shared_data: Path, tmp_path: Path
) -> None:
    data = shared_data / "bitcoin"
    blocks = [data / "blocks" / "mainnet" / f"{n}.raw" for n in (370661, 574200)]
    ingest(tmp_path / "chain", [FIRST_600, *blocks], network=MAINNET)
    chain = Chain.open(tmp_path / "chain")
    folder = tmp_path / "labels"
    folder.mkdir()
    for name in ("ofac/sanctioned_addresses_XBT.txt", "tagpacks/walletexplorer.yaml"):
        read = read_label_file(data / "tags" / name, Given(fetched_on=date(2024, 9, 27)))
        store_import(folder, read)
    labels = load_labels(folder, chain)
    desk = open_desk()
    questions = [
        TraceQuestion((NamedStart(OFAC_PAID),), "fifo", direction="backward"),
        TraceQuestion((NamedStart(f"{LONG_CHAIN}:0"), NamedStart(f"{LONG_CHAIN}:1")), "haircut"),
        block_9_question(),
    ]
    recorded = [desk.record(chain, labels, question) for question in questions]
    out = tmp_path / "bundle.zip"
    of = citing(labels.index.label_of(chain.columns), chain.address_of)
    write(desk, chain, recorded, out, labels_of=of)
    verdict = verify_bundle(out)
    assert verdict.problems == []
    assert verdict.is_intact
    members = read_archive(out.read_bytes()).members
    assert b"Listed by OFAC" in members["analysis/labels.csv"]
    fetched = members["analysis/traces/1/fetch_list.csv"].decode().splitlines()
    assert [line.split(",")[1] for line in fetched[1:]] == ["source", "source"]
    hops = [line.split(b",")[1] for line in members["analysis/traces/2/transfers.csv"].split()[1:]]
    assert max(map(int, hops)) == 71
    assert any(name.endswith(".base") for name in members)
    report = members["analysis/report.html"].decode()
    assert "source not held here" in report
    assert "listing date not known; may be later than this payment" in report
