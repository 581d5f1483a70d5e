"""Certificates of a class: issued, shown, downloaded, revoked; consent to points."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.certificate import report_key
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.training import access
from kancil.desk.training.actions.certificates import (
    CourseTaken,
    issue_again,
    issue_certificates,
    make_list,
    revoke_certificate,
    state_consent,
)
from kancil.desk.training.queries.certificates import (
    Candidate,
    IssuedCertificate,
    candidates,
    certificates_of,
    issued_certificate,
    newest_list,
    own_enrolments,
    revocation_file,
    signed_of,
    standing_of,
)
from kancil.desk.training.queries.classes import ClassState, TrainingClass
from kancil.desk.training.queries.learned import consents
from kancil.desk.training.queries.names import names_in
from kancil.desk.training.queries.passing import scheme_of
from kancil.desk.training.queries.sittings import counts, tests_of
from kancil.ground import clock
from kancil.ground.days import span
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.signing import fingerprint
from kancil.ground.words import render as words
from kancil.reports.pdf.sign import own_key
from kancil.reports.training.certificate.page.build import PAGE
from kancil.reports.training.certificate.paper import signed_pdf
from kancil.reports.training.certificate.zipped import zip_of
from kancil.training.badges.certificate import MarkedKind, achievement_words
from kancil.training.badges.revocations import SUFFIX, RevocationReason
from kancil.training.courses.kept import find_course
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    identifier,
    limits,
    link,
    note,
    show,
    table,
    tag,
)
from kancil.web.forms import choose, text
from kancil.web.page import page
from kancil.web.parts import Cell, Minute, Several
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .acting import CLASSROOM, TRAINEES, TRAINERS, Acting, is_trainer
from .classes import way

_LIMITS = ("expert", "person", "list")


class IssueForm(Acting):
    """Who is given a certificate, and what it says of the course."""

    act = "issue"
    certified = forms.MultipleChoiceField(choices=(), widget=forms.CheckboxSelectMultiple)
    course_title = text(120)
    course_version = text(20)
    course_hours = forms.IntegerField(min_value=1, max_value=999)

    def about(self, found: TrainingClass, can: list[Candidate]) -> None:
        """Offer everybody who can be given one, and what the class's course says of itself."""
        called = names_in(found)
        names = [(str(each.enrolment.pk), called[each.enrolment.person_id]) for each in can]
        choose(self, "certified", names)
        self.initial.update(
            certified=[value for value, _ in names], course_title=found.title, course_version="1"
        )
        if found.course:
            outline = find_course(unit_desk().workspace.root, found.course).outline
            self.initial.update(
                course_title=outline.title, course_version=outline.version,
                course_hours=outline.hours,
            )  # fmt: skip


class ListForm(Acting):
    """A list of revoked certificates as of now."""

    act = "make-list"


