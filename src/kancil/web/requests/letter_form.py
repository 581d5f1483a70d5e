"""The form of a letter as its template shows it: sections by the questions of its reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from kancil.custody.roll import Roll
from kancil.desk.cases.queries import Case
from kancil.desk.requests.queries import basis_names
from kancil.desk.selectors.kinds import KINDS, read_selectors
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import visible
from kancil.legal.fields import Field, Form, fields, questions
from kancil.legal.instruments.instrument import instruments
from kancil.legal.quality import NAME
from kancil.legal.request import Draft, Level, Problem, RequestKind
from kancil.legal.rights import KEEPERS
from kancil.web.cells import beginning
from kancil.web.paging import LANGUAGE_NAMES
from kancil.web.unit_desk import UnitDesk

from .typed import ANSWERS, RIGHTS, ROLES, STANDINGS, Row, Typed, blanks, is_filled

Option = tuple[str, Phrase | str]
INSTRUMENTS = ("domestic", "bilateral", "reciprocity", "keeper-policy")
"""Bases that are no treaty instrument: `name.request-basis-<id>`."""
_SHORT = ("name", "kind", "country", "through")
_MORE = ("channel", "address", "language")


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be chosen in the form."""

    lists: Mapping[str, Sequence[Option]]
    """By the name of the list, as `Blank.choices` has it."""
    findings: Sequence[Option]
    exhibits: Sequence[Option]

    @classmethod
    def of(cls, desk: UnitDesk, case: Case, kind: RequestKind, draft: Draft) -> Self:
        """The choices of a case (findings that stand, exhibits, legal bases) and of a letter."""
        roll = desk.ledger.folded(Roll)
        held = roll.cases[CaseId(case.id)]
        bases = basis_names(roll, CaseId(case.id))
        selectors = [(each.name, Phrase(f"name.selector-{each.name}")) for each in KINDS]
        found = [each for each in roll.findings.values()
                 if each.case == case.id and each.id not in roll.withdrawn]  # fmt: skip
        return cls(
            {
                "sought": [(each.value, Phrase(f"name.sought-{each}")) for each in kind.sought],
                "selector": [("", Phrase("web.letter.recognise")), *selectors,
                             (NAME, Phrase("web.letter.selector-name"))],
                "standing": [(e.value, Phrase(f"name.standing-{e}"))
                             for e in STANDINGS],
                "role": [(each.value, Phrase(f"name.role-in-case-{each}")) for each in ROLES],
                "basis": [("", Phrase("web.letter.no-basis")), *((e, e) for e in bases)],
                "counterpart": [("", Phrase("web.letter.no-counterpart")),
                                *((e.label, e.label) for e in draft.offences)],
                "alias": [("", Phrase("web.letter.is-name")), ("yes", Phrase("web.letter.alias"))],
                "instrument": [*((each, Phrase(f"name.request-basis-{each}"))
                                 for each in INSTRUMENTS),
                               *((each.id, each.name) for each in instruments().values())],
            },
            [(f"F{each.number}", _told(f"F{each.number}", str(each.entry.body.get("text", ""))))
             for each in found],
            [(each.label, _told(each.label, each.title))
             for ident in held.exhibits for each in [roll.exhibits[ident]]],
        )  # fmt: skip


def _told(label: str, text: str) -> str:
    return visible(f"{label}  {beginning(text, 140)}")


def sections_of(
    kind: RequestKind, typed: Typed, offered: Offered, problems: Iterable[Problem], *, is_new: bool
) -> list[dict[str, Any]]:
    """The fields by their reader's questions; optional ones stand folded until they are filled."""
    listed, found = list(problems), []
    by_question = {question: [fields()[name] for name in kind.fields
                              if fields()[name].asks == question]
                   for question in questions()}  # fmt: skip
    for question, of in by_question.items():
        shown = [_field(kind, each, typed, offered, listed, is_new=is_new) for each in of]
        if shown:
            found.append({
                "id": question,
                "name": Phrase(f"name.request-question-{question}"),
                "fields": [each for each in shown if each["is_required"]],
                "more": [each for each in shown if not each["is_required"]],
                "opens": any(e["is_filled"] for e in shown if not e["is_required"]),
            })  # fmt: skip
    return found


STEPS = (
    ("ask", ("what", "when")),
    ("ground", ("facts", "why", "law", "offence", "persons")),
    ("who", ("who", "secrecy", "safeguards", "how")),
)
"""The three steps of the form, each with its questions; the addressee stands in the first."""


def steps_of(sections: Sequence[Mapping[str, Any]], addressee: str) -> list[dict[str, Any]]:
    """The sections in three steps; those in which something is missing stand open."""
    found = []
    for number, (name, asked) in enumerate(STEPS, 1):
        within = [each for question in asked for each in sections if each["id"] == question]
        empty = [each for section in within for each in section["fields"] if not each["is_filled"]]
        missing = len(empty) + (name == "ask" and not addressee)
        told = sum(len(each["problems"]) for section in within for each in section["fields"])
        found.append({
            "number": number, "id": f"step-{name}", "name": Phrase(f"web.letter.step-{name}"),
            "sections": within, "missing": missing, "is_first": number == 1,
            "is_open": number == 1 or bool(missing or told),
        })  # fmt: skip
    return found


