"""From ticked keepers to freeze letters, and the findings that are signed before one leaves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.cases.actions import accept_finding
from kancil.desk.cases.queries import Case
from kancil.desk.custody.store import one_transaction
from kancil.desk.keepers.letters import CHANNELS, draft_letters, to_sign
from kancil.desk.keepers.queries import CaseKeepers
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.ids import CaseId, OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.studies.keepers.freeze import uncovered
from kancil.studies.keepers.keeper import Met
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, choosing, form, note, show
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import WordsForm, choose, secret
from kancil.web.page import ACTING, page
from kancil.web.parts import Cell, Tick
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .asked import address_of, found_keepers, sign_url


class LetterForm(WordsForm):
    """To whom the letter goes."""

    channel = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer both channels."""
        super().__init__(*args, **kwargs)
        choose(self, "channel", [(each, words(_CHANNELS[each])) for each in CHANNELS])


class SignForm(WordsForm):
    """The passphrase of the officer's own key."""

    passphrase = secret()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the key at its passphrase, and what it signs."""
        super().__init__(*args, **kwargs)
        field = self.fields["passphrase"]
        field.label, field.help_text = words("web.field.own-passphrase"), words("web.keepers.signs")


_CHANNELS = {"keeper": "web.keepers.channel-keeper", "fiu": "web.keepers.channel-fiu"}


@page("cases/<str:case>/keepers/draft/", "keepers_draft", may=ACTING, of="case",
      methods=("POST",))  # fmt: skip
def keepers_draft(request: HttpRequest, case: Case) -> HttpResponse:
    """Draft a freeze letter about the ticked accounts: one to each keeper, or one by the FIU."""
    desk = unit_desk()
    found = found_keepers(request, desk, case)
    asked, chosen = (
        LetterForm(request.POST),
        found.chosen(request.POST.getlist("keeper") or request.GET.getlist("keeper")),
    )
    back = address_of(request, "keepers", case)
    if not chosen or not asked.is_valid():
        messages.error(request, words("web.reported.nothing-ticked"))
        return redirect(back)
    channel = asked.cleaned_data["channel"]
    if "unsigned" not in request.POST and _signs(desk, request, found, chosen):
        first = {"keeper": [each.id for each in chosen], "channel": channel}
        there = address_of(request, "keepers_sign", case)
        return redirect(f"{there}{'&' if '?' in there else '?'}{urlencode(first, doseq=True)}")
    return _drafted(request, case, found, chosen, channel)


def _signs(desk: UnitDesk, request: HttpRequest, found: CaseKeepers, chosen: list[Met]) -> bool:
    """Whether findings of these payments are to be signed first, by one who has a key."""
    officer = person_of(request).officer
    has_key = bool(officer) and desk.keys.officer_path(OfficerId(str(officer))).is_file()
    return has_key and bool(to_sign(found, chosen, spoken()))


def _drafted(
    request: HttpRequest, case: Case, found: CaseKeepers, chosen: list[Met], channel: str
) -> HttpResponse:
    """The letters, and the form of the only one."""
    desk = unit_desk()
    made = draft_letters(
        desk.ledger, desk.workspace, found, chosen, CaseId(case.id),
        officer=person_of(request).name, channel=channel,
        by=desk.server(request),
    )  # fmt: skip
    labels = ", ".join(each.label for each in made)
    messages.success(request, words("web.keepers.drafted", requests=labels))
    missing = [each for each in chosen if uncovered([each], found.signed)]
    if missing:
        messages.warning(request, words("web.keepers.sign-then", count=len(missing)))
    if len(made) == 1:
        return redirect("request_edit", case=case.number, number=made[0].history.number)
    return redirect("requests", case=case.number)


@page("cases/<str:case>/keepers/sign/", "keepers_sign", may=ACTING, of="case",
      methods=("GET", "POST"))  # fmt: skip
def keepers_sign(request: HttpRequest, case: Case) -> HttpResponse:
    """Read what is known of payments to an account, and accept it with one's own key."""
    desk = unit_desk()
    found = found_keepers(request, desk, case)
    ids = request.GET.getlist("keeper")
    chosen = found.chosen(ids) if ids else found.paid_first()
    back = address_of(request, "keepers", case)
    channel = request.GET.get("channel", "")
    offered = {_seen(each): each for each in to_sign(found, chosen, spoken())}
    asked = ask_who(request, SignForm(request.POST or None))
    if request.method == "POST" and asked.is_valid():
        bodies = [body for seen, body in offered.items() if seen in request.POST.getlist("finding")]
        if not bodies:
            asked.add_error(None, words("web.accept.none-ticked"))
        else:
            with asked.telling():
                by = desk.own_key(request, asked.cleaned_data["passphrase"])
                with one_transaction():
                    entries = [
                        accept_finding(desk.ledger, case=CaseId(case.id), body=body, by=by)
                        for body in bodies
                    ]
                numbers = ", ".join(f"F{each.body['number']}" for each in entries)
                messages.success(request, words("web.keepers.signed", findings=numbers))
                if channel in CHANNELS:
                    again = found_keepers(request, desk, case)
                    chosen = again.chosen(request.GET.getlist("keeper"))
                    return _drafted(request, case, again, chosen, channel)
                return redirect(back)
    sections = [
        *factor_note(request, asked),
        *_offered(request, case, found, chosen, offered, asked, drafts=channel in CHANNELS),
    ]
    return show(request, Phrase("web.keepers.sign-findings"), sections,
                crumbs=crumbs(case, (back, Phrase("web.room.keepers"))))  # fmt: skip