class RevokeForm(Acting):
    """Why a certificate no longer counts."""

    act = "revoke"
    revocation_reason = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons."""
        super().__init__(*args, **kwargs)
        reasons = [
            (each.value, words(f"name.revocation-{each.value}")) for each in RevocationReason
        ]
        choose(self, "revocation_reason", reasons)


class AgainForm(Acting):
    """Why a trainee is given another certificate after one that was revoked."""

    act = "issue-again"
    again_because = text(1000, lines=2)


class ConsentForm(Acting):
    """Whether points stand on the certificate of one class."""

    act = "consent"
    consent_class = forms.CharField(widget=forms.HiddenInput)
    consent_points = forms.BooleanField(required=False)


@page(
    "training/classes/<str:training_class>/certificates/", "class_certificates", may=TRAINERS,
    methods=("GET", "POST"), sample={"training_class": "none"},
)  # fmt: skip
def class_certificates(request: HttpRequest, training_class: str) -> HttpResponse:
    """Who of a class has a certificate, and who can be given one."""
    person, desk = person_of(request), unit_desk()
    found = access.find_class(person, training_class)
    asked, making = IssueForm.asked(request), ListForm.asked(request)
    people = candidates(found)
    has_ended = found.state == ClassState.ENDED
    can = [each for each in people if each.is_due] if has_ended else []
    asked.about(found, can)
    if asked.is_ready:
        given = asked.cleaned_data
        taken = CourseTaken(
            found.course or "labs", given["course_title"], given["course_version"],
            given["course_hours"],
        )  # fmt: skip
        with asked.telling():
            made = issue_certificates(
                desk.ledger, training_class=found, taken=taken, signer=desk.keys.unit_signer(),
                by=person.name, enrolments=[int(each) for each in given["certified"]],
            )  # fmt: skip
            messages.success(request, words("web.training.issued", count=len(made)))
            return redirect("class_certificates", training_class=found.id)
    if making.is_ready:
        make_list(desk.ledger, signer=desk.keys.unit_signer())
        return redirect("class_certificates", training_class=found.id)
    sections: list[Section] = _standing(found)
    sections += (
        [_people(people, names_in(found))] if people else [empty("web.training.no-trainees")]
    )
    sections += [asked.section(text="web.training.issue-kinds")] if can else []
    sections += [_for_verifiers(), making.section(text="web.training.make-list-text")]
    sections.append(limits([Phrase(f"web.training.certificate-limit-{each}") for each in _LIMITS]))
    lead = Phrase("web.training.certificates-lead", {"count": len(can)})
    if not can:
        lead = Phrase(f"web.training.certificates-{'none' if has_ended else 'after-end'}")
    title = Phrase("web.training.certificates")
    buttons = []
    if any(each.certificate is not None for each in people):
        there = reverse("certificates_zip", kwargs={"training_class": found.id})
        buttons.append(button(there, "web.training.certificates-zip"))
    return show(request, title, sections, lead=lead, crumbs=way(found), buttons=buttons)


def _standing(found: TrainingClass) -> list[Section]:
    """What it takes to pass, or why it cannot be said."""
    scheme = scheme_of(unit_desk().workspace.root, found)
    told = note("info", "web.training.pass-mark", percent=scheme.pass_percent)
    if scheme.fault is None:
        return [told]
    return [told, note("warn", "web.training.nobody-passes", why=scheme.fault)]


def _reached_cell(each: Candidate) -> Cell:
    """What a trainee reached, in whole percent, and which certificate that makes."""
    share = each.reached.share
    if share is None:
        return Phrase("web.training.not-counted")
    kind = "passed" if each.reached.has_passed else "attended"
    told = Phrase("web.training.reached", {"percent": int(100 * share)})
    return Several([told, tag("intact" if kind == "passed" else "plain", f"name.badge-{kind}")])


def _people(people: list[Candidate], names: dict[int, str]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            names[each.enrolment.person_id],
            str(len(each.marked)),
            _reached_cell(each),
            Phrase("web.training.points-stated" if each.consents else "web.training.points-not"),
            _certificate_cell(each),
        )
        for each in people
    ]
    columns = ("name", "marked-works>", "reached", "points-consent", "class-certificate")
    return table("web.training.trainees", columns, rows)


def _certificate_cell(each: Candidate) -> Cell:
    if each.certificate is None and each.had_one is not None:
        url = reverse("certificate", kwargs={"certificate": each.had_one.id})
        return link(url, Phrase("web.training.was-revoked"))
    if each.certificate is None:
        return Phrase("web.training.can-have" if each.marked else "web.training.nothing-marked")
    url = reverse("certificate", kwargs={"certificate": each.certificate.id})
    issued = link(url, Phrase("web.training.issued-on", {"day": _day(each.certificate)}))
    if each.is_marked_again:
        return Several([issued, tag("warn", "web.training.marked-again")])
    return issued


def _day(row: IssuedCertificate) -> str:
    return row.issued_at.astimezone(unit_desk().workspace.zone).date().isoformat()


def _for_verifiers() -> Section:
    """What whoever verifies a certificate needs from the classroom."""
    key = fingerprint(unit_desk().keys.unit_signer().public_raw)
    told: list[tuple[str, Cell]] = [
        ("key", identifier(key)),
        ("verify-page", link(reverse("verify_certificate"), "verify-certificate.html")),
    ]
    newest = newest_list()
    if newest is not None:
        url = reverse("revocations", kwargs={"number": newest.number})
        name = Phrase("web.training.list-of", {"number": newest.number})
        told += [("revocations", link(url, name)), ("made-at", Minute(newest.made_at))]
    return facts("web.training.for-verifiers", told)


@page(
    "training/certificates/<str:certificate>/", "certificate", may=CLASSROOM,
    methods=("GET", "POST"), sample={"certificate": "none"},
)  # fmt: skip
def certificate(request: HttpRequest, certificate: str) -> HttpResponse:
    """One certificate: what it says, its files; a trainer revokes it."""
    found = _mine(request, certificate)
    desk, person = unit_desk(), person_of(request)
    asked = RevokeForm.asked(request)
    if is_trainer(person) and asked.is_ready:
        with asked.telling():
            reason = RevocationReason(asked.cleaned_data["revocation_reason"])
            revoke_certificate(
                desk.ledger, certificate=found.id, reason=reason,
                signer=desk.keys.unit_signer(), by=person.name,
            )  # fmt: skip
            messages.success(request, words("web.training.revoked"))
            return redirect("certificate", certificate=found.id)
    again = AgainForm.asked(request)
    if is_trainer(person) and again.is_ready:
        with again.telling("again_because"):
            made = issue_again(
                desk.ledger, revoked=found, because=again.cleaned_data["again_because"],
                signer=desk.keys.unit_signer(), by=person.name,
            )  # fmt: skip
            return redirect("certificate", certificate=made.certificate.id)
    signed = signed_of(found)
    said = signed.certificate
    sections: list[Section] = []
    if found.revoked_on is not None:
        sections.append(note("warn", "web.training.is-revoked", day=found.revoked_on.isoformat()))
    if found.again_because and is_trainer(person):
        sections.append(note("info", "web.training.was-again", because=found.again_because))
    sections += [_files(found), _said(found), _marked(found), *_practice(found)]
    if is_trainer(person) and found.revoked_on is None:
        sections.append(asked.section(text="web.training.revoke-text"))
    elif is_trainer(person) and standing_of(found.enrolment) is None:
        sections.append(again.section(text="web.training.issue-again-text"))
    sections.append(limits([Phrase(f"web.training.certificate-limit-{each}") for each in _LIMITS]))
    title = Phrase("web.training.certificate-of", {"name": said.name})
    of = found.enrolment.training_class if is_trainer(person) else None
    lead = Phrase("note.badge-no-expert")
    return show(request, title, sections, lead=lead, crumbs=way(of))


def _files(found: IssuedCertificate) -> Section:
    told: list[tuple[str, Cell]] = [
        (name, link(
            reverse("certificate_file", kwargs={"certificate": found.id, "what": name}),
            Phrase(f"web.training.file-{name}"),
        ))
        for name in ("pdf", "credential")
    ]  # fmt: skip
    told.append(("verify-page", link(reverse("verify_certificate"), "verify-certificate.html")))
    return facts("web.training.certificate-files", told)


def _said(found: IssuedCertificate) -> Section:
    said = signed_of(found).certificate
    taken = said.taken
    told: list[tuple[str, Cell]] = [
        ("achievement", achievement_words(said)),
        ("course", f"{taken.title} ({taken.version})"),
        ("hours", str(taken.hours)),
        ("days", span(taken.since, taken.until)),
        ("issued-by", found.issued_by),
        ("issued-at", Minute(found.issued_at)),
        ("certificate-number", identifier(found.id)),
    ]
    return facts("web.training.says", told)


def _marked(found: IssuedCertificate) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"name.marked-{each.kind.value}"), each.title, each.on.isoformat(),
            "–" if each.percent is None else f"{each.percent} %",
        )
        for each in signed_of(found).certificate.marked
    ]  # fmt: skip
    return table("web.training.marked-works", ("what", "marked-work", "day", "points>"), rows)


def _practice(found: IssuedCertificate) -> list[Section]:
    """What a mark in a test that came with a course says; nothing where none is named."""
    names_tests = any(each.kind is MarkedKind.TEST for each in signed_of(found).certificate.marked)
    tests = tests_of(found.enrolment.training_class)
    if not names_tests or all(map(counts, tests)):
        return []
    return [note("info", "web.training.certificate-practice")]


@page("training/certificates/<str:certificate>/<str:what>/", "certificate_file", may=CLASSROOM,
      sample={"certificate": "none", "what": "pdf"})  # fmt: skip
def certificate_file(request: HttpRequest, certificate: str, what: str) -> HttpResponseBase:
    """The credential, or the PDF signed as the classroom's reports are."""
    found = _mine(request, certificate)
    if what == "credential":
        return _file(found.credential.encode(), f"{found.id}.credential.json")
    if what != "pdf":
        raise PageNotFound
    desk, now = unit_desk(), clock.now()
    key = own_key(report_key(desk.ledger, desk.keys, at=now, by=desk.server(request)))
    return _file(signed_pdf(signed_of(found), key, at=now), f"{found.id}.pdf")


