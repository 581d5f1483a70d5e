"""A protocol as an XLSForm workbook, which ODK Collect, Enketo and Kobo turn into a form.

Source: the XLSForm specification (xlsform.org). The plan of names is `formnames`, the answers that
come back are read by `received`; docs/reference/xlsform.md says what a form asks. Words of the form
itself come from the house's words in each language of the protocol, or else in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.assessment.answer_forms.names import (
    ASSESSOR,
    NOT_APPLICABLE,
    NOT_KNOWN,
    PROTOCOL_NAME,
    PROTOCOL_SHA256,
    Asks,
    Block,
    FormPlan,
    Option,
    Question,
    Said,
    areas_within,
    languages_of,
    plan_form,
)
from kancil.assessment.answer_forms.workbook import Cell, write_workbook
from kancil.assessment.errors import AreaUnknown
from kancil.assessment.protocol import Area, AskedIf, Confidence, Protocol, ScaleKind
from kancil.ground.canonical import dumps
from kancil.ground.digests import sha256_hex
from kancil.ground.words import has, render

_SPOKEN = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "id": "Indonesian", "km": "Khmer", "lo": "Lao", "ms": "Malay", "my": "Burmese",
    "pt": "Portuguese", "ru": "Russian", "th": "Thai", "tet": "Tetum", "tl": "Filipino",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_TYPES = {
    ScaleKind.ORDERED: "select_one",
    ScaleKind.CHOICE: "select_one",
    ScaleKind.MANY: "select_multiple",
    ScaleKind.COUNT: "integer",
    ScaleKind.SHARE: "decimal",
    ScaleKind.TEXT: "text",
    ScaleKind.DATE: "date",
}
_OWN_TYPES = {Asks.CONFIDENCE: "select_one", Asks.GRADE: "select_one", Asks.OPEN: "select_one"}
_BOUNDS = {ScaleKind.COUNT: ". >= 0", ScaleKind.SHARE: ". >= 0 and . <= 100"}
_COLUMNS = (
    "type", "name", "required", "relevant", "constraint", "calculation", "appearance",
)  # fmt: skip


def write_form(protocol: Protocol, areas: Sequence[str] = ()) -> bytes:
    """The workbook of a protocol's form; the same protocol gives the same bytes.

    `areas`: those to ask, with what lies below them; none named: all. Raises AreaUnknown.
    """
    unknown = [each for each in areas if each not in protocol.areas]
    if unknown:
        known = ", ".join(protocol.areas)
        raise AreaUnknown(name=unknown[0][:80], protocol=protocol.name, known=known)
    chosen = areas_within(protocol, areas or protocol.areas)
    plan = form_plan(protocol)
    survey = _Survey(protocol, plan)
    survey.head()
    for area in chosen:
        survey.area(area, {each.id for each in chosen})
    return write_workbook(
        {
            "survey": survey.rows,
            "choices": _choices(plan, survey.lists_used),
            "settings": _settings(protocol, chosen),
        }
    )


def form_plan(protocol: Protocol) -> FormPlan:
    """Plan a protocol's form with the words of the house in its languages."""
    keys = {each.value: f"name.form-{each.value}" for each in Asks if each is not Asks.VALUE}
    keys |= {each: f"name.form-{each}" for each in (NOT_APPLICABLE, NOT_KNOWN)}
    keys |= {each.value: f"name.confidence-{each.value}" for each in Confidence}
    languages = languages_of(protocol)
    return plan_form(protocol, {each: own_words(key, languages) for each, key in keys.items()})


def own_words(key: str, languages: Iterable[str]) -> Said:
    """Words of the house in each language, or in English where it has none."""
    return {each: render(key, each if has(key, each) else "en") for each in languages}


def language_name(code: str) -> str:
    """Name a language as XLSForm's columns do: `Khmer (km)`."""
    return f"{_SPOKEN.get(code, code)} ({code})"


def form_id(protocol: Protocol, chosen: Sequence[Area]) -> str:
    """Name the form: the protocol's name, and for some areas only, which."""
    asked = [each.id for each in chosen]
    if len(asked) == len(protocol.areas):
        return protocol.name
    return f"{protocol.name}-{sha256_hex(dumps(asked))[:8]}"


def _settings(protocol: Protocol, chosen: Sequence[Area]) -> list[list[Cell]]:
    return [
        ["form_title", "form_id", "version", "default_language"],
        [
            str(protocol.title),
            form_id(protocol, chosen),
            f"{protocol.version}-{protocol.sha256[:12]}",
            language_name(protocol.language),
        ],
    ]


def _choices(plan: FormPlan, used: Iterable[str]) -> list[list[Cell]]:
    labels = [f"label::{language_name(each)}" for each in plan.languages]
    rows: list[list[Cell]] = [["list_name", "name", *labels]]
    for name in used:
        rows += [
            [name, each.name, *(_plain(each.said[language]) for language in plan.languages)]
            for each in plan.lists[name]
        ]
    return rows


def _plain(words: str) -> str:
    """Keep a form from reading `${…}` in a text as the name of a question."""
    return words.replace("${", "$ {")


