"""Comments on a round: who said what of which answer as it stood, and what the team replied.

`comments_panel` shows those of one question or of one section of the report beside it, with the
forms of whoever may comment or reply.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kancil.assessment.giving import indicator_of
from kancil.assessment.voice import CommentKind, CommentSaid, ReplyOutcome
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.comments import add_comment, reply, rest_on
from kancil.desk.assessment.actions.evidence import Brought, File
from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in
from kancil.desk.assessment.queries.comments import comment_seen, comments, last_office, own_places
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.queries.sign_offs import sign_off_of, voice_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, empty, form, link, note, show, tag
from kancil.web.forms import WordsForm, choose, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell, Kind
from kancil.web.programme_page import ANSWERING, COMMENTING, READING, page
from kancil.web.signed_in import person_of

from .evidence import EvidenceForm, grades_of, site_store
from .given import address_of
from .rounds import way
from .voice import digest_notes, voice_buttons, voice_notes

_A_PAGE = 20
_MOST = 10_000
"""Characters of a comment or of a reply."""
_KINDS: dict[CommentKind, Kind] = {
    CommentKind.COMMENT: "plain", CommentKind.CORRECTION: "warn", CommentKind.EVIDENCE: "service",
}  # fmt: skip
_OUTCOMES: dict[ReplyOutcome, Kind] = {
    ReplyOutcome.CORRECTED: "intact",
    ReplyOutcome.NOTED: "plain",
    ReplyOutcome.NOT_ACCEPTED: "warn",
}
_OF_EVIDENCE = (
    "evidence_title", "evidence_kind", "grade", "reference", "evidence_dated", "evidence_file",
)  # fmt: skip


class CommentForm(EvidenceForm):
    """A comment, and the evidence that is brought with it."""

    comment_kind = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    comment_text = text(_MOST, lines=4)
    comment_office = text(200)
    back = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    field_order = ("comment_kind", "comment_text", "comment_office", *_OF_EVIDENCE)
    options = _OF_EVIDENCE
    options_key = "web.comment.bring-evidence"

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        """Ask a reviewer for no office, and for nothing of evidence until some is brought."""
        super().__init__(*args, grades=grades_of(protocols_in(sight)), **kwargs)
        kinds = [(each.value, words(f"web.comment-kind-{each.value}")) for each in CommentKind]
        choose(self, "comment_kind", kinds)
        self.initial.setdefault("comment_kind", CommentKind.COMMENT.value)
        for name in ("evidence_title", "evidence_kind", "grade"):
            self.fields[name].required = False
        if sight.of_country:
            self.initial.setdefault("comment_office", last_office(sight.person))
        else:
            del self.fields["comment_office"]

    def clean(self) -> dict[str, Any]:
        """Ask what the evidence is, where some is brought."""
        given: dict[str, Any] = super().clean() or {}
        is_evidence = given.get("comment_kind") == CommentKind.EVIDENCE
        is_brought = is_evidence or given.get("evidence_file") or given.get("reference")
        if is_brought and not given.get("evidence_title"):
            self.add_error("evidence_title", words("web.comment.which-evidence"))
        elif is_brought and not (given.get("grade") and given.get("evidence_kind")):
            self.add_error("grade", words("web.form.required"))
        elif is_evidence and not (given.get("evidence_file") or given.get("reference")):
            self.add_error("reference", words("web.comment.where-evidence"))
        return given

    @property
    def brought(self) -> Brought | None:
        """The evidence, where there is some."""
        given = self.cleaned_data
        if not given["evidence_title"]:
            return None
        sent = given["evidence_file"]
        return Brought(
            given["grade"], given["evidence_kind"], given["evidence_title"], given["reference"],
            given["evidence_dated"], File(site_store(), sent, sent.name) if sent else None,
        )  # fmt: skip


class ReplyForm(WordsForm):
    """The team's reply."""

    reply_outcome = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    reply_text = text(_MOST, lines=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what can be done with a comment; nothing is chosen before."""
        super().__init__(*args, **kwargs)
        outcomes = [
            (each.value, words(f"web.comment-outcome-{each.value}")) for each in ReplyOutcome
        ]
        choose(self, "reply_outcome", outcomes)


def comments_panel(
    sight: Sight, protocol: str = "", indicator: str = "", *, section: str = "", back: str = ""
) -> Section | None:
    """Comments of a question, or of a section of the report, and a form; None: nothing to show.

    `back`: page of the round to which whoever sent a form comes back; a question is its own.
    """
    about = {"section": section} if section else {"protocol": protocol, "indicator": indicator}
    found = comments(sight, **about)
    may = sight.may_comment and sight.is_open
    if not (found or may):
        return None
    signed = sign_off_of(sight) if may else None
    is_signed = signed is not None and signed.counts
    there = reverse("comment_new", kwargs={"round": sight.round})
    asked = CommentForm(sight=sight, initial={"back": back}, auto_id="new_%s")
    return {
        **_cards(sight, found, is_here=True),
        "form": asked if may and not is_signed else None,
        "is_signed": is_signed,
        "action": f"{there}?{urlencode(about)}",
    }


def _cards(sight: Sight, found: Iterable[CommentSaid], *, is_here: bool = False) -> Section:
    """Comments with their replies; `is_here`: beside what they are of, which is named no more."""
    rows = list(found)
    own = own_places(sight) if any(each.evidence for each in rows) else set()
    return {
        "kind": "comments",
        "anchor": "comments",
        "heading": Phrase("web.room.comments"),
        "rows": [_card(sight, each, own, is_here=is_here) for each in rows],
    }


def _card(
    sight: Sight, one: CommentSaid, own: Collection[tuple[str, str]], *, is_here: bool
) -> dict[str, Any]:
    given = {"round": sight.round, "comment": one.id}
    may_reply = sight.may_reply and sight.is_open
    is_own = (one.protocol, one.indicator) in own
    may_rest = may_reply and is_own and any(each.title for each in one.evidence)
    return {
        "id": one.id,
        "tag": tag(_KINDS[one.kind], f"web.comment-kind-{one.kind.value}"),
        "place": None if is_here else _place(sight, one),
        "text": one.text,
        "who": ", ".join(each for each in (one.by, one.office) if each),
        "is_reviewer": not one.of_country,
        "at": one.at,
        "is_changed": one.changed_since,
        "evidence": [
            {
                "name": each.title or words("web.evidence.withheld"),
                "url": _evidence_url(sight, each.id) if each.title else "",
                "reference": each.reference,
            }
            for each in one.evidence
        ],
        "replies": [
            {
                "tag": tag(_OUTCOMES[each.outcome], f"web.comment-outcome-{each.outcome.value}"),
                "text": each.text,
                "who": each.by or words("web.comment.the-team"),
                "at": each.at,
            }
            for each in one.replies
        ],
        "form": ReplyForm(auto_id=f"reply_{one.id}_%s") if may_reply else None,
        "reply_url": reverse("comment_reply", kwargs=given),
        "rest_url": reverse("comment_rest", kwargs=given) if may_rest else "",
    }


def _evidence_url(sight: Sight, id: str) -> str:
    return reverse("evidence_item", kwargs={"round": sight.round, "item": id})


def _place(sight: Sight, one: CommentSaid) -> Cell:
    """Of what a comment is: a question by its number, or a section of the report."""
    if one.section:
        return Phrase("web.comment.of-section", {"section": one.section})
    asked = protocol_in(sight, one.protocol)
    question = said(asked.indicators[one.indicator].question)
    there = f"{address_of(sight, one.protocol, one.indicator)}#comments"
    return link(there, f"{one.indicator} {question}")


@page("rounds/<str:round>/comments/", "comments", may=READING, of="round", menu="round", order=45)
def all_comments(request: HttpRequest, sight: Sight) -> HttpResponse:
    """All comments on a round, those that wait for a reply first, or those alone."""
    is_waiting = request.GET.get("show") == "waiting"
    voice, every = voice_of(sight), comments(sight)
    waiting = [each for each in every if not each.is_answered]
    rows = waiting if is_waiting else [*waiting, *(each for each in every if each.is_answered)]
    sections = [*voice_notes(sight, voice), *digest_notes(sight, voice)]
    if every:
        here = reverse("comments", kwargs={"round": sight.round})
        tabs = [
            {"url": here, "name": Phrase("web.comments.all"), "count": len(every),
             "current": not is_waiting},
            {"url": f"{here}?show=waiting", "name": Phrase("web.comments.waiting"),
             "count": len(waiting), "current": is_waiting},
        ]  # fmt: skip
        sections.append({"kind": "tabs", "heading": Phrase("web.comments.which"), "rows": tabs})
    if hidden := voice.count - len(every):
        sections.append(note("info", "web.comments.hidden", count=hidden))
    if rows:
        pages = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
        query = "show=waiting&" if is_waiting else ""
        sections.append({**_cards(sight, pages), "pages": pages, "query": query})
    else:
        sections.append(empty("web.comments.none-waiting" if every else "web.comments.none"))
    title = Phrase("web.room.comments")
    return show(request, title, sections, crumbs=way(sight), buttons=voice_buttons(sight, voice))


@page(
    "rounds/<str:round>/comments/new/", "comment_new", may=COMMENTING, of="round",
    methods=("GET", "POST"), body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def comment_new(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Comment on the question or the section of the report that the address names."""
    require(sight.may_comment, sight)
    about = {name: request.GET.get(name, "")[:160] for name in ("protocol", "indicator", "section")}
    if not about["section"]:
        indicator_of(protocol_in(sight, about["protocol"]), about["indicator"])
    asked = CommentForm(request.POST or None, request.FILES or None, sight=sight)
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling():
            add_comment(
                by=person_of(request), round=sight.round, kind=given["comment_kind"],
                text=given["comment_text"], office=given.get("comment_office", ""),
                evidence=asked.brought, **about,
            )  # fmt: skip
            messages.success(request, words("web.comment.added"))
            return redirect(_back(sight, about, given["back"]))
    place = about["section"] or about["indicator"]
    title = Phrase("web.comment.new-on", {"place": place})
    sections = [form("web.comment.new", asked, submit="web.comment.new", text="web.comment.lead")]
    return show(request, title, sections, crumbs=_way(sight))


def _back(sight: Sight, about: dict[str, str], asked_for: str) -> str:
    """Whence a comment came: its question, or a page of the same round; else all comments."""
    if not about["section"]:
        return f"{address_of(sight, about['protocol'], about['indicator'])}#comments"
    own = reverse("round", kwargs={"round": sight.round})
    is_own = asked_for.startswith(own) and url_has_allowed_host_and_scheme(asked_for, None)
    return asked_for if is_own else reverse("comments", kwargs={"round": sight.round})


def _way(sight: Sight) -> list[dict[str, Any]]:
    there = reverse("comments", kwargs={"round": sight.round})
    return [*way(sight), {"url": there, "name": Phrase("web.room.comments")}]


@page(
    "rounds/<str:round>/comments/<str:comment>/reply/", "comment_reply", may=ANSWERING, of="round",
    methods=("GET", "POST"),
)  # fmt: skip
def comment_reply(request: HttpRequest, sight: Sight, comment: str) -> HttpResponseBase:
    """Reply to a comment for the team."""
    require(sight.may_reply, sight)
    one = comment_seen(sight, comment)
    asked = ReplyForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling():
            reply(
                by=person_of(request), round=sight.round, comment=one.id,
                outcome=given["reply_outcome"], text=given["reply_text"],
            )  # fmt: skip
            messages.success(request, words("web.comment.replied"))
            return redirect(_after(sight, one))
    sections = [
        {"kind": "words", "heading": Phrase("web.comment.said-by", {"name": one.by}),
         "text": one.text},
        form("web.comment.reply", asked, submit="web.comment.reply"),
    ]  # fmt: skip
    return show(request, Phrase("web.comment.reply"), sections, crumbs=_way(sight))


@page(
    "rounds/<str:round>/comments/<str:comment>/rest/", "comment_rest", may=ANSWERING, of="round",
    methods=("POST",),
)  # fmt: skip
def comment_rest(request: HttpRequest, sight: Sight, comment: str) -> HttpResponseBase:
    """Rest one's own answer on the evidence that came with a comment."""
    one = comment_seen(sight, comment)
    rest_on(by=person_of(request), round=sight.round, comment=one.id)
    messages.success(request, words("web.comment.rests"))
    return redirect(_after(sight, one))


def _after(sight: Sight, one: CommentSaid) -> str:
    there = reverse("comments", kwargs={"round": sight.round})
    return f"{there}?show=waiting" if one.section else f"{there}#{one.id}"
