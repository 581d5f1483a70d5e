"""What a reader would send a letter back for, found before it leaves.

The reasons of refusal that are named most: a wrong identifier, too broad, no legal basis, a court's
way is needed, data that do not exist (SIRIUS reports on electronic evidence, read at second hand).
What is vague is judged by simple rules that stand here; they miss much, and nothing that passes
them is thereby good.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from kancil.ground.phrase import Param, Phrase
from kancil.records.selector import SelectorKind

from .fields import Form, fields, questions
from .request import Draft, Item, Level, Problem, RequestKind, Role, Sought
from .rights import rights_problems

FEWEST_WORDS = 20
"""Of the facts: below, nobody can tell what, when, where and how. Our own rule."""
LONGEST_DAYS = 366
"""Of a period for which data are asked, beyond which a reason is wanted. Our own rule."""
LONGEST_LINE, LONGEST_TEXT = 300, 20_000
_EVERYTHING = re.compile(r"\b(all|any|every|everything|\*)\b", re.IGNORECASE)
_DATA = (Sought.SUBSCRIBER, Sought.TRAFFIC, Sought.CONTENT, Sought.TRANSACTIONS)
_FREE_ROUTE = ("voluntary",)
DUAL = "dual_criminality"
"""The field of the kinds that States carry out only where both laws punish the conduct."""
NAME = "name"
"""Kind of an item that no identifier names."""


def check(
    kind: RequestKind, draft: Draft, *, selectors: Iterable[SelectorKind], at: datetime
) -> list[Problem]:
    """All problems of a draft, those that stop it first; `at`: the moment of asking (aware)."""
    known = {each.name: each for each in selectors}
    found = [
        *_missing(kind, draft),
        *_texts(draft, at),
        *_addressee(kind, draft),
        *_items(kind, draft, known, at),
        *_persons(draft),
        *_offences(kind, draft),
        *_rights(draft),
        *kind.checks(draft, at),
    ]
    return sorted(found, key=lambda each: not each.stops)


def _missing(kind: RequestKind, draft: Draft) -> Iterator[Problem]:
    for name in kind.required:
        if name == "findings" and not draft.findings:
            yield Problem(Level.MISSING, name, Phrase("problem.request-no-finding"))
        elif not is_filled(draft, name):
            what = Phrase(f"name.request-field-{name.replace('_', '-')}")
            yield Problem(Level.MISSING, name, Phrase("problem.request-missing", {"field": what}))


def is_filled(draft: Draft, name: str) -> bool:
    """Whether a field has any value."""
    form = fields()[name].form
    return bool(draft.text(name) if form.is_text else getattr(draft, form.value))


def _texts(draft: Draft, at: datetime) -> Iterator[Problem]:
    facts = draft.text("facts")
    if facts and len(facts.split()) < FEWEST_WORDS and draft.language in ("en", "id", "vi"):
        params: dict[str, Param] = {"count": len(facts.split()), "fewest": FEWEST_WORDS}
        yield Problem(Level.VAGUE, "facts", Phrase("problem.request-facts-short", params))
    elif facts and not any(each.isdigit() for each in facts):
        yield Problem(Level.VAGUE, "facts", Phrase("problem.request-facts-undated"))
    for name, value in draft.texts.items():
        field = fields().get(name)
        if field is None:
            continue
        day = _day(value)
        if value and field.form in (Form.DAY, Form.MOMENT) and day is None:
            yield Problem(
                Level.WRONG, name, Phrase("problem.request-no-day", {"value": value[:40]})
            )
        elif day is not None and field.form in (Form.DAY, Form.MOMENT) and day < at.date():
            level = Level.ADVICE if name == "preserved_until" else Level.WRONG
            yield Problem(level, name, Phrase("problem.request-day-over", {"day": value}))
        if len(value) > (LONGEST_LINE if field.form is Form.LINE else LONGEST_TEXT):
            yield Problem(Level.WRONG, name, Phrase("problem.request-too-long"))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _addressee(kind: RequestKind, draft: Draft) -> Iterator[Problem]:
    to = draft.addressee
    if not to.name:
        yield Problem(Level.MISSING, "addressee", Phrase("problem.request-no-addressee"))
        return
    if to.kind not in kind.addressees:
        params: dict[str, Param] = {
            "office": Phrase(f"name.office-{to.kind}"),
            "kind": Phrase(f"name.request-{kind.name}"),
        }
        yield Problem(Level.WRONG, "addressee", Phrase("problem.request-wrong-office", params))
    if to.verified_on is None:
        yield Problem(Level.ADVICE, "addressee", Phrase("problem.request-channel-unverified"))
    wanted = to.language
    if wanted and wanted not in (draft.language, draft.second_language):
        params = {"language": Phrase(f"name.language-{wanted}")}
        yield Problem(Level.MISSING, "addressee", Phrase("problem.request-language", params))
    if draft.second_language and not draft.text("translated_by"):
        yield Problem(Level.MISSING, "translated_by", Phrase("problem.request-no-translator"))


# --- items ----------------------------------------------------------------------------------------


def _items(
    kind: RequestKind, draft: Draft, known: dict[str, SelectorKind], at: datetime
) -> Iterator[Problem]:
    for number, item in enumerate(draft.items, 1):
        for level, code in _item(kind, item, known, at):
            params: dict[str, Param] = {"n": number, "value": item.value}
            yield Problem(level, "items", Phrase(f"problem.request-item-{code}", params))


def _item(
    kind: RequestKind, item: Item, known: dict[str, SelectorKind], at: datetime
) -> Iterator[tuple[Level, str]]:
    if not item.keeper:
        yield Level.MISSING, "keeper"
    if not item.value:
        yield Level.MISSING, "identifier"
    elif item.selector in known:
        if known[item.selector].read(item.value) is None:
            yield Level.WRONG, "checksum"
    elif item.selector == NAME:
        yield Level.VAGUE, "name-only"
    else:
        yield Level.WRONG, "kind"
    if _EVERYTHING.search(item.value) and len(item.value.split()) > 1:
        yield Level.BROAD, "everything"
    if item.sought not in kind.sought:
        is_free = kind.name in _FREE_ROUTE and item.sought is Sought.CONTENT
        yield Level.WRONG, "content-route" if is_free else "not-of-kind"
    if item.sought in _DATA:
        yield from _period(item, at)


def _period(item: Item, at: datetime) -> Iterator[tuple[Level, str]]:
    since, until = _day(item.since), _day(item.until)
    if since is None or until is None:
        if item.sought is not Sought.SUBSCRIBER:
            yield Level.BROAD, "no-period"
        return
    if until < since:
        yield Level.WRONG, "period"
    elif (until - since).days > LONGEST_DAYS:
        yield Level.BROAD, "long-period"
    if since > at.date():
        yield Level.WRONG, "future"
    if item.sought is not Sought.SUBSCRIBER and not _has_zone(item.since, item.until):
        yield Level.ADVICE, "no-zone"


def _has_zone(*moments: str) -> bool:
    try:
        return all(datetime.fromisoformat(each).tzinfo is not None for each in moments)
    except ValueError:
        return False


# --- persons and rights ---------------------------------------------------------------------------


def _persons(draft: Draft) -> Iterator[Problem]:
    for person in draft.persons:
        params: dict[str, Param] = {"name": person.name}
        if not person.basis:
            yield Problem(Level.WRONG, "persons", Phrase("problem.request-person-basis", params))
        if person.role is Role.VICTIM and not person.is_alias:
            yield Problem(Level.ADVICE, "persons", Phrase("problem.request-victim-named", params))
        if person.role is Role.SUSPECT and not person.proof:
            yield Problem(Level.VAGUE, "persons", Phrase("problem.request-person-proof", params))


def _offences(kind: RequestKind, draft: Draft) -> Iterator[Problem]:
    """Both laws beside each other, where the kind has a field for it and the letter goes abroad."""
    for each in draft.offences:
        params: dict[str, Param] = {"law": each.label, "day": each.compared_on[:40]}
        beside = draft.with_label(each.counterpart)
        if each.counterpart and (beside is None or beside.country == each.country):
            yield Problem(Level.WRONG, "offences", Phrase("problem.request-counterpart", params))
        if each.compared_on and _day(each.compared_on) is None:
            yield Problem(Level.WRONG, "offences", Phrase("problem.request-compared-on", params))
    is_home = draft.addressee.country == draft.country
    if DUAL not in kind.fields or is_home:
        return
    said = draft.text(DUAL)
    if draft.offences and not draft.pairs:
        level = Level.ADVICE if said else Level.MISSING
        yield Problem(level, "offences", Phrase("problem.request-no-pair"))
    if not said:
        yield Problem(Level.ADVICE, DUAL, Phrase("problem.request-no-dual"))


def _rights(draft: Draft) -> Iterator[Problem]:
    """What a check that was begun leaves open; one that was not is missing as a whole."""
    for _, said in rights_problems(draft.rights, draft.assurances) if draft.rights else ():
        yield Problem(Level.MISSING, "rights", said)


# --- the reader's view ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the letter's reader, and what the draft answers."""

    question: str
    fields: tuple[str, ...]
    """Those of the kind that answer it and have a value."""
    open: tuple[str, ...]
    """Required ones without a value."""
    problems: tuple[Problem, ...]


def readers_view(kind: RequestKind, draft: Draft, problems: Iterable[Problem]) -> list[Answered]:
    """The draft as the office that gets it will read it: by its questions, in their order."""
    known, listed = fields(), list(problems)
    found = []
    for question in questions():
        of = [name for name in kind.fields if known[name].asks == question]
        if not of:
            continue
        filled = tuple(name for name in of if is_filled(draft, name))
        left = tuple(name for name in of if name in kind.required and name not in filled)
        about = (*of, "addressee") if question == "who" else tuple(of)
        found.append(
            Answered(question, filled, left, tuple(each for each in listed if each.field in about))
        )
    return found
