"""Making the report: from the ledger and the traces, run again, to the bytes of a signed PDF.

No terminal and no web page comes in here: doors call `issue_report`, which also writes the ledger
entry; tests and previews call `make_report`. The unsigned bytes are the same for the same input.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import record_report
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.evidence.vault import Vault
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import MemberNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.reviewers import is_signed_off
from kancil.ground.signing import public_pem
from kancil.ground.words import render, speaking
from kancil.legal.handling import Use
from kancil.reports.casework.bundle.manifest import digest_of_analysis
from kancil.reports.casework.bundle.write import compute_analysis, made_in_classroom
from kancil.reports.casework.limits import Shows, answers_shown, require_use
from kancil.reports.casework.recorded import RunAgain
from kancil.reports.document.printed import template
from kancil.reports.errors import LanguageNotSignedOff
from kancil.reports.pdf.sign import PdfKey, sign_pdf
from kancil.reports.pdf.typeset import typeset

from .attachments import attached_files
from .content import report_tree
from .gather import KINDS, Order, gather_case

TEMPLATE = tuple(Path(__file__).with_name(name) for name in ("parts.typ", "report.typ"))
LANGUAGES = ("en", "id", "km", "lo", "my", "th", "vi")
"""Those whose scripts the report's fonts have."""


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report, whole."""

    pdf: bytes
    unsigned_sha256: str
    analysis_sha256: str
    is_signed: bool
    replaced: Counter[str]
    """Characters that no font has, written by their numbers."""
    cited: frozenset[str]
    """SHA-256 of the label files that it cites."""

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the file."""
        return sha256_hex(self.pdf)


def make_report(
    ledger: LedgerStore, again: RunAgain, order: Order, key: PdfKey | None
) -> MadeReport:
    """Make the report of a case; `key`: by which it is signed, None for a preview.

    Raises LanguageNotSignedOff for a key and a language that nobody has signed off, MemberNotFound
    for a kind or language that is not known, BundleNotReproducible, ReportNotPrinted.
    """
    check_asked(order.kind, order.language, signs=key is not None)
    analysis, answers = compute_analysis(
        again.chain, again.recorded, again.labels_of, again.studies,
        is_training=made_in_classroom(ledger),
    )  # fmt: skip
    digest = digest_of_analysis(analysis)
    roll = ledger.folded(Roll)
    unit_key = b"" if roll.unit is None else public_pem(roll.unit.public_raw)
    material = answers.material
    with speaking(order.language):
        facts = gather_case(
            ledger,
            order,
            shown=[*(one.id for one in again.entries), *(one.id for one in again.studies)],
            sources=[
                *material.held.inputs,
                *(label.sha256 for label in material.labels),
                *(digest for one in again.studies for digest in one.sources),
            ],
            skips=again.skips,
        )
        said = order.shown_reports
        files = attached_files(
            analysis,
            again.labels,
            order.checkpoint,
            unit_key,
            again.studies,
            () if said is None else said.tables,
        )
        tree = report_tree(
            facts,
            answers,
            order,
            files,
            labels=again.labels,
            studies=again.study_labels,
            analysis_sha256=digest,
            key=key,
            views=again.views
            if said is None
            else tuple(one.beside(said.drawn) for one in again.views),
        )
        reason = render("note.pdf-sign-reason", case=facts.label)
        unsigned = typeset(template(*TEMPLATE), tree, files, at=order.at)
    cited = frozenset(label.sha256 for label in material.labels)
    pdf = unsigned.pdf
    if key is not None:
        pdf = sign_pdf(pdf, key, at=order.at, reason=reason, name=facts.stated.unit or "")
    unsigned_sha256 = sha256_hex(unsigned.pdf)
    return MadeReport(pdf, unsigned_sha256, digest, key is not None, unsigned.replaced, cited)


def issue_report(
    ledger: LedgerStore, vault: Vault, again: RunAgain, order: Order, key: PdfKey | None, *,
    by: ActingOfficer,
) -> tuple[MadeReport, Entry]:  # fmt: skip
    """Make the report and record in the ledger that it leaves; raises LimitForbidsUse too."""
    _require_use(ledger, vault, again, order, frozenset())
    made = make_report(ledger, again, order, key)
    _require_use(ledger, vault, again, order, made.cited)
    entry = record_report(
        ledger,
        case=order.case,
        kind=order.kind,
        language=order.language,
        sha256=made.sha256,
        analysis_sha256=made.analysis_sha256,
        certificate_sha256=None if key is None else key.certificate_sha256,
        traces=[one.trace for one in again.recorded],
        studies=[one.id for one in again.studies],
        views=[one.id for one in again.views],
        by=by,
        withheld=order.withheld,
    )
    return made, entry


def _require_use(
    ledger: LedgerStore, vault: Vault, again: RunAgain, order: Order, cited: frozenset[str]
) -> None:
    """Hold the limits of use against what the report shows, a field of an entry being little."""
    use = Use.DISCLOSURE if order.is_disclosure else Use.REPORT
    traces = (one.trace for one in again.recorded)
    rests = answers_shown(ledger.folded(Roll), traces, again.studies, cited)
    hidden = (one.n for one in order.withheld if not one.field)
    require_use(ledger, vault, order.case, use, Shows(rests, again.views), hidden)


def check_asked(kind: str, language: str, *, signs: bool) -> None:
    """Refuse what cannot be made, before anything is recorded for it.

    `signs`: it is to be signed. Raises MemberNotFound, LanguageNotSignedOff.
    """
    if kind not in KINDS:
        raise MemberNotFound(
            what=Phrase("thing.report-kind"), name=kind[:40], known=", ".join(KINDS)
        )
    if language not in LANGUAGES:
        raise MemberNotFound(
            what=Phrase("thing.language"), name=language[:40], known=", ".join(LANGUAGES)
        )
    if signs and not is_signed_off(language):
        raise LanguageNotSignedOff(language=language)