def _offered(
    request: HttpRequest, case: Case, found: CaseKeepers, chosen: list[Met],
    offered: dict[str, dict[str, Any]], asked: SignForm, *, drafts: bool,
) -> list[Section]:  # fmt: skip
    """The sentences to be read and ticked; and the way to those of a trace."""
    of_trace = [each for each in chosen
                if any(one.outpoint and one.row is None
                       for one in uncovered([each], found.signed))]  # fmt: skip
    sections = [
        note("info", "web.keepers.sign-trace", url=sign_url(request, case, found, each),
             do="web.keepers.sign-first")
        for each in of_trace[:1]
    ]  # fmt: skip
    if not offered:
        return [*sections, note("intact", "web.keepers.nothing-to-sign")]
    rows: list[tuple[Cell, ...]] = [
        (Tick("finding", seen, Phrase("web.choose-row"), is_on=True), str(body["text"]))
        for seen, body in offered.items()
    ]
    return [
        *sections,
        choosing("web.keepers.sign-findings", ("take", "text"), rows,
                 submit="web.keepers.sign-draft" if drafts else "web.keepers.sign-do",
                 text=Phrase("web.keepers.sign-read"), fields=asked),
        *([_unsigned(request, case)] if drafts else []),
    ]  # fmt: skip


class UnsignedForm(WordsForm):
    """That a letter is drafted before its findings are signed."""

    unsigned = forms.CharField(widget=forms.HiddenInput, initial="yes")
    channel = forms.CharField(widget=forms.HiddenInput)


def _unsigned(request: HttpRequest, case: Case) -> Section:
    """The way to a draft whose findings are signed later."""
    draft = address_of(request, "keepers_draft", case)
    chosen = urlencode({"keeper": request.GET.getlist("keeper")}, doseq=True)
    return form(
        "web.keepers.unsigned", UnsignedForm(initial={"channel": request.GET["channel"]}),
        submit="web.keepers.unsigned-do", text="web.keepers.unsigned-text",
        action=f"{draft}{'&' if '?' in draft else '?'}{chosen}",
    )  # fmt: skip


def _seen(body: dict[str, Any]) -> str:
    """Names a finding as it was read."""
    return sha256_hex(canonical.dumps(body))