@page("training/classes/<str:training_class>/certificates.zip", "certificates_zip", may=TRAINERS,
      sample={"training_class": "none"})  # fmt: skip
def certificates_zip(request: HttpRequest, training_class: str) -> HttpResponseBase:
    """All certificates of a class that stand, each file under its holder's name."""
    found = access.find_class(person_of(request), training_class)
    held = [each.certificate for each in candidates(found) if each.certificate is not None]
    if not held:
        raise PageNotFound
    desk, now = unit_desk(), clock.now()
    key = own_key(report_key(desk.ledger, desk.keys, at=now, by=desk.server(request)))
    names = names_in(found)
    holders = [names[each.enrolment.person_id] for each in held]
    zipped = zip_of([signed_of(each) for each in held], holders, key, at=now)
    return _file(zipped, f"{plain_name(found.title)}.zip")


@page("training/verify-certificate/", "verify_certificate", may=CLASSROOM)
def verify_certificate(request: HttpRequest) -> HttpResponseBase:
    """The page of one file that verifies certificates without a network."""
    return _file(PAGE.read_bytes(), PAGE.name)


@page("training/revocations/<int:number>/", "revocations", may=TRAINERS, sample={"number": 1})
def revocations(request: HttpRequest, number: int) -> HttpResponseBase:
    """A signed list of revoked certificates."""
    return _file(revocation_file(number), f"{number}{SUFFIX}")