def addressee_of(kind: RequestKind, typed: Typed, problems: Iterable[Problem]) -> dict[str, Any]:
    """To whom it goes, by whom, in which language and under which reference."""
    values = typed.values
    languages: list[Option] = [("", ""), *LANGUAGE_NAMES.items()]
    offices: list[Option] = [(each, Phrase(f"name.office-{each}")) for each in kind.addressees]

    def one(name: str) -> dict[str, Any]:
        offered: dict[str, Sequence[Option]] = {"kind": offices, "language": languages}
        options = offered.get(name, ())
        return _input(f"to_{name}", f"to-{name}", values.get(f"to_{name}", ""), options)

    head = [
        _input(name, f"head-{name}", values.get(name, ""),
               () if name == "reference" else languages[name == "language" :])
        for name in ("reference", "language", "second_language")
    ]  # fmt: skip
    return {
        "main": [one(name) for name in _SHORT],
        "more": [one(name) for name in _MORE],
        "head": head,
        "office": values.get("to_office", ""),
        "opens": any(values.get(f"to_{name}") for name in _MORE),
        "problems": [each for each in problems if each.field == "addressee"],
    }  # fmt: skip


def _input(name: str, words: str, value: str, options: Sequence[Option] = ()) -> dict[str, Any]:
    return {"name": name, "label": Phrase(f"web.letter.{words.replace('_', '-')}"),
            "value": value, "options": options}  # fmt: skip


def _field(
    kind: RequestKind, field: Field, typed: Typed, offered: Offered, problems: Sequence[Problem],
    *, is_new: bool,
) -> dict[str, Any]:  # fmt: skip
    key = f"name.request-field-{field.id.replace('_', '-')}"
    form = field.form
    found: dict[str, Any] = {
        "id": field.id,
        "form": form.value,
        "name": Phrase(key),
        "help": Phrase(f"{key}.help"),
        "is_required": field.id in kind.required,
        "problems": [
            each for each in problems
            if each.field == field.id and (each.level is not Level.MISSING or not form.is_text)
        ],
    }  # fmt: skip
    if form.is_text:
        value = typed.values.get(f"t_{field.id}", "")
        lines = 6 if field.id in ("facts", "information", "message") else 2
        return {**found, "value": value, "lines": lines, "is_wide": lines > 2,
                "is_filled": bool(value),
                "second": typed.values.get(f"s_{field.id}", ""),
                "has_second": bool(typed.values.get("second_language"))}  # fmt: skip
    if form in (Form.FINDINGS, Form.ATTACHMENTS):
        options = offered.findings if form is Form.FINDINGS else offered.exhibits
        ticked = typed.ticked.get(form, [])
        known = {value for value, _ in options}
        return {
            **found, "is_filled": bool(ticked),
            "options": [(value, name, value in ticked) for value, name in options],
            "rest": "\n".join(each for each in ticked if each not in known),
        }  # fmt: skip
    if form is Form.RIGHTS:
        return {**found, **_rights(kind, typed)}
    rows = typed.rows.get(form) or ([{}] if field.id in kind.required else [])
    made = [_row(kind, form, place, row, offered) for place, row in enumerate(rows)]
    if form is Form.ITEMS:
        for place, each in enumerate(made):
            each["number"] = typed.first + place + 1
    is_any = any(is_filled(form, each) for each in rows)
    return {**found, "is_filled": is_any, "rows": made}


def _row(kind: RequestKind, form: Form, place: int, row: Row, offered: Offered) -> dict[str, Any]:
    inputs = [
        {
            "name": f"{form.value}-{each.name}", "id": f"{form.value}-{place}-{each.name}",
            "label": Phrase(f"web.letter.{each.name.replace('_', '-')}"),
            "value": row.get(each.name, ""), "lines": each.lines, "hint": each.hint,
            "options": _with(offered.lists[each.choices], row.get(each.name, ""))
            if each.choices else (),
            "is_extra": each.is_extra,
        }
        for each in blanks(kind, form)
    ]  # fmt: skip
    return {
        "number": place + 1, "place": place,
        "inputs": [each for each in inputs if not each["is_extra"]],
        "extra": [each for each in inputs if each["is_extra"]],
        "also": _also(row) if form is Form.ITEMS else [],
    }  # fmt: skip


def _with(options: Sequence[Option], value: str) -> Sequence[Option]:
    """The options, with one more for a value that is none of them: it is kept, not lost."""
    return (
        options
        if not value or any(value == each for each, _ in options)
        else [*options, (value, value)]
    )


def _also(row: Row) -> list[Phrase]:
    """The other kinds of which the identifier may be, so that the officer looks at the choice."""
    may_be = [each.kind for each in read_selectors(row.get("value", ""))] if row else []
    return [Phrase(f"name.selector-{each}") for each in may_be if each != row.get("selector")]


def _rights(kind: RequestKind, typed: Typed) -> dict[str, Any]:
    rows = [
        {
            "id": each, "name": Phrase(f"rights.{each}"),
            "options": [("", ""), *((a, Phrase(f"rights.answer-{a}")) for a in ANSWERS)],
            "value": typed.values.get(f"r_{each}", ""),
            "assurance": typed.values.get(f"a_{each}", ""),
        }
        for each in RIGHTS
    ]  # fmt: skip
    at_once = any(each in KEEPERS for each in kind.addressees)
    return {"rows": rows, "is_filled": any(each["value"] for each in rows), "at_once": at_once}
