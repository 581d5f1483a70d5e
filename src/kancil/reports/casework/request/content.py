"""A letter from its draft: the head, what is asked, and its parts in the order of its kind.

One composer for all kinds. The kind's own order of fields, grouped by the reader's questions, is
the order of the parts; what is asked comes first. Small words of each kind are
`letter.ask-<kind>` and `letter.not-asked-<kind>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import has
from kancil.legal.fields import Form, fields
from kancil.legal.quality import DUAL
from kancil.legal.request import Draft, RequestKind, Sought
from kancil.legal.rights import rights_problems
from kancil.reports.document.blocks import (
    Beside,
    Block,
    Document,
    Heading,
    Line,
    Paragraph,
    Section,
    bullets,
    cell,
    facts,
    identifier,
    muted,
    section,
    strong,
)

from .amounts import moment_text
from .annex import annex, signature
from .annexes import Annexes
from .facts import LetterFacts
from .items import (
    MONEY,
    MOST_ITEMS,
    bases_table,
    country_name,
    items_table,
    offences_tables,
    persons_table,
    shares_table,
    sought_totals,
    what,
)
from .reply import answer_form, check_code, genuine
from .speech import Speech

_FIRST, _HEAD, _LAST = "what", "who", "safeguards"
_AT_TOP = (Form.DAY, Form.MOMENT)
"""Fields that stand above the parts, where nobody misses them."""
_ABOVE = ("earlier_request", "translated_by", "rights_checked_by")
"""Fields that stand in the head, above the second column, or in the unit's own draft alone."""
_SHORT = 500
"""Characters that stand beside their label; longer texts stand below it."""


def compose(
    draft: Draft, kind: RequestKind, found: LetterFacts, speech: Speech, at: datetime
) -> Document:
    """The letter as a document; `at`: its day."""
    about = [Phrase(f"name.request-title-{draft.kind}"), *([what(draft)] if draft.items else [])]
    title = ": ".join(speech.text(each.key, **each.params) for each in about)
    second = [speech.second_line(each.key, **each.params) for each in about]
    code = speech.text("letter.check-code", code=check_code(draft))
    return Document(
        kind=found.unit.name,
        title=title,
        subtitle=": ".join(each.text for each in second if each) if all(second) else "",
        language=speech.document,
        author=found.unit.name,
        description=title,
        mark=_mark(found, speech),
        address=tuple(_address(draft, found, speech, at)),
        cover=tuple(_top(draft, kind, speech)),
        sections=tuple(_sections(draft, kind, found, speech)),
        footer=" · ".join(filter(None, (draft.reference, found.rests.label, code))),
        has_contents=False,
    )


def _mark(found: LetterFacts, speech: Speech) -> str:
    training = speech.text("name.training") if found.unit.is_training else ""
    return " \u00b7 ".join(filter(None, (training, _standing_mark(found, speech))))


def _standing_mark(found: LetterFacts, speech: Speech) -> str:
    if found.rests.is_withdrawn:
        return speech.text("letter.mark-withdrawn")
    if any(each.is_withdrawn for each in found.rests.findings):
        return speech.text("letter.mark-finding")
    return "" if found.authorised else speech.text("letter.mark-draft")


def _address(draft: Draft, found: LetterFacts, speech: Speech, at: datetime) -> Iterator[Block]:
    to = draft.addressee
    day = (found.authorised.at if found.authorised else at).astimezone(found.unit.zone).date()

    def label(key: str) -> Line:
        return muted(speech.both(f"letter.{key}"))

    left = [label("to"), strong(to.name or speech.text("letter.blank")),
            Line(country_name(to.country, speech)), Line(to.address)]  # fmt: skip
    if to.through:
        left += [label("through"), Line(to.through)]
    if to.channel:
        left += [label("channel"), Line(to.channel)]
    right = [label("our-reference"), strong(draft.reference), label("date"), Line(day.isoformat())]
    if earlier := draft.text("earlier_request"):
        right += [label("earlier"), Line(earlier)]
    lines = draft.text("requesting_authority").splitlines()
    yield Paragraph(" · ".join(filter(None, (*lines, country_name(draft.country, speech)))),
                    "muted")  # fmt: skip
    yield Beside(cell(*left), cell(*right))


def _top(draft: Draft, kind: RequestKind, speech: Speech) -> Iterator[Block]:
    """What is asked in a sentence or two, the account large, and the days that matter."""
    if speech.second:
        by = draft.text("translated_by") or speech.text("letter.blank")
        counts = speech.line("letter.counts", "muted", language=_language(speech.first))
        named = {"by": by, "language": _language(speech.second)}
        beside = speech.second_line("letter.translation", "muted", **named)
        yield Beside((counts,), (beside or speech.line("letter.translation", "muted", **named),))
    params: dict[str, Param] = {
        each: moment_text(draft.text(each)) or "…"
        for each in ("hold_until", "order_by", "answer_by", "earlier_request")
    }
    yield speech.say(f"letter.ask-{kind.name}", "lead", what=what(draft), **params)
    values = list(dict.fromkeys(each.value for each in draft.items))
    rows = []
    if len(values) == 1 and values[0].isascii():
        rows.append((speech.label("letter.col-which"), cell(identifier(values[0]))))
    sums = sought_totals(draft)
    rows.append((speech.label("letter.col-amount"), cell(*(strong(each) for each in sums))))
    for name in kind.fields:
        if fields()[name].form in _AT_TOP and draft.text(name):
            rows.append((_label(name, speech), cell(strong(moment_text(draft.text(name))))))
    if any(value for _, value in rows):
        yield facts("", rows)


def _language(tag: str) -> Phrase | str:
    key = f"name.language-{tag}"
    return Phrase(key) if has(key) else tag


