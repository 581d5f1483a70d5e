"""The command for what leaves on paper: the printed and signed report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import CERTIFICATE_VARIABLE, Door
from kancil.custody.acting import ActingOfficer
from kancil.custody.certificate import report_key
from kancil.custody.withheld import read_withheld
from kancil.evidence.tables.price_store import load_prices
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.reviewers import is_signed_off
from kancil.ground.units import bytes_text
from kancil.ground.words import render
from kancil.reports.casework.prosecutor.drafts import unaccepted
from kancil.reports.casework.prosecutor.gather import Order
from kancil.reports.casework.prosecutor.make import MadeReport, check_asked, issue_report
from kancil.reports.casework.prosecutor.reported import reported
from kancil.reports.casework.recorded import chosen, free_in_report, run_again
from kancil.reports.pdf.sign import PdfKey, own_key, read_pkcs12, read_token_key
from kancil.reports.pdf.token import TokenKey

from .bundles import StudyOption, ViewOption
from .slips import SlipOption, hand_out_slip, sign_checkpoint


def report(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The PDF to write.")],
    kind: Annotated[
        str, typer.Option(help="prosecutor, or disclosure: everything, for the defence.")
    ] = "prosecutor",
    trace: Annotated[
        list[str] | None,
        typer.Option(
            help="Only these traces (T1); repeat for more, or none. Default: all of the case."
        ),
    ] = None,
    study: StudyOption = None,
    view: ViewOption = None,
    certificate: Annotated[
        Path | None,
        typer.Option(help="PKCS#12 file (.p12) to sign with; else the unit's own certificate."),
    ] = None,
    pkcs11: Annotated[
        Path | None,
        typer.Option(
            metavar="LIBRARY",
            help="Sign with a card or token: the PKCS#11 library of its maker (.so, .dll).",
        ),
    ] = None,
    token: Annotated[
        str, typer.Option(metavar="LABEL", help="Which token, if there are several.")
    ] = "",
    language: Annotated[str, typer.Option(help="en, id, km, lo, my, th or vi.")] = "en",
    withhold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N=REASON",
            help="A ledger entry (12), or a field of an exhibit's (12.place), to withhold; its "
            "digest and the reason are shown. Repeat for more.",
        ),
    ] = None,
    slip: SlipOption = None,
) -> None:
    """Print a case's report as a signed PDF, for the prosecutor or the defence.

    Every trace is run again and must come out as recorded. Other studies are shown as recorded;
    where blocks or labels have changed since, the report says so. The PDF holds its tables as
    files. A language that no named reviewer has signed off gives an unsigned, watermarked preview.
    The certificate's passphrase, or the card's PIN, comes from KANCIL_CERTIFICATE_PASSPHRASE, or is
    asked at a terminal.

        kancil report C1 -o report.pdf
    """
    door = Door(context)
    door.can_write(out, slip)
    source = _Source(certificate, pkcs11, token)
    check_asked(kind, language, signs=source.is_named)
    found = door.roll.case(case)
    shown = chosen(door.roll, found, trace, study, view or ())
    # What the report shows cannot be kept back at the same time.
    free = free_in_report(door.ledger, found, shown)
    withheld = read_withheld(withhold or [], free, option="--withhold", fields=True)
    with door.screen.progress() as progress:
        again = run_again(shown, door.workspace, progress=progress)
    by, at = door.acting(), door.now
    key = _key(door, source, language, by)
    checkpoint, _ = sign_checkpoint(door)
    order = Order(
        case=found.id,
        kind=kind,
        language=language,
        at=at,
        checkpoint=checkpoint,
        officer=by.id,
        withheld=withheld,
        drafts=unaccepted(found.id),
        reported=reported(door.ledger, door.workspace, door.vault, found.id),
        prices=load_prices(door.workspace.prices_dir),
    )
    made, entry = issue_report(door.ledger, door.vault, again, order, key, by=by)
    door.write(out, made.pdf)
    handed = hand_out_slip(
        door, render("slip.report", label=found.label, title=found.title), slip, checkpoint
    )
    value = {
        "path": str(out),
        "entry": entry.n,
        "traces": list(again.labels),
        "studies": list(again.study_labels),
        "views": [one.label for one in again.views],
        "basis_ended_on": entry.body["basis_ended_on"],
        "checkpoint": handed.as_dict(),
        **_value(made, order, key),
    }

    def text() -> None:
        size = bytes_text(len(made.pdf))
        door.screen.say(render("done.report", path=str(out), size=size, sha256=made.sha256))
        _say_key(door, key)
        if entry.body["basis_ended_on"] is not None:
            door.screen.say(render("note.basis-ended", day=entry.body["basis_ended_on"]))
        if made.replaced:
            door.screen.say(render("note.pdf-replaced", count=made.replaced.total()))
        handed.show(door)

    door.show(value, text)


def _value(made: MadeReport, order: Order, key: PdfKey | None) -> dict[str, Any]:
    """What is new of the file for `--json`."""
    return {
        "id": made.sha256,
        "size_bytes": str(len(made.pdf)),
        "kind": order.kind,
        "language": order.language,
        "signed": made.is_signed,
        "certificate_sha256": None if key is None else key.certificate_sha256,
        "authority_sha256": None if key is None else key.top_sha256,
        "own_certificate": key is not None and key.is_own,
        "analysis_sha256": made.analysis_sha256,
        "replaced_characters": made.replaced.total(),
    }


def _say_key(door: Door, key: PdfKey | None) -> None:
    if key is None:
        door.screen.say(render("note.report-preview"))
    elif key.is_own:
        door.screen.say(render("note.report-own-certificate", sha256=key.top_sha256))
    else:
        name = key.certificate.subject.rfc4514_string()
        door.screen.say(render("note.report-signed", name=name, sha256=key.certificate_sha256))


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the key to sign with is: in a PKCS#12 file, on a card, or else the unit's own."""

    certificate: Path | None
    library: Path | None
    token: str

    def __post_init__(self) -> None:
        if self.certificate is not None and self.library is not None:
            why = Phrase("why.token-and-certificate")
            raise OptionNotUsable(option="--pkcs11", value=str(self.library), why=why)

    @property
    def is_named(self) -> bool:
        return self.certificate is not None or self.library is not None


def _key(door: Door, source: _Source, language: str, by: ActingOfficer) -> PdfKey | None:
    """The key to sign with; None where a preview is all that may be made."""
    if not is_signed_off(language):
        return None
    if source.library is not None:
        question = render("ask.token-pin", path=str(source.library))
        pin = door.passphrase(question, CERTIFICATE_VARIABLE)
        return read_token_key(TokenKey(source.library, source.token, pin), at=door.now)
    if source.certificate is None:
        return own_key(report_key(door.ledger, door.keys, at=door.now, by=by))
    question = render("ask.certificate-passphrase", path=str(source.certificate))
    passphrase = door.passphrase(question, CERTIFICATE_VARIABLE)
    return read_pkcs12(source.certificate, passphrase, at=door.now)
