"""What a finding rests on: a row of a trace, or of another recorded study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kancil.bitcoin.chain.chain import Chain
from kancil.custody.entry import Entry
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Study, Trace
from kancil.desk.studies.accepted import Accepted
from kancil.desk.studies.queries import Wording
from kancil.desk.studies.recorded import compare_again, recorded_result, require_same
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import visible
from kancil.records.finding import Finding
from kancil.records.finding import accept as fix_text
from kancil.studies.errors import FindingNotSupported
from kancil.studies.findings import CLASSES, make_finding
from kancil.studies.members import study_named
from kancil.studies.study import Compared, RecordedStudy, Result, read_recorded
from kancil.studies.trace.run import TraceAnswer
from kancil.web.cases.findings import CLASS_KINDS
from kancil.web.forms import say_signing_key, secret, text
from kancil.web.studies.findings.also_made import AlsoMadeForm
from kancil.web.studies.recorded import run_again, trace_url
from kancil.web.unit_desk import unit_desk

MOST_NUMBER = 2**31 - 1
STUDY_SAMPLE = {"study": 1}
"""Values with which the permission test visits a page of a recorded study."""


class FindingForm(AlsoMadeForm):
    """What an officer says of a finding, and the passphrase of their own key to accept it."""

    field_order: Sequence[str] = (
        "remark", "again", "also_make", "purpose", "passphrase", "version",
    )  # fmt: skip
    remark = text(4000, required=False, lines=3)
    passphrase = secret()
    again = forms.BooleanField(required=False)
    version = forms.IntegerField(
        min_value=0, required=False, widget=forms.HiddenInput(attrs={"data-kept": ""})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keeping a draft needs no passphrase."""
        super().__init__(*args, **kwargs)
        self.fields["passphrase"].required = self.accepts
        say_signing_key(self)

    def offer(self, sentences: Sequence[Sentence]) -> None:
        """Show what can be said, and ask whether to say again what was said before."""
        is_known = any(each.known for each in sentences)
        if not (is_known or "again" in self.errors):
            del self.fields["again"]

    @property
    def accepts(self) -> bool:
        """Whether the finding is to be accepted, and not just kept."""
        return bool(self.data.get("do", "accept") == "accept")

    def wording(self, before: Wording) -> Wording:
        """What was written; `before`: what it rests on, or the draft's newest version."""
        return replace(before, remark=self.cleaned_data["remark"].replace("\r\n", "\n"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A finding that a row supports, as it reads."""

    choice: str
    """Its class; an attribution with the number of its label."""
    body: dict[str, Any]
    known: int | None = None
    """The number of a finding of the case that says the same; None: there is none."""

    @property
    def label(self) -> SafeString:
        """The class, the sentence and what the class means, to be clicked."""
        kind = self.body["class"]
        known = "" if self.known is None else words("web.finding.known", number=f"F{self.known}")
        return format_html(
            '<span><span class="tag {}">{}</span><span class="sentence">{}</span>'
            '<small>{}</small><small class="known">{}</small></span>',
            CLASS_KINDS[kind], words(f"web.class.{kind}"), visible(self.body["text"]),
            words(f"web.class-is.{kind}"), known,
        )  # fmt: skip


def choice_of(wording: Wording) -> str:
    """The choice that a wording is, among the sentences of its row."""
    if wording.finding_class != "attribution":
        return wording.finding_class
    return f"attribution-{wording.label_number}"


class TraceFindingForm(FindingForm):
    """A finding of a trace: one of the sentences that its row supports."""

    field_order = (
        "finding_class", "row", "label_number", *FindingForm.field_order,
    )  # fmt: skip
    finding_class = forms.CharField(max_length=30, widget=forms.RadioSelect)
    row = forms.IntegerField(min_value=1, max_value=MOST_NUMBER, widget=forms.HiddenInput)
    label_number = forms.IntegerField(
        min_value=1, max_value=MOST_NUMBER, initial=1, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the sentence, and not for its class."""
        super().__init__(*args, **kwargs)
        self.fields["finding_class"].label = words("web.finding.choose")

    def offer(self, sentences: Sequence[Sentence]) -> None:
        """Offer the sentences; where there is one alone, it is chosen."""
        super().offer(sentences)
        field = self.fields["finding_class"]
        field.widget.choices = [(each.choice, each.label) for each in sentences]
        if len(sentences) == 1:
            field.initial = self.initial["finding_class"] = sentences[0].choice

    def clean_finding_class(self) -> str:
        """One of the classes; an attribution names its label here, or in a field of its own."""
        name, _, label = str(self.cleaned_data["finding_class"]).rpartition("-")
        chosen = str(self.cleaned_data["finding_class"])
        if name == "attribution" and label.isascii() and label.isdigit() and len(label) < 10:
            return chosen
        if chosen not in CLASSES:
            raise forms.ValidationError(words("web.form.no-choice"))
        return chosen

    def wording(self, before: Wording) -> Wording:
        """What was written."""
        given = self.cleaned_data
        kind, label = given["finding_class"], given["label_number"] or 1
        if kind not in CLASSES:
            kind, label = "attribution", int(kind.rpartition("-")[2])
        return replace(
            super().wording(before), finding_class=kind, row=given["row"], label_number=label
        )


class Basis(Protocol):
    """What a finding rests on."""

    @property
    def id(self) -> str:
        """Id of the trace or study."""

    @property
    def label(self) -> str:
        """Short number for people: `T1`, `S1`."""

    @property
    def url(self) -> str:
        """Its page."""

    @property
    def form(self) -> type[FindingForm]:
        """What can be written of its findings."""

    def read(self, wording: Wording) -> dict[str, Any]:
        """The body of the finding as it reads now; raises FindingNotSupported."""

    def wordings(self, wording: Wording) -> list[Wording]:
        """What the row of a wording may support, the wording itself among it."""

    def fix(self, wording: Wording) -> dict[str, Any]:
        """The body of the finding to be accepted, once it was run again and came out the same.

        Raises FindingNotSupported, StudyNotReproduced, TraceNotReproduced.
        """


@dataclass
class TraceBasis:
    """A trace: it is run once for all its findings, and always again."""

    case: Case
    trace: Trace
    form: type[FindingForm] = TraceFindingForm

    @property
    def id(self) -> str:
        """Id of the trace."""
        return str(self.trace.id)

    @property
    def label(self) -> str:
        """Short number for people."""
        return f"T{self.trace.number}"

    @property
    def url(self) -> str:
        """Its page."""
        return trace_url(self.case, self.trace)

    @cached_property
    def _run(self) -> tuple[Chain, TraceAnswer]:
        chain, _, answer = run_again(unit_desk(), self.trace)
        return chain, answer

    def read(self, wording: Wording) -> dict[str, Any]:
        """The body of the finding; raises FindingNotSupported."""
        chain, answer = self._run
        made = make_finding(chain, answer, wording.finding_class, wording.row, wording.label_number)
        return _body(made, wording, answer.digest)

    def wordings(self, wording: Wording) -> list[Wording]:
        """The result under the policy, what the transaction did, what each label of it alleges."""
        rows = self._run[1].as_dict()["transfers"]
        row = next((each for each in rows if int(str(each["row"])) == wording.row), None)
        labels = [] if row is None else str(row["labels"] or "").split()
        offered = [
            replace(wording, finding_class="policy-result", label_number=1),
            replace(wording, finding_class="chain-fact", label_number=1),
            *(replace(wording, finding_class="attribution", label_number=int(n)) for n in labels),
        ]
        return offered if wording in offered else [*offered, wording]

    fix = read


@dataclass
class StudyBasis:
    """A study that was recorded; run again only where a finding of it is to be accepted."""

    case: Case
    study: Study
    form: type[FindingForm] = FindingForm

    @property
    def id(self) -> str:
        """Id of the study."""
        return str(self.study.id)

    @property
    def label(self) -> str:
        """Short number for people."""
        return f"S{self.study.number}"

    @property
    def url(self) -> str:
        """Its page."""
        return study_url(self.case, self.study)

    @cached_property
    def entry(self) -> Entry:
        """The entry that records it."""
        return unit_desk().ledger.read(self.study.n)

    @cached_property
    def recorded(self) -> RecordedStudy:
        """What the entry states."""
        return read_recorded(self.entry)

    @cached_property
    def result(self) -> Result:
        """The recorded result; raises StudyNotReadable, StudyNotReproduced."""
        return recorded_result(unit_desk().workspace, self.recorded)

    @cached_property
    def compared(self) -> Compared:
        """How it came out when it was run again, which is done once."""
        return compare_again(unit_desk().workspace, self.recorded)

    def finding(self, table: str, row: int) -> Finding:
        """The finding of a row; raises FindingNotSupported."""
        return study_named(self.recorded.study).finding(self.result, table, row)

    def read(self, wording: Wording) -> dict[str, Any]:
        """The body of the finding; raises FindingNotSupported."""
        made = self.finding(wording.table, wording.row)
        return _body(made, wording, self.recorded.result_sha256)

    def wordings(self, wording: Wording) -> list[Wording]:
        """The one finding of the row."""
        return [wording]

    def fix(self, wording: Wording) -> dict[str, Any]:
        """The body of the finding; raises FindingNotSupported, StudyNotReproduced."""
        body = self.read(wording)
        require_same(self.recorded, self.compared)
        return body


def sentences_of(basis: Basis, wording: Wording, accepted: Accepted) -> list[Sentence]:
    """What the row of a wording supports, each as it reads now; what it does not support is left.

    Nothing is signed by reading it.
    """
    found = []
    for each in basis.wordings(wording):
        try:
            body = basis.read(replace(each, remark=""))
        except FindingNotSupported:
            continue
        found.append(Sentence(choice_of(each), body, accepted.number_of(body)))
    return found


def _body(made: Finding, wording: Wording, digest: str) -> dict[str, Any]:
    said = made.with_remark(wording.remark)
    return fix_text(said, trace=wording.trace, result_sha256=digest).as_body()


def study_url(case: Case, study: Study) -> str:
    """The page of a recorded study."""
    return reverse("study", kwargs={"case": case.number, "study": study.number})


def study_of(case: Case, name: str) -> StudyBasis:
    """Find a recorded study of the case by its number; raises PageNotFound."""
    for each in queries.studies(case):
        if str(each.number) == name:
            return StudyBasis(case, each)
    raise PageNotFound


def bases_of(case: Case) -> dict[str, Basis]:
    """What findings of a case may rest on, by id."""
    traces = queries.traces_and_drafts(case)
    found: dict[str, Basis] = {each.id: TraceBasis(case, each) for each in traces}
    return found | {each.id: StudyBasis(case, each) for each in queries.studies(case)}


def draft_title(number: int) -> Phrase:
    """The title of a draft's page."""
    return Phrase("web.draft.title", {"number": f"D{number}"})