def _label(field: str, speech: Speech) -> str:
    return speech.label(_label_key(field))


def _label_key(field: str) -> str:
    return f"name.request-field-{field.replace('_', '-')}"


# --- parts ----------------------------------------------------------------------------------------


def _sections(
    draft: Draft, kind: RequestKind, found: LetterFacts, speech: Speech
) -> Iterator[Section]:
    asked = dict.fromkeys(fields()[name].asks for name in kind.fields)
    apart = (_FIRST, _HEAD, _LAST)
    order = [_FIRST, *(each for each in asked if each not in apart), _LAST]
    for question in order:
        names = [each for each in kind.fields if fields()[each].asks == question]
        own = f"letter.section-{question}-{kind.name}"
        title = speech.both(own if has(own) else f"letter.section-{question}")
        blocks = list(_part(draft, kind, names, found, speech))
        if blocks:
            yield section(title, *blocks)
    yield section(
        speech.both("letter.section-not-asked"), speech.say(f"letter.not-asked-{kind.name}")
    )
    yield section(speech.both("letter.section-answer"), *_answer(draft, kind, speech))
    if found.authorised:
        yield section(
            speech.both("letter.section-genuine"), genuine(draft, found.unit.name, speech)
        )
    signed = signature(found, draft.text("signatory"), speech)
    yield section(speech.both("letter.section-signature"), *signed)
    yield annex(draft, found, speech)
    form = answer_form(draft, kind, speech)
    if form is not None:
        yield form
    for start in range(MOST_ITEMS, len(draft.items), MOST_ITEMS):
        more = draft.items[start : start + MOST_ITEMS]
        numbers: dict[str, Param] = {"first": start + 1, "last": start + len(more)}
        title = speech.both("letter.section-more-items", **numbers)
        yield section(title, items_table(draft, found, speech, more, start + 1),
                      starts_page=start == MOST_ITEMS)  # fmt: skip


def _part(
    draft: Draft, kind: RequestKind, names: list[str], found: LetterFacts, speech: Speech
) -> Iterator[Block]:
    """What the fields of one question say: its texts first, then its tables."""
    texts = [
        each for each in names
        if fields()[each].form in (Form.LINE, Form.TEXT) and draft.text(each)
        and each not in _ABOVE and not (each == DUAL and draft.pairs)
    ]  # fmt: skip
    yield from _texts(draft, texts, found, speech)
    for name in names:
        match fields()[name].form:
            case Form.ITEMS if draft.items:
                yield items_table(draft, found, speech, draft.items[:MOST_ITEMS])
            case Form.BASES if draft.bases:
                yield bases_table(draft, speech)
            case Form.OFFENCES if draft.offences:
                yield from offences_tables(draft, speech)
                if draft.pairs and draft.text(DUAL):
                    yield from _texts(draft, [DUAL], found, speech)
            case Form.PERSONS if draft.persons:
                yield persons_table(draft, speech)
            case Form.SHARES if draft.shares:
                yield shares_table(draft, speech)
            case Form.FINDINGS if draft.findings:
                named = ", ".join(
                    Annexes(found.rests).name(each, speech) for each in draft.findings
                )
                yield speech.say("letter.findings", findings=named)
            case Form.ATTACHMENTS if draft.attachments:
                yield Heading(speech.both(_label_key(name)))
                yield bullets(draft.attachments)
            case Form.RIGHTS if draft.rights:
                yield from _rights(draft, speech)


def _texts(draft: Draft, names: list[str], found: LetterFacts, speech: Speech) -> Iterator[Block]:
    """What the officer wrote; in two columns where the letter has two."""
    language, annexes = draft.language, Annexes(found.rests)
    texts = {each: annexes.named(draft.text(each), speech) for each in names}
    if speech.second:
        for name in names:
            said = speech.translated(
                _label_key(name) if len(names) > 1 else "", texts[name], language,
                annexes.named(draft.translations.get(name, ""), speech)
                if speech.second == draft.second_language else "",
            )  # fmt: skip
            yield said
        return
    short = [each for each in names if len(texts[each]) <= _SHORT]
    if len(names) == 1 and fields()[names[0]].form is Form.TEXT:
        short = []
    for name in names:
        if name not in short:
            if len(names) > 1:
                yield Heading(speech.both(_label_key(name)))
            yield from (
                Paragraph(each.text, language=each.language)
                for each in speech.written(texts[name], language)
            )
    yield from (
        [facts("", [(_label(each, speech), speech.written(texts[each], language))
                    for each in short])] if short else []
    )  # fmt: skip


def _rights(draft: Draft, speech: Speech) -> Iterator[Block]:
    """That the check was done, and the assurances; its answers are the unit's own."""
    is_open = bool(rights_problems(draft.rights, draft.assurances))
    yield speech.say("letter.rights-open" if is_open else "letter.rights")
    rows = []
    for name, given in draft.assurances.items():
        key = f"rights.{name}"
        rows.append((speech.label(key) if has(key) else name, cell(given)))
    if rows:
        yield facts("", rows)


def _answer(draft: Draft, kind: RequestKind, speech: Speech) -> Iterator[Block]:
    if not kind.sought and not kind.name.startswith("network"):
        yield speech.say("letter.answer-none", reference=draft.reference)
    else:
        yield speech.say("letter.answer", reference=draft.reference)
        is_money = any(each.sought in MONEY for each in draft.items)
        is_kept = any(each.sought is not Sought.HOLD for each in draft.items)
        if is_money:
            yield speech.say("letter.answer-balance")
        elif is_kept:
            yield speech.say("letter.answer-data")
        yield speech.say("letter.answer-unclear")
    rows = [(speech.label("letter.contact"), speech.written(draft.text("contact"), draft.language))]
    yield facts("", rows)
