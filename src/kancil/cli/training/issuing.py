"""Commands that issue, revoke and list certificates, in a classroom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.errors import ClassroomNeeded
from kancil.cli.frame.door import Door
from kancil.custody.certificate import report_key
from kancil.custody.roll import Roll
from kancil.ground.signing import fingerprint
from kancil.ground.words import render
from kancil.training.badges.revocations import RevocationReason

if TYPE_CHECKING:
    from kancil.desk.training.queries.certificates import IssuedCertificate

Written = Annotated[Path, typer.Option("-o", "--out", help="The list to write.")]


def issue(
    context: typer.Context,
    training_class: Annotated[str, typer.Argument(metavar="CLASS", help="Its title or id.")],
    hours: Annotated[int, typer.Option(help="Hours that the course took.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new folder for the certificates.")],
    title: Annotated[str, typer.Option(help="Title of the course; else the class's.")] = "",
    course_version: Annotated[str, typer.Option(help="Version of the course.")] = "1",
) -> None:
    """Issue certificates to a class: to everybody whose work was marked and released.

    Writes for each a credential, a PDF and, once, the page that verifies both offline. Points
    stand only on the certificates of trainees who consented. Who has a certificate gets no second.

        kancil certificate issue 'Tracing in March' --hours 30 -o certificates
    """
    door = classroom(context)
    door.can_write(out)
    by = door.acting()
    from kancil.desk.training.actions.certificates import CourseTaken, issue_certificates
    from kancil.desk.training.queries.certificates import class_named
    from kancil.reports.pdf.sign import own_key
    from kancil.reports.training.certificate.paper import signed_pdf
    from kancil.training.badges.certificate import credential_bytes

    found = class_named(training_class)
    taken = CourseTaken(found.course or "labs", title or found.title, course_version, hours)
    key = own_key(report_key(door.ledger, door.keys, at=door.now, by=by))
    signer = door.keys.unit_signer()
    made = issue_certificates(
        door.ledger, training_class=found, taken=taken, signer=signer, by=_name(door)
    )
    out.mkdir(parents=True)
    for each in made:
        name = each.certificate.id
        door.write(out / f"{name}.credential.json", credential_bytes(each))
        door.write(out / f"{name}.pdf", signed_pdf(each, key, at=door.now))
    _write_page(door, out)
    public = fingerprint(signer.public_raw)
    value = {
        "id": str(out),
        "fingerprint": public,
        "issued": [
            {"id": each.certificate.id, "name": each.certificate.name} for each in made
        ],
    }  # fmt: skip
    door.show(
        value,
        render("done.certificates-issued", count=len(made), path=str(out), key=public),
    )


def _write_page(door: Door, out: Path) -> None:
    from kancil.reports.training.certificate.page.build import DIGEST, PAGE

    for path in (PAGE, DIGEST):
        door.write(out / path.name, path.read_bytes())


def revoke(
    context: typer.Context,
    certificate: Annotated[str, typer.Argument(metavar="CERTIFICATE", help="Its id.")],
    reason: Annotated[RevocationReason, typer.Option(help="Why it no longer counts.")],
    out: Written,
) -> None:
    """Revoke a certificate, and write the next list of revoked ones.

    The list holds every certificate that was revoked so far, by id and without names. Give it to
    whoever verifies: a certificate itself cannot show that it was revoked.

        kancil certificate revoke ID --reason mistake -o 4.kancil-revocations
    """
    door = classroom(context)
    door.can_write(out)
    door.acting()
    from kancil.desk.training.actions.certificates import revoke_certificate

    made = revoke_certificate(
        door.ledger, certificate=certificate, reason=reason, signer=door.keys.unit_signer(),
        by=_name(door),
    )  # fmt: skip
    door.write(out, made.data.encode())
    value = {"id": certificate, "number": made.number, "path": str(out)}
    door.show(value, render("done.certificate-revoked", number=made.number, path=str(out)))


def revocations(context: typer.Context, out: Written) -> None:
    """Write a list of revoked certificates as of now.

    For whoever asks for a newer list than the one at hand: it says so as of now.

        kancil certificate revocations -o 5.kancil-revocations
    """
    door = classroom(context)
    door.can_write(out)
    door.acting()
    from kancil.desk.training.actions.certificates import make_list

    made = make_list(door.ledger, signer=door.keys.unit_signer())
    door.write(out, made.data.encode())
    value = {"id": str(made.number), "number": made.number, "path": str(out)}
    door.show(value, render("done.revocations-made", number=made.number, path=str(out)))


def list_certificates(context: typer.Context) -> None:
    """List the certificates that were issued, revoked ones too.

    The newest first.

        kancil certificate list
    """
    door = classroom(context)
    from kancil.desk.training.queries.certificates import issued_certificates
    from kancil.desk.training.queries.names import names_among

    issued = issued_certificates()
    called = names_among(each.enrolment.person for each in issued)
    rows = [_row(each) for each in issued]
    names = ("id", "holder", "class", "issued", "state")
    columns = [render(f"column.badge-{name}") for name in names]
    shown = [
        [{**row, "holder": called[each.enrolment.person_id]}[name] for name in names]
        for row, each in zip(rows, issued, strict=True)
    ]
    door.show(rows, lambda: door.screen.table(columns, shown))


def _row(row: IssuedCertificate) -> dict[str, Any]:
    from kancil.desk.base.opening import day_of

    state = "revoked" if row.revoked_on else "stands"
    return {
        "id": row.id,
        "holder": row.enrolment.person.name,
        "account": row.enrolment.person.username,
        "class": row.enrolment.training_class.title,
        "issued": day_of(row.issued_at).isoformat(),
        "issued_by": row.issued_by,
        "state": render(f"name.badge-{state}"),
        "revoked_on": row.revoked_on.isoformat() if row.revoked_on else None,
        "reason": row.revoked_why or None,
    }


def classroom(context: typer.Context) -> Door:
    """The door of a classroom with its books open; raises ClassroomNeeded."""
    door = Door(context)
    if not door.workspace.site.is_training:
        raise ClassroomNeeded(path=str(door.workspace.root))
    _ = door.ledger
    return door


def _name(door: Door) -> str:
    """Who acts, as the ledger names them."""
    return door.ledger.folded(Roll).officer(door.acting().person).name