@page("training/my-certificates/", "my_certificates", may=TRAINEES, methods=("GET", "POST"))
def my_certificates(request: HttpRequest) -> HttpResponse:
    """A trainee's certificates, and for each class whether the points stand on it."""
    person = person_of(request)
    mine = own_enrolments(person)
    asked = ConsentForm.asked(request)
    if asked.is_ready:
        of = next((e for e in mine if str(e.pk) == asked.cleaned_data["consent_class"]), None)
        if of is None:
            raise PageNotFound
        state_consent(of, is_given=asked.cleaned_data["consent_points"])
        messages.success(request, words("web.training.consent-stated"))
        return redirect("my_certificates")
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("certificate", kwargs={"certificate": each.id}),
                 each.enrolment.training_class.title),
            _day(each),
            tag("warn", "name.badge-revoked") if each.revoked_on
            else tag("intact", "name.badge-stands"),
        )
        for each in certificates_of(person)
    ]  # fmt: skip
    columns = ("class", "day", "state")
    sections: list[Section] = [
        table("web.training.my-certificates", columns, rows)
        if rows
        else note("info", "web.training.no-certificates")
    ]
    for each in mine:
        form = ConsentForm(initial={
            "do": ConsentForm.act, "consent_class": str(each.pk), "consent_points": consents(each),
        })  # fmt: skip
        section = form.section(text="web.training.consent-text")
        section["heading"] = Phrase(
            "web.training.consent-for", {"class": each.training_class.title}
        )
        sections.append(section)
    return show(request, Phrase("web.training.my-certificates"), sections, crumbs=way())


def _mine(request: HttpRequest, name: str) -> IssuedCertificate:
    """A certificate of the reader's own, or anybody's for a trainer; raises PageNotFound."""
    person = person_of(request)
    found = issued_certificate(name)
    if not is_trainer(person) and found.enrolment.person_id != person.pk:
        raise PageNotFound
    return found


def _file(data: bytes, name: str) -> FileResponse:
    return FileResponse(
        BytesIO(data), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