class _Survey:
    """Gathers the rows of the survey sheet."""

    def __init__(self, protocol: Protocol, plan: FormPlan) -> None:
        self.protocol = protocol
        self.plan = plan
        self.lists_used: dict[str, None] = {}
        columns = [language_name(each) for each in plan.languages]
        labels = [f"{column}::{each}" for column in ("label", "hint") for each in columns]
        self.rows: list[list[Cell]] = [[*_COLUMNS, *labels]]

    def row(
        self, type: str, name: str, said: Said | None = None, hint: Said | None = None, **more: str
    ) -> None:
        words = [
            _plain(each[language]) if each else None
            for each in (said, hint)
            for language in self.plan.languages
        ]
        self.rows.append([type, name, *(more.get(each) for each in _COLUMNS[2:]), *words])

    def head(self) -> None:
        for each in ("start", "end", "today"):
            self.row(each, each)
        protocol = self.protocol
        self.row("calculate", PROTOCOL_NAME, calculation=f"'{protocol.name}'")
        self.row("calculate", PROTOCOL_SHA256, calculation=f"'{protocol.sha256}'")
        about = {
            each: f"{protocol.purpose.in_language(each)} {protocol.standing_note.in_language(each)}"
            for each in self.plan.languages
        }
        self.row("note", "about", about)
        said = own_words("name.form-assessor", self.plan.languages)
        self.row("text", ASSESSOR, said, required="yes")

    def area(self, area: Area, asked: set[str]) -> None:
        blocks = [each for each in self.plan.blocks.values() if each.indicator.area == area.id]
        if not blocks:
            return
        titles = {each: area.title.in_language(each) for each in self.plan.languages}
        self.row("begin_group", self.plan.areas[area.id], titles)
        for block in blocks:
            self.block(block, asked)
        self.row("end_group", self.plan.areas[area.id])

    def block(self, block: Block, asked: set[str]) -> None:
        indicator, condition = block.indicator, block.indicator.asked_if
        is_after = (
            condition is not None and self.protocol.indicators[condition.indicator].area in asked
        )
        self.row(
            "begin_group",
            block.group,
            dict.fromkeys(self.plan.languages, indicator.id),
            relevant=self.after(condition) if condition is not None and is_after else "",
            appearance="field-list",
        )
        help = indicator.help
        hint = {each: help.in_language(each) for each in self.plan.languages} if help else None
        shows = {
            each: "; ".join(text.in_language(each) for text in indicator.evidence)
            for each in self.plan.languages
        }
        for question in block.questions:
            if question.asks in (Asks.VALUE, Asks.OPEN):
                self.asked(question, hint if question.part is None else None)
            else:
                self.beside(block, question, shows if question.asks is Asks.EVIDENCE else None)
        self.row("end_group", block.group)

    def asked(self, question: Question, hint: Said | None) -> None:
        scale = question.scale
        if scale is None:
            return
        constraint = _BOUNDS.get(scale.kind, "")
        relevant = ""
        if question.asks is Asks.VALUE and question.list is None:
            # The question for no answer stands right before it.
            beside = self.open_of(question)
            relevant = f"${{{beside}}} = ''"
        if question.asks is Asks.OPEN:
            constraint = ""
        elif scale.kind is ScaleKind.MANY:
            constraint = (
                f"count-selected(.) <= 1 or not(selected(., '{NOT_APPLICABLE}')"
                f" or selected(., '{NOT_KNOWN}'))"
            )
        self.row(
            self.type_of(question),
            question.name,
            question.said,
            hint if question.asks is Asks.VALUE else None,
            relevant=relevant,
            constraint=constraint,
        )

    def beside(self, block: Block, question: Question, hint: Said | None) -> None:
        title = block.of(Asks.EVIDENCE)[0].name
        has_evidence = f"${{{title}}} != ''"
        relevant, required = {
            Asks.WHY: (self.any_of(block, NOT_APPLICABLE), "yes"),
            Asks.CONFIDENCE: (self.any_of(block, None), "yes"),
            Asks.GRADE: (has_evidence, "yes"),
            Asks.REFERENCE: (has_evidence, ""),
        }.get(question.asks, ("", ""))
        self.row(
            self.type_of(question),
            question.name,
            question.said,
            hint if hint and all(hint.values()) else None,
            relevant=relevant,
            required=required,
        )

    def type_of(self, question: Question) -> str:
        if question.list is None:
            scale = question.scale
            return _TYPES[scale.kind] if scale else "text"
        self.lists_used[question.list] = None
        scale = question.scale
        kind = _OWN_TYPES.get(question.asks) or (_TYPES[scale.kind] if scale else "select_one")
        return f"{kind} {question.list}"

    def open_of(self, question: Question) -> str:
        block = self.plan.blocks[question.indicator]
        return next(each.name for each in block.of(Asks.OPEN) if each.part == question.part)

    def any_of(self, block: Block, value: str | None) -> str:
        """In XPath that any question of an indicator has an answer, or this one."""
        found = []
        for each in block.questions:
            if each.asks not in (Asks.VALUE, Asks.OPEN):
                continue
            if value is None:
                found.append(f"${{{each.name}}} != ''")
            elif each.list is not None:
                found.append(f"selected(${{{each.name}}}, '{value}')")
        return " or ".join(found)

    def after(self, condition: AskedIf) -> str:
        """In XPath after which answers an indicator is asked."""
        block = self.plan.blocks[condition.indicator]
        before = next(each for each in block.of(Asks.VALUE) if each.part == condition.part)
        options: Sequence[Option] = self.plan.lists[before.list or "open"]
        names = {each.value: each.name for each in options}
        return " or ".join(
            f"selected(${{{before.name}}}, '{names[value]}')" for value in condition.values
        )
